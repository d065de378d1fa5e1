"""A backup made while writes go on is the folder as of one write, and what is restored from it is equal to that."""

import json
import shutil
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

from api.backup import backups, move, prune, stage
from api.checking import check
from api.cli import app
from api.restoring import restore
from api.services import Services, open_services
from api.settings import Settings
from api.tokens import Scope
from graph.manifest import MANIFEST, Manifest
from ingest.ledger import Dataset
from ingest.writer import Writer
from language.hashing import HashEncoder
from ontology.errors import BadInput, Misconfigured, UnreadableFile
from tests.separate import live
from tests.serving import BASE, bearer, services_of, serving

AGENT = "https://example.org/agent/tester"


@contextmanager
def opened(folder: Path):
    with open_services(Settings(data=folder), command="test", encoder=HashEncoder) as services:
        yield services


def record(number: int) -> list[ox.Triple]:
    """One record, of five statements."""
    subject = ox.NamedNode(f"http://e.org/{number}")
    return [ox.Triple(subject, ox.NamedNode(f"http://e.org/p{it}"), ox.Literal(f"{number}")) for it in range(5)]


def write(services: Services, number: int) -> int:
    return services.writer.replace(f"source/{number}", record(number), door="test", agent=AGENT).sequence


def canonical(services: Services) -> tuple[str, ...]:
    """Hashes of both datasets in canonical form, and the rows of the ledger."""
    datasets = []
    for dataset in Dataset:
        quads = ox.Dataset(services.writer.store(dataset).quads())
        quads.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        datasets.append(str(hash(frozenset(map(str, quads)))))
    rows = services.ledger._rows("select sequence, at, graphs, tally, seal from writes order by sequence")
    return (*datasets, *map(str, rows))


@contextmanager
def writing(services: Services, start: int):
    """Writes go on, one after another, until this ends."""
    stopping, made = threading.Event(), []

    def go_on() -> None:
        number = start
        while not stopping.is_set():
            made.append(write(services, number))
            number += 1

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield made
    finally:
        stopping.set()
        thread.join()


def restores_are_equal(folder: Path, times: int) -> int:
    """How many of so many backups, made while writes went on, come back as the folder was at their write."""
    equal = 0
    with opened(folder / "data") as services:
        write(services, 0)
        services.writer.replace("source/x", record(1), door="test", agent=AGENT, dataset=Dataset.PRIVATE)
        for number in range(times):
            with writing(services, 1000 * (number + 1)) as made:
                while len(made) < 3:
                    pass
                staged = stage(services)
            made_at = Manifest.read(staged / MANIFEST).sequence
            assert move(staged, folder / "backups").name.endswith(f"{made_at:09d}")
            restore(folder / "backups", folder / f"back{number}", BASE)
            with opened(folder / f"back{number}") as back:
                assert back.ledger.last == made_at
                rows = services.ledger._rows(
                    "select sequence, at, graphs, tally, seal from writes where sequence <= ? order by sequence",
                    made_at,
                )
                assert canonical(back)[2:] == tuple(map(str, rows))
                public = {str(it) for it in back.graph.quads()}
                equal += public == as_of(services, back, made_at)
                back.search.catch_up()
                assert not [it for it in check(back).faults if it.code.startswith("E29")]
            shutil.rmtree(folder / f"back{number}")
            shutil.rmtree(folder / "backups" / staged.name)
    return equal


def as_of(services: Services, back: Services, number: int) -> set[str]:
    """The statements of a growing folder as they were at a write: each graph was written once, under its number."""
    catalog = services.writer.catalog()
    graphs = {it for it in catalog.graphs() if catalog.number(it) <= number}
    own = services.writer.graph("catalog")
    then = {str(it) for it in services.graph.quads() if it.graph_name in graphs}
    then |= {str(it) for graph in graphs for it in catalog.entry(graph)}
    return then | {str(it) for it in back.graph.quads(own, None, None, own)}  # the catalogue's own number moves on


def test_backups_made_while_writes_go_on_come_back_as_of_one_write(tmp_path):
    (tmp_path / "backups").mkdir()
    assert restores_are_equal(tmp_path, 3) == 3


