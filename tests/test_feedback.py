"""A reader's word: kept without a trace of who said it, until a curator accepts or dismisses it."""

from collections.abc import Iterator

import httpx
import pytest
from fastapi.testclient import TestClient

from api.allowance import Allowance
from api.app import WORDS
from api.tokens import Scope
from ontology.kinds import DEFAULT_BASE
from tests.serving import BASE, bearer, services_of, serving

DOOR = "/api/v1/feedback"
TOOL = f"{BASE}id/tool/video-lm"
WORD = {"iri": TOOL, "text": "The Hebrew name has a typing slip."}
PROPOSAL = WORD | {"predicate": "skos:note", "lang": "en", "value": "Used in pairs too."}


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("feedback")) as made:
        yield made


@pytest.fixture(autouse=True)
def patient(client) -> None:
    client.app.state.words = Allowance(1_000, 3600, "words on entries")


@pytest.fixture(scope="module")
def curator(client) -> dict[str, str]:
    return bearer(client, Scope.REVIEW)


def waiting(client: TestClient, curator: dict[str, str]) -> dict[str, dict]:
    return {it["id"]: it for it in client.get(DOOR, headers=curator).json()["waiting"]}


def decide(client: TestClient, curator: dict[str, str], number: str, decision: str, **more: object) -> httpx.Response:
    return client.post(f"{DOOR}/{number}", json={"decision": decision} | more, headers=curator)


def test_a_word_waits_for_a_curator_and_nobody_else_sees_it(client, curator):
    kept = client.post(DOOR, json=WORD)
    assert (kept.status_code, kept.json()["state"]) == (202, "draft")
    found = waiting(client, curator)[kept.json()["id"]]
    assert (found["iri"], found["text"], found["edit"]) == (TOOL, WORD["text"], None)
    for door in ("/api/v1/entities/tool/video-lm", "/api/v1/search?q=Hebrew name", "/api/v1/export?format=turtle"):
        assert "typing slip" not in client.get(door).text
        assert "typing slip" not in client.get(door, headers=bearer(client, Scope.READ_PRIVATE)).text


def test_nothing_is_kept_of_who_said_it(client):
    number = client.post(DOOR, json=WORD, headers={"User-Agent": "Very special browser"}).json()["id"]
    graph = services_of(client).writer.graph(f"feedback/{number}")
    quads = list(services_of(client).private.quads(graph=graph))
    assert {it.predicate.value.rpartition("/")[2].rpartition("#")[2] for it in quads} == {
        *("type", "status", "about", "description", "created")
    }
    agents = services_of(client).ledger._rows("select distinct agent from writes where door = 'feedback'")
    assert agents == [(f"{DEFAULT_BASE}agent/reader",)]


def test_what_is_proposed_is_written_as_curation_once_it_is_accepted(client, curator):
    number = client.post(DOOR, json=PROPOSAL).json()["id"]
    assert waiting(client, curator)[number]["edit"]["values"] == ["Used in pairs too."]
    assert decide(client, curator, number, "accept").status_code == 200
    shown = client.get("/api/v1/entities/tool/video-lm").json()
    (note,) = [it for it in shown["properties"] if it["term"] == "note"]
    assert note["values"][0]["graph"].endswith("/graph/curation")
    newest = client.get("/api/v1/entities/tool/video-lm/history").json()["versions"][0]
    assert newest["agent"] == f"{DEFAULT_BASE}agent/dana-levi"
    assert number not in waiting(client, curator)
    assert decide(client, curator, number, "accept").status_code == 404


def test_a_curator_may_write_something_else_or_dismiss_it(client, curator):
    number = client.post(DOOR, json=WORD).json()["id"]
    edits = [{"predicate": "skos:note", "lang": "he", "values": ["תוקן"]}]
    assert decide(client, curator, number, "accept", edits=edits).status_code == 200
    assert "תוקן" in client.get("/api/v1/entities/tool/video-lm").text
    dismissed = client.post(DOOR, json=WORD | {"text": "Platypus word"}).json()["id"]
    before = client.get("/api/v1/entities/tool/video-lm").headers["ETag"]
    assert decide(client, curator, dismissed, "dismiss").status_code == 200
    assert client.get("/api/v1/entities/tool/video-lm").headers["ETag"] == before
    assert dismissed not in waiting(client, curator)
    assert not any("Platypus" in str(it) for it in services_of(client).private.quads())


def test_a_proposal_that_breaks_a_shape_goes_on_waiting(client, curator):
    wrong = WORD | {"predicate": "ks:researchGrade", "value": {"value": "99", "datatype": "xsd:integer"}}
    number = client.post(DOOR, json=wrong).json()["id"]
    assert decide(client, curator, number, "accept").status_code == 422
    assert number in waiting(client, curator)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (WORD | {"text": "Ask Dana Levi, 052-1234567, dana@example.org"}, 422),
        (PROPOSAL | {"value": "dana.levi@example.org"}, 422),
        (WORD | {"text": "x" * 2_001}, 422),
        (WORD | {"text": ""}, 422),
        (WORD | {"iri": f"{BASE}id/tool/nowhere"}, 404),
        (WORD | {"iri": f"{BASE}id/practice/quiet-class"}, 404),
        (WORD | {"iri": "no address"}, 422),
        (WORD | {"predicate": "skos:note"}, 422),
        (PROPOSAL | {"predicate": "ks:nothing"}, 422),
        (PROPOSAL | {"predicate": "ks:consent"}, 422),
        (PROPOSAL | {"predicate": "rdf:type", "value": {"iri": "ks:Role"}}, 422),
        ({}, 422),
    ],
)
def test_a_word_that_cannot_be_kept_is_refused_and_leaves_nothing(client, curator, asked, status):
    before = waiting(client, curator)
    answer = client.post(DOOR, json=asked)
    assert answer.status_code == status, answer.text
    assert waiting(client, curator) == before


@pytest.mark.parametrize("asked", [{"decision": "maybe"}, {}, {"decision": "accept", "edits": [{"values": ["x"]}]}])
def test_a_decision_that_is_none_is_refused(client, curator, asked):
    number = client.post(DOOR, json=WORD).json()["id"]
    assert client.post(f"{DOOR}/{number}", json=asked, headers=curator).status_code == 422
    assert number in waiting(client, curator)


def test_an_address_that_says_too_much_waits(client):
    client.app.state.words = Allowance(WORDS, 3600, "words on entries")
    statuses = [client.post(DOOR, json=WORD | {"text": "x"}).status_code for _ in range(WORDS + 2)]
    assert statuses[:WORDS] == [422] * WORDS
    assert statuses[WORDS:] == [429] * 2


def test_a_word_takes_no_snapshot_of_the_public_dataset_away(client):
    ledger = services_of(client).ledger
    before = ledger.withdrawn
    client.post(DOOR, json=WORD)
    assert ledger.withdrawn == before
