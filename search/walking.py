"""Walks from what a text is about to what else the graph knows of it: bounded, and each path with what it contributes.

The contribution is a degree-weighted path count (Himmelstein & Baranzini 2015), as in `search.paths`: a source that
supports everything says little of each thing. Statements are read entity by entity, by one named question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from threading import Lock

import pyoxigraph as ox

from graph.store import GraphStore
from language.labels import LabelIndex
from ontology.kinds import Iri, Kind
from ontology.model import Link
from search.metapaths import METAPATHS, Metapath, Step
from search.paths import DAMPING

#: What each step after the first leaves of a path.
_FURTHER = 0.5
#: Ways that are followed at once along one metapath, the strongest of them.
_WAYS = 400
#: Entities whose statements are remembered until something is written.
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Way:
    """A path from an anchor.

    Attributes:
        start: The anchor.
        end: What it has come to.
        links: The statements it walks over; none for an anchor that is an answer itself.
        weight: Of the anchor, damped on the way; greater than 0.
    """

    start: Iri
    end: Iri
    links: tuple[Link, ...]
    weight: float


class Statements:
    """The statements that `connecting-statements.rq` gives, by entity; read once while nothing is written."""

    def __init__(self, graph: GraphStore) -> None:
        self._graph = graph
        self._known: dict[Iri, tuple[Link, ...]] = {}
        self._version = graph.version
        self._reading = Lock()

    def of(self, iris: Iterable[Iri]) -> Mapping[Iri, tuple[Link, ...]]:
        """Entity -> the statements between it and others, each from the first graph that makes it."""
        wanted = sorted(set(iris))
        with self._reading:
            if self._version != self._graph.version or len(self._known) + len(wanted) > _REMEMBERED:
                self._version = self._graph.version
                self._known.clear()
            self._known |= self._read([it for it in wanted if it not in self._known])
            return {it: self._known[it] for it in wanted}

    def _read(self, iris: list[Iri]) -> Mapping[Iri, tuple[Link, ...]]:
        found: dict[Iri, dict[tuple[Iri, Iri, Iri], Link]] = {it: {} for it in iris}
        for row in self._graph.select_each("connecting-statements", "entity", map(ox.NamedNode, iris)):
            link = Link(*(Iri(row[it].value) for it in ("subject", "property", "object", "graph")))
            own = found[Iri(row["entity"].value)]
            triple = (link.subject, link.predicate, link.object)
            own[triple] = min(link, own.get(triple, link), key=lambda it: it.graph)
        return {iri: tuple(own[it] for it in sorted(own)) for iri, own in found.items()}


class Walker:
    """Follows the metapaths over the statements of one graph.

    Args:
        statements: Where they are read.
        labels: Tells what kind an entity is; what has no name is not walked over.
        unseen: Entities that are not walked over.
    """

    def __init__(self, statements: Statements, labels: LabelIndex, unseen: Set[Iri] = frozenset()) -> None:
        self._statements = statements
        self._labels = labels
        self._unseen = unseen

    def ways(self, anchors: Mapping[Iri, float], goal: Kind) -> Mapping[Iri, tuple[Way, ...]]:
        """Entity of the goal's kind -> the ways to it from weighted anchors, strongest first."""
        starts: defaultdict[Kind | None, list[Way]] = defaultdict(list)
        for iri, weight in anchors.items():
            starts[self._kind(iri)].append(Way(iri, iri, (), weight))
        found: defaultdict[Iri, list[Way]] = defaultdict(list)
        for it in METAPATHS[goal]:
            for way in self._follow(it, starts[it.start]):
                found[way.end].append(way)
        return {end: tuple(sorted(own, key=_order)) for end, own in sorted(found.items())}

    def _follow(self, path: Metapath, ways: list[Way]) -> list[Way]:
        for place, step in enumerate(path.steps):
            own = self._statements.of(it.end for it in ways)
            onward = [self._onward(it, step, own[it.end], _FURTHER if place else 1.0) for it in ways]
            ways = sorted((it for some in onward for it in some), key=_order)[:_WAYS]
            ways = self._damped(ways, step)
        return ways

    def _onward(self, way: Way, step: Step, statements: Iterable[Link], factor: float) -> list[Way]:
        links = [it for it in statements if it.predicate in step.predicates and _near(it, step) == way.end]
        ends = [(it, _far(it, step)) for it in links]
        passed = {way.start, *(end for it in way.links for end in (it.subject, it.object))}
        fit = [(it, end) for it, end in ends if end not in passed and self._may_be(end, step.kind)]
        weight = way.weight * factor * len(fit or links or (0,)) ** -DAMPING
        return [Way(way.start, end, (*way.links, it), weight) for it, end in fit]

    def _damped(self, ways: list[Way], step: Step) -> list[Way]:
        """The ways, each weakened by how many statements of its last step lead to where it has come."""
        own = self._statements.of(it.end for it in ways)
        leading = {
            end: sum(it.predicate in step.predicates and _far(it, step) == end for it in own[end]) for end in own
        }
        return [Way(it.start, it.end, it.links, it.weight * max(1, leading[it.end]) ** -DAMPING) for it in ways]

    def _may_be(self, iri: Iri, kind: Kind) -> bool:
        return iri not in self._unseen and self._kind(iri) is kind

    def _kind(self, iri: Iri) -> Kind | None:
        entry = self._labels.best(iri, "")
        return entry.kind if entry else None


def weights(ways: Mapping[Iri, tuple[Way, ...]]) -> dict[Iri, float]:
    """What the ways to each entity come to."""
    return {end: sum(it.weight for it in own) for end, own in ways.items()}


def _near(link: Link, step: Step) -> Iri:
    return link.subject if step.forward else link.object


def _far(link: Link, step: Step) -> Iri:
    return link.object if step.forward else link.subject


def _order(way: Way) -> tuple[float, int, tuple[str, ...], Iri]:
    return (-way.weight, len(way.links), tuple(f"{it.subject} {it.object}" for it in way.links), way.start)
