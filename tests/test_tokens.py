import sqlite3
import stat
from datetime import UTC, datetime, timedelta

import pytest

from api.tokens import Scope, TokenStore
from ontology.errors import InvalidParameter, Unauthenticated, UnknownEntity

BASE = "https://example.org/"


@pytest.fixture
def store(tmp_path) -> TokenStore:
    return TokenStore(tmp_path / "kesher" / "tokens.sqlite", BASE)


def test_a_token_leads_to_its_holder(store):
    principal = store.principal(store.create("Dana Levi", [Scope.REVIEW], 30))
    assert principal.agent == "https://example.org/agent/dana-levi"
    assert principal.may(Scope.REVIEW)
    assert not principal.may(Scope.ADMIN)


def test_admin_implies_writing_but_never_private_reading(store):
    principal = store.principal(store.create("root", [Scope.ADMIN], 1))
    assert principal.may(Scope.INGEST)
    assert principal.may(Scope.REVIEW)
    assert not principal.may(Scope.READ_PRIVATE)


def test_only_the_hash_is_stored_and_only_for_the_owner(store, tmp_path):
    text = store.create("Dana", [Scope.INGEST], 30)
    path = tmp_path / "kesher" / "tokens.sqlite"
    secret = text.split("_", 2)[2]
    assert len(secret) >= 43  # 256 bits in base64
    assert secret.encode() not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_tokens_differ(store):
    assert len({store.create("Dana", [Scope.INGEST], 30) for _ in range(5)}) == 5


@pytest.mark.parametrize(
    "mend", [lambda it: it[:-1], lambda it: it[4:], lambda it: it * 0, lambda it: it.replace("_", "__")]
)
def test_anything_else_is_refused(store, mend):
    text = store.create("Dana", [Scope.INGEST], 30)
    with pytest.raises(Unauthenticated):
        store.principal(mend(text))


def test_no_store_no_token(store):
    with pytest.raises(Unauthenticated):
        store.principal("ksh_000000000000_x")
    assert store.list() == []


def test_a_token_ends(store, tmp_path):
    text = store.create("Dana", [Scope.INGEST], 1)
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    with sqlite3.connect(tmp_path / "kesher" / "tokens.sqlite") as database:
        database.execute("UPDATE token SET expires = ?", (past,))
    database.close()
    with pytest.raises(Unauthenticated, match="ended"):
        store.principal(text)
    assert not store.list()[0].valid


def test_revoking_counts_at_once_in_another_process_s_store(store, tmp_path):
    beside = TokenStore(tmp_path / "kesher" / "tokens.sqlite", BASE)
    text = store.create("Dana", [Scope.INGEST], 30)
    assert beside.principal(text).name == "Dana"
    beside.revoke(store.list()[0].id)
    with pytest.raises(Unauthenticated):
        store.principal(text)


def test_an_unknown_token_cannot_be_revoked(store):
    store.create("Dana", [Scope.INGEST], 30)
    with pytest.raises(UnknownEntity, match="nobody"):
        store.revoke("nobody")


@pytest.mark.parametrize(("name", "days"), [("Dana", 0), ("Dana", 99999), ("!!!", 30)])
def test_a_token_needs_a_name_and_an_end(store, name, days):
    with pytest.raises(InvalidParameter):
        store.create(name, [Scope.INGEST], days)
