"""How high things stand: each as near to its neighbours as the order and the sizes in its column allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ontology.documentation.drawing.scene import End, Item, Scene

_ROUNDS = 40
#: How much a straight line matters: between two bends, at a label, at a box.
_BEND, _LABEL, _BOX = 4.0, 2.0, 1.0


def place(scene: Scene) -> None:
    """Give every item its y; the uppermost edge is at 0."""
    others: dict[int, list[tuple[End, End, float]]] = defaultdict(list)
    for chain in scene.chains:
        for thread in chain.threads:
            weight = _weight(thread.left.item, thread.right.item)
            others[id(thread.left.item)].append((thread.left, thread.right, weight))
            others[id(thread.right.item)].append((thread.right, thread.left, weight))
    for column in scene.columns:
        _stack(column)
    for turn in range(_ROUNDS):
        for column in scene.columns if turn % 2 == 0 else reversed(scene.columns):
            _settle(scene, column, others)
    top = min(item.y - item.height / 2 for column in scene.columns for item in column)
    for column in scene.columns:
        for item in column:
            item.y -= top


def _weight(one: Item, other: Item) -> float:
    if one.block or other.block:
        return _BOX
    return _BEND if one.width == other.width == 0 else _LABEL


def _apart(upper: Item, lower: Item) -> float:
    """How far the middles of two neighbours must be from each other."""
    return (upper.height + lower.height) / 2 + max(upper.margin, lower.margin)


def _stack(column: Sequence[Item]) -> None:
    """Put the items of a column below each other, around 0."""
    y = 0.0
    for number, item in enumerate(column):
        y += _apart(column[number - 1], item) if number else 0.0
        item.y = y
    for item in column:
        item.y -= y / 2


def _settle(scene: Scene, column: Sequence[Item], others: dict[int, list[tuple[End, End, float]]]) -> None:
    """Move the items of a column to where their neighbours want them, as near as their order allows.

    The places that are nearest in the sense of least squares, by pooling adjacent violators.
    """
    pools: list[tuple[float, float, int]] = []  # wished place of the first item, weight, how many items
    shift, shifts = 0.0, list[float]()
    for number, item in enumerate(column):
        shift += _apart(column[number - 1], item) if number else 0.0
        shifts.append(shift)
        wish, weight = _wish(scene, item, others[id(item)])
        pools.append((wish - shift, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, w1, n1), (two, w2, n2) = pools[-2:]
            pools[-2:] = [((one * w1 + two * w2) / (w1 + w2), w1 + w2, n1 + n2)]
    places = [start for start, _, count in pools for _ in range(count)]
    for item, start, moved in zip(column, places, shifts, strict=True):
        item.y = start + moved


def _wish(scene: Scene, item: Item, others: Sequence[tuple[End, End, float]]) -> tuple[float, float]:
    """Where an item would like to stand, and how much."""
    total = sum(weight for _, _, weight in others)
    if not total:
        return item.y, 0.01
    wished = (weight * (it.item.y + scene.offset(it) - scene.offset(own)) for own, it, weight in others)
    return sum(wished) / total, total
