"""The SPARQL endpoint: the protocol's three ways in, the formats out, and what is refused."""

import contextlib
import csv
import io
import json
from collections.abc import Iterator
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.budget import Budget
from api.services import open_services
from api.settings import Settings
from api.sparql_protocol import DIRECT, FORM
from graph.results import GRAPHS
from language.hashing import HashEncoder
from ontology.errors import BudgetSpent
from ontology.namespaces import KS, RDF, SD
from ontology.questions import question
from tests.serving import BASE, services_of, serving

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?role a ks:Role }"
NAME = "SELECT ?name WHERE { <https://w3id.org/kesher/id/tool/video-lm> skos:prefLabel ?name } ORDER BY ?name"
GRAPH = "CONSTRUCT WHERE { <https://w3id.org/kesher/id/tool/video-lm> skos:prefLabel ?name }"
ASK = "ASK { ?role a ks:Role }"


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("sparql"), sparql_timeout_s=1.5, sparql_workers=1) as client:
        yield client


def ask(client: TestClient, query: str, accept: str = "*/*", **params: str):
    return client.get("/sparql", params={"query": query, **params}, headers={"Accept": accept})


def count(answer) -> str:
    return answer.json()["results"]["bindings"][0]["n"]["value"]


# --- the three ways in ---


def test_a_query_comes_in_by_three_ways(client):
    ways = [
        ask(client, COUNT),
        client.post("/sparql", data={"query": COUNT}),
        client.post("/sparql", content=COUNT.encode(), headers={"Content-Type": f"{DIRECT}; charset=utf-8"}),
    ]
    assert [count(it) for it in ways] == ["14", "14", "14"]


@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_the_dataset_is_that_of_the_protocol(client, way):
    roles, tools = f"{BASE}graph/starter/roles", f"{BASE}graph/starter/tools"

    def answer(query: str, *pairs: tuple[str, str]) -> str:
        if way == "get":
            return count(client.get("/sparql", params=[("query", query), *pairs]))
        if way == "direct":
            return count(client.post("/sparql", params=list(pairs), content=query, headers={"Content-Type": DIRECT}))
        body = form([("query", query), *pairs])
        return count(client.post("/sparql", content=body, headers={"Content-Type": FORM}))

    classes = "SELECT (COUNT(*) AS ?n) WHERE { ?it a ?class . VALUES ?class { ks:Role ks:Tool } }"
    named = "SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE { GRAPH ?g { ?it a ?class } }"
    assert answer(classes, ("default-graph-uri", roles)) == "14"
    assert answer(classes, ("default-graph-uri", roles), ("default-graph-uri", tools)) == "164"
    assert answer(classes, ("default-graph-uri", f"{BASE}graph/nowhere")) == "0"
    assert answer(classes, ("named-graph-uri", roles)) == "0"
    assert answer(named, ("named-graph-uri", roles), ("named-graph-uri", tools)) == "2"


def form(pairs: list[tuple[str, str]]) -> bytes:

    return urlencode(pairs).encode()


def test_a_setting_keeps_to_the_datasets_of_w3c(tmp_path):
    with serving(tmp_path, sparql_strict=True) as client:
        assert count(ask(client, COUNT)) == "0", "nothing stands in the store's own default graph"
        assert "UnionDefaultGraph" not in client.get("/sparql").text
        assert count(ask(client, COUNT.replace("WHERE", f"FROM <{BASE}graph/starter/roles> WHERE"))) == "14"


# --- snapshots ---


def test_an_answer_names_its_snapshot_which_can_be_asked_again(client):
    before = ask(client, COUNT)
    number = before.headers["Kesher-Snapshot"]
    services = services_of(client)
    role = ox.Triple(ox.NamedNode("urn:new"), ox.NamedNode(RDF.type), ox.NamedNode(KS.Role))
    services.writer.replace("source/one-more-role", [role], door="test", agent=services.agent)
    after = ask(client, COUNT)
    assert (count(before), count(after)) == ("14", "15")
    assert int(after.headers["Kesher-Snapshot"]) > int(number)
    assert count(ask(client, COUNT, snapshot=number)) == "14"
    services.writer.replace("source/one-more-role", [], door="test", agent=services.agent)


@pytest.mark.parametrize(("number", "status"), [("0", 404), ("999999", 404), ("-1", 422), ("one", 422), ("٣", 422)])
def test_a_snapshot_that_is_none_is_told_from_one_that_is_not_kept(client, number, status):
    answer = ask(client, COUNT, snapshot=number)
    assert answer.status_code == status
    assert answer.json()["remedy"]


