"""Entries written by hand: drafts that nobody sees, steps between states, faults that name their field, versions."""

import json
from collections.abc import Iterator
from hashlib import sha256

import httpx
import pytest
from fastapi.testclient import TestClient

from api.tokens import Scope
from ontology.kinds import CLASS_OF, Kind
from tests.serving import BASE, bearer, services_of, serving

NAMES = {"en": "Zebulon wombat lesson", "he": "שיעור וומבט", "ar": "درس الومبت"}
CANARY = "Zebulon"
QUERY = "SELECT ?s WHERE { ?s ?p ?o FILTER(CONTAINS(STR(?o), 'Zebulon')) }"


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("curation")) as made:
        yield made


@pytest.fixture(scope="module")
def curator(client) -> dict[str, str]:
    return bearer(client, Scope.REVIEW)


@pytest.fixture(scope="module")
def trusted(client) -> dict[str, str]:
    """A curator who may read private records."""
    return bearer(client, Scope.REVIEW, Scope.READ_PRIVATE)


def at(kind: str, slug: str) -> str:
    return f"/api/v1/entities/{kind}/{slug}"


def latest(client: TestClient, path: str, who: dict[str, str]) -> dict[str, str]:
    """The headers of somebody who has seen the newest version."""
    return who | {"If-Match": client.get(path, headers=who).headers["ETag"]}


def change(client: TestClient, path: str, who: dict[str, str], **asked: object) -> httpx.Response:
    return client.patch(path, json=asked, headers=latest(client, path, who))


def code(answer: httpx.Response) -> str:
    return answer.json()["type"].rpartition("/")[2]


def published(client: TestClient, who: dict[str, str], slug: str, kind: str = "concept") -> str:
    path = at(kind, slug)
    made = client.put(path, json={"labels": NAMES, "status": "published"}, headers=who)
    assert made.status_code == 201, made.text
    return path


# --- drafts ---


@pytest.mark.parametrize("kind", Kind)
def test_an_entry_of_every_kind_begins_as_a_draft(client, trusted, kind):
    path = at(kind, "zebulon-lesson")
    made = client.put(path, json={"labels": NAMES}, headers=trusted)
    assert made.status_code == 201, made.text
    assert made.headers["Location"] == path
    body = made.json()
    assert (body["kind"], body["state"], body["iri"]) == (kind, "draft", f"{BASE}id/{kind}/zebulon-lesson")
    assert {it["lang"]: it["text"] for it in body["labels"]} == NAMES
    assert "/graph/draft/" in body["provenance"][0]["graph"]
    assert client.get(path, headers=trusted).json()["faults"] == body["faults"]


def test_no_public_door_shows_a_draft(client, trusted):
    path = at("tool", "zebulon-hidden")
    assert client.put(path, json={"labels": NAMES}, headers=trusted).status_code == 201
    assert services_of(client).search.follow() is None
    doors = [
        *(path, f"{path}/similar", f"{path}/history", f"{path}/difference", "/id/tool/zebulon-hidden"),
        *("/page/tool/zebulon-hidden", f"/api/v1/entities?iri={BASE}id/tool/zebulon-hidden"),
        *(f"/api/v1/search?q={CANARY}", f"/api/v1/suggest?q={CANARY}", f"/search?q={CANARY}", "/api/v1/gaps?limit=500"),
        *("/api/v1/export?format=turtle", f"/graphs?graph={BASE}graph/draft/tool/zebulon-hidden"),
        f"/graphs?graph={BASE}graph/curation",
        *(f"/api/v1/roles/subject-coordinator/tools/{CANARY}/why", "/api/v1/questions/orphans"),
    ]
    reader, private = bearer(client, Scope.INGEST), bearer(client, Scope.READ_PRIVATE)
    for who in ({}, reader, private):
        for door in doors:
            assert "wombat" not in client.get(door, headers=who).text, door
        assert "zebulon-hidden" not in client.get(f"/sparql?query={QUERY}", headers=who).text
    assert client.get(path).status_code == 404
    assert client.get(path, headers=private).status_code == 404


def test_a_draft_of_a_practice_record_needs_the_scope_for_private_records(client, curator, trusted):
    path = at("practice", "zebulon-class")
    assert client.put(path, json={"labels": NAMES}, headers=curator).status_code == 403
    assert client.put(path, json={"labels": NAMES}, headers=trusted).status_code == 201
    assert client.get(path, headers=curator).status_code == 404
    assert change(client, path, trusted, status="published").status_code == 422
    consent = [{"predicate": "ks:consent", "values": ["public"]}, {"predicate": "ks:anonymisation", "values": ["full"]}]
    told = change(client, path, trusted, edits=[*consent, {"predicate": "skos:note", "values": ["Call 052-1234567"]}])
    assert told.status_code == 200, told.text
    refused = change(client, path, trusted, status="published")
    assert refused.status_code == 422
    assert "personal data" in refused.json()["detail"]
    assert client.get(path).status_code == 404


