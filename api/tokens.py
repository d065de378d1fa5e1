"""Access tokens: who may do what, until when. Only hashes are stored; a new or revoked token counts at once.

A token reads `ksh_{id}_{secret}`: the id finds the row, the secret (256 random bits) proves the holder.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.allowance import client_of
from ontology.errors import InvalidParameter, MissingScope, Unauthenticated, UnknownEntity
from ontology.kinds import Iri, slug_of

#: Name of the file in a data folder.
FILE = "tokens.sqlite"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS token (
  id TEXT PRIMARY KEY, hash TEXT NOT NULL, name TEXT NOT NULL, agent TEXT NOT NULL, scopes TEXT NOT NULL,
  created TEXT NOT NULL, expires TEXT NOT NULL, revoked TEXT
) STRICT
"""


class Scope(StrEnum):
    """What a token allows. Reading private records is never implied by another scope."""

    READ_PRIVATE = "read:private"
    INGEST = "ingest"
    REVIEW = "review"
    ADMIN = "admin"


_IMPLIED = {Scope.ADMIN: {Scope.ADMIN, Scope.INGEST, Scope.REVIEW}}


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: the PROV agent of what is done with a token, and its scopes."""

    agent: Iri
    name: str
    scopes: frozenset[Scope]

    def may(self, scope: Scope) -> bool:
        """True when a scope of the token is this one or implies it."""
        return any(scope in _IMPLIED.get(held, {held}) for held in self.scopes)


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; its secret is not."""

    id: str
    name: str
    agent: Iri
    scopes: tuple[Scope, ...]
    created: datetime
    expires: datetime
    revoked: datetime | None

    @property
    def valid(self) -> bool:
        """Neither revoked nor expired."""
        return self.revoked is None and self.expires > datetime.now(UTC)


class TokenStore:
    """The file tokens.sqlite of a data folder; safe beside a server that has the folder open.

    Args:
        path: The file; it is made when the first token is created, readable by its owner alone.
        base: What addresses begin with; the agent of a token is {base}agent/{slug of its name}.
    """

    def __init__(self, path: Path, base: str) -> None:
        self._path = path
        self._base = base

    def create(self, name: str, scopes: list[Scope], days: int) -> str:
        """Make a token and return its text, which cannot be had again."""
        if not slug_of(name):
            raise InvalidParameter("name", f"{name!r} has no letter or digit.", remedy="Name the person or program.")
        if not 1 <= days <= 3660:
            raise InvalidParameter("days", f"{days} days is not between 1 and 3660.")
        number, secret, now = secrets.token_hex(6), secrets.token_urlsafe(32), datetime.now(UTC)
        agent = f"{self._base}agent/{slug_of(name)}"
        expires = now + timedelta(days=days)
        row = (number, _hash(secret), name, agent, " ".join(scopes), now.isoformat(), expires.isoformat())
        with self._open() as database:
            database.execute("INSERT INTO token VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", row)
        return f"ksh_{number}_{secret}"

    def list(self) -> list[Token]:
        """Every token ever made, newest first."""
        if not self._path.exists():
            return []
        with self._open() as database:
            return [_token(row) for row in database.execute("SELECT * FROM token ORDER BY created DESC")]

    def revoke(self, id: str) -> None:
        """End a token now.

        Raises:
            UnknownEntity: there is no token with this id.
        """
        with self._open() as database:
            now = datetime.now(UTC).isoformat()
            found = database.execute("UPDATE token SET revoked = coalesce(revoked, ?) WHERE id = ?", (now, id))
            if not found.rowcount:
                raise UnknownEntity(f"There is no token {id!r}.", remedy="`kesher token list` shows their ids.")

    def principal(self, text: str) -> Principal:
        """Who holds this token.

        Raises:
            Unauthenticated: it is malformed, unknown, revoked or expired; the message does not say which of
                the first three.
        """
        mark, _, rest = text.partition("_")
        number, _, secret = rest.partition("_")
        row = self._row(number) if mark == "ksh" and secret else None
        if not hmac.compare_digest(_hash(secret), row["hash"] if row else _hash("")) or row is None:
            raise Unauthenticated("The token is not valid.", remedy="Ask for a new one: `kesher token create`.")
        token = _token(row)
        if not token.valid:
            raise Unauthenticated("The token has ended.", remedy="Ask for a new one: `kesher token create`.")
        return Principal(token.agent, token.name, frozenset(token.scopes))

    def _row(self, number: str) -> sqlite3.Row | None:
        if not self._path.exists():
            return None
        with self._open() as database:
            row: sqlite3.Row | None = database.execute("SELECT * FROM token WHERE id = ?", (number,)).fetchone()
            return row

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction on a connection of this thread."""
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
        with closing(sqlite3.connect(self._path, timeout=10)) as database, database:
            database.row_factory = sqlite3.Row
            database.execute(_SCHEMA)
            yield database


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _token(row: sqlite3.Row) -> Token:
    return Token(
        row["id"],
        row["name"],
        Iri(row["agent"]),
        tuple(Scope(it) for it in row["scopes"].split()),
        datetime.fromisoformat(row["created"]),
        datetime.fromisoformat(row["expires"]),
        datetime.fromisoformat(row["revoked"]) if row["revoked"] else None,
    )


_SCHEME = HTTPBearer(auto_error=False, description="A token of `kesher token create`")


def principal_of(
    request: Request, _described: Annotated[HTTPAuthorizationCredentials | None, Depends(_SCHEME)] = None
) -> Principal | None:
    """Who asks, from the header `Authorization: Bearer ...`; None when there is no such header.

    Raises:
        Unauthenticated: there is one, and it is not a valid token.
        TooOften: this address has sent too many of those.
    """
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated("Only `Authorization: Bearer <token>` is understood.")
    tokens: TokenStore = request.app.state.services.tokens
    try:
        return tokens.principal(text.strip())
    except Unauthenticated:  # who has a valid token is not kept out by what others at the same address try
        request.app.state.attempts.take(client_of(request))
        raise


@dataclass(frozen=True, slots=True)
class Required:
    """A dependency that lets in who has a token with a scope; `api.access` reads from it what a route asks."""

    scope: Scope

    def __call__(self, principal: Annotated[Principal | None, Depends(principal_of)]) -> Principal:
        """Who it is.

        Raises:
            Unauthenticated: nobody who is known.
            MissingScope: somebody who may not.
        """
        if principal is None:
            raise Unauthenticated("This needs a token.", remedy="Send `Authorization: Bearer <token>`.")
        if not principal.may(self.scope):
            raise MissingScope(f"The token of {principal.name} lacks the scope {self.scope}.")
        return principal


def require(scope: Scope) -> Required:
    """FastAPI dependency: the principal, if its token has this scope."""
    return Required(scope)
