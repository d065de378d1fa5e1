"""The picture as a chain of columns: blocks stand in the even ones, labels in the odd ones, arrows pass through both.

This is the layered drawing of Sugiyama, Tagawa and Toda (1981), with room for a label on every arrow. What an arrow
meets on its way is an item of the column, with a place of its own; so no line runs through a box or a text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ontology.documentation.drawing.lettering import TITLE_SIZE, width_of
from ontology.documentation.drawing.plan import (
    BLOCK_PADDING,
    BLOCK_TITLE,
    BOX_GAP,
    BOX_HEIGHT,
    LINE_HEIGHT,
    PORT_GAP,
    SUBTITLE_HEIGHT,
    Arrow,
    Block,
    Box,
)

_BLOCK_MARGIN, _LABEL_MARGIN = 26.0, 7.0


@dataclass(eq=False, slots=True)
class Item:
    """Something that stands in a column: a block, the label of an arrow, or the bend of one that passes.

    Attributes:
        y: Its middle.
        boxes: Keys of the boxes of a block, from above.
    """

    column: int
    width: float
    height: float
    margin: float
    block: Block | None = None
    boxes: list[str] = field(default_factory=list)
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class End:
    """Where a thread meets an item: at one of its boxes, or at the item itself."""

    item: Item
    box: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """The piece of an arrow between two neighbouring columns."""

    left: End
    right: End


@dataclass(frozen=True, slots=True)
class Chain:
    """A whole arrow: its items between the two ends, from left to right.

    Attributes:
        bracket: True when both ends stand in one column; the label is then to the right of both.
        forwards: True when the source is the left end.
    """

    arrow: Arrow
    left: End
    right: End
    between: tuple[Item, ...]
    label: Item
    bracket: bool
    forwards: bool

    @property
    def threads(self) -> tuple[Thread, ...]:
        """Its pieces."""
        if self.bracket:
            return Thread(self.left, End(self.label)), Thread(self.right, End(self.label))
        ends = [self.left, *map(End, self.between), self.right]
        return tuple(Thread(one, other) for one, other in pairwise(ends))


@dataclass(slots=True)
class Scene:
    """Everything that is to be placed.

    Attributes:
        columns: Items of each column, from above.
        box_heights: Height of each box by its key.
    """

    columns: list[list[Item]]
    chains: list[Chain]
    box_heights: Mapping[str, float]

    def offset(self, end: End) -> float:
        """How far below the middle of its item an end is."""
        if not end.box or end.item.block is None:
            return 0.0
        top = -end.item.height / 2 + above(end.item.block)
        for key in end.item.boxes:
            if key == end.box:
                return top + self.box_heights[key] / 2
            top += self.box_heights[key] + BOX_GAP
        raise KeyError(end.box)


def above(block: Block) -> float:
    """Room inside a block above its first box."""
    return BLOCK_TITLE if block.title else 0.0


def box_width(box: Box) -> float:
    """Width that the texts of a box need."""
    return max(width_of(box.title, TITLE_SIZE, bold=True), *map(width_of, box.subtitle), 0.0) + 28


def build(blocks: Sequence[Block], arrows: Sequence[Arrow], ranks: Mapping[str, int]) -> Scene:
    """The scene in which each block stands in the column that `ranks` gives it."""
    home = {box.key: block for block in blocks for box in block.boxes}
    heights = _box_heights(blocks, arrows, {key: ranks[block.key] for key, block in home.items()})
    columns: list[list[Item]] = [[] for _ in range(2 * max(ranks.values()) + 2)]
    items = {}
    for block in blocks:
        items[block.key] = item = _block_item(block, 2 * ranks[block.key], heights)
        columns[item.column].append(item)
    chains = [_chain(it, End(items[home[it.source].key], it.source), End(items[home[it.target].key], it.target))
              for it in arrows]  # fmt: skip
    for chain in chains:
        for item in dict.fromkeys((*chain.between, chain.label)):
            columns[item.column].append(item)
    return Scene(columns, chains, heights)


def _box_heights(blocks: Sequence[Block], arrows: Sequence[Arrow], rank: Mapping[str, int]) -> dict[str, float]:
    """A box is tall enough for its text and for the arrows that end at either of its sides."""
    ends: dict[tuple[str, bool], int] = defaultdict(int)
    for it in arrows:
        ends[it.source, rank[it.source] <= rank[it.target]] += 1
        ends[it.target, rank[it.target] <= rank[it.source]] += 1
    return {
        box.key: max(
            BOX_HEIGHT + SUBTITLE_HEIGHT * len(box.subtitle),
            PORT_GAP * (1 + max(ends[box.key, True], ends[box.key, False])),
        )
        for block in blocks
        for box in block.boxes
    }


def _block_item(block: Block, column: int, heights: Mapping[str, float]) -> Item:
    boxes = [it.key for it in block.boxes]
    inside = sum(heights[key] for key in boxes) + BOX_GAP * (len(boxes) - 1)
    width = max(map(box_width, block.boxes))
    if block.title:
        width = max(width, width_of(block.title, TITLE_SIZE, bold=True)) + 2 * BLOCK_PADDING
        inside += BLOCK_PADDING
    return Item(column, width, above(block) + inside, _BLOCK_MARGIN, block, boxes)


def _chain(arrow: Arrow, source: End, target: End) -> Chain:
    forwards = source.item.column <= target.item.column
    left, right = (source, target) if forwards else (target, source)
    first, last = left.item.column + 1, right.item.column - 1
    width = max(map(width_of, arrow.label)) + 8
    label = Item(first if forwards else last, width, LINE_HEIGHT * len(arrow.label), _LABEL_MARGIN)
    if last < first:
        label.column = first
        return Chain(arrow, left, right, (), label, bracket=True, forwards=True)
    between = tuple(
        label if column == label.column else Item(column, 0.0, 2.0, _LABEL_MARGIN) for column in range(first, last + 1)
    )
    return Chain(arrow, left, right, between, label, bracket=False, forwards=forwards)
