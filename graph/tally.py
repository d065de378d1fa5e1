"""A tally of a dataset: how many statements it holds, and one number that only these statements give.

The number is the sum of the hashes of all statements, so a write changes it by what it takes out and puts in, and need
not read the rest (an incremental hash of a set: Bellare and Micciancio, EUROCRYPT 1997). It tells of accidents, not of
an attacker who may choose statements.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self

import pyoxigraph as ox

from ontology.errors import FolderDamaged

_BYTES = 16
_MODULUS = 1 << (8 * _BYTES)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a dataset holds, told in a few bytes.

    Attributes:
        statements: How many there are.
        total: Sum of their hashes, modulo 2^128.
    """

    statements: int = 0
    total: int = 0

    @classmethod
    def read(cls, text: str) -> Self:
        """The tally that `str` wrote. Raises ValueError for anything else."""
        statements, _, total = text.partition("-")
        return cls(int(statements), int(total, 16))

    def __str__(self) -> str:
        return f"{self.statements}-{self.total:032x}"

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.statements + other.statements, (self.total + other.total) % _MODULUS)

    def __sub__(self, other: Tally) -> Tally:
        return Tally(self.statements - other.statements, (self.total - other.total) % _MODULUS)


def tally(quads: Iterable[ox.Quad]) -> Tally:
    """The tally of statements as a store gives them back, each once."""
    return tally_of_lines((ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True))


def tally_of_lines(lines: Iterable[bytes]) -> Tally:
    """The tally of statements as N-Quads, a line each, with the ends of the lines."""
    statements = total = 0
    for line in lines:
        statements += 1
        total += int.from_bytes(blake2b(line, digest_size=_BYTES).digest(), "little")
    return Tally(statements, total % _MODULUS)


class Tallying:
    """A file to write N-Quads to, of which only the tally is kept; or the N-Triples of one graph."""

    def __init__(self, graph: ox.NamedNode | ox.DefaultGraph | None = None) -> None:
        self._end = f"{graph} .\n".encode() if isinstance(graph, ox.NamedNode) else b""
        self._tally = Tally()
        self._rest = b""

    def write(self, chunk: bytes) -> int:
        """Take in some bytes; a line may end in a later chunk."""
        whole, newline, rest = chunk.rpartition(b"\n")
        if newline:
            lines = (self._rest + whole + newline).splitlines(keepends=True)
            self._tally += tally_of_lines(it[:-2] + self._end for it in lines) if self._end else tally_of_lines(lines)
            self._rest = rest
        else:
            self._rest += chunk
        return len(chunk)

    def flush(self) -> None:
        """Nothing waits to be written."""

    @property
    def tally(self) -> Tally:
        """Of everything that was written.

        Raises:
            FolderDamaged: the last line has no end.
        """
        if self._rest:
            raise FolderDamaged("The graph store breaks off in the middle of a statement.", remedy=RESTORE)
        return self._tally


#: What helps where a store itself is damaged.
RESTORE = "Stop Kesher, and put back the last backup: `kesher restore DIR` (docs/operations.md)."
