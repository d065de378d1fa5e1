"""Distribution-based score fusion (Mazzeschi 2023), as Qdrant has it: the legs' scores, made comparable, add up."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from statistics import stdev
from typing import TypeVar

Id = TypeVar("Id", bound=Hashable)

#: Of a leg that tells nothing apart: one candidate, or all of one score.
_EVEN = 0.5
#: Standard deviations below and above the mean that become 0 and 1.
_REACH = 3


def fuse(legs: Iterable[Mapping[Id, float]]) -> dict[Id, float]:
    """Candidate -> sum of what each leg gives it, in no order.

    Args:
        legs: Candidate -> score, of each leg.
    """
    fused: dict[Id, float] = {}
    for leg in legs:
        for name, score in normalised(leg).items():
            fused[name] = fused.get(name, 0.0) + score
    return fused


def lifted(leg: Mapping[Id, float], among: Collection[Id]) -> dict[Id, float]:
    """What a leg adds to each of its candidates, on the same scale, where the others of `among` have nothing of it.

    It is `normalised` over all of them, moved so that nothing adds nothing.
    """
    scores = [leg.get(it, 0.0) for it in {*among, *leg}]
    spread = stdev(scores) if len(scores) > 1 else 0.0
    return {name: score / (2 * _REACH * spread) if spread else _EVEN for name, score in leg.items()}


def normalised(leg: Mapping[Id, float]) -> dict[Id, float]:
    """Scores of one leg by their own distribution: three standard deviations below the mean 0, above it 1."""
    spread = stdev(leg.values()) if len(leg) > 1 else 0.0
    if not spread:
        return dict.fromkeys(leg, _EVEN)
    lowest = sum(leg.values()) / len(leg) - _REACH * spread
    return {name: (score - lowest) / (2 * _REACH * spread) for name, score in leg.items()}
