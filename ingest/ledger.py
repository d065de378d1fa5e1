"""The ledger: one numbered row for every write, on disk before the write counts as done.

A number is first reserved, then the graph is written under it, then the row is acknowledged; each of the two commits is
on disk when its call returns (SQLite, synchronous=FULL). Numbers grow and are never given twice, not even after one was
reserved in vain. Whoever derives something from the graph follows `changes_since`.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from ingest.readings import Readings
from ontology.errors import FolderDamaged
from ontology.kinds import Iri
from ontology.model import Change

_TABLES = """
CREATE TABLE IF NOT EXISTS writes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    door TEXT NOT NULL,
    agent TEXT NOT NULL,
    dataset TEXT NOT NULL,
    graphs TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    origin TEXT NOT NULL,
    triples_changed INTEGER,
    acknowledged INTEGER NOT NULL DEFAULT 0,
    recovered INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS writes_of_graphs ON writes (graphs);
CREATE INDEX IF NOT EXISTS writes_of_origins ON writes (origin);
CREATE TABLE IF NOT EXISTS touched (
    sequence INTEGER NOT NULL REFERENCES writes (sequence),
    iri TEXT NOT NULL,
    PRIMARY KEY (sequence, iri)
) WITHOUT ROWID;
"""


class Dataset(StrEnum):
    """Which of the two stores a write goes to."""

    PUBLIC = "public"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be written, by whom and through which door.

    Attributes:
        door: "ingest", "curation", "starter", "sparql", "graph-store"...
        agent: IRI of the person or program.
        graphs: Names of the graphs that it writes.
        content_hash: SHA-256 of what came in; empty where nothing came in as a whole.
        origin: Where it came from on this machine; for this ledger only, it is never published.
    """

    door: str
    agent: str
    dataset: Dataset
    graphs: tuple[str, ...]
    content_hash: str = ""
    origin: str = ""


