"""Trees as they come: without circles, without parents that nobody describes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Untangled:
    """The edges of a tree, child to parent, each in one of three lists.

    Attributes:
        edges: Those that hold.
        closing: Those that would close a circle; in the order of the file the last edge of each circle.
        missing: Those whose parent is not known.
    """

    edges: tuple[tuple[str, str], ...]
    closing: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]


def untangle(parents: Mapping[str, Sequence[str]], known: Collection[str]) -> Untangled:
    """Sort out the edges of a hierarchy, in the order given.

    Args:
        parents: Parents of each child, both by name.
        known: Names that are described.
    """
    known = set(known)
    above: dict[str, list[str]] = {}
    edges, closing, missing = [], [], []
    for child, named in parents.items():
        for parent in named:
            edge = (child, parent)
            if parent not in known:
                missing.append(edge)
            elif _reaches(parent, child, above):
                closing.append(edge)
            else:
                above.setdefault(child, []).append(parent)
                edges.append(edge)
    return Untangled(tuple(edges), tuple(closing), tuple(missing))


def _reaches(start: str, goal: str, above: Mapping[str, Sequence[str]]) -> bool:
    """Whether going up from `start` leads to `goal`."""
    waiting, seen = [start], set[str]()
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            waiting += above.get(name, ())
    return False
