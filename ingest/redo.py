"""What a write changes, kept in the ledger until the graph store has it on disk.

A store takes a write in at once and puts it on disk later, many together: that costs it some tens of milliseconds
whatever the size. The ledger is on disk at every acknowledgement. So the ledger keeps the difference of each write that
the store may still lose, and opening makes those writes again (a redo log: Mohan et al., ARIES, TODS 1992).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import pyoxigraph as ox

from graph.tally import Tally, tally

TABLE = """
CREATE TABLE IF NOT EXISTS differences (
    sequence INTEGER PRIMARY KEY,
    removed BLOB NOT NULL,
    added BLOB NOT NULL
);
"""
#: A write of more statements is put on disk at once instead.
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Difference:
    """What a write takes out of a dataset and puts in: just what is there, and just what is not."""

    removed: tuple[ox.Quad, ...]
    added: tuple[ox.Quad, ...]

    @property
    def nodes(self) -> set[str]:
        """Addresses of what its statements are about."""
        quads = (*self.removed, *self.added)
        return {it.subject.value for it in quads if isinstance(it.subject, ox.NamedNode)}

    def over(self, before: Tally) -> Tally:
        """The tally of a dataset after it."""
        return before - tally(self.removed) + tally(self.added)

    def keep(self, cursor: sqlite3.Cursor, sequence: int) -> None:
        """Write it down under the number of its write."""
        cursor.execute("insert into differences values (?, ?, ?)", (sequence, *map(_lines, (self.removed, self.added))))

    @classmethod
    def read(cls, removed: bytes, added: bytes) -> Self:
        """What `keep` wrote."""
        return cls(tuple(_quads(removed)), tuple(_quads(added)))


def _lines(quads: Iterable[ox.Quad]) -> bytes:
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def _quads(lines: bytes) -> Iterator[ox.Quad]:
    return iter(ox.parse(lines, ox.RdfFormat.N_QUADS))  # blank nodes keep their labels