def test_an_answer_is_compressed_for_who_can_read_it(client):
    plain = ask(client, "SELECT * { ?s ?p ?o } LIMIT 100")
    headers = {"Accept-Encoding": "gzip"}
    packed = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o } LIMIT 100"}, headers=headers)
    assert "Content-Encoding" not in client.get("/sparql", params={"query": ASK}, headers=headers).headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < len(plain.content) / 4
    assert packed.json() == plain.json()
    refused = client.get("/sparql", params={"query": COUNT}, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


# --- the formats out ---


def test_a_table_in_every_format(client):
    def names(format: str) -> list[str]:
        answer = ask(client, NAME, format=format)
        assert answer.status_code == 200
        if format == "json":
            return [row["name"]["value"] for row in answer.json()["results"]["bindings"]]
        if format == "xml":
            tree = ET.fromstring(answer.text)  # noqa: S314 - our own answer
            return [it.text for it in tree.iter("{http://www.w3.org/2005/sparql-results#}literal")]
        if format == "csv":
            return [row[0] for row in csv.reader(io.StringIO(answer.text))][1:]
        return [line.rpartition("@")[0].strip('"') for line in answer.text.splitlines()[1:]]

    assert len(names("json")) == 3
    assert names("json") == names("xml") == names("csv") == names("tsv")


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        (NAME, "", "application/sparql-results+json"),
        (NAME, "text/html,*/*;q=0.1", "application/sparql-results+json"),
        (NAME, "application/sparql-results+xml;q=0.3, text/csv;q=0.7", "text/csv"),
        (ASK, "application/sparql-results+xml", "application/sparql-results+xml"),
        (GRAPH, "*/*", "text/turtle"),
        (GRAPH, "application/n-triples", "application/n-triples"),
        (GRAPH, "application/ld+json", "application/ld+json"),
        (GRAPH, "application/n-quads", "application/n-quads"),
        (GRAPH, "application/trig", "application/trig"),
        (GRAPH, "application/rdf+xml", "application/rdf+xml"),
        ("DESCRIBE <https://w3id.org/kesher/id/tool/video-lm>", "text/turtle", "text/turtle"),
    ],
)
def test_the_format_is_the_one_wanted_most(client, query, accept, expected):
    answer = ask(client, query, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == expected
    assert "Accept" in answer.headers["Vary"]


def test_a_graph_parses(client):
    found = list(ox.parse(ask(client, GRAPH, format="turtle").content, format=ox.RdfFormat.TURTLE))
    assert len(found) == 3


@pytest.mark.parametrize(("query", "accept"), [(NAME, "text/turtle"), (GRAPH, "text/csv"), (NAME, "image/png")])
def test_a_format_that_does_not_fit_is_406(client, query, accept):
    answer = ask(client, query, accept)
    assert answer.status_code == 406
    assert answer.json()["remedy"]


def test_who_wants_all_or_nothing_gets_an_error_rather_than_a_part(client):
    everything = "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 10001"
    assert ask(client, everything, "text/csv").headers["Kesher-Truncated"] == "rows"
    refused = ask(client, everything, "text/csv", whole="true")
    assert refused.status_code == 413
    assert "snapshot" in refused.json()["remedy"]
    assert ask(client, ASK, whole="true").status_code == 200
    assert ask(client, ASK, whole="yes").status_code == 422


def test_what_is_cut_says_so(client):
    answer = ask(client, "SELECT * WHERE { ?s ?p ?o }")
    assert answer.headers["Kesher-Truncated"] == "rows"
    assert answer.json()["head"]["truncated"] is True
    assert len(answer.json()["results"]["bindings"]) == 10_000
    assert "Kesher-Truncated" not in ask(client, NAME).headers


# --- what it is about ---


def test_the_question_of_the_demo_joins_role_competency_tool_and_source(client):
    answer = ask(client, question("role-competency-tool-source")).json()
    assert answer["head"]["vars"] == ["role", "competency", "tool", "source"]
    assert len(answer["results"]["bindings"]) > 20


def test_a_write_is_seen_at_once_and_only_when_it_is_public(client):
    services = services_of(client)
    before = count(
        ask(client, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o FILTER(ISLITERAL(?o) && CONTAINS(?o, 'Wombat')) }")
    )
    triple = ox.Triple(ox.NamedNode(f"{BASE}id/tool/w"), ox.NamedNode("http://www.w3.org/2004/02/skos/core#note"),
                       ox.Literal("Wombat", language="en"))  # fmt: skip
    services.writer.replace("source/w.ttl", [triple], door="test", agent=services.agent)
    after = count(
        ask(client, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o FILTER(ISLITERAL(?o) && CONTAINS(?o, 'Wombat')) }")
    )
    assert (before, after) == ("0", "1")
    hidden = "ASK { ?s a ks:PracticeRecord ; skos:prefLabel ?name FILTER ( CONTAINS ( ?name, 'Zanzibar' ) ) }"
    assert ask(client, hidden).json()["boolean"] is False


# --- what is refused ---


def test_a_query_that_does_not_parse_is_told_line_and_column(client):
    answer = ask(client, "SELECT ?s\nWHERE { ?s ?p }")
    body = answer.json()
    assert answer.status_code == 400
    assert body["type"].endswith("/problems/malformed-query")
    assert (body["line"], body["column"]) == (2, 15)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "forbidden-query"),
        ("SELECT * { sErViCe\n<http://127.0.0.1:9/> { ?s ?p ?o } }", "forbidden-query"),
        ("LOAD <file:///etc/passwd>", "forbidden-query"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "forbidden-query"),
        ("SELECT * { " + "{" * 3000 + "}" * 3000 + " }", "query-too-complex"),
    ],
)
def test_what_may_not_run_is_400(client, query, code):
    answer = client.post("/sparql", data={"query": query})
    assert answer.status_code == 400
    assert answer.json()["type"].endswith(f"/problems/{code}")
    assert count(ask(client, COUNT)) == "14"


