"""Saved queries: a text under an address that is the hash of what it is, so that the address always means that text.

Several people may keep the same query, each under a title of their own; it is there while one of them keeps it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from api.sparql_protocol import Pairs
from ontology.errors import Conflict, MissingScope, UnknownQuery
from ontology.kinds import Iri

#: How many queries one agent may keep.
MOST = 500

_SCHEMA = """
CREATE TABLE IF NOT EXISTS saved (
  id TEXT NOT NULL, agent TEXT NOT NULL, name TEXT NOT NULL, query TEXT NOT NULL, snapshot INTEGER, format TEXT,
  title TEXT NOT NULL, lang TEXT NOT NULL, created TEXT NOT NULL, PRIMARY KEY (id, agent)
) STRICT
"""
_INSERT = "INSERT INTO saved VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id, agent) DO NOTHING"
_LOOK = "`GET /api/v1/queries` lists those that there are."


@dataclass(frozen=True, slots=True)
class Content:
    """What is saved, and what the address is made of.

    Attributes:
        query: The SPARQL text, as it was sent.
        snapshot: Number of the snapshot that its author ran it on; None where that does not matter.
        format: Short name of the format to answer in; None: as whoever runs it accepts.
    """

    query: str
    snapshot: int | None = None
    format: str | None = None

    @property
    def id(self) -> str:
        """24 hexadecimal digits of the SHA-256 of the three parts."""
        parts = (self.query, "" if self.snapshot is None else str(self.snapshot), self.format or "")
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A saved query, and who keeps it since when under which title."""

    asked: Content
    agent: Iri
    name: str
    title: str
    lang: str
    created: datetime


class SavedQueries:
    """The file queries.sqlite of a data folder. Safe to share between threads and processes.

    Args:
        path: The file; it is made when the first query is saved.
        most: How many queries one agent may keep.
    """

    def __init__(self, path: Path, most: int = MOST) -> None:
        self._path = path
        self._most = most

    def save(self, query: SavedQuery) -> bool:
        """Keep a query; False when its agent keeps it already.

        Raises:
            Conflict: the agent keeps as many as one may.
        """
        asked = query.asked
        row = (asked.id, query.agent, query.name, asked.query, asked.snapshot, asked.format, query.title, query.lang)
        with self._open() as database:
            new = database.execute(_INSERT, (*row, query.created.isoformat())).rowcount > 0
            kept = database.execute("SELECT count(*) FROM saved WHERE agent = ?", (query.agent,)).fetchone()[0]
            if kept > self._most:  # raising takes the row back
                raise Conflict(f"{query.name} keeps {self._most} queries, the limit.", remedy="Delete some of them.")
            return new

    def get(self, id: str) -> SavedQuery:
        """A saved query, as the first of those who keep it saved it.

        Raises:
            UnknownQuery: nobody keeps it.
        """
        found = self._rows("SELECT * FROM saved WHERE id = ? ORDER BY created LIMIT 1", id)
        if not found:
            raise UnknownQuery(f"There is no saved query {id[:40]!r}.", remedy=_LOOK)
        return found[0]

    def newest(self, limit: int, offset: int = 0) -> list[SavedQuery]:
        """What people keep, newest first."""
        return self._rows("SELECT * FROM saved ORDER BY created DESC, id LIMIT ? OFFSET ?", limit, offset)

    def delete(self, id: str, agent: Iri | None) -> None:
        """Let go of a query.

        Args:
            id: Its id.
            agent: Who no longer keeps it; None: nobody shall.

        Raises:
            UnknownQuery: nobody keeps it.
            MissingScope: others keep it, this agent does not.
        """
        self.get(id)
        with self._open() as database:
            gone = database.execute("DELETE FROM saved WHERE id = ? AND agent = coalesce(?, agent)", (id, agent))
            if not gone.rowcount:
                raise MissingScope("Others saved this query.", remedy="A token with the scope admin can delete it.")

    def _rows(self, statement: str, *values: object) -> list[SavedQuery]:
        if not self._path.exists():
            return []
        with self._open() as database:
            return [_saved(row) for row in database.execute(statement, values)]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction on a connection of this thread."""
        with closing(sqlite3.connect(self._path, timeout=10)) as database, database:
            database.row_factory = sqlite3.Row
            database.execute(_SCHEMA)
            yield database


def _saved(row: sqlite3.Row) -> SavedQuery:
    asked = Content(row["query"], row["snapshot"], row["format"])
    created = datetime.fromisoformat(row["created"])
    return SavedQuery(asked, Iri(row["agent"]), row["name"], row["title"], row["lang"], created)


def opened(queries: SavedQueries, pairs: Pairs) -> Pairs:
    """The parameters of a request to /sparql, with what `saved` names put in its place.

    Raises:
        UnknownQuery: nobody keeps a query under this id.
    """
    found = [queries.get(value).asked for name, value in pairs if name == "saved"]
    own = [("query", it.query) for it in found]
    own += [("format", it.format) for it in found if it.format and not any(name == "format" for name, _ in pairs)]
    return own + [(name, value) for name, value in pairs if name != "saved"]


def now() -> datetime:
    """The time to save a query with."""
    return datetime.now(UTC)
