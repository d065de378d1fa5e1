"""Trees as they come: without circles, whatever their order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def reached(start: Iterable[T], onward: Callable[[T], Iterable[T]]) -> Iterator[T]:
    """Everything that some things lead to, each once; they themselves come first.

    Args:
        start: Where to begin.
        onward: Where a thing leads.
    """
    waiting = list(dict.fromkeys(start))
    seen = set(waiting)
    for thing in waiting:  # which grows on the way
        yield thing
        new = [it for it in dict.fromkeys(onward(thing)) if it not in seen]
        seen.update(new)
        waiting += new


def closing(edges: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The edges of a hierarchy, child and parent, that would close a circle: in their order the last one of each.

    An edge closes one where its parent stands below its child. The way up from the parent and the way down from the
    child are walked side by side, until the shorter one ends; so neither a long chain nor a broad tree takes long.
    """
    above: dict[str, list[str]] = defaultdict(list)
    below: dict[str, list[str]] = defaultdict(list)
    found = set()
    for child, parent in dict.fromkeys(edges):
        ways = reached([parent], lambda it: above.get(it, ())), reached([child], lambda it: below.get(it, ()))
        if any(up == child or down == parent for up, down in zip(*ways, strict=False)):
            found.add((child, parent))
        else:
            above[child].append(parent)
            below[parent].append(child)
    return found
