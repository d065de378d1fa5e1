"""Curves side by side: in each gap between columns the lines turn one after the other, not all in its middle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

from ontology.documentation.drawing.plan import Point, Route

#: Share of a gap that one curve takes; the rest is for turning earlier or later than others.
_CURVE = 0.55

_Piece: TypeAlias = tuple[Point, Point]


def spread(routes: Sequence[Route], gaps: Sequence[float]) -> tuple[Route, ...]:
    """The routes with their curves spread.

    Args:
        routes: Their curved pieces run from one end of a gap to the other.
        gaps: An x inside each gap, by which the pieces of one gap are known.
    """
    gathered: dict[float, set[_Piece]] = defaultdict(set)
    for piece in _curves(routes):
        gathered[min(gaps, key=lambda x: abs(x - (piece[0].x + piece[1].x) / 2))].add(piece)
    turns = {piece: turn for pieces in gathered.values() for piece, turn in _turns(pieces)}
    return tuple(replace(it, strokes=tuple(tuple(_spread(run, turns)) for run in it.strokes)) for it in routes)


def _curves(routes: Iterable[Route]) -> Iterator[_Piece]:
    runs = (run for route in routes for run in route.strokes)
    return (_ordered(one, other) for run in runs for one, other in pairwise(run) if abs(one.y - other.y) >= 1)


def _ordered(one: Point, other: Point) -> _Piece:
    return min(one, other), max(one, other)


def _turns(pieces: Iterable[_Piece]) -> Iterator[tuple[_Piece, float]]:
    """When each piece of a gap turns, from 0 (early) to 1.

    Of those that go down the lowest turns first, of those that go up the highest, so that they do not cross.
    """
    down = sorted((it for it in pieces if it[1].y > it[0].y), key=lambda it: (-it[0].y, -it[1].y))
    up = sorted((it for it in pieces if it[1].y <= it[0].y), key=lambda it: (it[0].y, it[1].y))
    for group in (down, up):
        for number, piece in enumerate(group):
            yield piece, (number + 1) / (len(group) + 1)


def _spread(run: Sequence[Point], turns: dict[_Piece, float]) -> Iterator[Point]:
    yield run[0]
    for one, other in pairwise(run):
        turn = turns.get(_ordered(one, other))
        if turn is not None:
            left, right = _ordered(one, other)
            room = (right.x - left.x) * (1 - _CURVE)
            bend = (Point(left.x + room * turn, left.y), Point(right.x - room * (1 - turn), right.y))
            yield from bend if one == left else reversed(bend)
        yield other
