"""What the graph links to the best hits: shown beside them with the statements as reasons, never in the ranking.

A hop inside the ranking lowers the agreement between languages, so that neighbours have a place of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from threading import Lock

import pyoxigraph as ox

from graph.store import GraphStore
from language.labels import LabelIndex
from ontology.kinds import Iri, Kind
from ontology.namespaces import SKOS
from search.answers import Related, Statement
from search.explain import statement
from search.naming import name

#: Hits whose neighbours are looked at, and hits that speak for a broader concept.
_BEST, _NEAREST = 3, 10
#: Neighbours that are shown, and broader concepts that are offered.
_RELATED, _BROADER = 6, 3
#: Of a hit with many neighbours each counts less: a power of their number (Himmelstein & Baranzini 2015).
_DAMPING = 0.35
#: Entities whose neighbours are remembered until something is written.
_REMEMBERED = 4096
_UP = str(SKOS.broader)
_CONCEPTS = frozenset({Kind.COMPETENCY, Kind.CONCEPT, Kind.SUBJECT})


class Neighbours:
    """The statements that link entities to others; those of an entity are read once while nothing is written."""

    def __init__(self, graph: GraphStore) -> None:
        self._graph = graph
        self._known: dict[Iri, list[Statement]] = {}
        self._reading = Lock()

    def forget(self) -> None:
        """Read everything again. To be called after each change of the graph."""
        self._known = {}

    def of(self, iris: Iterable[Iri]) -> Mapping[Iri, list[Statement]]:
        """Entity -> the statements between it and others, in order; of one with very many, some."""
        wanted, known = list(dict.fromkeys(iris)), self._known
        with self._reading:
            unread = [it for it in wanted if it not in known]
            if len(known) + len(unread) > _REMEMBERED:
                known.clear()
                unread = wanted
            known |= {it: [] for it in unread}
            for row in self._graph.select_each("entity-neighbours", "entity", map(ox.NamedNode, unread)):
                link = Statement(*(Iri(row[it].value) for it in ("subject", "property", "object")))
                known[Iri(row["entity"].value)].append(link)
            return {it: sorted(known[it], key=lambda it: (it.predicate, it.subject, it.object)) for it in wanted}


def related(neighbours: Neighbours, hits: Sequence[Iri], labels: LabelIndex, lang: str) -> tuple[Related, ...]:
    """The entities that the graph links most to the best of these hits, and that are no hits themselves."""
    paths: dict[Iri, Statement] = {}
    weights: defaultdict[Iri, float] = defaultdict(float)
    for place, (hit, links) in enumerate(neighbours.of(hits[:_BEST]).items()):
        for it in links:
            other = _other(it, hit)
            if other not in hits and labels.best(other, lang):
                paths.setdefault(other, it)
                weights[other] += len(links) ** -_DAMPING / (place + 1)
    best = sorted(weights, key=lambda it: (-weights[it], it))[:_RELATED]
    return tuple(_related(it, (paths[it],), labels, lang) for it in best)


def broader(neighbours: Neighbours, hits: Sequence[Iri], labels: LabelIndex, lang: str) -> tuple[Related, ...]:
    """The concepts that most of these hits lie under: what they are about, and one step up from there."""
    paths: dict[Iri, tuple[Statement, ...]] = {}
    weights: defaultdict[Iri, float] = defaultdict(float)
    own = neighbours.of(hits[:_NEAREST])
    about = {hit: list(dict.fromkeys(_concepts(hit, own[hit], labels))) for hit in own}
    above = neighbours.of(it for steps in about.values() for it, _ in steps)
    for place, (hit, steps) in enumerate(about.items()):
        for concept, path in steps:
            ups = [it for it in above[concept] if it.predicate == _UP and it.subject == concept]
            for end, whole in [(it.object, (*path, it)) for it in ups] or [(concept, path)]:
                if end != hit and labels.best(end, lang):
                    paths.setdefault(end, whole)
                    weights[end] += 1 / (place + 1) / len(steps)
    best = sorted(weights, key=lambda it: (-weights[it], it))[:_BROADER]
    return tuple(_related(it, paths[it], labels, lang) for it in best)


def _concepts(hit: Iri, links: Iterable[Statement], labels: LabelIndex) -> Iterator[tuple[Iri, tuple[Statement, ...]]]:
    """The concepts that a hit is or is about, each with the way there."""
    entry = labels.best(hit, "")
    if entry is not None and entry.kind in _CONCEPTS:
        yield hit, ()
        return
    for it in links:
        found = labels.best(it.object, "") if it.subject == hit else None
        if found is not None and found.kind in _CONCEPTS:
            yield it.object, (it,)


def _other(link: Statement, hit: Iri) -> Iri:
    return link.object if link.subject == hit else link.subject


def _related(iri: Iri, path: tuple[Statement, ...], labels: LabelIndex, lang: str) -> Related:
    told = (
        statement(name(labels, it.subject, lang).label, it.predicate, name(labels, it.object, lang).label, lang)
        for it in path
    )
    return Related(name(labels, iri, lang), " ".join(told), path)
