"""Saved queries: an address that always means the same text, who may give one, and what it may be."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.saved import Content, SavedQueries, SavedQuery
from api.tokens import Scope
from ontology.errors import Conflict, MissingScope, UnknownQuery
from ontology.namespaces import KS, RDF
from tests.serving import bearer, services_of, serving

ROLES = "SELECT (COUNT(*) AS ?n) WHERE { ?role a ks:Role }"
PATH = "/api/v1/queries"


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("saved"), sparql_timeout_s=2, sparql_workers=1) as client:
        yield client


def save(client: TestClient, scope: Scope = Scope.INGEST, **body: object):
    return client.post(PATH, json={"query": ROLES} | body, headers=bearer(client, scope))


def of(name: str, query: str = ROLES, minutes: int = 0) -> SavedQuery:
    created = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    return SavedQuery(Content(query), f"https://w3id.org/kesher/agent/{name}", name, "", "", created)


# the file


def test_the_address_is_the_hash_of_what_is_saved_and_of_nothing_else(tmp_path):
    queries = SavedQueries(tmp_path / "queries.sqlite")
    assert queries.save(of("dana"))
    assert not queries.save(of("dana", minutes=5))
    assert queries.save(of("amal", minutes=1))
    assert queries.get(Content(ROLES).id) == of("dana")
    ids = {
        Content(ROLES).id,
        Content(ROLES, 7).id,
        Content(ROLES, 0).id,
        Content(ROLES, None, "csv").id,
        Content(ROLES + " ").id,
    }
    assert len(ids) == 5
    assert all(len(it) == 24 for it in ids)
    assert Content(ROLES).id == "cde429823024a7d7614eaa7b", "an address that was given away must not change"


def test_what_several_keep_is_there_until_the_last_lets_go(tmp_path):
    queries, one = SavedQueries(tmp_path / "queries.sqlite"), Content(ROLES).id
    queries.save(of("dana"))
    queries.save(of("amal", minutes=1))
    queries.delete(one, of("dana").agent)
    assert queries.get(one).name == "amal"
    with pytest.raises(MissingScope):
        queries.delete(one, of("dana").agent)
    queries.delete(one, of("amal").agent)
    for again in (lambda: queries.get(one), lambda: queries.delete(one, None)):
        with pytest.raises(UnknownQuery):
            again()


def test_one_agent_keeps_so_many_and_no_more(tmp_path):
    queries = SavedQueries(tmp_path / "queries.sqlite", most=3)
    for number in range(3):
        queries.save(of("dana", f"ASK {{ FILTER({number}) }}"))
    with pytest.raises(Conflict):
        queries.save(of("dana"))
    assert len(queries.newest(10)) == 3, "what was refused was not kept"
    assert queries.save(of("amal"))
    assert not queries.save(of("dana", "ASK { FILTER(0) }")), "what one keeps already is no more"


def test_saving_side_by_side_loses_nothing(tmp_path):
    queries = SavedQueries(tmp_path / "queries.sqlite")
    threads = [
        threading.Thread(target=lambda n=number: queries.save(of(f"agent{n % 4}", f"ASK {{ FILTER({n}) }}")))
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(queries.newest(100)) == 20


def test_nothing_is_made_before_something_is_saved(tmp_path):
    queries = SavedQueries(tmp_path / "queries.sqlite")
    assert queries.newest(10) == []
    with pytest.raises(UnknownQuery):
        queries.get("0" * 24)
    assert list(tmp_path.iterdir()) == []


# over HTTP


def test_a_query_is_saved_read_listed_run_and_deleted(client):
    answer = save(client, title="כמה תפקידים", lang="he", format="csv")
    assert answer.status_code == 201
    told = client.get(answer.headers["Location"]).json()
    assert told == answer.json()
    assert (told["query"], told["title"], told["lang"], told["format"]) == (ROLES, "כמה תפקידים", "he", "csv")
    assert told["agent"] == "https://w3id.org/kesher/agent/dana-levi"
    assert told["id"] in {it["id"] for it in client.get(PATH).json()}
    assert client.get(told["run"]).text.split() == ["n", "14"]
    assert save(client, format="csv").status_code == 200
    assert client.delete(answer.headers["Location"], headers=bearer(client, Scope.INGEST)).status_code == 204
    assert client.get(answer.headers["Location"]).status_code == 404


def test_a_relative_address_in_a_query_is_one_wherever_it_is_asked(client):
    relative = {"query": "SELECT * { <a> ?p ?o }"}
    assert client.get("/sparql", params=relative).status_code == 200
    assert client.get("/api/v1/explain", params=relative).status_code == 200
    assert save(client, **relative).status_code == 201


def test_running_passes_the_format_on_and_answers_with_the_graph_as_it_is(client):
    path = save(client).headers["Location"]
    answer = client.get(f"{path}/run?format=tsv", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["Location"].startswith("/sparql?saved=")
    assert client.get(f"{path}/run?format=tsv").text.split() == ["?n", "14"]
    assert client.get(f"{path}/run", headers={"Accept": "text/csv"}).text.split() == ["n", "14"]
    assert client.get(f"{path}/run?saved=another&format=csv").text.split() == ["n", "14"]


def test_a_query_that_names_a_snapshot_says_where_it_is_replayed(client):
    number = int(client.get("/sparql", params={"query": "ASK {}"}).headers["Kesher-Snapshot"])
    told = save(client, snapshot=number).json()
    assert told["snapshot"] == number
    assert told["replay"] == f"/sparql?saved={told['id']}&snapshot={number}"
    assert told["run"] == f"/sparql?saved={told['id']}"
    assert save(client, snapshot=None).json()["replay"] is None


@pytest.mark.parametrize("number", [0, 999_999])
def test_a_query_is_not_saved_on_a_snapshot_that_is_not_there(client, number):
    refused = save(client, snapshot=number)
    assert refused.status_code == 404
    assert refused.json()["type"].endswith("/problems/unknown-snapshot")


def test_a_saved_query_is_replayed_on_its_snapshot_after_the_graph_has_changed(client):
    tools = "SELECT (COUNT(DISTINCT ?tool) AS ?n) WHERE { ?tool a ks:Tool }"
    number = int(client.get("/sparql", params={"query": tools}).headers["Kesher-Snapshot"])
    told = save(client, query=tools, snapshot=number, format="csv").json()
    services = services_of(client)
    one = ox.Triple(ox.NamedNode("https://example.org/t"), ox.NamedNode(RDF.type), ox.NamedNode(KS.Tool))
    services.writer.replace("source/one-more.ttl", [one], door="test", agent=services.agent)
    assert client.get(told["run"]).text.split() == ["n", "151"]
    assert client.get(told["replay"]).text.split() == ["n", "150"]
    assert client.get(f"{PATH}/{told['id']}/run?snapshot={number}").text.split() == ["n", "150"]
    assert client.get(f"{PATH}/{told['id']}/run?snapshot=999999999").status_code == 404


def test_a_query_that_searches_is_saved_as_it_was_written(client):
    search = "SELECT ?tool { SERVICE <urn:kesher:search> { ?tool ks:query 'watching lessons' ; ks:limit 3 } }"
    told = save(client, query=search).json()
    assert told["query"] == search
    assert len(client.get(told["run"]).json()["results"]["bindings"]) == 3


def test_a_query_of_64_kib_runs_by_its_address_though_no_address_could_hold_it(client):
    long = ROLES + "#" + "x" * (65_536 - len(ROLES) - 1)
    path = save(client, query=long).headers["Location"]
    assert client.get(f"{path}/run?format=csv").text.split() == ["n", "14"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"query": ROLES + "#" + "x" * 65_536}, 400),
        ({"query": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}, 400),
        ({"query": "DROP ALL"}, 400),
        ({"query": "SELECT ?s { ?s ?p"}, 400),
        ({"query": "SELECT * " + "{" * 3_000 + "}" * 3_000}, 400),
        ({"query": ""}, 422),
        ({"query": "ASK { ?s ?p '\ud800' }"}, 422),
        ({"query": ROLES, "title": "half \ud800"}, 422),
        ({"query": ROLES, "format": "docx"}, 422),
        ({"query": ROLES, "format": "turtle"}, 406),
        ({"query": ROLES, "title": "x" * 201}, 422),
        ({"query": ROLES, "snapshot": "../../etc"}, 422),
        ({"query": ROLES, "lang": "<he>"}, 422),
        ({"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"}, 504),
        ({}, 422),
    ],
)
def test_what_does_not_run_is_not_saved(client, body, status):
    before = client.get(PATH).json()
    headers = bearer(client, Scope.INGEST) | {"Content-Type": "application/json"}
    answer = client.post(PATH, content=json.dumps(body), headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get(PATH).json() == before


def test_saving_and_deleting_need_a_token_of_somebody_who_may_write(client):
    path = save(client, query=ROLES + "#own").headers["Location"]
    assert client.post(PATH, json={"query": ROLES}).status_code == 401
    assert save(client, Scope.READ_PRIVATE).status_code == 403
    assert client.delete(path).status_code == 401
    tokens = services_of(client).tokens
    other = {"Authorization": f"Bearer {tokens.create('Amal Haddad', [Scope.INGEST], 1)}"}
    assert client.delete(path, headers=other).status_code == 403
    admin = {"Authorization": f"Bearer {tokens.create('Root', [Scope.ADMIN], 1)}"}
    assert client.delete(path, headers=admin).status_code == 204
    assert client.delete(path, headers=admin).status_code == 404


def test_an_unknown_id_is_404_wherever_it_is_named(client):
    for path in (f"{PATH}/nothing", f"{PATH}/nothing/run", "/sparql?saved=nothing"):
        assert client.get(path).status_code == 404
    assert client.get(f"/sparql?saved=nothing&query={ROLES}").status_code == 404
    path = save(client).headers["Location"]
    one = path.rpartition("/")[2]
    assert client.get("/sparql", params={"saved": one, "query": ROLES}).status_code == 400
    assert client.get("/sparql", params=[("saved", one), ("saved", one)]).status_code == 400


def test_the_list_is_cut_where_the_reader_says(client):
    for number in range(3):
        save(client, query=f"{ROLES}#{number}")
    every = client.get(PATH).json()
    assert client.get(PATH, params={"limit": 2, "offset": 1}).json() == every[1:3]
    assert client.get(PATH, params={"limit": 0}).status_code == 422
