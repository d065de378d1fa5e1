"""Why a tool is, or is not, recommended for a role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ontology.kinds import Iri, Kind
from ontology.model import Link
from ontology.namespaces import KS
from search.addressing import find
from search.because import Because
from search.explain import facet, importance, sentence
from search.naming import Named, name
from search.paths import score
from search.recommend import Ranking, Recommender
from search.toolfilter import EVERY_TOOL, ToolFilter
from search.toolgraph import Requirement

#: Missing statements that are named, most important competency first.
_MISSING = 3
#: The graph of a statement that nobody makes yet.
NOWHERE = Iri("")


@dataclass(frozen=True, slots=True)
class Why:
    """The account of one tool for one role.

    Attributes:
        recommended: It is in the list, however far down.
        place: Its place in the list, from 1; None where it is not in it.
        score: The sum of what its paths contribute; 0 without any.
        because: Its reasons, also where a filter keeps it out.
        against: Why it is not recommended, one sentence each; empty where it is.
        missing: Statements that would make it recommended, their graph empty: nobody makes them yet.
    """

    role: Named
    tool: Named
    recommended: bool
    place: int | None
    score: float
    because: tuple[Because, ...]
    against: tuple[str, ...]
    missing: tuple[Link, ...]


def why(
    recommender: Recommender,
    role: str,
    tool: str,
    where: ToolFilter = EVERY_TOOL,
    *,
    lang: str = "en",
) -> Why:
    """Why a tool is recommended for a role, or why not: the filter that refuses it, or the edge that is missing.

    Raises:
        UnknownEntity: there is no such role or tool; names the nearest.
        InvalidParameter: a value outside its range, or a subject that there is not.
    """
    ranking = recommender.rank(role, where)
    iri = find(recommender.labels(), recommender.base, Kind.TOOL, tool)
    paths = ranking.paths.get(iri, ())
    return Why(
        role=name(recommender.labels(), ranking.role, lang, _statuses(recommender, ranking.role)),
        tool=name(recommender.labels(), iri, lang, _statuses(recommender, iri)),
        recommended=iri in ranking.order,
        place=ranking.order.index(iri) + 1 if iri in ranking.order else None,
        score=score(paths),
        because=recommender.reasons(paths, lang),
        against=tuple(_against(recommender, ranking, iri, where, lang)),
        missing=tuple(Link(iri, Iri(str(KS.develops)), it.competency, NOWHERE) for it in _missing(ranking, iri)),
    )


def _missing(ranking: Ranking, tool: Iri) -> tuple[Requirement, ...]:
    """What the role requires most and the tool, which no path leads to, might develop."""
    return () if tool in ranking.paths else ranking.requirements[:_MISSING]


def _against(recommender: Recommender, ranking: Ranking, tool: Iri, where: ToolFilter, lang: str) -> Iterator[str]:
    labels = recommender.labels()
    names = {"role": name(labels, ranking.role, lang).label, "tool": name(labels, tool, lang).label}
    if not ranking.requirements:
        yield sentence("needs_nothing", lang, **names)
    for it in _missing(ranking, tool):
        competency = name(labels, it.competency, lang).label
        yield sentence("missing", lang, competency=competency, importance=importance(it.importance, lang), **names)
    entity = recommender.toolgraph.tools.get(tool)
    for refusal in recommender.resolve(where).refusals(entity) if entity else ():
        yield sentence("filtered", lang, facet=facet(refusal, getattr(where, refusal), lang), **names)


def _statuses(recommender: Recommender, iri: Iri) -> tuple[str, ...]:
    entity = recommender.toolgraph.roles.get(iri) or recommender.toolgraph.tools.get(iri)
    return entity.statuses if entity else ()
