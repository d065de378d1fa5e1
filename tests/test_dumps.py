"""The dataset as files: they are all of it and nothing private, they verify, and they are made once for each state."""

import csv
import errno
import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.publishing import dump as dumping
from api.publishing import tables
from api.publishing.dump import write_dump
from api.publishing.flight import Flight
from api.publishing.manifest import Manifest
from api.publishing.publisher import KEPT, Publisher
from api.publishing.tables import file_stems
from ingest.pipeline import Options
from ontology.errors import Unavailable
from ontology.kinds import Iri
from tests.serving import services_of, serving, with_starter

LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
ODD = """
@prefix ks: <https://w3id.org/kesher/schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ex: <https://example.org/> .
<https://w3id.org/kesher/id/tool/video-lm> skos:prefLabel "VIDEO-LM"@en .
ex:one a ex:Odd ; skos:prefLabel "=HYPERLINK(1)"@en, "אחת"@he ;
    skos:note "a|b", "c\\\\d", "e, \\"f\\"\\ng" ; ex:n 1, 2 .
ex:two a ex:Odd, ex:odd ; skos:prefLabel "deux"@fr .
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("dumps")
    with serving(folder) as client:
        write(client, folder / "odd.ttl", ODD, licence=LICENCE)
        write(client, folder / "silent.ttl", "<https://example.org/three> <https://example.org/n> 3 .")
        yield client


@pytest.fixture(scope="module")
def newest(client) -> dict:
    answer = client.get("/dumps")
    assert answer.status_code == 200, answer.text
    return answer.json()["dumps"][0]


def write(client: TestClient, file: Path, text: str, licence: str = "") -> None:
    file.write_text(text, encoding="utf-8")
    services = services_of(client)
    services.ingest([file], Options(agent=services.agent, licence=licence))


def fetch(client: TestClient, dump: dict, ending: str) -> bytes:
    """The unpacked file whose name ends so."""
    (found,) = [it for it in dump["files"] if it["name"].endswith(ending)]
    return gzip.decompress(client.get(found["url"]).content)


def table(client: TestClient, dump: dict, cls: str) -> list[dict[str, str]]:
    (found,) = [it for it in dump["files"] if it["class"] == cls]
    text = gzip.decompress(client.get(found["url"]).content).decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert len(rows) == found["records"]
    return rows


def values(cell: str) -> list[str]:
    """A cell read as docs/data.md says."""
    return [re.sub(r"\\(.)", r"\1", it, flags=re.DOTALL) for it in re.findall(r"(?:\\.|[^|\\])+", cell, re.DOTALL)]


# --- what is in the files ---


def test_the_statements_are_those_of_the_public_dataset(client, newest):
    store = ox.Store()
    store.load(fetch(client, newest, ".nq.gz"), format=ox.RdfFormat.N_QUADS)
    public = set(services_of(client).graph.quads())
    assert set(store) == public
    merged = ox.parse(fetch(client, newest, ".ttl.gz"), format=ox.RdfFormat.TURTLE)
    found = [it.triple for it in merged]
    assert len(found) == len(set(found))
    assert set(found) == {it.triple for it in public}
    counts = {it["content"]: it["records"] for it in newest["files"] if not it["class"]}
    assert counts == {"application/n-quads": len(public), "text/turtle": len(found)}


def test_every_class_has_a_table_with_a_row_for_each_thing(client, newest):
    query = "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class } GROUP BY ?class"
    answer = client.get("/sparql", params={"query": query, "format": "json"}).json()["results"]["bindings"]
    counted = {it["class"]["value"]: int(it["n"]["value"]) for it in answer}
    assert {it["class"]: it["records"] for it in newest["files"] if it["class"]} == counted
    assert newest["left_out"] == []
    for cls, number in counted.items():
        rows = table(client, newest, cls)
        assert len({it["iri"] for it in rows}) == number


def test_a_table_holds_every_value_of_its_things(client, newest):
    tools = {it["iri"]: it for it in table(client, newest, "https://w3id.org/kesher/schema#Tool")}
    for iri, row in tools.items():
        stated = {it.triple for it in services_of(client).graph.quads(ox.NamedNode(iri))}
        held = [value for name, cell in row.items() if name != "iri" for value in values(cell)]
        assert sorted(held) == sorted(it.object.value for it in stated)
    video = tools["https://w3id.org/kesher/id/tool/video-lm"]
    assert all(video[f"skos:prefLabel@{lang}"] for lang in ("en", "he", "ar"))


def test_a_cell_is_exact_and_can_be_taken_apart(client, newest):
    one, two = table(client, newest, "https://example.org/Odd")
    assert list(one)[:4] == ["iri", "skos:prefLabel@en", "skos:prefLabel@he", "skos:prefLabel@ar"]
    assert (one["skos:prefLabel@en"], one["skos:prefLabel@he"]) == ("=HYPERLINK(1)", "אחת")
    assert values(one["skos:note"]) == ["a|b", "c\\d", 'e, "f"\ng']
    assert values(one["https://example.org/n"]) == ["1", "2"]
    assert (two["skos:prefLabel@fr"], two["skos:note"]) == ("deux", "")


def test_nothing_private_is_in_any_file(client, newest):
    assert list(services_of(client).private.quads())
    for it in newest["files"]:
        text = gzip.decompress(client.get(it["url"]).content)
        assert b"quiet-class" not in text, it["name"]
        assert b"Zanzibar" not in text, it["name"]


def test_the_checksums_hold(client, newest, tmp_path):
    for it in newest["files"]:
        body = client.get(it["url"]).content
        assert (len(body), hashlib.sha256(body).hexdigest()) == (it["bytes"], it["sha256"])
        (tmp_path / it["name"]).write_bytes(body)
    (tmp_path / "SHA256SUMS").write_bytes(client.get(newest["checksums"]).content)
    checked = subprocess.run(["sha256sum", "--check", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False)  # noqa: S607
    assert checked.returncode == 0
    assert checked.stdout.count(b": OK") == len(newest["files"])


def test_licences_are_those_of_the_graphs_and_silence_is_told(client, newest):
    told = {it["licence"]: it for it in newest["licences"]}
    assert told[LICENCE]["graphs"] == ["https://w3id.org/kesher/graph/source/odd.ttl"]
    assert told[LICENCE]["statements"] == 12
    assert "https://w3id.org/kesher/graph/source/silent.ttl" in told[None]["graphs"]
    assert (
        "https://w3id.org/kesher/graph/starter/tools" in told["https://creativecommons.org/licenses/by/4.0/"]["graphs"]
    )
    assert newest["modified"] <= newest["made"]


# --- how they are had ---


def test_the_list_comes_as_json_as_rdf_or_as_a_page(client, newest):
    page = client.get("/dumps", headers={"Accept": "text/html", "Accept-Language": "he"})
    assert page.headers["Content-Type"].startswith("text/html")
    assert 'dir="rtl"' in page.text
    assert all(it["sha256"] in page.text for it in newest["files"])
    rdf = client.get("/dumps", headers={"Accept": "text/turtle"})
    urls = "SELECT ?url { ?d <http://www.w3.org/ns/dcat#downloadURL> ?url }"
    store = ox.Store()
    store.load(rdf.content, format=ox.RdfFormat.TURTLE)
    assert {it["url"].value for it in store.query(urls)} == {it["url"] for it in newest["files"]}
    assert client.get("/dumps", headers={"Accept": "image/png"}).status_code == 406
    assert client.get(newest["url"]).json()["dumps"] == [newest]


def test_the_description_of_the_dataset_names_the_files(client, newest):
    said = client.get("/.well-known/void").text
    assert all(it["sha256"] in said for it in newest["files"])
    for name in re.findall(r"/dumps/latest/(kesher[\w.]+)", said):
        assert client.get(f"/dumps/latest/{name}").status_code == 200


def test_a_part_of_a_file_and_whether_it_has_changed(client, newest):
    it = newest["files"][0]
    whole = client.get(it["url"])
    assert whole.headers["Content-Disposition"] == f'attachment; filename="{it["name"]}"'
    part = client.get(it["url"], headers={"Range": "bytes=10-19", "If-Range": whole.headers["ETag"]})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert client.get(it["url"], headers={"Range": f"bytes={it['bytes']}-"}).status_code == 416
    assert client.get(it["url"], headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    head = client.head(it["url"])
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(it["bytes"]))


def test_the_newest_file_of_a_name_is_one_hop_away(client, newest):
    answer = client.get("/dumps/latest/kesher-ks-Tool.csv.gz", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["Location"] == f"/dumps/{newest['sequence']}/kesher-{newest['sequence']}-ks-Tool.csv.gz"
    assert client.get("/dumps/latest/SHA256SUMS").text.count("\n") == len(newest["files"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/dumps/999999", 404),
        ("/dumps/999999/kesher-999999.nq.gz", 404),
        ("/dumps/latest/nothing.gz", 404),
        ("/dumps/{n}/manifest.json", 404),
        ("/dumps/{n}/..%2f..%2fledger.sqlite", 404),
        ("/dumps/first", 422),
        ("/dumps/-1", 404),
    ],
)
def test_what_is_not_there_is_a_problem(client, newest, path, status):
    answer = client.get(path.format(n=newest["sequence"]))
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"


# --- when they are made ---


def test_a_write_gives_a_new_dump_and_the_one_before_stays_for_a_while(tmp_path):
    with serving(tmp_path) as client:
        first = client.get("/dumps").json()["dumps"][0]
        assert client.get("/dumps").json()["dumps"] == [first]
        seen = [first["sequence"]]
        for number in range(KEPT):
            write(client, tmp_path / "new.ttl", f"<https://example.org/new> <https://example.org/says> {number} .")
            dumps = client.get("/dumps").json()["dumps"]
            assert dumps[0]["current"]
            assert not any(it["current"] for it in dumps[1:])
            seen.insert(0, dumps[0]["sequence"])
            assert [it["sequence"] for it in dumps] == seen[:KEPT]
        assert client.get(first["files"][0]["url"]).status_code == 404
        folder = services_of(client).folder.dumps
        assert sorted(it.name for it in folder.iterdir()) == sorted(map(str, seen[:KEPT]))


def test_what_becomes_private_is_in_no_earlier_state_that_can_be_had(tmp_path):
    with serving(tmp_path) as client:
        said = """PREFIX ks: <https://w3id.org/kesher/schema#>
            <https://w3id.org/kesher/id/practice/quiet> a ks:PracticeRecord ; ks:consent "public" ;
            ks:anonymisation "full" ; <https://example.org/says> "ours" ."""
        ask = {"query": 'ASK { ?record <https://example.org/says> "ours" }'}
        write(client, tmp_path / "record.ttl", said)
        shown = client.get("/sparql", params=ask)
        assert shown.json()["boolean"]
        earlier = ask | {"snapshot": shown.headers["Kesher-Snapshot"]}
        assert client.get("/sparql", params=earlier).json()["boolean"]
        dumped = client.get("/dumps").json()["dumps"][0]
        write(client, tmp_path / "record.ttl", said.replace('"public"', '"research"'))
        assert not client.get("/sparql", params=ask).json()["boolean"]
        assert client.get("/sparql", params=earlier).status_code == 404
        assert client.get(dumped["url"]).status_code == client.get(dumped["files"][0]["url"]).status_code == 404
        assert [it["current"] for it in client.get("/dumps").json()["dumps"]] == [True]
        assert len(list(services_of(client).folder.dumps.iterdir())) == 1


