"""Paths from a role to its tools, each with what it contributes. Pure.

A contribution is a degree-weighted path count (Himmelstein & Baranzini 2015): the product of the weights of a path's
edges and of the degree of each node between, damped. A competency that every tool develops says little of each of
them, and a tool that develops everything little of each competency.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ontology.kinds import Iri
from ontology.model import Link
from search.toolgraph import Requirement, ToolGraph

#: Exponent of the degrees; .3 to .4 did best where there was something to tune on.
DAMPING = 0.35
#: What one step up or down the tree of competencies leaves of a path.
ONE_HOP = 0.5

#: Decimal places of a contribution; what is shown adds up exactly.
DIGITS = 6


class Metapath(StrEnum):
    """The shapes of path. The name is that of its sentence."""

    REQUIRES = "requires"
    BROADER = "broader"
    NARROWER = "narrower"
    STANDARD = "standard"


@dataclass(frozen=True, slots=True)
class Path:
    """One way from a role to a tool.

    Attributes:
        links: The statements it walks over, from the role on.
        competency: What the role needs, by this path.
        importance: Of that competency to the role, 1-5; None where it is not judged.
        contribution: Greater than 0.
    """

    metapath: Metapath
    links: tuple[Link, ...]
    competency: Iri
    importance: int | None
    contribution: float

    @property
    def tool(self) -> Iri:
        """Where it ends; the last statement is the tool's own."""
        return self.links[-1].subject


def paths_from(graph: ToolGraph, role: Iri) -> Mapping[Iri, tuple[Path, ...]]:
    """Tool -> its paths from a role, greatest contribution first."""
    found: defaultdict[Iri, list[Path]] = defaultdict(list)
    for path in _paths(graph, role):
        found[path.tool].append(path)
    return {tool: tuple(sorted(own, key=_order)) for tool, own in found.items()}


def score(paths: Iterable[Path]) -> float:
    """What paths contribute together."""
    return round(sum((it.contribution for it in paths), 0.0), DIGITS)


def _paths(graph: ToolGraph, role: Iri) -> Iterator[Path]:
    for required in graph.requirements.get(role, ()):
        yield from _to_tools(graph, Metapath.REQUIRES, (required.link,), required, required.weight)
        yield from _over_the_tree(graph, required)
    weighed = {it.competency: it for it in graph.requirements.get(role, ())}
    standards = graph.standards.get(role, ())
    for holding, evidence in standards:
        weight = _damped(sum(it.object == holding.object for it, _ in standards))
        required = weighed.get(evidence.object) or Requirement(evidence, 1.0, None)
        yield from _to_tools(graph, Metapath.STANDARD, (holding, evidence), required, weight)


def _over_the_tree(graph: ToolGraph, required: Requirement) -> Iterator[Path]:
    for up in graph.broader.get(required.competency, ()):
        weight = required.weight * ONE_HOP * _damped(len(graph.narrower[up.object]))
        yield from _to_tools(graph, Metapath.BROADER, (required.link, up), required, weight)
    for down in graph.narrower.get(required.competency, ()):
        weight = required.weight * ONE_HOP * _damped(len(graph.narrower[required.competency]))
        yield from _to_tools(graph, Metapath.NARROWER, (required.link, down), required, weight)


def _to_tools(
    graph: ToolGraph, metapath: Metapath, links: tuple[Link, ...], required: Requirement, weight: float
) -> Iterator[Path]:
    """The paths so far, each with the last step to a tool that develops the competency they have come to."""
    reached = links[-1].subject if metapath is Metapath.NARROWER else links[-1].object
    tools = graph.developed_by.get(reached, ())
    for last in tools:
        contribution = weight * _damped(len(tools)) * _damped(len(graph.develops[last.subject]))
        yield Path(metapath, (*links, last), required.competency, required.importance, contribution)


def _damped(degree: int) -> float:
    return float(degree**-DAMPING)


def _order(path: Path) -> tuple[float, str, tuple[str, ...]]:
    return (-path.contribution, path.metapath, tuple(it.object for it in path.links))
