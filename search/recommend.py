"""Tools for a role: what is recommended, why, what is not, and what no tool covers.

The score of a tool is the sum of what its paths contribute, so that the explanation is the ranking's own arithmetic.
The order of the list is that of `search.diversify`: a lower score may stand higher when it covers a need still open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from graph.store import GraphStore
from language.labels import LabelIndex
from ontology.kinds import Iri, Kind
from ontology.model import Link
from search.addressing import find, find_subject
from search.answers import MOST_HITS, check_range
from search.because import Because, because
from search.diversify import diversify, evidence_prior
from search.naming import Named, name
from search.paths import DIGITS, Path, paths_from, score
from search.toolfilter import EVERY_TOOL, ToolFilter
from search.toolgraph import Requirement, ToolGraph, read_toolgraph

#: Reasons shown for a tool; what the other paths contribute is given as one number.
_REASONS = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """Grades of 0-4, from research and from the field, never merged; None: not graded."""

    research: int | None
    field: int | None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A tool for a role.

    Attributes:
        score: 0 to 1, the sum of the contributions in `because` and of `further`.
        because: The strongest reasons, greatest contribution first.
        further: What all other paths contribute together.
        covers: Competencies that the role requires and the tool develops.
    """

    tool: Named
    score: float
    because: tuple[Because, ...]
    further: float
    evidence: Evidence
    covers: tuple[Iri, ...]


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A competency that the role requires and that no tool within the filter develops."""

    competency: Named
    importance: int | None


@dataclass(frozen=True, slots=True)
class Recommendations:
    """The tools for a role, in the order to show them."""

    role: Named
    recommendations: tuple[Recommendation, ...]
    uncovered: tuple[Uncovered, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """All that is known of the tools for one role within one filter, before anything is put into words.

    Attributes:
        paths: Tool -> its paths, with their contributions to the score; also of tools that the filter refuses.
        order: Tools that pass the filter, best first.
    """

    role: Iri
    requirements: tuple[Requirement, ...]
    paths: Mapping[Iri, tuple[Path, ...]]
    order: tuple[Iri, ...]


class Recommender:
    """Recommendation over a copy of the statements it walks, read from the graph on `refresh`.

    Args:
        graph: The statements.
        labels: Gives the names of all entities, as they are now.
        base: What addresses of entities begin with.
    """

    def __init__(self, graph: GraphStore, labels: Callable[[], LabelIndex], base: str) -> None:
        self.labels = labels
        self.base = base
        self._graph = graph
        self.toolgraph = ToolGraph()
        self.refresh()

    def refresh(self) -> None:
        """Read the statements again. To be called after each change of the graph."""
        self.toolgraph = read_toolgraph(self._graph)

    def tools_for(
        self,
        role: str,
        where: ToolFilter = EVERY_TOOL,
        *,
        lang: str = "en",
        limit: int = 10,
    ) -> Recommendations:
        """The tools for a role.

        Args:
            role: Slug, address or name.
            where: What tools must satisfy.
            lang: Language of names and sentences.
            limit: How many tools, 1-100.

        Raises:
            UnknownEntity: there is no such role; names the nearest.
            InvalidParameter: a value outside its range, or a subject that there is not.
        """
        check_range("limit", limit, 1, MOST_HITS)
        ranking = self.rank(role, where)
        covered = {
            it.object for tool in self._passing(self.resolve(where)) for it in self.toolgraph.develops.get(tool, ())
        }
        return Recommendations(
            role=name(self.labels(), ranking.role, lang, self._statuses(ranking.role)),
            recommendations=tuple(self._recommendation(it, ranking, lang) for it in ranking.order[:limit]),
            uncovered=tuple(
                Uncovered(name(self.labels(), it.competency, lang), it.importance)
                for it in ranking.requirements
                if it.competency not in covered
            ),
        )

    def rank(self, role: str, where: ToolFilter) -> Ranking:
        """Score every tool and order those within the filter; raises what `tools_for` does."""
        where.check()
        known = self.toolgraph
        iri = find(self.labels(), self.base, Kind.ROLE, role)
        requirements = known.requirements.get(iri, ())
        paths = self._scored(paths_from(known, iri))
        relevance = {it: score(paths[it]) for it in self._passing(self.resolve(where)) if it in paths}
        develops = {it: {link.object for link in known.develops[it]} for it in relevance}
        order = diversify(relevance, develops, {it.competency: it.weight for it in requirements})
        return Ranking(iri, requirements, paths, tuple(order))

    def resolve(self, where: ToolFilter) -> ToolFilter:
        """The filter with its subject as an address."""
        if where.subject is None:
            return where
        return replace(where, subject=find_subject(self.labels(), self.base, where.subject))

    def _passing(self, where: ToolFilter) -> list[Iri]:
        return [iri for iri, tool in self.toolgraph.tools.items() if not any(where.refusals(tool))]

    def _scored(self, paths: Mapping[Iri, tuple[Path, ...]]) -> Mapping[Iri, tuple[Path, ...]]:
        """Paths with their contributions to a score of 0 to 1: the tool of greatest relevance would have 1.

        The scale is that of all tools, so that a tool has one score for a role, whatever the filter.
        """
        greatest = max((sum(it.contribution for it in own) for own in paths.values()), default=1.0)
        grades = {tool: self.toolgraph.tools[tool].research_grade for tool in paths}
        return {tool: _scaled(own, evidence_prior(grades[tool]) / greatest) for tool, own in paths.items()}

    def _recommendation(self, tool: Iri, ranking: Ranking, lang: str) -> Recommendation:
        known, paths = self.toolgraph, ranking.paths[tool]
        entity = known.tools[tool]
        required = {it.competency for it in ranking.requirements}
        return Recommendation(
            tool=name(self.labels(), tool, lang, entity.statuses),
            score=score(paths),
            because=self.reasons(paths, lang),
            further=score(paths[_REASONS:]),
            evidence=Evidence(entity.research_grade, entity.field_grade),
            covers=tuple(it.object for it in known.develops[tool] if it.object in required),
        )

    def reasons(self, paths: Iterable[Path], lang: str) -> tuple[Because, ...]:
        """The strongest paths in words."""
        strongest = list(paths)[:_REASONS]
        sources: tuple[Link, ...] = self.toolgraph.sources.get(strongest[0].tool, ()) if strongest else ()
        return because(strongest, sources, self.labels(), lang)

    def _statuses(self, role: Iri) -> tuple[str, ...]:
        entity = self.toolgraph.roles.get(role)
        return entity.statuses if entity else ()


def _scaled(paths: tuple[Path, ...], factor: float) -> tuple[Path, ...]:
    """Rounded one by one, so that what is shown adds up."""
    return tuple(replace(it, contribution=round(it.contribution * factor, DIGITS)) for it in paths)