@pytest.mark.soak
def test_twenty_backups_of_twenty_come_back(tmp_path, counted):
    (tmp_path / "backups").mkdir()
    equal = restores_are_equal(tmp_path, 20)
    counted(f"restores: {equal} of 20 equal")
    assert equal == 20


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A backup of a small folder."""
    folder = tmp_path_factory.mktemp("made")
    with opened(folder / "data") as services:
        write(services, 1)
        services.tokens.create("Dana Levi", [Scope.ADMIN], 1)
        return move(stage(services), folder)


def test_an_unchanged_folder_comes_back_by_canonical_hash_with_its_tokens(tmp_path, made):
    restore(made, tmp_path / "one", BASE)
    restore(made.parent, tmp_path / "two", BASE)
    with opened(tmp_path / "one") as one, opened(tmp_path / "two") as two, opened(made.parent / "data") as data:
        assert canonical(one) == canonical(two) == canonical(data)
        assert [it.name for it in one.tokens.list()] == ["Dana Levi"]


def damaged(made: Path, folder: Path, how: str) -> Path:
    shutil.copytree(made, folder)
    largest = max(folder.glob("graph/*.sst"), key=lambda it: it.stat().st_size)
    content = largest.read_bytes()
    match how:
        case "cut":
            largest.write_bytes(content[:-10])
        case "flipped":
            largest.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
        case "missing":
            largest.unlink()
        case "more":
            (folder / "graph" / "more.sst").write_bytes(b"")
        case "manifest":
            text = (folder / MANIFEST).read_text()
            (folder / MANIFEST).write_text(text.replace('"sequence": ', '"sequence": 9'))
        case "no manifest":
            (folder / MANIFEST).unlink()
    return folder


@pytest.mark.parametrize("how", ["cut", "flipped", "missing", "more", "manifest"])
def test_a_cut_or_altered_backup_is_refused_and_nothing_changes(tmp_path, made, how):
    broken = damaged(made, tmp_path / "broken", how)
    with pytest.raises(UnreadableFile) as refused:
        restore(broken, tmp_path / "data", BASE)
    assert refused.value.problem == "E296"
    assert sorted(it.name for it in tmp_path.iterdir()) == ["broken"]


def test_what_is_no_backup_is_refused(tmp_path, made):
    broken = damaged(made, tmp_path / "broken", "no manifest")
    with pytest.raises(BadInput, match="no backup"):
        restore(broken, tmp_path / "data", BASE)


def test_nothing_is_restored_over_something(tmp_path, made):
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(Misconfigured, match="E297"):
        restore(made, tmp_path, BASE)
    assert (tmp_path / "thesis.tex").read_text() == "mine"


def test_what_was_erased_since_is_erased_before_anybody_sees_the_folder(tmp_path, made):
    def erase(writer: Writer) -> None:
        writer.replace("source/1", [], door="erasure", agent=AGENT)

    restore(made, tmp_path / "data", BASE, erase)
    with opened(tmp_path / "data") as services:
        assert not list(services.graph.quads(graph=services.writer.graph("source/1")))


def test_old_backups_go_and_the_newest_stays(tmp_path, made):
    now = datetime.now(UTC)
    for number, days in enumerate([400, 100, 50, 1]):
        folder = tmp_path / f"kesher-{number}"
        folder.mkdir()
        Manifest((now - timedelta(days=days)).isoformat(), number, 1).write(folder / MANIFEST)
    (tmp_path / "kesher-diary").mkdir()
    assert [it.name for it in prune(tmp_path, 30, 90, now)] == ["kesher-1", "kesher-0"]
    assert [it.name for it in prune(tmp_path, 1, 90, now)] == ["kesher-2"]
    assert not prune(tmp_path, 1, 90, now + timedelta(days=40_000)), "a clock that jumps removes no newest backup"
    assert [it.name for it, _ in backups(tmp_path)] == ["kesher-3"]
    assert (tmp_path / "kesher-diary").exists()


def test_a_server_makes_a_backup_for_an_administrator_only(tmp_path):
    with serving(tmp_path) as client:
        assert client.post("/api/v1/backup").status_code == 401
        assert client.post("/api/v1/backup", headers=bearer(client, Scope.INGEST)).status_code == 403
        answer = client.post("/api/v1/backup", headers=bearer(client, Scope.ADMIN))
        assert answer.status_code == 201
        body = answer.json()
        assert body["sequence"] == services_of(client).ledger.last
        manifest = Manifest.read(services_of(client).folder.backups / body["name"] / MANIFEST)
        assert manifest.sequence == body["sequence"]


def test_the_command_asks_the_server_that_has_the_folder_open(tmp_path, monkeypatch):
    monkeypatch.setattr("api.services.DataFolder.announce", lambda *_: None)
    with live(tmp_path) as running:
        lock = tmp_path / "kesher" / "lock"
        lock.write_text(json.dumps(json.loads(lock.read_text()) | {"url": f"http://127.0.0.1:{running.port}"}))
        monkeypatch.setenv("KESHER_DATA", str(tmp_path / "kesher"))
        told = CliRunner().invoke(app, ["backup", str(tmp_path / "safe"), "--json"])
        assert told.exit_code == 0, told.output
        assert running.lives
    monkeypatch.setenv("KESHER_DATA", str(tmp_path / "again"))
    told = CliRunner().invoke(app, ["restore", str(tmp_path / "safe"), "--json"])
    assert told.exit_code == 0, told.output
    with opened(tmp_path / "again") as again, opened(tmp_path / "kesher") as before:
        assert canonical(again)[:2] == canonical(before)[:2]
    assert not list((tmp_path / "kesher" / "backups").iterdir())