@pytest.mark.parametrize(
    ("method", "options", "status"),
    [
        ("GET", {"params": {"format": "csv"}}, 400),
        ("GET", {"params": [("query", ASK), ("query", ASK)]}, 400),
        ("GET", {"params": {"update": "DROP ALL"}}, 400),
        ("GET", {"params": {"query": ASK, "format": "docx"}}, 422),
        ("POST", {"content": b"query=ASK", "headers": {"Content-Type": "text/plain"}}, 415),
        ("POST", {"content": b"query=%ff", "headers": {"Content-Type": FORM}}, 400),
        ("POST", {"content": b"\xff\xfe", "headers": {"Content-Type": DIRECT}}, 400),
        ("POST", {"content": b"", "headers": {"Content-Type": DIRECT}}, 400),
        ("PUT", {}, 405),
        ("GET", {"params": [("query", ASK), ("format", "csv"), ("format", "json")]}, 422),
        ("GET", {"params": [("query", ASK), ("snapshot", "1"), ("snapshot", "2")]}, 422),
    ],
)
def test_a_wrong_request_is_a_problem(client, method, options, status):
    answer = client.request(method, "/sparql", **options)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("address", ["/sparql?query=%FF", "/sparql?query=ASK%20%7B%7D&format=%c3%28"])
def test_an_address_that_is_not_utf_8_is_told_so(client, address):
    answer = client.get(address)
    assert answer.status_code == 400
    assert "not UTF-8" in answer.json()["detail"]


def test_a_query_is_stopped_at_its_time_and_the_next_one_answered(client):
    answer = ask(client, "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    assert answer.status_code == 504
    assert answer.json()["type"].endswith("/problems/query-timeout")
    assert count(ask(client, COUNT)) == "14"


# --- what it can do ---


@pytest.mark.parametrize("media_type", ["text/turtle", "application/rdf+xml", "application/ld+json"])
def test_asked_nothing_the_endpoint_describes_itself(client, media_type):
    answer = client.get("/sparql", headers={"Accept": media_type})
    assert answer.headers["content-type"].startswith(media_type)
    described = {it.triple for it in ox.parse(answer.content, format=GRAPHS[media_type])}
    endpoints = {it.object.value for it in described if it.predicate == ox.NamedNode(SD.endpoint)}
    assert endpoints == {"http://testserver/sparql", "http://testserver/sparql/update"}
    assert client.get("/sparql", headers={"Accept": "text/csv"}).status_code == 406


# --- the budget ---


def test_a_client_that_has_spent_its_budget_waits():
    now = 0.0
    budget = Budget(6, clock=lambda: now)
    with budget.charged("a"):
        now += 9
    with pytest.raises(BudgetSpent) as spent, budget.charged("a"):
        pass
    assert 1 <= spent.value.retry_after_s <= 30
    with budget.charged("b"):
        pass
    now += spent.value.retry_after_s + 1
    with budget.charged("a"):
        pass


def test_a_failing_query_is_charged_too():
    now = 0.0
    budget = Budget(1, clock=lambda: now)
    with contextlib.suppress(ZeroDivisionError), budget.charged("a"):
        now += 5
        _ = 1 / 0
    with pytest.raises(BudgetSpent), budget.charged("a"):
        pass


def test_a_query_that_fails_at_once_is_not_free():
    budget = Budget(2, clock=lambda: 0.0)
    for _ in range(2):
        with contextlib.suppress(ZeroDivisionError), budget.charged("a"):
            _ = 1 / 0
    with pytest.raises(BudgetSpent), budget.charged("a"):
        pass


@pytest.mark.parametrize(("trusted", "expected"), [("", 429), ("127.0.0.0/8", 200)])
def test_an_address_that_a_client_claims_counts_only_from_a_trusted_proxy(tmp_path, trusted, expected):
    settings = Settings(data=tmp_path, sparql_budget_s=0.000001, trusted_proxies=trusted)
    with open_services(settings, encoder=HashEncoder) as services:
        client = TestClient(create_app(services), client=("127.0.0.1", 50000))
        first = client.get("/sparql", params={"query": ASK}, headers={"X-Forwarded-For": "192.0.2.1"})
        second = client.get("/sparql", params={"query": ASK}, headers={"X-Forwarded-For": "192.0.2.2"})
        assert (first.status_code, second.status_code) == (200, expected)
        assert json.loads(second.content)
        if expected == 429:
            assert int(second.headers["Retry-After"]) >= 1


def test_a_relative_name_is_one_below_the_address_that_was_asked(client):
    answer = ask(client, "SELECT (<thing> AS ?here) {}", format="csv")
    assert answer.text.split() == ["here", "http://testserver/thing"]
    based = ask(client, "BASE <http://a.example/> SELECT (<thing> AS ?here) {}", format="csv")
    assert based.text.split() == ["here", "http://a.example/thing"]
