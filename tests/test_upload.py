"""Files sent to a service: the same account as on the command line, a job that tells of it, and nobody else's."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.tokens import Scope
from tests.serving import bearer, services_of, serving
from tests.uploading import PATH, followed, form, sent, spooled, tool


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("upload")


@pytest.fixture(scope="module")
def client(folder) -> Iterator[TestClient]:
    with serving(folder) as client:
        yield client


@pytest.fixture(scope="module")
def dana(client) -> dict[str, str]:
    return bearer(client, Scope.INGEST)


def somebody(client, name: str, *scopes: Scope) -> dict[str, str]:
    return {"Authorization": f"Bearer {services_of(client).tokens.create(name, list(scopes), 1)}"}


def test_a_file_becomes_a_job_and_is_found(client, dana, folder):
    answer = sent(client, {"abacus.ttl": tool("upload-abacus", "Upload abacus")}, dana)
    assert answer.headers["Location"] == f"/api/v1/jobs/{answer.json()['id']}"
    job = followed(client, answer, dana)
    assert (job["state"], job["fault"], job["starts"]) == ("done", None, 1)
    report = job["report"]
    assert list(report) == ["read", "committed", "skipped", "failed", "changed_triples", "encoded", "problems"]
    assert (report["read"], report["committed"], report["changed_triples"]) == (1, 1, 2)
    assert report["encoded"] >= 1
    assert job["progress"] == {"files": 1, "of": 1, "records": 1, "encoded": 1, "to_encode": 1} | {
        "per_second": job["progress"]["per_second"]
    }
    hits = client.get("/api/v1/search", params={"q": "upload abacus"}).json()["hits"]
    assert hits[0]["iri"].endswith("/tool/upload-abacus")
    assert spooled(folder) == []
    again = followed(client, sent(client, {"abacus.ttl": tool("upload-abacus", "Upload abacus")}, dana), dana)
    assert (again["report"]["skipped"], again["report"]["changed_triples"], again["report"]["encoded"]) == (1, 0, 0)
