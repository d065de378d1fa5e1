"""The whole service over `oxigraph serve`: every journey, then the store is killed, and comes back."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import httpx
import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.checking import check
from api.graphs import outside_writes, remote_graph
from api.services import open_services
from api.settings import Settings
from api.tokens import Scope
from graph.remote.store import RemoteGraph
from ingest.catalog import Catalog
from ingest.pipeline import Options
from ingest.starter import load_starter
from language.hashing import HashEncoder
from ontology.errors import ChangedOutside, FolderDamaged, Misconfigured, RemoteStoreFailed, Unavailable
from tests.endpoints import Asked, Oxigraph, fake, free_port, oxigraph
from tests.ingesting import AGENT, Place, place
from tests.serving import BASE, bearer, services_of, serving, with_starter

TOOL = f"{BASE}id/tool/video-lm"
COUNT = "SELECT (COUNT(DISTINCT ?tool) AS ?n) WHERE { ?tool a ks:Tool }"
MORE = """
@prefix ks: <https://w3id.org/kesher/schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/kesher/id/tool/remote> a ks:Tool ; skos:prefLabel "Remote"@en ; skos:note "Ocarina"@en .
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Oxigraph]:
    """Over the files of an embedded store with the starter knowledge: the engine is the same."""
    folder = tmp_path_factory.mktemp("store") / "graph"
    shutil.copytree(with_starter() / "graph", folder)
    with oxigraph(folder) as running:
        yield running


@pytest.fixture(scope="module")
def client(server, tmp_path_factory) -> Iterator[TestClient]:
    addresses = {"graph_query_url": server.query_url, "graph_update_url": server.update_url}
    with serving(tmp_path_factory.mktemp("kesher"), **addresses, sparql_timeout_s=2) as served:
        yield served


