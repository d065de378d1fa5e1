"""Seals: each acknowledged row of the ledger carries a hash of itself and of the row before.

So a row that was altered, lost or put in shows, wherever it stands; SQLite itself does not look at what a row says. An
erasure that the law asks for changes rows on purpose, and seals them anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter

#: All that is sealed.
_FIELDS = "sequence, at, door, agent, dataset, graphs, content_hash, origin, triples_changed, recovered, tally"
_ROWS = f"select {_FIELDS}, seal from writes where acknowledged and sequence > ? order by sequence"  # noqa: S608 - constants
_TOUCHED = "select sequence, iri from touched where sequence > ? order by sequence, iri"


def seal(cursor: sqlite3.Cursor, sequence: int) -> None:
    """Seal a row that has just been acknowledged, after the last one before it; in the same transaction."""
    rows = cursor.execute(
        "select seal from writes where acknowledged and sequence < ? order by sequence desc limit 1", (sequence,)
    ).fetchall()
    [row] = cursor.execute(f"select {_FIELDS} from writes where sequence = ?", (sequence,)).fetchall()  # noqa: S608 - constants
    touched = cursor.execute("select iri from touched where sequence = ? order by iri", (sequence,)).fetchall()
    made = _seal(rows[0][0] if rows else "", row, [iri for (iri,) in touched])
    cursor.execute("update writes set seal = ? where sequence = ?", (made, sequence))


def reseal(cursor: sqlite3.Cursor) -> None:
    """Seal every row anew, after rows were changed on purpose; in the same transaction."""
    made = [(now, sequence) for sequence, _, now in _seals(cursor)]
    cursor.executemany("update writes set seal = ? where sequence = ?", made)


def broken(cursor: sqlite3.Cursor) -> int:
    """Number of the first row whose seal does not fit; 0 when all do."""
    return next((sequence for sequence, held, now in _seals(cursor) if held != now), 0)


def _seals(cursor: sqlite3.Cursor) -> Iterable[tuple[int, str, str]]:
    """Of each row: its number, the seal that it has, and the one that it should have."""
    touched = _Touched(cursor)
    before = ""
    for *row, held in cursor.execute(_ROWS, (0,)).fetchall():
        before = _seal(before, row, touched.of(row[0]))
        yield row[0], held, before


class _Touched:
    """What each row touched, read along with the rows."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        rows = cursor.connection.execute(_TOUCHED, (0,))
        self._groups = groupby(rows, key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, sequence: int) -> list[str]:
        while self._next and self._next[0] < sequence:
            self._next = next(self._groups, None)
        if not self._next or self._next[0] != sequence:
            return []
        return [iri for _, iri in self._next[1]]


def _seal(before: str, row: Sequence[object], touched: Iterable[str]) -> str:
    told = blake2b(before.encode(), digest_size=16)
    for it in (*row, *touched):
        part = str(it).encode()
        told.update(len(part).to_bytes(8, "little") + part)
    return told.hexdigest()
