"""A table of solutions as Oxigraph writes it, stopped at a cap and cut after a whole row.

Oxigraph writes JSON, XML, CSV and TSV at the speed of Rust, and knows no cap. So it writes into a sheet that counts
what could be ends of rows as bytes go by, looks closer only when there are too many, and then stops the writing.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Literal, NamedTuple, TypeAlias

import pyoxigraph as ox

Truncated: TypeAlias = Literal["rows", "bytes"]


class Caps(NamedTuple):
    """The most that one answer may hold.

    Attributes:
        rows: Rows of a table, or triples of a graph.
        bytes: Of the written body, about: a document may pass it by its frame.
    """

    rows: int = 10_000
    bytes: int = 10_000_000


class Layout(NamedTuple):
    """How one format sets rows apart.

    Attributes:
        head: What the part before the first row ends with; empty where that part is the first row itself.
        mark: What ends a row; text may hold it too, and the last row of JSON ends otherwise.
        more: Rows at most, beyond the marks.
        end: Matches the true end of a row, as its group 1, or whole whatever else might hold a mark.
        kept: How many bytes of that end belong to the row.
        tail: What a whole table ends with.
        told: The head, saying that the table is cut.
    """

    head: bytes
    mark: bytes
    more: int
    end: re.Pattern[bytes]
    kept: int
    tail: bytes
    told: Callable[[bytes], bytes] = bytes


def _in_json(head: bytes) -> bytes:
    return head.replace(b'},"results"', b',"truncated":true},"results"', 1)


def _in_xml(head: bytes) -> bytes:
    return head.replace(b"<head>", b"<!-- truncated --><head>", 1)


_JSON_END = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\Z)|(\}(?:,\{|\]\}\}\Z))', re.DOTALL)

#: Layout of each format: https://www.w3.org/TR/sparql11-results-json/, rdf-sparql-XMLres/, sparql11-results-csv-tsv/.
LAYOUTS: Mapping[ox.QueryResultsFormat, Layout] = {
    ox.QueryResultsFormat.JSON: Layout(b'"bindings":[', b"},{", 1, _JSON_END, 1, b"]}}", _in_json),
    ox.QueryResultsFormat.XML: Layout(
        b"<results>", b"</result>", 0, re.compile(rb"(</result>)"), 9, b"</results></sparql>", _in_xml
    ),
    ox.QueryResultsFormat.CSV: Layout(b"", b"\r\n", -1, re.compile(rb'"[^"]*+(?:"|\Z)|(\r\n)'), 2, b""),
    ox.QueryResultsFormat.TSV: Layout(b"", b"\n", -1, re.compile(rb"(\n)"), 1, b""),
}

#: What XML 1.0 cannot hold at all, in UTF-8, and what stands for it (U+FFFD).
_UNWRITABLE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_REPLACEMENT = "\ufffd".encode()


def write_table(
    solutions: ox.QuerySolutions, format: ox.QueryResultsFormat, caps: Caps
) -> tuple[bytes, Truncated | None]:
    """Write solutions up to a cap, and say which cap cut them."""
    sheet = _Sheet(LAYOUTS[format], caps)
    with suppress(_Full):
        solutions.serialize(sheet, format=format)
    body, truncated = sheet.cut()
    return (_for_xml(body) if format is ox.QueryResultsFormat.XML else body), truncated


class _Full(Exception):
    """The sheet has more than a cap allows."""


class _Sheet(io.BytesIO):
    """A file that Oxigraph writes a table to; it stops the writing once it is known that the table must be cut."""

    def __init__(self, layout: Layout, caps: Caps) -> None:
        super().__init__()
        self._layout = layout
        self._caps = caps
        self._written = bytearray()
        self._ends: list[int] = []  # offsets where rows end, as far as was looked
        self._looked = 0  # up to here
        self._marks = 0  # after that

    def write(self, chunk: bytes) -> int:  # type: ignore[override] # Oxigraph hands over bytes
        overlap = max(self._looked, len(self._written) - len(self._layout.mark) + 1)
        self._written += chunk
        self._marks += self._written.count(self._layout.mark, overlap)
        if self._too_long or self._rows > self._caps.rows:
            raise _Full
        return len(chunk)

    def cut(self) -> tuple[bytes, Truncated | None]:
        """The table up to the last row that the caps allow, and the cap that cut it, if one did."""
        whole = bytes(self._written)
        if not self._too_long and self._rows <= self._caps.rows:
            return whole, None
        self._look()
        start, ends = self._start_and_ends()
        allowed = ends[: self._caps.rows]
        kept = allowed[: bisect_right(allowed, self._caps.bytes)]
        head, rows = self._layout.told(whole[:start]), whole[start : kept[-1] if kept else start]
        truncated: Truncated = "rows" if len(kept) == len(allowed) < len(ends) else "bytes"
        return b"".join((head, rows, self._layout.tail)), truncated

    @property
    def _too_long(self) -> bool:
        return len(self._written) > self._caps.bytes + len(self._layout.tail)

    @property
    def _rows(self) -> int:
        """Rows that are here whole; more than are here as long as they cannot be too many."""
        most = len(self._ends) + self._marks + self._layout.more
        if most <= self._caps.rows:
            return most
        self._look()
        return len(self._ends) + min(0, self._layout.more)

    def _look(self) -> None:
        """Find the true ends of rows in what was not looked at yet."""
        for found in self._layout.end.finditer(self._written, self._looked):
            if found[1]:
                self._ends.append(found.start() + self._layout.kept)
                self._looked = found.end()
        self._marks = self._written.count(self._layout.mark, self._looked)

    def _start_and_ends(self) -> tuple[int, list[int]]:
        if not self._layout.head:
            return self._ends[0], self._ends[1:]
        return self._written.index(self._layout.head) + len(self._layout.head), self._ends


def _for_xml(body: bytes) -> bytes:
    """XML that parses, with the line ends of its texts."""
    return _UNWRITABLE.sub(_REPLACEMENT, body).replace(b"\r", b"&#xD;")