def test_a_draft_may_lack_what_it_must_have_to_be_published_and_says_so(client, curator):
    path = at("tool", "nameless")
    made = client.put(path, json={"labels": {"he": "כלי בלי שם"}}, headers=curator)
    assert "skos:prefLabel" in {it["at"] for it in made.json()["faults"]}
    refused = change(client, path, curator, status="published")
    assert (refused.status_code, code(refused)) == (422, "invalid-entity")
    assert any(it["at"] == "skos:prefLabel" and "English" in it["message"] for it in refused.json()["errors"])
    in_hebrew = client.patch(f"{path}?lang=he", json={"status": "published"}, headers=latest(client, path, curator))
    assert "באנגלית" in in_hebrew.json()["detail"]
    assert client.get(path).status_code == 404


def test_a_draft_is_edited_replaced_and_discarded(client, curator):
    path = at("concept", "zebulon-edited")
    client.put(path, json={"labels": NAMES}, headers=curator)
    note = {"predicate": "skos:note", "lang": "en", "values": ["first"]}
    assert change(client, path, curator, edits=[note]).json()["properties"][-1]["values"][0]["value"] == "first"
    again = client.put(path, json={"labels": {"en": "Only this"}}, headers=latest(client, path, curator))
    assert (again.status_code, [it["text"] for it in again.json()["labels"]]) == (200, ["Only this"])
    assert "note" not in {it["term"] for it in again.json()["properties"]}
    assert client.delete(path, headers=latest(client, path, curator)).status_code == 204
    assert client.get(path, headers=curator).status_code == 404


def test_a_draft_is_listed_for_curators(client, curator, trusted):
    client.put(at("concept", "zebulon-listed"), json={"labels": NAMES}, headers=curator)
    listed = client.get("/api/v1/drafts", headers=curator).json()["drafts"]
    assert f"{BASE}id/concept/zebulon-listed" in {it["iri"] for it in listed}
    assert not any("/practice/" in it["iri"] for it in listed)


# --- publishing and retiring ---


def test_what_is_published_is_found_by_everybody_and_says_who_wrote_it(client, curator):
    path = published(client, curator, "zebulon-shown")
    body = client.get(path).json()
    assert (body["state"], body["statuses"], body["private"]) == ("published", ["published"], False)
    assert body["provenance"][0]["graph"].endswith("/graph/curation")
    assert client.get(f"/api/v1/search?q={CANARY}").json()["hits"][0]["iri"].endswith("zebulon-shown")
    assert "zebulon-shown" in client.get("/sparql", params={"query": QUERY}).text
    drafts = client.get("/api/v1/drafts", headers=curator).json()["drafts"]
    assert f"{BASE}id/concept/zebulon-shown" not in {it["iri"] for it in drafts}


def test_what_is_retired_goes_on_answering_and_names_what_takes_its_place(client, curator):
    path, successor = published(client, curator, "zebulon-old"), published(client, curator, "zebulon-new")
    iri = client.get(successor).json()["iri"]
    gone = client.delete(f"{path}?replacedBy={iri}", headers=latest(client, path, curator))
    assert (gone.status_code, gone.json()["state"], gone.json()["replacedBy"]) == (200, "retired", [iri])
    assert client.get(path).json()["replacedBy"] == [iri]
    assert client.get("/id/concept/zebulon-old", headers={"Accept": "text/turtle"}).status_code == 200
    assert change(client, path, curator, status="published").json()["replacedBy"] == []
    assert client.get(path).json()["state"] == "published"


def test_what_a_source_brought_is_retired_and_brought_back_by_hand(client, curator):
    path = at("tool", "rtop")
    before = client.get(path).json()
    assert change(client, path, curator, status="retired").json()["state"] == "retired"
    assert set(before["statuses"]) - {"published"} <= set(client.get(path).json()["statuses"])
    assert change(client, path, curator, status="published").json()["state"] == "published"
    assert client.get(path).json()["labels"] == before["labels"]


@pytest.mark.parametrize(
    ("start", "asked", "told"),
    [
        ("absent", {"status": "published"}, "404 unknown-entity"),
        ("draft", {"status": "retired"}, "409 wrong-state"),
        ("published", {"status": "published"}, "409 wrong-state"),
        ("retired", {"status": "retired"}, "409 wrong-state"),
        ("published", {"status": "draft"}, "422 invalid-parameters"),
        ("published", {"status": "retired", "replacedBy": f"{BASE}id/tool/nowhere"}, "422 invalid-parameter"),
        ("published", {"status": "retired", "replacedBy": "no address"}, "422 invalid-parameter"),
        ("published", {"status": "retired", "labels": {"en": "x"}}, "422 invalid-parameter"),
        ("published", {"replacedBy": f"{BASE}id/tool/rtop", "labels": {"en": "x"}}, "422 invalid-parameter"),
        (
            "published",
            {"edits": [{"predicate": "ks:status", "values": [{"iri": "ks:Draft"}]}]},
            "422 invalid-parameter",
        ),
        ("retired", {"edits": [{"predicate": "ks:status", "values": [{"iri": "ks:Published"}]}]}, "409 wrong-state"),
        ("draft", {"edits": [{"predicate": "rdf:type", "values": [{"iri": "ks:Tool"}]}]}, "422 invalid-parameter"),
        ("published", {"edits": [{"predicate": "ks:no", "values": ["x"]}]}, "422 invalid-parameter"),
        ("draft", {"labels": {"not a tag!": "x"}}, "422 invalid-parameter"),
        ("draft", {}, "422 invalid-parameter"),
    ],
)
def test_a_step_that_is_none_changes_nothing(client, curator, start, asked, told):
    slug = f"step-{sha256(json.dumps([start, asked]).encode()).hexdigest()[:8]}"
    path = at("concept", slug)
    if start != "absent":
        body = {"labels": NAMES} | ({} if start == "draft" else {"status": "published"})
        assert client.put(path, json=body, headers=curator).status_code == 201
    if start == "retired":
        change(client, path, curator, status="retired")
    before = client.get(path, headers=curator).text
    answer = client.patch(path, json=asked, headers=curator | {"If-Match": "*"})
    assert f"{answer.status_code} {code(answer)}" == told, answer.text
    if start != "absent":
        assert client.get(path, headers=curator).text == before


