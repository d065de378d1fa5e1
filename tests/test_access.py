"""Every route of the app x every kind of token: who may is let in, nobody else; a route that states no rule is none."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.testclient import TestClient

from api.access import EVERYBODY_ASKS, EVERYBODY_READS, Door, doors, expect_rules, table
from api.allowance import Allowance, network_of
from api.app import WRONG_TOKENS
from api.tokens import Scope, require
from ontology.errors import TooOften
from tests.serving import bearer, services_of, serving

ROOT = Path(__file__).parent.parent
PLACES = {
    "kind": "tool",
    "slug": "video-lm",
    "tool": "video-lm",
    "name": "role-requirements",
    "id": "none",
    "path": "none",
    "sequence": "1",
    "asset": "swagger-ui.css",
    "code": "unauthenticated",
}
#: What is written by whoever holds the scope, by hand: what a scope implies beside itself.
IMPLIED = {Scope.ADMIN: {Scope.ADMIN, Scope.INGEST, Scope.REVIEW}}
#: Answers that take a process or two, and are no different for one reader than for another.
SLOW = {"/void", "/.well-known/void", "/dumps/latest/{name}", "/dumps/{sequence}", "/dumps/{sequence}/{name}", "/dumps"}


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("access")) as made:
        made.app.state.attempts = Allowance(0, 60, "wrong tokens")  # the test tries many on purpose
        yield made


@pytest.fixture(scope="module")
def every(client) -> list[Door]:
    return list(doors(client.app.routes))


def ask(client: TestClient, door: Door, headers: dict[str, str] | dict[str, bytes]) -> httpx.Response:
    path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: PLACES.get(found[1], "none"), door.path)
    return client.request(door.method, path, headers=headers, follow_redirects=False)


@pytest.fixture(scope="module")
def broken(client) -> dict[str, str]:
    """Authorization headers of every kind that must open nothing."""
    tokens = services_of(client).tokens
    everything = list(Scope)
    whole = tokens.create("Whole", everything, 1)
    mark, number, secret = whole.split("_", 2)
    ended, revoked = tokens.create("Ended", everything, 1), tokens.create("Revoked", everything, 1)
    tokens.revoke(revoked.split("_")[1])
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    with sqlite3.connect(services_of(client).folder.tokens) as database:
        database.execute("UPDATE token SET expires = ? WHERE id = ?", (past, ended.split("_")[1]))
    database.close()
    return {
        "expired": f"Bearer {ended}",
        "revoked": f"Bearer {revoked}",
        "cut": f"Bearer {whole[:-1]}",
        "longer": f"Bearer {whole}x",
        "of another id": f"Bearer {mark}_000000000000_{secret}",
        "without a secret": f"Bearer {mark}_{number}_",
        "without an id": f"Bearer {mark}__{secret}",
        "the secret alone": f"Bearer {secret}",
        "another mark": f"Bearer abc_{number}_{secret}",
        "upper case": f"Bearer {whole.upper()}",
        "in quotes": f'Bearer "{whole}"',
        "two": f"Bearer {whole}, {whole}",
        "no scheme": whole,
        "another scheme": f"Basic {whole}",
        "scheme alone": "Bearer",
        "empty": "",
        "SQL": f"Bearer ksh_{number}' OR '1'='1_{secret}",
        "not ASCII": f"Bearer ksh_{number}_\u05e7\u05e9\u05e8",
        "very long": "Bearer ksh_" + "a" * 9_000,
        "JWT without a signature": "Bearer eyJhbGciOiJub25lIn0.eyJzY29wZSI6ImFkbWluIn0.",
    }


def sent(header: str) -> dict[str, bytes]:
    return {"Authorization": header.encode()}


def test_every_route_states_a_rule(every):
    assert len(every) > 60
    assert [it for it in every if it.rule is None] == []
    assert {it.path for it in every} >= {"/sparql", "/static", "/openapi.json", "/graphs/{path:path}"}


def test_what_everybody_may_use_asks_nobody_for_a_token(client, every):
    for door in every:
        if door.rule and not door.rule.scopes and door.path not in SLOW:
            answer = ask(client, door, {})
            assert answer.status_code not in {401, 403}, door
            assert answer.status_code < 500, door


def test_without_a_token_or_with_a_broken_one_nothing_else_opens(client, every, broken):
    for door in every:
        if door.rule and door.rule.scopes:
            for kind, header in {"none": None, **broken}.items():
                answer = ask(client, door, {} if header is None else sent(header))
                assert answer.status_code == 401, (door, kind)
                assert answer.headers["WWW-Authenticate"].startswith("Bearer"), (door, kind)
                assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_broken_token_shows_no_more_and_is_told_where_one_counts(client, every, broken):
    for door in every:
        if door.rule and door.rule.looks and not door.rule.scopes:
            for kind, header in broken.items():
                assert ask(client, door, sent(header)).status_code == 401, (door, kind)


@pytest.mark.parametrize("held", Scope)
def test_a_scope_opens_what_asks_for_it_and_nothing_else(client, every, held):
    header = bearer(client, held)
    for door in every:
        if door.rule and door.rule.scopes:
            may = door.rule.scopes <= IMPLIED.get(held, {held})
            answer = ask(client, door, header)
            assert (answer.status_code not in {401, 403}) == may, (door, answer.status_code)
            if not may:
                assert answer.status_code == 403
                assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


def test_whoever_has_every_scope_comes_in_everywhere(client, every):
    header = bearer(client, *Scope)
    for door in every:
        if door.rule and door.rule.scopes:
            answer = ask(client, door, header)
            assert answer.status_code not in {401, 403}, door
            assert answer.status_code < 500, (door, answer.text)


def test_a_revoked_token_is_of_no_use_at_the_next_request(client):
    header, tokens = bearer(client, Scope.INGEST), services_of(client).tokens
    assert client.delete("/api/v1/queries/none", headers=header).status_code == 404
    tokens.revoke(header["Authorization"].split("_")[1])
    assert client.delete("/api/v1/queries/none", headers=header).status_code == 401


# --- a route that says nothing ---


def app_with(*routers: APIRouter) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    for router in routers:
        app.include_router(router)
    return app


@pytest.mark.parametrize(
    ("method", "router", "route", "stated"),
    [
        ("GET", [], [], False),
        ("GET", [EVERYBODY_READS], [], True),
        ("POST", [EVERYBODY_READS], [], False),
        ("POST", [EVERYBODY_READS], [EVERYBODY_ASKS], True),
        ("POST", [EVERYBODY_READS], [Depends(require(Scope.REVIEW))], True),
        ("DELETE", [Depends(require(Scope.ADMIN))], [], True),
        ("GET", [], [Depends(lambda: None)], False),
    ],
)
def test_an_app_with_a_route_without_a_rule_is_not_made(method, router, route, stated):
    made = APIRouter(prefix="/x", dependencies=router)
    made.add_api_route("/y", lambda: None, methods=[method], dependencies=route)
    outer = APIRouter(prefix="/z")
    outer.include_router(made)
    app = app_with(outer)
    if stated:
        expect_rules(app.routes)
    else:
        with pytest.raises(LookupError, match=rf"{method} /z/x/y does not say who may use it"):
            expect_rules(app.routes)


def test_the_strictest_of_several_rules_counts():
    made = APIRouter(prefix="/x", dependencies=[EVERYBODY_READS])
    made.add_api_route("/y", lambda: None, methods=["GET"], dependencies=[Depends(require(Scope.READ_PRIVATE))])
    (door,) = doors(app_with(made).routes)
    assert door.rule
    assert door.rule.scopes == {Scope.READ_PRIVATE}


def test_the_documentation_has_the_rules_that_are_enforced(client):
    written = (ROOT / "docs" / "access.md").read_text("utf-8")
    missing = [row for row in table(client.app.routes) if row not in written]
    assert not missing, "`python -m tests.access_table` writes into docs/access.md:\n" + "\n".join(missing)
    rows = [line for line in written.splitlines() if re.match(r"\| [A-Z]+ `", line)]
    assert sorted(set(rows) - set(table(client.app.routes))) == []


# --- too often ---


def test_trying_tokens_ends_in_429_and_a_valid_one_still_opens(tmp_path):
    with serving(tmp_path) as client:
        wrong = sent("Bearer ksh_000000000000_" + "x" * 43)
        door = "/api/v1/queries/none"
        statuses = [client.delete(door, headers=wrong).status_code for _ in range(WRONG_TOKENS + 5)]
        assert statuses == [401] * WRONG_TOKENS + [429] * 5
        refused = client.get("/api/v1/entities/tool/video-lm", headers=wrong)
        assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (429, "too-often")
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert client.delete(door, headers=bearer(client, Scope.INGEST)).status_code == 404
        assert client.get("/api/v1/entities/tool/video-lm").status_code == 200


def test_a_flood_is_answered_429_before_anything_is_done_and_others_are_served(tmp_path):
    with serving(tmp_path, requests_a_minute=20) as client:
        statuses = [client.get("/api/v1/suggest?q=vid").status_code for _ in range(25)]
        assert statuses == [200] * 20 + [429] * 5
        refused = client.get("/api/v1/search?q=x", headers={"Accept": "text/html"})
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) >= 1
        assert "X-Request-ID" in refused.headers
        assert client.get("/health/live").status_code == 200
        other = TestClient(client.app, client=("10.0.0.9", 1))
        assert other.get("/api/v1/suggest?q=vid").status_code == 200
        assert 'status="429"' in other.get("/metrics").text


def test_an_allowance_drains_and_forgets_nobody_who_is_in_debt():
    now = [0.0]
    allowance = Allowance(2, 60, "questions", clock=lambda: now[0])
    for _ in range(2):
        allowance.take("a")
    with pytest.raises(TooOften) as refused:
        allowance.take("a")
    assert refused.value.retry_after_s == 30
    allowance.take("b")
    now[0] = 29.0
    with pytest.raises(TooOften):
        allowance.take("a")
    now[0] = 30.0
    allowance.take("a")
    Allowance(0, 60, "questions").take("a")


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::"),
        ("testclient:none", "testclient:none"),
        ("", ""),
    ],
)
def test_an_ipv6_customer_is_one_client(host, network):
    assert network_of(host) == network