def test_the_same_state_gives_the_same_bytes_and_a_dump_survives_a_restart(tmp_path):
    with serving(tmp_path / "first") as client:
        before = client.get("/dumps").json()["dumps"][0]
        left = services_of(client).folder.dumps
        (left / ".making-x").mkdir()
        (left / "999").mkdir()
        store = services_of(client).snapshots.hold().path
        (tmp_path / "again").mkdir()
        again = write_dump(ox.Store.read_only(str(store)), services_of(client).settings.base_iri, tmp_path / "again")
        assert {it.name: it.sha256 for it in again.files} == {it["name"]: it["sha256"] for it in before["files"]}
        services = services_of(client)
        restarted = Publisher(services.graph, services.snapshots, left, services.settings.base_iri)
        assert [it.made for it in restarted.kept()] == [before["made"]]
        assert sorted(it.name for it in left.iterdir()) == [str(before["sequence"])]
        restarted.close()


def test_many_who_ask_at_once_get_one_dump(client, newest, monkeypatch):
    publisher = services_of(client).publisher
    runs = []
    run = publisher._processes.run
    monkeypatch.setattr(publisher._processes, "run", lambda *given: runs.append(given[0]) or run(*given))
    write(client, services_of(client).folder.path / "once.ttl", "<https://example.org/a> <https://example.org/b> 1 .")
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client.get("/dumps").json(), range(8)))
    assert {it["dumps"][0]["sequence"] for it in answers} == {newest["sequence"] + 1}
    assert runs == ["dump"]


