"""In which order things stand in their columns, so that few arrows cross: barycentres, then swaps of neighbours."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ontology.documentation.drawing.scene import End, Item, Scene, Thread

_ROUNDS = 16


def order(scene: Scene) -> None:
    """Put the items of every column, and the boxes of every block, into the best order that is found."""
    threads = [thread for chain in scene.chains for thread in chain.threads]
    sides = _sides(threads)
    best, least = _remember(scene), crossings(scene, threads)
    for turn in range(_ROUNDS):
        forwards = turn % 2 == 0
        for column in scene.columns if forwards else reversed(scene.columns):
            _sort(scene, column, sides[not forwards])
        _sort_boxes(scene, (*sides[False].items(), *sides[True].items()))
        _swap(scene, sides)
        if (found := crossings(scene, threads)) < least:
            best, least = _remember(scene), found
    _restore(scene, best)


_Sides = dict[bool, dict[int, list[tuple[End, End]]]]


def _sides(threads: Iterable[Thread]) -> _Sides:
    """For each item, by its identity, the threads on its left (False) and right (True): own end, other end."""
    sides: _Sides = {False: defaultdict(list), True: defaultdict(list)}
    for thread in threads:
        sides[True][id(thread.left.item)].append((thread.left, thread.right))
        sides[False][id(thread.right.item)].append((thread.right, thread.left))
    return sides


def _places(columns: Iterable[Sequence[Item]]) -> dict[tuple[int, str], float]:
    """Where each end stands in its column: the number of its item, and the share of its box in that."""
    places = {}
    for column in columns:
        for number, item in enumerate(column):
            places[id(item), ""] = float(number)
            for share, box in enumerate(item.boxes):
                places[id(item), box] = number + (share - (len(item.boxes) - 1) / 2) / (len(item.boxes) + 1)
    return places


def _around(scene: Scene, column: int) -> dict[tuple[int, str], float]:
    return _places(scene.columns[max(0, column - 1) : column + 2])


def _key(end: End) -> tuple[int, str]:
    return id(end.item), end.box


def _sort(scene: Scene, column: list[Item], side: dict[int, list[tuple[End, End]]]) -> None:
    """Sort a column by where the neighbours on one side stand; an item without any stays where it is."""
    if not column:
        return
    places = _around(scene, column[0].column)
    wish = {}
    for number, item in enumerate(column):
        others = [places[_key(other)] for _, other in side[id(item)]]
        wish[id(item)] = sum(others) / len(others) if others else float(number)
    column.sort(key=lambda item: wish[id(item)])


def _sort_boxes(scene: Scene, threads: Iterable[tuple[int, list[tuple[End, End]]]]) -> None:
    """Sort the boxes inside each block by where their neighbours stand."""
    places = _places(scene.columns)
    others: dict[tuple[int, str], list[float]] = defaultdict(list)
    for _, ends in threads:
        for own, other in ends:
            share = len(scene.columns[other.item.column]) or 1
            others[_key(own)].append(places[_key(other)] / share)
    for column in scene.columns:
        for item in column:
            mean = {box: _mean(others[id(item), box], 0.5) for box in item.boxes}
            item.boxes.sort(key=mean.__getitem__)


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _swap(scene: Scene, sides: _Sides) -> None:
    """Swap neighbours in a column as long as that takes crossings away."""
    for column in scene.columns:
        places = _around(scene, column[0].column) if column else {}
        for number in range(len(column) - 1):
            one, other = column[number], column[number + 1]
            if _between(one, other, sides, places) > _between(other, one, sides, places):
                column[number], column[number + 1] = other, one


def _between(upper: Item, lower: Item, sides: _Sides, places: dict[tuple[int, str], float]) -> int:
    """Crossings between the threads of two neighbours when the one stands above the other."""
    found = 0
    for side in sides.values():
        above = sorted(places[_key(other)] for _, other in side[id(upper)])
        below = [places[_key(other)] for _, other in side[id(lower)]]
        found += sum(len(above) - bisect_right(above, it) for it in below)
    return found


def crossings(scene: Scene, threads: Iterable[Thread]) -> int:
    """How many pairs of threads cross."""
    places = _places(scene.columns)
    gutters: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for it in threads:
        gutters[it.left.item.column].append((places[_key(it.left)], places[_key(it.right)]))
    return sum(_inversions(sorted(ends)) for ends in gutters.values())


def _inversions(ends: Iterable[tuple[float, float]]) -> int:
    found, seen = 0, list[float]()
    for _, right in ends:
        found += len(seen) - bisect_right(seen, right)
        insort(seen, right)
    return found


_Memory = list[list[tuple[Item, list[str]]]]


def _remember(scene: Scene) -> _Memory:
    return [[(item, list(item.boxes)) for item in column] for column in scene.columns]


def _restore(scene: Scene, memory: _Memory) -> None:
    for number, column in enumerate(memory):
        scene.columns[number] = [item for item, _ in column]
        for item, boxes in column:
            item.boxes[:] = boxes