# --- which version was seen ---


def test_a_change_of_what_is_there_names_the_version_it_was_made_against(client, curator):
    path = published(client, curator, "zebulon-version")
    body = {"labels": {"en": "Another name"}}
    for method in ("PUT", "PATCH", "DELETE"):
        sent = {} if method == "DELETE" else {"json": body}
        assert client.request(method, path, headers=curator, **sent).status_code == 428
        stale = client.request(method, path, headers=curator | {"If-Match": '"0"'}, **sent)
        assert (stale.status_code, code(stale)) == (412, "stale-edit")
        there = client.request(method, path, headers=curator | {"If-None-Match": "*"}, **sent)
        assert there.status_code == 412
    tag = client.get(path).headers["ETag"]
    several = client.patch(path, json=body, headers=curator | {"If-Match": f'"0", W/{tag}'})
    assert several.status_code == 200
    assert several.json()["label"] == "Another name"
    absent = at("concept", "zebulon-not-there")
    assert client.put(absent, json=body, headers=curator | {"If-Match": "*"}).status_code == 412
    assert client.put(absent, json=body, headers=curator | {"If-None-Match": "*"}).status_code == 201


def test_to_put_what_is_published_replaces_what_hands_wrote_and_nothing_else(client, curator):
    path = at("tool", "video-lm")
    before = client.get(path).json()
    note = {"predicate": "skos:note", "lang": "en", "values": ["by hand"]}
    change(client, path, curator, edits=[note], labels={"en": "By hand"})
    put = client.put(path, json={"labels": {"en": "By another hand"}}, headers=latest(client, path, curator))
    assert put.status_code == 200, put.text
    assert put.json()["label"] == "By another hand"
    assert "by hand" not in put.text
    empty = client.put(path, json={}, headers=latest(client, path, curator)).json()
    assert (empty["labels"], empty["properties"]) == (before["labels"], before["properties"])


@pytest.mark.parametrize(
    ("kind", "slug", "status"),
    [("nothing", "x", 422), ("tool", "Upper", 422), ("tool", "a--b", 422), ("tool", "%00", 404)],
)
def test_an_address_that_is_none_is_refused(client, curator, kind, slug, status):
    answer = client.put(at(kind, slug), json={"labels": NAMES}, headers=curator)
    assert answer.status_code in {status, 422}
    assert answer.json()["detail"]


def test_an_imported_entry_is_edited_under_its_own_address(client, curator):
    services = services_of(client)
    iri = "http://example.org/imported"
    update = (
        f'INSERT DATA {{ GRAPH <{BASE}graph/x> {{ <{iri}> a <{CLASS_OF[Kind.CONCEPT]}> ; skos:prefLabel "Imp"@en }} }}'
    )
    admin = bearer(client, Scope.ADMIN) | {"Content-Type": "application/sparql-update"}
    assert client.post("/sparql/update", content=update, headers=admin).status_code == 204
    path = f"/api/v1/entities?iri={iri}"
    done = change(client, path, curator, labels={"en": "Imported"})
    assert (done.status_code, done.json()["label"]) == (200, "Imported")
    assert services.writer.overlay.curation.value in {it["graph"] for it in done.json()["provenance"]}


def test_no_personal_data_come_into_a_public_record_by_hand(client, trusted):
    path = at("practice", "zebulon-public")
    consent = [{"predicate": "ks:consent", "values": ["public"]}, {"predicate": "ks:anonymisation", "values": ["full"]}]
    made = client.put(path, json={"labels": {"en": "A quiet lesson"}, "edits": consent}, headers=trusted)
    assert made.status_code == 201
    needed = made.json()["faults"]
    shown = change(client, path, trusted, status="published")
    if shown.status_code == 422:
        pytest.fail(f"{needed} {shown.text}")
    assert client.get(path).json()["state"] == "published"
    note = {"predicate": "skos:note", "lang": "en", "values": ["Ask the mother at 052-1234567"]}
    refused = change(client, path, trusted, edits=[note])
    assert (refused.status_code, code(refused)) == (422, "invalid-entity")
    assert "052-1234567" not in client.get(path).text
