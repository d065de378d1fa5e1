"""The part of the graph that recommendation walks: roles, competencies, standards, tools and sources, in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import pyoxigraph as ox

from graph.store import GraphStore, Row
from ontology.kinds import Iri
from ontology.model import Entity, Link
from ontology.namespaces import KS, RDF, SKOS
from search.entities import read_entities

#: Importance of a requirement that nobody has weighed: 3 of 5.
_UNWEIGHED = 0.6

_Links: TypeAlias = Mapping[Iri, tuple[Link, ...]]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A competency that a role requires.

    Attributes:
        weight: 0 to 1.
        importance: 1 to 5, as it was judged; None where nobody has.
    """

    link: Link
    weight: float
    importance: int | None

    @property
    def competency(self) -> Iri:
        """What is required."""
        return self.link.object


@dataclass(frozen=True, slots=True)
class ToolGraph:
    """Statements by the entity at one of their ends, each with the named graph that makes it.

    Attributes:
        requirements: Role -> what it requires, most important first.
        standards: Role -> pairs of links role-standard and standard-competency.
        developed_by: Competency -> links from the tools that develop it.
        develops: Tool -> links to the competencies it develops.
        narrower: Competency -> links from the competencies that are part of it.
        broader: Competency -> links to those it is part of.
        sources: Tool -> links to what supports it.
        roles: The roles themselves.
        tools: The tools themselves.
    """

    requirements: Mapping[Iri, tuple[Requirement, ...]] = field(default_factory=dict)
    standards: Mapping[Iri, tuple[tuple[Link, Link], ...]] = field(default_factory=dict)
    developed_by: _Links = field(default_factory=dict)
    develops: _Links = field(default_factory=dict)
    narrower: _Links = field(default_factory=dict)
    broader: _Links = field(default_factory=dict)
    sources: _Links = field(default_factory=dict)
    roles: Mapping[Iri, Entity] = field(default_factory=dict)
    tools: Mapping[Iri, Entity] = field(default_factory=dict)


def read_toolgraph(graph: GraphStore) -> ToolGraph:
    """Read it whole."""
    develops = _links(graph.select("tool-competencies"), "tool", str(KS.develops), "competency")
    tree = _links(graph.select("competency-tree"), "competency", str(SKOS.broader), "broader")
    sources = _links(graph.select("tool-sources"), "tool", str(KS.supportedBy), "source")
    return ToolGraph(
        requirements=_requirements(graph.select("role-requirements")),
        standards=_standards(graph.select("role-standards")),
        developed_by=_by_object(develops),
        develops=_by_subject(develops),
        narrower=_by_object(tree),
        broader=_by_subject(tree),
        sources=_by_subject(sources),
        roles=_entities(graph, KS.Role),
        tools=_entities(graph, KS.Tool),
    )


def _entities(graph: GraphStore, kind: str) -> Mapping[Iri, Entity]:
    statements = graph.quads(predicate=ox.NamedNode(RDF.type), object=ox.NamedNode(kind))
    iris = {Iri(it.subject.value) for it in statements if isinstance(it.subject, ox.NamedNode)}
    return {it.iri: it for it in read_entities(graph, iris)}


def _requirements(rows: list[Row]) -> Mapping[Iri, tuple[Requirement, ...]]:
    found: dict[tuple[Iri, Iri], Requirement] = {}
    for row in sorted(rows, key=lambda it: it["graph"].value):
        link = _link(row, "role", str(KS.requires), "competency")
        weight = float(row["weight"].value) if "weight" in row else _UNWEIGHED
        importance = int(row["importance"].value) if "importance" in row else None
        known = found.get((link.subject, link.object))
        if known is None or weight > known.weight:
            found[link.subject, link.object] = Requirement(known.link if known else link, weight, importance)
    by_role: defaultdict[Iri, list[Requirement]] = defaultdict(list)
    for it in sorted(found.values(), key=lambda it: (-it.weight, it.competency)):
        by_role[it.link.subject].append(it)
    return {role: tuple(own) for role, own in by_role.items()}


def _standards(rows: list[Row]) -> Mapping[Iri, tuple[tuple[Link, Link], ...]]:
    pairs = {
        (holding.subject, holding.object, evidence.object): (holding, evidence)
        for row in sorted(rows, key=lambda it: (it["graph"].value, it["evidencing"].value), reverse=True)
        for holding in [_link(row, "role", str(KS.hasStandard), "standard")]
        for evidence in [_link(row, "standard", str(KS.evidences), "competency", "evidencing")]
    }
    by_role: defaultdict[Iri, list[tuple[Link, Link]]] = defaultdict(list)
    for (role, _, _), pair in sorted(pairs.items()):
        by_role[role].append(pair)
    return {role: tuple(own) for role, own in by_role.items()}


def _links(rows: list[Row], subject: str, predicate: str, object: str) -> list[Link]:
    """One link for each statement, from the first graph in order that makes it."""
    found = [_link(row, subject, predicate, object) for row in rows]
    first = {(it.subject, it.object): it for it in sorted(found, key=lambda it: it.graph, reverse=True)}
    return [first[it] for it in sorted(first)]


def _link(row: Row, subject: str, predicate: str, object: str, graph: str = "graph") -> Link:
    return Link(Iri(row[subject].value), Iri(predicate), Iri(row[object].value), Iri(row[graph].value))


def _by_subject(links: Iterable[Link]) -> _Links:
    found: defaultdict[Iri, list[Link]] = defaultdict(list)
    for it in links:
        found[it.subject].append(it)
    return {iri: tuple(own) for iri, own in found.items()}


def _by_object(links: Iterable[Link]) -> _Links:
    found: defaultdict[Iri, list[Link]] = defaultdict(list)
    for it in links:
        found[it.object].append(it)
    return {iri: tuple(own) for iri, own in found.items()}
