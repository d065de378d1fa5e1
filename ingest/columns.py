"""Columns of a page: rows of letters are cut where a strip between them stays free, again and again.

This is the recursive cut of Nagy and Seth ("Hierarchical representation of optically scanned documents", 1984), of
which a vertical cut is made only between columns of prose: the short cells of a table are read across.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ingest.glyphs import Glyph, is_right_to_left

#: Letters that stand at one height, from left to right.
Row: TypeAlias = list[Glyph]

_FREE = 0.8  # of the size of type: a narrower gap is one between words
_LEAST_ROWS = 4  # of text on either side of a cut
_LEAST_LETTERS = 14  # of a row of prose, on the average; the cells of a table have fewer
_FILLED = 0.6  # of the width of its column, which half of the rows of prose reach
_MOST_PLACES = 64  # at which a page is looked at


@dataclass(frozen=True, slots=True)
class _Cut:
    """Rows `first` up to `end`, in which the strip around `x` is free; `letters` on the emptier side of it."""

    first: int
    end: int
    x: float
    letters: int


def regions(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each column, in the order in which columns are read; rows that run across stay between them."""
    letters = [it.text for row in rows for it in row if it.text.isalpha()]
    rightmost_first = sum(map(is_right_to_left, letters)) > len(letters) / 2
    return list(_regions(list(rows), rightmost_first=rightmost_first))


def _regions(rows: list[Row], *, rightmost_first: bool) -> Iterator[list[Row]]:
    best = max(_cuts(rows), key=lambda it: it.letters, default=None)
    if best is None:
        if rows:
            yield rows
        return
    yield from _regions(rows[: best.first], rightmost_first=rightmost_first)
    sides = _sides(rows[best.first : best.end], best.x)
    for side in reversed(sides) if rightmost_first else sides:
        yield from _regions(side, rightmost_first=rightmost_first)
    yield from _regions(rows[best.end :], rightmost_first=rightmost_first)


def _cuts(rows: Sequence[Row]) -> Iterator[_Cut]:
    """Where the rows can be cut in two columns of prose."""
    gaps = [list(_gaps(row)) for row in rows]
    places = Counter(round((left + right) / 2) for row in gaps for left, right in row)
    for x, count in places.most_common(_MOST_PLACES):
        if count < _LEAST_ROWS - 1:  # columns may stand at different heights, so that few rows have both
            return
        for first, end in _free_runs(rows, gaps, x):
            sides = _sides(rows[first:end], x)
            if all(map(_is_prose, sides)):
                yield _Cut(first, end, x, min(sum(map(len, side)) for side in sides))


def _gaps(row: Row) -> Iterator[tuple[float, float]]:
    written = [it for it in row if it.text.strip()]
    reach = written[0].right if written else 0.0
    for glyph in written[1:]:
        if glyph.left - reach > _FREE * glyph.size:
            yield reach, glyph.left
        reach = max(reach, glyph.right)


def _free_runs(
    rows: Sequence[Row], gaps: Sequence[Sequence[tuple[float, float]]], x: float
) -> Iterator[tuple[int, int]]:
    """The longest runs of rows that have no letter at x."""
    first = 0
    for at, row in enumerate(rows):
        if not (_is_beside(row, x) or any(left <= x <= right for left, right in gaps[at])):
            yield first, at
            first = at + 1
    yield first, len(rows)


def _is_beside(row: Row, x: float) -> bool:
    written = [it for it in row if it.text.strip()]
    return not written or written[-1].right < x or written[0].left > x


def _sides(rows: Sequence[Row], x: float) -> list[list[Row]]:
    left = [[it for it in row if it.middle < x] for row in rows]
    right = [[it for it in row if it.middle >= x] for row in rows]
    return [[row for row in side if any(it.text.strip() for it in row)] for side in (left, right)]


def _is_prose(rows: Sequence[Row]) -> bool:
    if len(rows) < _LEAST_ROWS:
        return False
    written = [[it for it in row if it.text.strip()] for row in rows]
    left, right = min(row[0].left for row in written), max(max(it.right for it in row) for row in written)
    widths = [max(it.right for it in row) - row[0].left for row in written]
    return statistics.mean(map(len, written)) >= _LEAST_LETTERS and statistics.median(widths) >= _FILLED * (
        right - left
    )
