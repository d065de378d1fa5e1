"""The file of the ledger: its tables, and how it is opened."""

from __future__ import annotations

import errno
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from graph.tally import RESTORE
from ingest import history, readings, redo, sealing
from ontology.errors import FolderDamaged

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
    recovered INTEGER NOT NULL DEFAULT 0,
    tally TEXT NOT NULL DEFAULT '',
    seal TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS writes_of_graphs ON writes (graphs);
CREATE INDEX IF NOT EXISTS writes_of_origins ON writes (origin);
CREATE TABLE IF NOT EXISTS touched (
    sequence INTEGER NOT NULL REFERENCES writes (sequence),
    iri TEXT NOT NULL,
    PRIMARY KEY (sequence, iri)
) WITHOUT ROWID;
"""


class LedgerFile:
    """One SQLite file; every commit is on disk when it returns, and what is deleted is overwritten.

    Args:
        path: Made when it is not there.

    Raises:
        FolderDamaged: it is no ledger.
    """

    def __init__(self, path: Path) -> None:
        self.lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        try:
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(_TABLES + redo.TABLE + history.TABLES + readings.TABLE)
            self._seal_old()
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise FolderDamaged(f"E290: {path.name} cannot be read as a ledger: {error}", remedy=RESTORE) from error

    @contextmanager
    def transaction(self, *, at_once: bool = True) -> Iterator[sqlite3.Cursor]:
        """`at_once`: on disk when it ends; else with the next one."""
        with self.lock:
            if not at_once:
                self._connection.execute("pragma synchronous=normal")
            try:
                with self._connection:
                    self._connection.execute("begin immediate")
                    yield self._connection.cursor()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                    raise OSError(errno.ENOSPC, f"The disk is full: {error}") from error
                raise
            finally:
                if not at_once:
                    self._connection.execute("pragma synchronous=full")

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """What a SELECT finds."""
        with self.lock:
            return self._connection.execute(question, values).fetchall()

    def number(self, question: str, *values: object) -> int:
        """The one number that a SELECT finds; 0 for none."""
        return int(self.rows(question, *values)[0][0] or 0)

    def leave_no_trace(self) -> None:
        """Take what was deleted out of the journal beside the file as well."""
        with self.lock:
            self._connection.execute("pragma wal_checkpoint(truncate)")

    def broken(self) -> str:
        """What is wrong in the file, in a few words; empty when it is whole and every seal fits."""
        with self.lock:
            try:
                [(told,)] = self.rows("pragma integrity_check(1)")
                row = sealing.broken(self._connection.cursor()) if told == "ok" else 0
            except sqlite3.DatabaseError as error:
                return str(error)
        return f"row {row} is not what was sealed" if row else "" if told == "ok" else str(told)

    def copy(self, target: Path) -> None:
        """Write a copy, as of now, to a new file."""
        with self.lock, closing(sqlite3.connect(target)) as copy:
            self._connection.backup(copy)

    def close(self) -> None:
        """Let go of the file."""
        with self.lock:
            self._connection.close()

    def _seal_old(self) -> None:
        """Seal the rows of a ledger from before there were seals; `kesher migrate` made room for them."""
        [(rows, bare)] = self.rows("select count(*), sum(seal = '') from writes where acknowledged")
        if rows and rows == bare:
            with self.transaction() as cursor:
                sealing.reseal(cursor)
