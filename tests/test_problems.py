import errno
import inspect
import re
from pathlib import Path

import pytest
from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.problems import TABLE, explanations, install
from ontology import errors

ERRORS = {cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, errors.KesherError)}
SECRET = "/srv/secret/path.py"
ROOT = Path(__file__).parent.parent


def instance(cls: type[errors.KesherError]) -> errors.KesherError:
    wanted = {
        "parameter": "grade", "line": 3, "column": 7, "place": "line 12", "problem": "E10",
        "pid": 4711, "url": None, "retry_after_s": 9, "faults": ({"at": "grade"},),
    }  # fmt: skip
    accepted = inspect.signature(cls.__init__).parameters
    return cls(message="What was wrong.", remedy="What to do.", **{k: v for k, v in wanted.items() if k in accepted})


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()
    app.state.base = "https://example.org/"
    install(app)

    @app.get("/raise/{name}")
    def raise_(name: str) -> None:
        raise instance(getattr(errors, name))

    @app.get("/crash")
    def crash() -> None:
        raise RuntimeError(SECRET)

    @app.get("/full")
    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device", SECRET)

    @app.get("/number")
    def number(n: int) -> int:
        return n

    app.add_middleware(CorrelationIdMiddleware)
    return TestClient(app, raise_server_exceptions=False)


def test_every_error_has_a_row_of_its_own():
    assert set(TABLE) == ERRORS


def test_codes_are_stable_names_without_twins():
    codes = [cls.code for cls in ERRORS]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("cls", sorted(ERRORS, key=lambda cls: cls.__name__), ids=lambda cls: cls.__name__)
def test_every_error_becomes_a_problem(client, cls):
    answer = client.get(f"/raise/{cls.__name__}")
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code == body["status"] == TABLE[cls].status
    assert body["instance"].endswith(answer.headers["X-Request-ID"])
    assert {"type", "title", "detail"} <= set(body)
    if not issubclass(cls, errors.Misconfigured):
        assert body["type"] == f"https://example.org/problems/{cls.code}"
        assert (body["detail"], body["remedy"]) == ("What was wrong.", "What to do.")


def test_the_place_of_a_syntax_error_is_told(client):
    body = client.get("/raise/MalformedQuery").json()
    assert (body["line"], body["column"]) == (3, 7)


def test_headers_that_a_client_acts_on(client):
    assert client.get("/raise/NoWorker").headers["Retry-After"] == "1"
    assert client.get("/raise/BudgetSpent").headers["Retry-After"] == "9"
    assert client.get("/raise/Unauthenticated").headers["WWW-Authenticate"].startswith("Bearer")
    assert "insufficient_scope" in client.get("/raise/MissingScope").headers["WWW-Authenticate"]


@pytest.mark.parametrize(("path", "status"), [("/crash", 500), ("/raise/FolderDamaged", 500), ("/full", 507)])
def test_what_failed_inside_stays_inside(client, path, status):
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["X-Request-ID"] in answer.json()["instance"]
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    assert "What was wrong" not in answer.text


def test_http_s_own_errors_are_problems_too(client):
    missing, method, invalid = client.get("/nowhere"), client.post("/number"), client.get("/number?n=x")
    assert [it.status_code for it in (missing, method, invalid)] == [404, 405, 422]
    assert all(it.headers["content-type"] == "application/problem+json" for it in (missing, method, invalid))
    assert "/nowhere" in missing.json()["detail"]
    assert method.headers["Allow"] == "GET, HEAD"
    assert invalid.json()["errors"][0]["at"] == "query.n"


def test_a_browser_gets_a_page_and_no_markup_of_the_address(client):
    answer = client.get("/<b>x</b>", headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "he"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert '<html lang="he" dir="rtl">' in answer.text
    assert "<b>x</b>" not in answer.text


def test_every_problem_is_explained():
    known = explanations()
    assert {cls.code for cls in ERRORS} <= set(known)
    assert known["query-timeout"] == ("The query ran past its time limit", "stopped at the time limit", 504)


def test_the_errors_that_researchers_read_of_are_those_that_there_are():
    page = (ROOT / "docs" / "sparql.md").read_text("utf-8")
    told = re.findall(r"^\| (\d{3}) \| `([\w-]+)` \|", page, re.MULTILINE)
    assert len(told) > 10
    assert {(int(status), code) for status, code in told} <= {(it[2], code) for code, it in explanations().items()}
