"""What an export gives back when it is read, and what it leaves out."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from api.exporting import EXPORTS, Exported, Reader
from api.tabulating import compact
from ontology.errors import UnreadableFile


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the statements that were asked for.

    Attributes:
        statements: How many there are.
        kept: How many of them the files say again when they are read.
        left_out: How many of the others there are, by property, most first; some of them are said in other
            words, as ks:basis is skos:note in SKOS.
    """

    statements: int
    kept: int
    left_out: Mapping[str, int]

    def told(self) -> str:
        """For people."""
        first = f"{self.statements} public statements; what was written gives back {self.kept} of them."
        rest = ", ".join(f"{name} ({count})" for name, count in self.left_out.items())
        return f"{first}\nLeft out, or said in other words: {rest}." if rest else first


@dataclass(frozen=True, slots=True)
class TableSize:
    """What became of them in a table, which nothing reads without a mapping."""

    statements: int
    rows: int
    columns: int

    def told(self) -> str:
        """For people."""
        return f"{self.statements} public statements, as a table of {self.rows} rows and {self.columns} columns."


def account_of(found: Exported, format: str, base: str) -> Account | TableSize | None:
    """The account of an export, for which its files are read again; None where a server wrote them.

    Args:
        found: The export.
        format: Its format, one of `EXPORTS`.
        base: Base IRI of this installation.
    """
    if found.statements is None:
        return None
    read = EXPORTS[format].read
    if read is None:
        table = list(csv.reader(io.StringIO("".join(found.files.values()), newline="")))
        return TableSize(len(found.statements), len(table) - 1, len(table[0]))
    left = found.statements - {it for name, text in found.files.items() for it in _said(read, text, base, name)}
    counts = Counter(compact(it.predicate.value) for it in left)
    ordered = sorted(counts.items(), key=lambda it: (-it[1], it[0]))
    return Account(len(found.statements), len(found.statements) - len(left), dict(ordered))


def _said(read: Reader, text: str, base: str, name: str) -> Iterator[ox.Triple]:
    """What a file says; nothing where there was nothing to write."""
    try:
        yield from read(text, base, name)
    except UnreadableFile:
        return
