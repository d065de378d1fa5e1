import io
import json
import logging

import pytest
import structlog
from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.logs import LONGEST, configure
from api.metrics import Metrics
from api.middleware import BodyCap, RequestLog, SafeHeaders

TOKEN = "ksh_0123456789ab_verysecretindeed-verysecretindeed-0123456789"


@pytest.fixture
def written():
    """What is logged during a test; the root logger is put back afterwards."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    stream = io.StringIO()
    configure(stream, logging.DEBUG)
    yield stream
    root.handlers, root.level = before, level
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture
def client(written) -> TestClient:
    app, metrics = FastAPI(), Metrics()

    @app.get("/thing/{slug}")
    def thing(slug: str) -> dict[str, str]:
        structlog.get_logger("kesher.test").info("inside", slug=slug)
        return {"slug": slug}

    @app.post("/take")
    def take(body: dict[str, str]) -> int:
        return len(body)

    app.state.metrics = metrics
    app.add_middleware(BodyCap, max_bytes=2**20)
    app.add_middleware(SafeHeaders)
    app.add_middleware(RequestLog, metrics=metrics)
    app.add_middleware(CorrelationIdMiddleware)
    return TestClient(app)


def test_one_line_an_answer_with_the_request_id(client, written):
    answer = client.get("/thing/x")
    inside, request = [it for it in lines(written) if str(it["logger"]).startswith("kesher")]
    assert request["request_id"] == inside["request_id"] == answer.headers["X-Request-ID"]
    assert (request["route"], request["status"], request["method"]) == ("/thing/{slug}", 200, "GET")


def test_a_request_cannot_write_a_line_of_its_own(client, written):
    client.get("/thing/a%0a%7B%22level%22:%22info%22%7D%1b[31m%E2%80%AE%7f")
    text = written.getvalue()
    assert all(line.startswith("{") and '"logger"' in line for line in text.splitlines())
    assert not set(text) & {"\x1b", "\u202e", "\x7f"}


def test_no_token_and_no_body_and_no_long_query_is_logged(client, written):
    client.get(f"/thing/{TOKEN}?token={TOKEN}&q={'x' * 5000}", headers={"Authorization": f"Bearer {TOKEN}"})
    client.post("/take", json={"note": "very private"})
    text = written.getvalue()
    assert "verysecret" not in text
    assert "very private" not in text
    assert max(len(str(value)) for line in lines(written) for value in line.values()) <= LONGEST + 3


def test_the_standard_library_s_records_look_the_same(written):
    logging.getLogger("uvicorn.error").warning("it is %s", "so")
    (line,) = lines(written)
    assert (line["event"], line["level"], line["logger"]) == ("it is so", "warning", "uvicorn.error")


def test_metrics_count_by_route_and_never_by_path(client):
    for path in ("/thing/1", "/thing/2", "/nowhere/1", "/nowhere/2"):
        client.get(path)
    figures = client.app.state.metrics.exposition().decode()
    assert 'kesher_requests_total{method="GET",route="/thing/{slug}",status="200"} 2.0' in figures
    assert 'kesher_requests_total{method="GET",route="unmatched",status="404"} 2.0' in figures
    assert "nowhere" not in figures


def test_every_answer_is_safe_in_a_browser(client):
    for answer in (client.get("/thing/1"), client.get("/nowhere")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("streamed", [False, True])
def test_a_body_over_the_cap_is_refused(client, streamed):
    body = b'{"a": "' + b"x" * (2**20) + b'"}'
    content = iter([body[:100], body[100:]]) if streamed else body
    answer = client.post("/take", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


def test_a_body_under_the_cap_is_taken(client):
    assert client.post("/take", json={"a": "x" * 2**19}).status_code == 200
