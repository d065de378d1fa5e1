"""Measures of a ranking against judgements, pure.

nDCG with exponential gain (Burges et al. 2005), as trec_eval's variant for graded judgements; for binary judgements it
equals that of Järvelin & Kekäläinen (2002).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from math import log2


def ndcg(ranking: Sequence[str], judged: Mapping[str, float], depth: int) -> float:
    """Normalised discounted cumulative gain of the first `depth` places, 0 to 1; 0 where nothing is relevant.

    Args:
        ranking: Ids, best first.
        judged: Id -> grade; what is not in it counts as 0.
        depth: How many places count.
    """
    ideal = _dcg(sorted(judged.values(), reverse=True)[:depth])
    return _dcg([judged.get(it, 0.0) for it in ranking[:depth]]) / ideal if ideal else 0.0


def recall(ranking: Sequence[str], judged: Mapping[str, float], depth: int) -> float:
    """The share of the relevant ids (grade above 0) in the first `depth` places; 0 where nothing is relevant."""
    relevant = {it for it, grade in judged.items() if grade > 0}
    return len(relevant & set(ranking[:depth])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], relevant: Set[str], depth: int) -> float:
    """One divided by the place, from 1, of the first relevant id in the first `depth` places; 0 where none is there.

    Its mean over queries is the mean reciprocal rank (Voorhees 1999).
    """
    return next((1 / place for place, it in enumerate(ranking[:depth], 1) if it in relevant), 0.0)


def overlap(one: Sequence[str], other: Sequence[str], depth: int) -> float:
    """The share of the first `depth` places that two rankings have in common, in whichever order; each id once."""
    return len({*one[:depth]} & {*other[:depth]}) / depth


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def _dcg(grades: Sequence[float]) -> float:
    return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades))
