"""Files sent to a service: the same account as on the command line, a job that tells of it, and nobody else's."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.jobs.job import State
from api.tokens import Scope
from ingest.pipeline import Options
from ontology.model import LANGUAGES
from tests.serving import bearer, services_of, serving
from tests.test_portal import Page
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


BROKEN = b"title,kind\nOne,two,three\n"
MAPPING = b"kind: tool\nid: slug\nlanguage: en\ncolumns:\n  title: label\n"
TABLE = b"slug,title\nupload-table,Upload table\nupload-chair,Upload chair\n"


def test_the_account_is_that_of_the_command_line(client, dana, tmp_path):
    files = {"good.ttl": tool("upload-good", "Upload good"), "broken.csv": BROKEN, "cut.ris": b"TY  - JOUR\nTI  - x\n"}
    services = services_of(client)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    options = Options(agent=services.agent, dry_run=True)
    expected = asdict(services.ingest([tmp_path / it for it in files], options))
    job = followed(client, sent(client, files, dana, dry_run="true"), dana)
    assert {it["code"] for it in job["report"]["problems"]} >= {"E120", "W211"}
    assert job["report"].pop("difference")["added"]
    assert job["report"] == expected | {"problems": list(expected["problems"])}


def test_a_dry_run_changes_nothing_and_tells_the_statements(client, dana):
    last = services_of(client).ledger.last
    job = followed(client, sent(client, {"dry.ttl": tool("upload-dry", "Upload dry")}, dana, dry_run="true"), dana)
    assert job["state"] == "done"
    assert [it for it in job["report"]["difference"]["added"] if "Upload dry" in it]
    assert job["report"]["difference"]["removed"] == []
    assert services_of(client).ledger.last == last
    assert client.get("/api/v1/entities/tool/upload-dry").status_code == 404


@pytest.mark.parametrize("beside", [True, False])
def test_a_mapping_comes_beside_its_table_or_for_all(client, dana, beside):
    table = TABLE.replace(b"upload-", b"beside-" if beside else b"mapped-")
    body, own = form({"t.csv": table} | ({"t.mapping.yaml": MAPPING} if beside else {}))
    if not beside:
        part = (
            b'--edge\r\nContent-Disposition: form-data; name="mapping"; filename="m.yaml"\r\n\r\n' + MAPPING + b"\r\n"
        )
        body = part + body.replace(b"t.csv", b"u.csv")
    job = followed(client, client.post(PATH, content=body, headers=own | dana), dana)
    assert job["report"]["committed"] == 2
    assert all(it["code"].startswith("W22") for it in job["report"]["problems"])  # what the shapes miss of a tool


def test_names_are_labels_and_never_paths(client, dana, folder):
    files = {"lessons/סיכום.ttl": tool("upload-lesson", "Upload lesson")}
    job = followed(client, sent(client, files, dana, source="דנה"), dana)
    assert job["files"] == ["lessons/סיכום.ttl"]
    assert job["report"]["committed"] == 1
    graph = services_of(client).writer.graph("source/דנה")
    assert any(services_of(client).graph.quads(graph=graph))
    assert not [it for it in folder.rglob("*") if "סיכום" in it.name]


def test_a_source_belongs_to_whoever_brought_it(client, dana):
    noa = somebody(client, "Noa Cohen", Scope.INGEST)
    followed(client, sent(client, {"own.ttl": tool("upload-own", "Upload own")}, dana), dana)
    job = followed(client, sent(client, {"own.ttl": tool("upload-other", "Upload other")}, noa), noa)
    assert [it["code"] for it in job["report"]["problems"]] == ["E106"]
    assert (job["report"]["failed"], job["report"]["committed"]) == (1, 0)
    job = followed(client, sent(client, {"own.ttl": tool("upload-other", "Upload other")}, noa, source="noa"), noa)
    assert job["report"]["committed"] == 1


def test_a_job_is_seen_by_its_owner_and_by_an_admin_who_is_not_told_its_words(client, dana):
    answer = sent(client, {"secret name.csv": BROKEN, "x.ttl": tool("upload-x", "Upload x")}, dana, source="secret")
    own = followed(client, answer, dana)
    path = answer.headers["Location"]
    assert client.get(path).status_code == 401
    assert client.get(path, headers=somebody(client, "Rami", Scope.REVIEW)).status_code == 403
    noa, boss = somebody(client, "Noa Cohen", Scope.INGEST), somebody(client, "Boss", Scope.ADMIN)
    keeper = somebody(client, "Keeper", Scope.ADMIN, Scope.READ_PRIVATE)
    unknown = client.get(path, headers=noa)
    assert (unknown.status_code, unknown.json()["type"].rpartition("/")[2]) == (404, "unknown-job")
    assert client.delete(path, headers=noa).status_code == 404
    assert own["id"] not in client.get("/api/v1/jobs", headers=noa).text
    assert client.get("/api/v1/jobs?all=true", headers=noa).status_code == 403
    told, listed = client.get(path, headers=boss), client.get("/api/v1/jobs?all=true", headers=boss)
    assert "secret" not in told.text + listed.text
    assert own["id"] in listed.text
    assert [it["code"] for it in told.json()["report"]["problems"]] == [it["code"] for it in own["report"]["problems"]]
    assert client.get(path, headers=keeper).json()["report"] == own["report"]


def test_a_long_report_comes_in_pages_and_nothing_of_it_is_lost(client, dana):
    rows = b"slug,title\n" + b"".join(b"row-%d,A,B\n" % it for it in range(30))
    body, own = form({"long.csv": rows, "long.mapping.yaml": MAPPING})
    whole = followed(client, client.post(PATH, content=body, headers=own | dana), dana)
    assert (len(whole["report"]["problems"]), whole["next"]) == (30, None)
    found, path = [], f"/api/v1/jobs/{whole['id']}?limit=7"
    while path:
        page = client.get(path, headers=dana).json()
        assert page["lines"] == 30
        found, path = found + page["report"]["problems"], page["next"]
    assert found == whole["report"]["problems"]
    assert client.get("/api/v1/jobs?limit=1", headers=dana).json()["next"] == "/api/v1/jobs?offset=1&limit=1"


def test_the_same_key_gives_the_same_job(client, dana):
    key = dana | {"Idempotency-Key": "upload-42"}
    first = sent(client, {"key.ttl": tool("upload-key", "Upload key")}, key)
    second = sent(client, {"key.ttl": tool("upload-key", "Another text")}, key)
    assert second.headers["Location"] == first.headers["Location"]
    noa = somebody(client, "Noa Cohen", Scope.INGEST) | {"Idempotency-Key": "upload-42"}
    assert (
        sent(client, {"key2.ttl": tool("upload-k", "Upload k")}, noa).headers["Location"] != first.headers["Location"]
    )
    assert followed(client, first, dana)["report"]["committed"] == 1


def test_reports_go_after_their_days_and_leave_no_trace(client, dana, folder):
    job = followed(client, sent(client, {"Zanzibar secret.ttl": tool("upload-z", "Upload z")}, dana), dana)
    assert job["expires"] > job["ended"]
    kept = folder / "kesher" / "jobs.sqlite"
    assert b"Zanzibar secret" in kept.read_bytes()
    services_of(client).jobs.book.expire(0)
    assert client.get(f"/api/v1/jobs/{job['id']}", headers=dana).status_code == 404
    assert client.get("/api/v1/jobs", headers=dana).json() == {"jobs": [], "next": None}
    assert b"Zanzibar secret" not in kept.read_bytes()
    assert kept.stat().st_mode & 0o077 == 0


def test_who_may_not_ingest_sends_nothing(client, folder):
    assert sent(client, {"a.ttl": b"x"}, {"Authorization": "Bearer ksh_no_such"}).status_code == 401
    assert sent(client, {"a.ttl": b"x"}, somebody(client, "Rami", Scope.REVIEW, Scope.READ_PRIVATE)).status_code == 403
    assert spooled(folder) == []


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"dry_run": "perhaps"}, "dry_run"),
        ({"lang": "xx"}, "lang"),
        ({"encoding": "klingon"}, "encoding"),
        ({"encoding": "hex"}, "encoding"),
        ({"licence": "do what you like"}, "licence"),
        ({"source": "../"}, "source"),
        ({"source": "a\x00b"}, "source"),
        ({"sauce": "x"}, "sauce"),
    ],
)
def test_a_field_that_is_not_as_it_should_be_is_named(client, dana, folder, fields, parameter):
    body, own = form({"a.ttl": tool("upload-never", "Upload never")}, fields)
    answer = client.post(PATH, content=body, headers=own | dana)
    assert (answer.status_code, answer.json()["parameter"]) == (422, parameter)
    assert answer.headers["content-type"] == "application/problem+json"
    assert spooled(folder) == []


def test_what_cannot_be_read_at_all_is_told_at_once_with_its_account(client, dana, folder):
    files = {"empty.ttl": b"", "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(100), "page.pdf": b"<html></html>"}
    answer = sent(client, files, dana)
    assert answer.status_code == 422
    report = answer.json()["report"]
    assert (report["read"], report["failed"], report["committed"]) == (3, 3, 0)
    assert [(it["file"], it["code"]) for it in report["problems"]] == [
        ("empty.ttl", "E101"), ("picture.txt", "E104"), ("page.pdf", "E104"),
    ]  # fmt: skip
    assert spooled(folder) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_that_sends_files_has_every_field_labelled_and_every_state_named(client, lang):
    answer = client.get(f"/ingest?lang={lang}")
    page = Page(answer.text)
    fields = {it["id"] for tag in ("input", "select") for it in page.all(tag) if it.get("type") != "hidden"}
    assert (
        {"send-token", "send-files", "send-licence", "send-dry_run"}
        <= fields
        <= {it["for"] for it in page.all("label")}
    )
    assert {it["data-state"] for it in page.all("b")} == {"sending", *State}
    assert [it["src"] for it in page.all("script")] == ["/static/suggest.js", "/static/ingest.js"]
    assert [it.get("name") for it in page.all("input") if it.get("type") == "password"] == [None]  # it goes as a header
    assert client.get("/static/ingest.js").status_code == 200
