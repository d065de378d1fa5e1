"""The whole service over `oxigraph serve`: every journey, then the store is killed, and comes back."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.checking import check
from api.tokens import Scope
from graph.remote.endpoint import Endpoint
from ingest.pipeline import Options
from tests.endpoints import Oxigraph, oxigraph
from tests.serving import BASE, bearer, services_of, serving

TOOL = f"{BASE}id/tool/video-lm"
COUNT = "SELECT (COUNT(DISTINCT ?tool) AS ?n) WHERE { ?tool a ks:Tool }"
MORE = """
@prefix ks: <https://w3id.org/kesher/schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/kesher/id/tool/remote> a ks:Tool ; skos:prefLabel "Remote"@en ; skos:note "Ocarina"@en .
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Oxigraph]:
    with oxigraph(tmp_path_factory.mktemp("store")) as running:
        yield running


@pytest.fixture(scope="module")
def client(server, tmp_path_factory) -> Iterator[TestClient]:
    addresses = {"graph_query_url": server.query_url, "graph_update_url": server.update_url}
    with serving(tmp_path_factory.mktemp("kesher"), **addresses, sparql_timeout_s=5) as served:
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


def test_check_names_the_store_and_what_another_program_did_to_it(client, server):
    services = services_of(client)
    assert check(services).faults == []
    with_update = Endpoint(server.query_url, server.update_url)
    with_update.update("INSERT DATA { GRAPH <x:foreign> { <x:a> <x:b> <x:c> } <x:d> <x:b> <x:c> }", seconds=10)
    found = [it for it in check(services).faults if it.code == "store-changed"]
    assert {it.place for it in found} == {server.query_url}
    assert "x:foreign" in found[0].message
    assert "outside every named graph" in found[1].message
    with_update.update("DROP GRAPH <x:foreign>; DROP DEFAULT", seconds=10)
    assert check(services).faults == []
    with_update.close()
