"""From relevance to a list that serves the whole role. Pure.

Greedy maximisation of relevance plus coverage of the role's competencies, as xQuAD does for aspects of a query (Santos,
Macdonald & Ounis 2010). Coverage is monotone submodular, so that greedy choice reaches at least 1 - 1/e of the best
(Nemhauser, Wolsey & Fisher 1978). The two constants were set before anything was measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from math import prod

from ontology.kinds import Iri

#: Share of coverage against relevance.
COVERAGE = 0.5
#: How far one tool satisfies the need for a competency it develops.
SATISFACTION = 0.7
#: How much research evidence may lower a tool: at most by a quarter of .6. It never removes one.
EVIDENCE = 0.25


def evidence_prior(research_grade: int | None) -> float:
    """The factor of relevance for a research grade of 0 to 4; .85 to 1. None counts as 0."""
    return 1 - EVIDENCE + EVIDENCE * (0.4 + 0.6 * (research_grade or 0) / 4)


def diversify(
    relevance: Mapping[Iri, float], develops: Mapping[Iri, Set[Iri]], needs: Mapping[Iri, float]
) -> list[Iri]:
    """The tools in the order in which each adds most to those before it; ties fall by relevance, then address.

    Args:
        relevance: Tool -> 0 to 1.
        develops: Tool -> competencies.
        needs: Competency -> its weight for the role.
    """
    open_needs = dict(needs)  # what of each need the chosen tools leave open
    total = sum(needs.values()) or 1.0
    remaining = dict(sorted(relevance.items()))
    chosen: list[Iri] = []
    while remaining:
        gains = {tool: _gain(score, develops.get(tool, set()), open_needs, total) for tool, score in remaining.items()}
        best = max(remaining, key=lambda it: (gains[it], remaining[it]))
        chosen.append(best)
        del remaining[best]
        for it in develops.get(best, set()) & open_needs.keys():
            open_needs[it] *= 1 - SATISFACTION
    return chosen


def coverage(chosen: list[Iri], develops: Mapping[Iri, Set[Iri]], needs: Mapping[Iri, float]) -> float:
    """The share of a role's weighted needs that these tools satisfy, 0 to 1."""
    open_share = {need: prod((1 - SATISFACTION) for it in chosen if need in develops.get(it, set())) for need in needs}
    total = sum(needs.values())
    return sum(weight * (1 - open_share[need]) for need, weight in needs.items()) / total if total else 0.0


def _gain(relevance: float, develops: Set[Iri], open_needs: Mapping[Iri, float], total: float) -> float:
    added = sum(open_needs[it] for it in develops & open_needs.keys()) * SATISFACTION / total
    return (1 - COVERAGE) * relevance + COVERAGE * added
