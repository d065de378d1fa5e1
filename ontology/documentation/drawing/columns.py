"""Which block stands in which column: arrows short, most of them forwards, and no column much taller than the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ontology.documentation.drawing.plan import LINE_HEIGHT

#: What one arrow costs within a column, forwards for each column it spans, and backwards on top of that.
_BRACKET, _STEP, _BACKWARDS = 1.4, 1.0, 0.6
_UNEVEN = 6.0


def choose_columns(heights: Mapping[str, float], arrows: Sequence[tuple[str, str]], count: int) -> dict[str, int]:
    """The column of each block, from 0.

    A hill climb from the order of the blocks: one block moves, or two change places, as long as that is better.

    Args:
        heights: Of each block, by key.
        arrows: Source and target block of each arrow.
        count: How many columns there may be.
    """
    keys = list(heights)
    best = {key: position * count // len(keys) for position, key in enumerate(keys)}
    least = _cost(best, heights, arrows, count)
    improved = True
    while improved:
        improved = False
        for tried in _neighbours(best, count):
            if (cost := _cost(tried, heights, arrows, count)) < least - 1e-9:
                best, least, improved = tried, cost, True
                break
    return best


def _neighbours(columns: Mapping[str, int], count: int) -> Iterator[dict[str, int]]:
    for key, column in columns.items():
        yield from ({**columns, key: other} for other in range(count) if other != column)
    keys = list(columns)
    for position, one in enumerate(keys):
        for other in keys[position + 1 :]:
            if columns[one] != columns[other]:
                yield {**columns, one: columns[other], other: columns[one]}


def _cost(
    columns: Mapping[str, int], heights: Mapping[str, float], arrows: Sequence[tuple[str, str]], count: int
) -> float:
    tall = [0.0] * count
    for key, column in columns.items():
        tall[column] += heights[key]
    length = 0.0
    for source, target in arrows:
        span = columns[target] - columns[source]
        length += _BRACKET if span == 0 else abs(span) ** 1.5 * _STEP + (_BACKWARDS if span < 0 else 0.0)
        for between in range(min(columns[source], columns[target]) + 1, max(columns[source], columns[target])):
            tall[between] += LINE_HEIGHT
    mean = sum(tall) / count
    return length + _UNEVEN * sum((it / mean - 1) ** 2 for it in tall)
