"""The lines of a page, column by column: what stands on one baseline, with the spaces that are seen."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.columns import Row, regions
from ingest.glyphs import Glyph

_SAME_LINE = 0.35  # of the size of type: how far an index or an exponent is off the baseline
_SPACE = 0.17  # of the size of type: a wider gap is a space, though none was written
_UPON = 0.05  # of the size of type: marks of direction may be drawn as spaces upon a letter
_AT_MARGIN = 0.02  # of the width of the text


@dataclass(frozen=True, slots=True)
class Line:
    """Letters of one line from left to right, spaces between words included; lengths in points.

    Attributes:
        margins: Where the lines of its column begin and end.
    """

    seen: tuple[str, ...]
    left: float
    right: float
    baseline: float
    size: float
    margins: tuple[float, float] = (0.0, 0.0)


def lines_of(letters: Sequence[Glyph]) -> list[Line]:
    """The lines of a page from top to bottom, those of one column after those of another."""
    rows = [sorted(row, key=lambda it: it.middle) for row in _rows(letters) if any(it.text.strip() for it in row)]
    return [line for region in regions(rows) for line in _column(region)]


def alignment(line: Line) -> str:
    """`L` or `R` for a line that stands at that margin of its column alone; "" for one at both or at neither."""
    left, right = line.margins
    at_left = line.left - left <= _AT_MARGIN * (right - left)
    at_right = right - line.right <= _AT_MARGIN * (right - left)
    return "" if at_left == at_right else "L" if at_left else "R"


def _column(rows: Sequence[Row]) -> list[Line]:
    lines = [_line(row) for row in rows]
    margins = min(it.left for it in lines), max(it.right for it in lines)
    return [replace(line, margins=margins) for line in lines]


def _rows(letters: Sequence[Glyph]) -> Iterator[Row]:
    row: Row = []
    for glyph in sorted(letters, key=lambda it: it.baseline):
        if row and glyph.baseline - row[-1].baseline > _SAME_LINE * min(glyph.size, row[-1].size):
            yield row
            row = []
        row.append(glyph)
    if row:
        yield row


def _line(row: Row) -> Line:
    written = [it for it in row if it.text.strip()]
    size = statistics.median(it.size for it in written)
    baseline = statistics.median(it.baseline for it in written)
    seen = tuple(_spaced(row, size))
    return Line(seen, min(it.left for it in written), max(it.right for it in written), baseline, size)


def _spaced(letters: Sequence[Glyph], size: float) -> Iterator[str]:
    """The texts with a space wherever one is seen; a written space that begins where a letter does is none."""
    last, right, written = None, 0.0, False
    for glyph in letters:
        if not glyph.text.strip():
            written = last is not None and (written or glyph.left - last.left > _UPON * size)
            continue
        if written or (last is not None and glyph.left - right > _SPACE * size):
            yield " "
        yield glyph.text
        right = glyph.right if last is None else max(right, glyph.right)
        last, written = glyph, False
