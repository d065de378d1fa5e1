"""The review queue from outside: who may see what, what is shown, and how decisions are refused."""

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.cli import app
from api.services import open_services
from api.settings import Settings
from api.tokens import Scope
from ingest.pipeline import Options
from language.hashing import HashEncoder
from tests.serving import BASE, bearer, services_of, serving

TOOL = """---
kind: tool
id: shared-reading
language: en
---
# Shared reading of answers

A routine for eliciting student thinking, for professional noticing and for planning a meeting sequence.
"""
PRIVATE = (
    "---\nkind: practice\nid: secret\nlanguage: en\n---\n# A walk\n\nXanadu team practised professional noticing.\n"
)


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    tmp_path = tmp_path_factory.mktemp("review")
    with serving(tmp_path) as made:
        services = services_of(made)
        for name, text in (("shared-reading.md", TOOL), ("secret.md", PRIVATE)):
            path = tmp_path / name
            path.write_text(text, encoding="utf-8")
            services.ingest([path], Options(agent=services.agent))
        services.search.follow()
        yield made


def queue(client: TestClient, headers: dict[str, str], query: str = "") -> dict:
    answer = client.get(f"/api/v1/review{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_curator_sees_the_words_beside_what_the_concept_is(client):
    page = queue(client, bearer(client, Scope.REVIEW))
    (found,) = [it for it in page["links"] if it["concept"]["iri"].endswith("/dia-2")]
    assert found["span"] == "professional noticing"
    assert "routine for eliciting" in found["passage"]
    assert found["definition"]
    assert found["item"]["label"] == "Shared reading of answers"
    assert found["state"] == "proposed"
    assert page["counts"]["proposed"] == page["total"]
    assert not any(it["private"] for it in page["links"])


def test_links_of_private_items_need_the_scope_for_them(client):
    page = queue(client, bearer(client, Scope.REVIEW, Scope.READ_PRIVATE))
    (secret,) = [it for it in page["links"] if it["private"]]
    assert "Xanadu" in secret["passage"]
    public = bearer(client, Scope.REVIEW)
    assert client.get(f"/api/v1/review/{secret['id']}", headers=public).status_code == 404
    assert client.post(f"/api/v1/review/{secret['id']}", headers=public, json={"action": "accept"}).status_code == 404


def test_a_decision_names_what_was_shown(client):
    headers = bearer(client, Scope.REVIEW)
    link = queue(client, headers)["links"][0]
    address = f"/api/v1/review/{link['id']}"
    shown = client.get(address, headers=headers)
    tag = {"If-Match": shown.headers["ETag"]}
    taken = client.post(address, headers=headers | tag, json={"action": "accept"})
    assert (taken.status_code, taken.json()["state"]) == (200, "accepted")
    assert taken.json()["history"][0]["agent"] == taken.json()["reviewer"]
    again = client.post(address, headers=headers | tag, json={"action": "undo"})
    assert again.status_code == 412
    assert client.post(address, headers=headers, json={"action": "reject"}).status_code == 409
    item = client.get("/api/v1/entities", params={"iri": link["item"]["iri"]}).json()
    assert link["concept"]["iri"] in {it["entity"]["iri"] for it in item["links"]["out"]}
    undone = client.post(address, headers=headers, json={"action": "undo"}).json()
    assert [it["outcome"] for it in undone["history"]] == ["accepted", "undone"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?state=fine", 422),
        ("?min_confidence=2", 422),
        ("?limit=0", 422),
        ("?min_confidence=.9&max_confidence=.1", 422),
    ],
)
def test_what_cannot_be_wanted_is_refused(client, query, status):
    answer = client.get(f"/api/v1/review{query}", headers=bearer(client, Scope.REVIEW))
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("id", "body", "status"),
    [
        ("0123456789abcdef", {"action": "accept"}, 404),
        ("..%2F..%2Fetc", {"action": "accept"}, 404),
        ("0123456789abcdef", {"action": "approve"}, 422),
        ("0123456789abcdef", {}, 422),
        ("0123456789abcdef", {"action": "accept", "concept": "urn:a"}, 422),
    ],
)
def test_decisions_on_what_is_not_there_are_refused(client, id, body, status):
    answer = client.post(f"/api/v1/review/{id}", headers=bearer(client, Scope.REVIEW), json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_only_curators_decide(client):
    for headers, status in (({}, 401), (bearer(client, Scope.INGEST), 403)):
        assert client.get("/api/v1/review", headers=headers).status_code == status
        assert client.post("/api/v1/review/bulk", headers=headers, json={"above": 0.5}).status_code == status
        assert client.post("/api/v1/review/aa", headers=headers, json={"action": "accept"}).status_code == status


def test_many_wait_for_their_sample(client):
    headers = bearer(client, Scope.REVIEW)
    sample = client.post("/api/v1/review/bulk", headers=headers, json={"above": 0}).json()
    assert len(sample["waiting"]) == sample["sample"] > 0
    refused = client.post("/api/v1/review/bulk", headers=headers, json={"above": 0, "accept": True})
    assert refused.status_code == 409
    for waiting in sample["waiting"]:
        client.post(f"/api/v1/review/{waiting}", headers=headers, json={"action": "accept"})
    taken = client.post("/api/v1/review/bulk", headers=headers, json={"above": 0, "accept": True})
    assert (taken.status_code, taken.json()["others"]) == (200, 0)


def test_the_command_line_shows_decides_and_takes_back(tmp_path, monkeypatch):
    folder = tmp_path / "kesher"
    note = tmp_path / "shared-reading.md"
    note.write_text(TOOL, encoding="utf-8")
    concepts = tmp_path / "concepts.ttl"
    concepts.write_text(
        "@prefix ks: <https://w3id.org/kesher/schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
        '<urn:noticing> a ks:Competency ; skos:prefLabel "professional noticing"@en .',
        encoding="utf-8",
    )
    monkeypatch.setenv("KESHER_DATA", str(folder))
    monkeypatch.setenv("KESHER_LINKING", "names")
    with open_services(Settings(data=folder, linking="names"), encoder=HashEncoder) as services:
        services.ingest([concepts, note], Options(agent=services.agent))

    def kesher(*words: str) -> dict:
        result = CliRunner().invoke(app, ["review", *words, "--json"], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    monkeypatch.setattr("api.services.Searching.catch_up", lambda *_: 0)
    (link,) = kesher("list", "--kind", "tool")["links"]
    assert (link["span"], link["term"]) == ("professional noticing", "develops")
    assert kesher("accept", link["id"], "--as", "Dana Levi")["reviewer"].endswith("/agent/dana-levi")
    assert kesher("list", "--state", "accepted")["total"] == 1
    assert kesher("undo", link["id"])["state"] == "proposed"
    assert kesher("edit", link["id"], f"{BASE}id/tool/shared-reading")["state"] == "edited"
    kesher("undo", link["id"])
    assert kesher("reject", link["id"])["state"] == "rejected"
    assert kesher("propose", "--all") == {"changed_triples": 0}
    assert kesher("bulk", "0")["others"] == 0
    assert [it["outcome"] for it in kesher("show", link["id"])["history"]][-1] == "rejected"