def ask(client: TestClient, query: str, **more: str) -> dict:
    answer = client.get("/sparql", params={"query": query, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def code(answer) -> str:
    return answer.json()["type"].rpartition("/")[2]


def test_an_entity_has_its_page_and_its_data(client):
    page = client.get("/api/v1/entities/tool/video-lm").json()
    assert page["iri"] == TOOL
    assert page["links"]["out"]
    assert "text/html" in client.get("/page/tool/video-lm", headers={"Accept": "text/html"}).headers["content-type"]


@pytest.mark.parametrize("path", ["/", "/page/tool/video-lm", "/page/role/subject-coordinator", "/search?q=video"])
def test_a_page_costs_the_store_some_requests_and_not_hundreds(client, path):
    endpoint = services_of(client).graph.endpoint
    before = endpoint.requests
    assert client.get(path, headers={"Accept": "text/html"}).status_code == 200
    assert endpoint.requests - before < 40


def test_search_and_tools_for_a_role_answer(client):
    assert client.get("/api/v1/search", params={"q": "video of lessons"}).json()["hits"]
    tools = client.get("/api/v1/roles/leading-teacher/tools").json()["recommendations"]
    assert tools[0]["because"]


def test_named_questions_are_answered(client):
    rows = client.get("/api/v1/questions/pathway-steps").json()["rows"]
    assert len(rows) > 2


def test_sparql_sees_the_union_of_graphs_in_every_format(client):
    assert int(ask(client, COUNT)["results"]["bindings"][0]["n"]["value"]) == 150
    text = f"SELECT ?name WHERE {{ <{TOOL}> skos:prefLabel ?name }} ORDER BY ?name"
    table = client.get("/sparql", params={"query": text, "format": "csv"})
    assert table.headers["content-type"].startswith("text/csv")
    assert len(table.text.splitlines()) == 4
    graph = client.get("/sparql", params={"query": f"DESCRIBE <{TOOL}>"}, headers={"Accept": "application/n-triples"})
    assert len(graph.text.splitlines()) > 10
    assert ask(client, "ASK { ?x a ks:Role }")["boolean"] is True


def test_a_dataset_that_is_asked_for_is_the_one_that_is_asked(client):
    graphs = {
        row["g"]["value"]
        for row in ask(client, "SELECT DISTINCT ?g { GRAPH ?g { ?x a ks:Tool } }")["results"]["bindings"]
    }
    one = min(graphs)
    few = ask(client, COUNT, **{"default-graph-uri": one})["results"]["bindings"][0]["n"]["value"]
    assert 0 < int(few) <= 150
    nothing = ask(client, "SELECT * FROM <https://w3id.org/kesher/graph/no-such> { ?s ?p ?o }")
    assert nothing["results"]["bindings"] == []
    wrong = client.get("/sparql", params={"query": COUNT, "default-graph-uri": "no iri"})
    assert (wrong.status_code, code(wrong)) == (400, "bad-input")


def test_what_is_private_is_not_in_the_remote_store(client, server):
    assert ask(client, "ASK { ?s a ks:PracticeRecord ; skos:prefLabel ?n FILTER ( CONTAINS ( ?n, 'Zanzibar' ) ) }") == {
        "head": {},
        "boolean": False,
    }
    assert not [it for it in services_of(client).graph.quads() if "Zanzibar" in str(it)]
    assert [it for it in services_of(client).private.quads() if "Zanzibar" in str(it)]


@pytest.mark.parametrize(
    ("query", "status", "problem"),
    [
        ("SELECT ?s\nWHERE { ?s ?p }", 400, "malformed-query"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 400, "forbidden-query"),
        ("SELECT (ks:similarity(?a, 'x') AS ?n) { ?a ?b ?c }", 400, "bad-input"),
        ("SELECT (<https://w3id.org/kesher/schema#similarity> (?a, 'x') AS ?n) { ?a ?b ?c }", 400, "bad-input"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", 400, "forbidden-query"),
    ],
)
def test_what_may_not_run_is_told(client, query, status, problem):
    answer = client.get("/sparql", params={"query": query})
    assert (answer.status_code, code(answer)) == (status, problem)
    if problem == "malformed-query":
        assert answer.json()["line"] == 2
        assert "line 2" in answer.json()["detail"]


def test_an_answer_is_cut_where_the_cage_would_cut_it(client):
    answer = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"})
    assert answer.headers["Kesher-Truncated"] == "rows"
    body = answer.json()
    assert body["head"]["truncated"] is True
    assert len(body["results"]["bindings"]) == 10_000


def test_a_format_that_a_query_has_not_is_refused(client):
    answer = client.get("/sparql", params={"query": COUNT}, headers={"Accept": "text/turtle"})
    assert (answer.status_code, code(answer)) == (406, "not-acceptable")


def test_an_edit_and_a_file_are_seen_at_once(client, tmp_path):
    page = client.get("/api/v1/entities/tool/video-lm")
    edit = {"edits": [{"predicate": "skos:note", "lang": "en", "values": ["Ocarina"]}]}
    token = bearer(client, Scope.REVIEW)
    answer = client.patch(
        "/api/v1/entities/tool/video-lm", json=edit, headers=token | {"If-Match": page.headers["ETag"]}
    )
    assert answer.status_code == 200, answer.text
    file = tmp_path / "more.ttl"
    file.write_text(MORE, encoding="utf-8")
    services = services_of(client)
    report = services.ingest([file], Options(agent=services.agent))
    assert (report.committed, report.failed) == (1, 0)
    rows = ask(client, "SELECT ?s { ?s skos:note 'Ocarina'@en }")["results"]["bindings"]
    assert {row["s"]["value"] for row in rows} == {TOOL, f"{BASE}id/tool/remote"}
    assert services.ledger.last == services.search.watermark
    assert client.get("/health/ready").json() == {
        "ready": True,
        "waiting": {},
        "writes": {"index": services.ledger.last, "ledger": services.ledger.last},
    }


def test_updates_and_graphs_are_written_through_the_same_ledger(client):
    services, token = services_of(client), bearer(client, Scope.ADMIN)
    update = {"headers": token | {"Content-Type": "application/sparql-update"}}
    done = client.post("/sparql/update", content="INSERT DATA { GRAPH <http://e.org/g> { <x:a> <x:b> 1 } }", **update)
    assert (done.status_code, done.headers["Kesher-Sequence"]) == (204, str(services.ledger.last))
    move = (
        "DELETE { GRAPH ?g { ?s ?p ?o } } INSERT { GRAPH ?g { ?s ?p 2 } } WHERE { GRAPH ?g { ?s ?p ?o . <x:a> ?p ?o } }"
    )
    assert client.post("/sparql/update", content=move, **update).status_code == 204
    rows = ask(client, "SELECT ?o { <x:a> <x:b> ?o }")["results"]["bindings"]
    assert [row["o"]["value"] for row in rows] == ["2"]
    turtle = {"headers": token | {"Content-Type": "text/turtle"}}
    assert client.put("/graphs?graph=http://e.org/h", content="<x:c> <x:d> 3 .", **turtle).status_code == 201
    got = client.get("/graphs?graph=http://e.org/h", headers={"Accept": "application/n-triples"})
    assert got.text.startswith("<x:c> <x:d> ")
    assert client.delete("/graphs?graph=http://e.org/h", headers=token).status_code == 204
    assert ask(client, "ASK { <x:c> ?p ?o }")["boolean"] is False


@pytest.mark.parametrize("update", ["INSERT DATA { <x:a> <x:b> 9 }", "INSERT DATA { GRAPH <x:g> { [] <x:b> 9 } }"])
def test_what_an_endpoint_cannot_keep_apart_is_refused_clearly(client, update):
    before = services_of(client).ledger.last
    headers = bearer(client, Scope.ADMIN) | {"Content-Type": "application/sparql-update"}
    answer = client.post("/sparql/update", content=update, headers=headers)
    assert (answer.status_code, code(answer)) == (400, "bad-input")
    assert "blank nodes" in answer.json()["detail"]
    assert services_of(client).ledger.last == before


def test_semantic_search_inside_a_query_works_over_this_store_too(client):
    text = """SELECT ?x ?score ?name {
      SERVICE <urn:kesher:search> { ?x ks:query "video of lessons" ; ks:score ?score ; ks:limit 5 ; ks:kind ks:Tool }
      ?x skos:prefLabel ?name FILTER ( LANG ( ?name ) = "en" )
    }"""
    rows = ask(client, text)["results"]["bindings"]
    assert 1 <= len({row["x"]["value"] for row in rows}) <= 5


def test_a_snapshot_is_refused_where_there_are_none(client):
    answer = client.get("/sparql", params={"query": COUNT, "snapshot": "1"})
    assert (answer.status_code, code(answer)) == (400, "bad-input")
    assert "no snapshots" in answer.json()["detail"]
    assert "Kesher-Snapshot" not in client.get("/sparql", params={"query": COUNT}).headers


def test_a_query_is_stopped_at_its_time_and_the_next_one_answered(client):
    slow = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    answer = client.get("/sparql", params={"query": slow})
    assert (answer.status_code, code(answer)) == (504, "query-timeout")
    assert ask(client, "ASK {}")["boolean"] is True


def test_check_names_the_store_and_what_another_program_did_to_it(client, server):
    services = services_of(client)
    assert list(outside_writes(services.graph, services.writer)) == []
    services.graph.make("INSERT DATA { GRAPH <x:foreign> { <x:a> <x:b> <x:c> } <x:d> <x:b> <x:c> }")
    found = [it for it in check(services).faults if it.code == "store-changed"]
    assert {it.place for it in found} == {server.query_url}
    assert "x:foreign" in found[0].message
    assert "outside every named graph" in found[1].message
    services.graph.make("DROP GRAPH <x:foreign>; DROP DEFAULT")
    assert list(outside_writes(services.graph, services.writer)) == []


def test_a_killed_store_is_told_by_every_door_and_nothing_is_lost_when_it_is_back(client, server, tmp_path):
    services, token = services_of(client), bearer(client, Scope.REVIEW)
    edit = {"edits": [{"predicate": "skos:scopeNote", "lang": "en", "values": ["Kazoo"]}]}
    assert (
        client.patch("/api/v1/entities/tool/video-lm", json=edit, headers=token | {"If-Match": "*"}).status_code == 200
    )
    acknowledged = services.ledger.last
    server.kill()
    edit["edits"][0]["values"] = ["Never"]
    for answer in (
        client.get("/sparql", params={"query": COUNT}),
        client.get("/api/v1/entities/tool/video-lm"),
        client.get("/api/v1/questions/pathway-steps"),
        client.patch("/api/v1/entities/tool/video-lm", json=edit, headers=token | {"If-Match": "*"}),
    ):
        assert (answer.status_code, code(answer)) == (503, "remote-store-failed")
        assert int(answer.headers["Retry-After"]) > 0
        assert str(server.port) not in answer.text
    ready = client.get("/health/ready")
    assert ready.status_code == 503
    assert server.query_url in ready.json()["waiting"]["graph"]
    assert client.get("/health/live").status_code == 200
    assert client.get("/api/v1/search", params={"q": "video of lessons"}).json()["hits"]
    with pytest.raises(Unavailable):
        services.ingest([_file(tmp_path, "late.ttl")], Options(agent=services.agent))
    server.start()
    wait_until(lambda: client.get("/health/ready").status_code == 200)
    rows = ask(client, "SELECT ?s { ?s skos:scopeNote 'Kazoo'@en }")["results"]["bindings"]
    assert [row["s"]["value"] for row in rows] == [TOOL]
    assert services.ledger.last == acknowledged
    edit["edits"][0]["values"] = ["Again"]
    assert (
        client.patch("/api/v1/entities/tool/video-lm", json=edit, headers=token | {"If-Match": "*"}).status_code == 200
    )
    report = services.ingest([_file(tmp_path, "late.ttl")], Options(agent=services.agent))
    assert (report.committed, report.failed) == (1, 0)
    assert list(services.search.disagreements()) == []


def _file(folder: Path, name: str) -> Path:
    file = folder / name
    file.write_text(MORE.replace("remote", name.partition(".")[0]), encoding="utf-8")
    return file


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


# --- ledger and store ---


def remote(server: Oxigraph, update_url: str = "") -> RemoteGraph:
    addresses = {"graph_query_url": server.query_url, "graph_update_url": update_url or server.update_url}
    return remote_graph(Settings(**addresses))


def triples(*values: str) -> list[ox.Triple]:
    return [ox.Triple(ox.NamedNode("http://e.org/a"), ox.NamedNode("http://e.org/p"), ox.Literal(it)) for it in values]


def write(here: Place, *values: str) -> int:
    return here.writer.replace("source/a", triples(*values), door="test", agent=AGENT).sequence


@pytest.fixture
def bare(tmp_path) -> Iterator[Oxigraph]:
    with oxigraph(tmp_path / "store") as running:
        yield running


def test_a_write_whose_answer_was_lost_is_found_before_the_next_one(bare, tmp_path):
    lost = True

    def answer(it: Asked) -> None:
        got = httpx.post(bare.update_url, content=it.body, headers={"Content-Type": "application/sparql-update"})
        it.say(b"", "text/plain", 500 if lost else got.status_code)

    with fake(answer) as between, place(tmp_path, graph=remote(bare, between.url)) as here:
        with pytest.raises(RemoteStoreFailed):
            write(here, "made")
        assert here.ledger.last == 0
        lost = False
        assert write(here, "made", "next") == 2
        assert [change.iris for change in here.ledger.changes_since(0)] == [None, {"http://e.org/a"}]


def test_a_write_that_was_not_made_is_struck_when_the_store_is_back(bare, tmp_path):
    dead = f"http://127.0.0.1:{free_port()}/update"
    with place(tmp_path, graph=remote(bare, dead)) as here, pytest.raises(RemoteStoreFailed):
        write(here, "never made")
    with place(tmp_path, graph=remote(bare)) as here:
        assert here.ledger.last == 0
        assert write(here, "made") == 2
        assert here.said("source/a") == {str(it) for it in triples("made")}


def test_a_crash_before_the_acknowledgement_is_recovered_over_a_remote_store_too(bare, tmp_path, monkeypatch):
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with place(tmp_path, graph=remote(bare)) as here:
        monkeypatch.setattr(here.ledger, "acknowledge", crash)
        with pytest.raises(KeyboardInterrupt):
            write(here, "made")
    with place(tmp_path, graph=remote(bare)) as here:
        assert [change.iris for change in here.ledger.changes_since(0)] == [None]
        assert here.said("source/a") == {str(it) for it in triples("made")}


def test_another_service_s_write_is_taken_over_and_told(bare, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with place(tmp_path / "one", graph=remote(bare)) as one, place(tmp_path / "two", graph=remote(bare)) as two:
        assert write(one, "1") == 1
        assert write(two, "1", "2") == 2
        assert one.ledger.last == 1
        assert list(outside_writes(one.graph, one.writer)) == [
            "write 2 is in it, and 1 is the last that this data folder knows: another program made it"
        ]
        assert write(one, "3") == 3
        assert [change.iris for change in one.ledger.changes_since(1)] == [None, {"http://e.org/a"}]


def test_an_older_copy_in_the_store_s_place_is_refused_at_once_and_at_the_next_start(bare, tmp_path):
    with place(tmp_path, graph=remote(bare)) as here:
        write(here, "1")
        here.graph.make("DROP ALL")
        with pytest.raises(ChangedOutside):
            write(here, "2")
    settings = Settings(data=tmp_path / "data", graph_query_url=bare.query_url, graph_update_url=bare.update_url)
    with open_services(settings, encoder=HashEncoder) as services:
        services.graph.make("DROP ALL")
    with pytest.raises(FolderDamaged) as refused, open_services(settings, encoder=HashEncoder):
        pass
    assert bare.query_url in refused.value.message


def test_a_store_that_is_not_there_is_named_at_the_start(tmp_path):
    url = f"http://dana:secret@127.0.0.1:{free_port()}/query"
    with pytest.raises(Misconfigured) as refused, open_services(Settings(data=tmp_path, graph_query_url=url)):
        pass
    assert "cannot be reached" in refused.value.message
    assert "secret" not in refused.value.message
    alone = Settings(data=tmp_path, graph_update_url=url)
    with pytest.raises(Misconfigured, match="KESHER_GRAPH_QUERY_URL is not"), open_services(alone):
        pass


@pytest.mark.soak
def test_the_starter_loaded_through_an_endpoint_is_what_the_embedded_store_holds(bare, tmp_path):
    settings = Settings(data=tmp_path / "data", graph_query_url=bare.query_url, graph_update_url=bare.update_url)
    with open_services(settings, encoder=HashEncoder) as services:
        load_starter(services.writer)
        services.search.follow()
        services.graph.snapshot(tmp_path / "copy")
        assert [it for it in check(services).faults if it.code != "shape"] == []
    embedded, copy = (ox.Store.read_only(str(it)) for it in (with_starter() / "graph", tmp_path / "copy"))
    modified = ox.NamedNode("http://purl.org/dc/terms/modified")
    assert {it for it in copy if it.predicate != modified} == {it for it in embedded if it.predicate != modified}


@pytest.mark.soak
def test_a_store_that_is_killed_again_and_again_keeps_every_acknowledged_write(bare, tmp_path):
    stopping, acknowledged = Event(), []

    def work(here: Place) -> None:
        number = 0
        while not stopping.is_set():
            number += 1
            try:
                here.writer.replace(f"source/{number}", triples(str(number)), door="test", agent=AGENT)
                acknowledged.append(number)
            except RemoteStoreFailed:
                time.sleep(0.05)

    with place(tmp_path, graph=remote(bare)) as here:
        worker = Thread(target=work, args=(here,))
        worker.start()
        for _ in range(8):
            time.sleep(0.7)
            bare.kill()
            bare.start()
            time.sleep(2.1)
        stopping.set()
        worker.join()
        held = {it.object.value for it in here.graph.quads(predicate=ox.NamedNode("http://e.org/p"))}
        assert len(acknowledged) > 20
        assert {str(it) for it in acknowledged} <= held
    with place(tmp_path, graph=remote(bare)) as here:
        assert Catalog(here.graph, BASE).sequence == here.ledger.last
