"""The lines of the arrows, and the arrangement as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

from ontology.documentation.drawing.columns import choose_columns
from ontology.documentation.drawing.ordering import order
from ontology.documentation.drawing.placing import place
from ontology.documentation.drawing.plan import (
    BLOCK_PADDING,
    BOX_GAP,
    Area,
    Arrangement,
    Arrow,
    Block,
    Point,
    Route,
)
from ontology.documentation.drawing.scene import Chain, End, Scene, above, build
from ontology.documentation.drawing.spreading import spread

_EDGE = 24.0
_NARROW, _WIDE, _EACH = 32.0, 150.0, 2.5
_MOST_COLUMNS = 5
_HEAD, _SPACE = 9.0, 6.0

_Ports: TypeAlias = dict[tuple[int, bool], float]


def arrange(blocks: Sequence[Block], arrows: Sequence[Arrow]) -> Arrangement:
    """The best of the arrangements with one column, two, and so on."""
    counts = range(1, min(len(blocks), _MOST_COLUMNS) + 1)
    return min((_arranged(blocks, arrows, count) for count in counts), key=_badness)


def _badness(it: Arrangement) -> float:
    """Large pictures are worse than small ones, and tall ones than wide ones."""
    return max(it.width, 1.25 * it.height)


def _arranged(blocks: Sequence[Block], arrows: Sequence[Arrow], count: int) -> Arrangement:
    home = {box.key: block.key for block in blocks for box in block.boxes}
    sizes = {block.key: 30.0 + 44.0 * len(block.boxes) for block in blocks}
    ranks = choose_columns(sizes, [(home[it.source], home[it.target]) for it in arrows], count)
    scene = build(blocks, arrows, ranks)
    order(scene)
    place(scene)
    return _Grid.of(scene).arrangement()


@dataclass(frozen=True, slots=True)
class _Grid:
    """The scene with the left and right edge of each column."""

    scene: Scene
    left: Sequence[float]
    right: Sequence[float]

    @classmethod
    def of(cls, scene: Scene) -> _Grid:
        widths = [max((item.width for item in column), default=0.0) for column in scene.columns]
        gutters = [0.0] * len(widths)
        for chain in scene.chains:
            for thread in chain.threads:
                gutters[thread.left.item.column] += 1
        gaps = [min(_WIDE, _NARROW + _EACH * count) if count else 0.0 for count in gutters]
        right = list(accumulate(width + gap for width, gap in zip(widths, [_EDGE, *gaps], strict=False)))
        return cls(scene, [it - width for it, width in zip(right, widths, strict=True)], right)

    def arrangement(self) -> Arrangement:
        blocks, boxes = self._areas()
        ports = self._ports()
        straight = [self._route(chain, number, ports) for number, chain in enumerate(self.scene.chains)]
        routes = spread(straight, [(one + other) / 2 for one, other in zip(self.right, self.left[1:], strict=False)])
        lines = (point.y for route in routes for run in route.strokes for point in run)
        areas = (*blocks.values(), *(route.label for route in routes))
        low = max((*lines, *(it.y + it.height for it in areas)))
        return Arrangement(self.right[-1] + _EDGE, low + _EDGE, blocks, boxes, routes)

    def _areas(self) -> tuple[dict[str, Area], dict[str, Area]]:
        """Where blocks and boxes stand, by key."""
        blocks, boxes = {}, {}
        for item in (it for column in self.scene.columns for it in column if it.block):
            block = item.block
            if block is None:
                continue
            x, width = self.left[item.column], self.right[item.column] - self.left[item.column]
            top = item.y - item.height / 2 + _EDGE
            blocks[block.key] = Area(x, top, width, item.height)
            inset = BLOCK_PADDING if block.title else 0.0
            y = top + above(block)
            for key in item.boxes:
                boxes[key] = Area(x + inset, y, width - 2 * inset, self.scene.box_heights[key])
                y += self.scene.box_heights[key] + BOX_GAP
        return blocks, boxes

    def _ports(self) -> _Ports:
        """How high each arrow ends: by number of its chain, at its left end or not.

        The ends at one side of a box stand in the order of what they lead to.
        """
        sides: dict[tuple[int, str, bool], list[tuple[float, int, bool]]] = defaultdict(list)
        for number, chain in enumerate(self.scene.chains):
            for end, left in ((chain.left, True), (chain.right, False)):
                thread = chain.threads[0 if left else -1]
                other = thread.right if left or chain.bracket else thread.left
                leads_to = other.item.y + self.scene.offset(other)
                sides[id(end.item), end.box, left or chain.bracket].append((leads_to, number, left))
        ports = {}
        for (_, box, _), ends in sides.items():
            gap = self.scene.box_heights[box] / (len(ends) + 1)
            for nth, (_, number, left) in enumerate(sorted(ends, key=lambda it: (it[0], it[1], not it[2])), 1):
                ports[number, left] = nth * gap - self.scene.box_heights[box] / 2
        return ports

    def _route(self, chain: Chain, number: int, ports: _Ports) -> Route:
        start = self._stub(chain.left, ports[number, True], rightwards=True)
        end = self._stub(chain.right, ports[number, False], rightwards=chain.bracket)
        label = self._label(chain)
        if chain.bracket:
            meeting = Point(label.x - _SPACE, label.y + label.height / 2)
            strokes = [(*start, meeting), (meeting, *reversed(end))]
        else:
            strokes = self._strokes(chain, label, [*start], [*reversed(end)])
        if not chain.forwards:
            strokes = [tuple(reversed(it)) for it in reversed(strokes)]
        return Route(chain.arrow, tuple(strokes), label)

    def _stub(self, end: End, port: float, *, rightwards: bool) -> tuple[Point, Point]:
        """The straight piece at the end of an arrow: on the edge of the box, and outside the block."""
        column = end.item.column
        y = end.item.y + self.scene.offset(end) + port + _EDGE
        inset = BLOCK_PADDING if end.item.block and end.item.block.title else 0.0
        if rightwards:
            return Point(self.right[column] - inset, y), Point(self.right[column] + _HEAD, y)
        return Point(self.left[column] + inset, y), Point(self.left[column] - _HEAD, y)

    def _label(self, chain: Chain) -> Area:
        """Where the text stands: in the middle of its column, that of a bracket at the left."""
        item = chain.label
        left, right = self.left[item.column], self.right[item.column]
        x = left + _SPACE if chain.bracket else (left + right - item.width) / 2
        return Area(x, item.y - item.height / 2 + _EDGE, item.width, item.height)

    def _strokes(self, chain: Chain, label: Area, start: list[Point], end: list[Point]) -> list[tuple[Point, ...]]:
        """The line through every column, broken around the label."""
        strokes, run = [], start
        for item in chain.between:
            y = item.y + _EDGE
            run.append(Point(self.left[item.column], y))
            if item is chain.label and label.width:
                strokes.append((*run, Point(label.x, y)))
                run = [Point(label.x + label.width, y)]
            run.append(Point(self.right[item.column], y))
        return [*strokes, (*run, *end)]