def test_a_failing_process_is_a_problem_and_leaves_nothing_behind(tmp_path, monkeypatch):
    with serving(tmp_path) as client:
        publisher = services_of(client).publisher
        run = publisher._processes.run
        monkeypatch.setattr(publisher._processes, "run", lambda task, _path, *more: run(task, "/nowhere", *more))
        answers = [client.get("/dumps"), client.get("/.well-known/void")]
        assert [it.status_code for it in answers] == [503, 503]
        assert "/nowhere" not in answers[0].text
        assert list(services_of(client).folder.dumps.iterdir()) == []
        monkeypatch.undo()
        assert client.get("/dumps").status_code == 200


def test_a_full_disk_is_told_as_one(tmp_path, monkeypatch):
    with serving(tmp_path) as client:
        ending = [sys.executable, "-c", f"raise SystemExit({errno.ENOSPC})"]
        start = subprocess.Popen
        monkeypatch.setattr(subprocess, "Popen", lambda _command, **options: start(ending, **options))
        answer = client.get("/dumps")
        assert (answer.status_code, answer.json()["title"]) == (507, "Disk full")


# --- the parts ---


class Made:
    def __init__(self, sequence: int) -> None:
        self.sequence = sequence


def test_a_flight_answers_with_what_there_is_when_it_takes_long():
    present, go = [1], threading.Event()
    flight: Flight[Made] = Flight(lambda: present[0], lambda: Made(present[0]) if go.wait(10) else Made(0))
    assert flight.wait(0.01) is None
    assert flight.under_way
    go.set()
    first = flight.wait(10)
    assert first
    assert first.sequence == 1
    assert flight.wait(10) is first
    go.clear()
    present[0] = 2
    assert flight.wait(0.01) is first
    go.set()
    assert flight.wait(10).sequence == 2
    flight.close()


