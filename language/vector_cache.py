"""Vectors of texts that were encoded before, on disk: what is read or indexed again need not be encoded again.

A cache and no more: what is lost or damaged is encoded again. It holds no text, but a vector tells much about its
text, so what is withdrawn can be forgotten, and its bytes are overwritten.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TypeVar

import structlog

#: Bytes that the file may have, enough for some 250,000 texts with the bundled model; the oldest go first.
MOST = 500_000_000
_SCHEMA = """
    PRAGMA secure_delete = ON;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS vector (
        text TEXT NOT NULL, model TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (text, model)
    );
"""
_HELD = (
    "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
)
_DELETE_OLDEST = "DELETE FROM vector WHERE rowid IN (SELECT rowid FROM vector ORDER BY rowid LIMIT 1000)"
#: Hexadecimal digits of what a text is known by.
KEY_DIGITS = 32

_T = TypeVar("_T")

log = structlog.get_logger("kesher.encoder")


def text_key(text: str) -> str:
    """What a text is known by: the first 32 hexadecimal digits of its SHA-256."""
    return sha256(text.encode()).hexdigest()[:KEY_DIGITS]


class VectorCache:
    """Vectors by text and model, in one file.

    Args:
        file: Made when absent, and made anew when damaged. Other processes may have it open too.
        most: Bytes that the file may have.
    """

    def __init__(self, file: Path, most: int = MOST) -> None:
        self._file = file
        self._most = most
        self._using = Lock()
        self._connection: sqlite3.Connection | None = None

    def get(self, model: str, keys: Iterable[str]) -> Mapping[str, bytes]:
        """Those of these texts that are known, with the bytes of their vectors."""
        wanted = list(keys)
        question = "SELECT bytes FROM vector WHERE text = ? AND model = ?"

        def read(connection: sqlite3.Connection) -> dict[str, bytes]:
            rows = ((it, connection.execute(question, (it, model)).fetchone()) for it in wanted)
            return {key: row[0] for key, row in rows if row}

        return self._do(read) or {}

    def put(self, model: str, vectors: Mapping[str, bytes]) -> None:
        """Keep these; where there are too many now, the oldest go."""

        def write(connection: sqlite3.Connection) -> None:
            rows = [(key, model, it) for key, it in vectors.items()]
            connection.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?)", rows)
            self._trim(connection)

        self._do(write)

    def forget(self, keys: Iterable[str]) -> None:
        """Remove the vectors of these texts, of every model; their bytes are gone from the disk when this returns."""
        gone = [(it,) for it in keys]
        if gone and self._file.exists():
            self._do(lambda it: it.executemany("DELETE FROM vector WHERE text = ?", gone))
            self._do(lambda it: it.execute("PRAGMA wal_checkpoint(TRUNCATE)"), whole=False)

    def count(self) -> int:
        """How many vectors there are."""
        return self._do(lambda it: int(it.execute("SELECT count(*) FROM vector").fetchone()[0])) or 0

    def close(self) -> None:
        """Let go of the file; it is opened again when it is needed."""
        with self._using:
            self._close()

    def _trim(self, connection: sqlite3.Connection) -> None:
        while connection.execute(_HELD).fetchone()[0] > self._most:
            if not connection.execute(_DELETE_OLDEST).rowcount:
                return

    def _do(self, work: Callable[[sqlite3.Connection], _T], *, whole: bool = True) -> _T | None:
        """Do something in one transaction; a damaged file is made anew, and what cannot be done is left undone."""
        with self._using:
            try:
                connection = self._opened()
                if not whole:
                    return work(connection)
                with connection:
                    return work(connection)
            except sqlite3.DatabaseError as error:
                log.warning("vectors cannot be kept", file=str(self._file), reason=str(error))
                self._close()
                if not isinstance(error, sqlite3.OperationalError):  # those pass: a full disk, another writer
                    for it in self._file.parent.glob(f"{self._file.name}*"):  # and its log
                        it.unlink()
                return None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self._file, timeout=5, check_same_thread=False)
            self._connection.executescript(_SCHEMA)
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