class Ledger:
    """The rows in one SQLite file; safe to use from several threads.

    Args:
        path: The file; made when it is not there.

    Raises:
        FolderDamaged: the file is not a ledger.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        try:
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(_TABLES)
            self.readings = Readings(self._connection, self._lock)
        except sqlite3.DatabaseError as error:
            self._connection.close()
            remedy = "Restore the data folder from a backup."
            raise FolderDamaged(f"{path.name} cannot be read as a ledger: {error}", remedy=remedy) from error

    @property
    def last(self) -> int:
        """Number of the last acknowledged write; 0 before the first."""
        return self._number("select max(sequence) from writes where acknowledged")

    def last_of(self, dataset: Dataset) -> int:
        """Number of the last acknowledged write to one dataset; 0 before the first."""
        return self._number("select max(sequence) from writes where acknowledged and dataset = ?", dataset)

    @property
    def withdrawn(self) -> int:
        """States of the public dataset before this number may hold what has become private since; 0: there is none.

        An ingestion takes out of the public dataset first, then writes to the private one; consent and the sweep put
        into the private one first.
        """
        moved = self._number(
            "select max(sequence) from writes where acknowledged and dataset = ? and door in ('consent', 'sweep')",
            Dataset.PRIVATE,
        )
        taken_out = self._number(
            "select max(sequence) from writes where acknowledged and dataset = ? and sequence < ?",
            *(Dataset.PUBLIC, self.last_of(Dataset.PRIVATE)),
        )
        return max(moved, taken_out)

    def reserve(self, intent: Intent) -> int:
        """A new number for a write that is about to be made."""
        row = (
            *(_now(), intent.door, intent.agent, intent.dataset),
            *("\n".join(intent.graphs), intent.content_hash, intent.origin),
        )
        with self._transaction() as cursor:
            cursor.execute(
                "insert into writes (at, door, agent, dataset, graphs, content_hash, origin)"
                " values (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            return int(cursor.lastrowid or 0)

    def acknowledge(self, sequence: int, changed: int, touched: Iterable[Iri], content_hash: str = "") -> None:
        """Record that the write is on disk: how many triples changed, and the public subjects whose statements did.

        The content hash is given here where it was not known when the number was reserved.
        """
        with self._transaction() as cursor:
            cursor.execute(
                "update writes set acknowledged = 1, triples_changed = ?,"
                " content_hash = coalesce(nullif(?, ''), content_hash) where sequence = ?",
                (changed, content_hash, sequence),
            )
            cursor.executemany("insert into touched values (?, ?)", ((sequence, iri) for iri in sorted(touched)))

    def abandon(self, sequence: int) -> None:
        """Strike out a reservation whose write was not made; its number stays used."""
        with self._transaction() as cursor:
            cursor.execute("delete from writes where sequence = ? and not acknowledged", (sequence,))

    def recover(self, sequence: int, dataset: Dataset) -> None:
        """Acknowledge a write that the graph holds and the ledger does not; what it touched is unknown."""
        with self._transaction() as cursor:
            cursor.execute(
                "insert into writes"
                " (sequence, at, door, agent, dataset, graphs, content_hash, origin, acknowledged, recovered)"
                " values (?, ?, 'recovery', '', ?, '', '', '', 1, 1)"
                " on conflict (sequence) do update set acknowledged = 1, recovered = 1",
                (sequence, _now(), dataset),
            )

    def unfinished(self, dataset: Dataset, held: int) -> list[int]:
        """Reservations, up to the number that a dataset holds, that were never acknowledged."""
        rows = self._rows(
            "select sequence from writes where not acknowledged and dataset = ? and sequence <= ?", dataset, held
        )
        return [sequence for (sequence,) in rows]

    def strike_unfinished(self) -> None:
        """Forget every reservation that was never acknowledged; for opening, after recovery."""
        with self._transaction() as cursor:
            cursor.execute("delete from writes where not acknowledged")

    def changes_since(self, sequence: int) -> Iterator[Change]:
        """Acknowledged writes after a number, in their order; a write to the private dataset touches nothing public."""
        rows = self._rows(
            "select sequence, dataset, recovered from writes where acknowledged and sequence > ? order by sequence",
            sequence,
        )
        for number, dataset, recovered in rows:
            if dataset == Dataset.PRIVATE:
                yield Change(number, frozenset())
            elif recovered:
                yield Change(number, None)
            else:
                iris = self._rows("select iri from touched where sequence = ?", number)
                yield Change(number, frozenset(Iri(iri) for (iri,) in iris))

    def graphs_since(self, sequence: int) -> frozenset[str]:
        """Names of the graphs that acknowledged writes after a number wrote, in either dataset."""
        rows = self._rows("select distinct graphs from writes where acknowledged and sequence > ?", sequence)
        return frozenset(name for (names,) in rows for name in str(names).splitlines())

    def taken_over(self, dataset: Dataset) -> int:
        """Number of the dataset's last write, if another program made it and this ledger only found it; else 0."""
        found = self._rows(
            "select sequence, door from writes where acknowledged and dataset = ? order by sequence desc limit 1",
            dataset,
        )
        return int(found[0][0]) if found and found[0][1] == "recovery" else 0

    def origin_of(self, graph: str) -> str:
        """Where the content of a graph last came from; "" when nothing is known."""
        rows = self._rows(
            "select origin from writes where graphs = ? and origin != '' and acknowledged"
            " order by sequence desc limit 1",
            graph,
        )
        return str(rows[0][0]) if rows else ""

    def graph_of(self, origin: str) -> str:
        """The graph that a file last became; "" when it is new."""
        rows = self._rows(
            "select graphs from writes where origin = ? and acknowledged order by sequence desc limit 1", origin
        )
        return str(rows[0][0]) if rows else ""

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Cursor]:
        with self._lock, self._connection:
            self._connection.execute("begin immediate")
            yield self._connection.cursor()

    def _rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(question, values).fetchall()

    def _number(self, question: str, *values: object) -> int:
        return int(self._rows(question, *values)[0][0] or 0)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