def test_a_flight_that_fails_tells_so_only_when_there_is_nothing_older():
    def work() -> Made:
        if present[0] % 2:
            raise Unavailable("no")
        return Made(present[0])

    present = [1]
    flight: Flight[Made] = Flight(lambda: present[0], work)
    with pytest.raises(Unavailable):
        flight.wait(10)
    present[0] = 2
    assert flight.wait(10).sequence == 2
    present[0] = 3
    assert flight.wait(10).sequence == 2
    flight.close()


def test_names_of_files_tell_classes_apart():
    classes = ["https://w3id.org/kesher/schema#Tool", "https://example.org/a#Tool", "https://example.org/b/Tool"]
    classes += ["https://example.org/", "https://example.org/כלי", "https://example.org/x/..%2f..", "urn:x:Y"]
    stems = file_stems(map(Iri, classes))
    assert stems[Iri(classes[0])] == "ks-Tool"
    assert len({it.lower() for it in stems.values()}) == len(classes)
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*", it) for it in stems.values())


def test_what_is_too_much_for_a_table_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MOST_COLUMNS", 2)
    monkeypatch.setattr(dumping, "MOST_TABLES", 1)
    store = ox.Store()
    text = "@prefix ex: <https://example.org/> . ex:a a ex:A ; ex:p 1 ; ex:q 2 . ex:b a ex:A , ex:B ; ex:p 3 ; ex:r 4 ."
    store.load(text.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("https://example.org/g"))
    manifest: Manifest = write_dump(store, "https://example.org/", tmp_path)
    assert manifest.left_out == ("https://example.org/B",)
    assert manifest.files[-1].left_out == ("https://example.org/q", "https://example.org/r")


def test_the_command_writes_a_folder_and_overwrites_none(tmp_path, monkeypatch):
    monkeypatch.setenv("KESHER_DATA", str(with_starter()))
    ran = CliRunner().invoke(app, ["dump", str(tmp_path / "out"), "--json"])
    assert ran.exit_code == 0, ran.output
    names = {it["name"] for it in json.loads(ran.stdout)["files"]}
    assert {it.name for it in (tmp_path / "out").iterdir()} == names | {"manifest.json", "SHA256SUMS"}
    again = CliRunner().invoke(app, ["dump", str(tmp_path / "out")])
    assert "is there already" in str(again.exception)
    assert [it.name for it in tmp_path.iterdir()] == ["out"]
