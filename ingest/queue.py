"""The review queue as it is read: which links there are, narrowed by what a person looks for, likeliest first.

Narrowing goes over the indexes of the stores, one property at a time; only the links of a page are read whole.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from ingest.item_texts import kinds_of
from ingest.ledger import Dataset
from ingest.link_graphs import USED
from ingest.links import (
    CONFIDENCE,
    LINKS,
    METHOD,
    REVIEW,
    SOURCE,
    STATE,
    TARGET,
    Link,
    LinkState,
    read_link,
    text,
    triples_of,
)
from ingest.overlay import named
from ingest.practice import TYPE
from ingest.sameness import SAMENESS
from ingest.writer import Writer
from ontology.errors import InvalidParameter, UnknownEntity
from ontology.kinds import Iri, Kind
from ontology.namespaces import PROV, RDF

ACTIVITY_AGENT, ACTIVITY_END = ox.NamedNode(PROV.wasAssociatedWith), ox.NamedNode(PROV.endedAtTime)
ACTIVITY_OUTCOME = ox.NamedNode(RDF.value)
_LONGEST = 40  # characters of a wrong value that an error repeats


@dataclass(frozen=True, slots=True)
class Stored:
    """A link where it stands.

    Attributes:
        graph: The graph that speaks of it.
        etag: Changes with anything that is stated of it.
    """

    link: Link
    node: ox.NamedNode
    graph: ox.NamedNode
    dataset: Dataset
    etag: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a link's history."""

    outcome: str
    agent: str
    at: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which links are wanted; empty or the whole range for all.

    Attributes:
        kind: Kind of the item.
        source: Name of the source that describes the item, such as `notes.md`.
        method: How it was proposed, or the beginning of it: the family of methods.
        concept: Address of the concept.
        item: Address of the item.
        least: Least confidence; what nobody has given one has 1.
        most: Greatest confidence.
    """

    state: str = ""
    kind: str = ""
    source: str = ""
    method: str = ""
    concept: str = ""
    item: str = ""
    least: float = 0.0
    most: float = 1.0

    def check(self) -> None:
        """Return if it can be meant.

        Raises:
            InvalidParameter: the state or the kind is none, or a confidence is not from 0 to 1.
        """
        for name, value, known in (("state", self.state, tuple(LinkState)), ("kind", self.kind, tuple(Kind))):
            if value and value not in known:
                remedy = f"One of {', '.join(known)}."
                raise InvalidParameter(name, f"{value[:_LONGEST]!r} is no {name}", remedy=remedy)
        if not 0 <= self.least <= self.most <= 1:
            raise InvalidParameter("confidence", "Confidences are from 0 to 1, the least first", remedy="Such as 0.5.")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of links.

    Attributes:
        counts: How many there are in each state that pass the other filters.
        total: How many are wanted.
    """

    links: list[Stored]
    counts: Mapping[str, int]
    total: int


@dataclass(frozen=True, slots=True, order=True)
class _Row:
    """A link of which only this has been read; in the order in which links are shown."""

    unlikely: float
    address: str
    dataset: Dataset
    graph: str
    state: LinkState


class Queue:
    """Every link that programs propose or people have decided.

    Args:
        writer: Reads both datasets.
        datasets: Those that this reader may see.
    """

    def __init__(self, writer: Writer, datasets: Iterable[Dataset] = (Dataset.PUBLIC,)) -> None:
        self._writer = writer
        self._datasets = tuple(datasets)

    def every(self, wanted: Wanted = Wanted()) -> Iterator[Stored]:
        """All of them, or those that are wanted, the likeliest first."""
        return map(self._read, sorted(it for it in self._rows(wanted) if wanted.state in {"", it.state}))

    def page(self, wanted: Wanted, limit: int, offset: int = 0) -> Page:
        """A page of those that are wanted.

        Raises:
            InvalidParameter: `wanted` cannot be meant.
        """
        wanted.check()
        every = list(self._rows(wanted))
        fitting = sorted(it for it in every if wanted.state in {"", it.state})
        counts = Counter(it.state for it in every)
        shown = [self._read(it) for it in fitting[offset : offset + limit]]
        return Page(shown, {state: counts[state] for state in LinkState}, len(fitting))

    def find(self, id: str) -> Stored:
        """One of them.

        Raises:
            UnknownEntity: there is none of this id that this reader may see.
        """
        for dataset in self._datasets if id.replace("-", "").isalnum() else ():
            node, store = ox.NamedNode(f"{self._writer.base}id/link/{id}"), self._writer.store(dataset)
            for graph in map(self._writer.graph, (REVIEW, LINKS, SAMENESS)):
                link = read_link(store, node, graph)
                if link is not None:
                    return self._stored(link, node, graph, dataset)
        remedy = "`kesher review list` shows what there is."
        raise UnknownEntity(f"There is no link {id[:_LONGEST]!r} to review.", remedy=remedy)

    def history(self, stored: Stored) -> list[Decision]:
        """What was decided about a link, the oldest first."""
        store, graph = self._writer.store(stored.dataset), self._writer.graph(REVIEW)
        found = []
        nodes = {it.subject for it in store.quads(None, USED, stored.node, graph)}
        for node in (it for it in nodes if isinstance(it, ox.NamedNode)):
            said = {it.predicate: text(it.object) for it in store.quads(node, None, None, graph)}
            found.append(
                Decision(said.get(ACTIVITY_OUTCOME, ""), said.get(ACTIVITY_AGENT, ""), said.get(ACTIVITY_END, ""))
            )
        return sorted(found, key=lambda it: it.at)

    def _rows(self, wanted: Wanted) -> Iterator[_Row]:
        """Those that pass all filters but that of the state; what is decided counts where it is decided."""
        for dataset in self._datasets:
            decided: set[str] = set()
            for name in (REVIEW, LINKS, SAMENESS):
                rows = list(self._of_graph(dataset, name, wanted, decided))
                decided |= {it.address for it in rows}
                yield from rows

    def _of_graph(self, dataset: Dataset, name: str, wanted: Wanted, decided: set[str]) -> Iterator[_Row]:
        store, graph = self._writer.store(dataset), self._writer.graph(name)
        states = {it.subject: text(it.object) for it in store.quads(None, STATE, None, graph)}
        sure = {it.subject: float(text(it.object)) for it in store.quads(None, CONFIDENCE, None, graph)}
        nodes = set(states)
        for predicate, value in ((TARGET, wanted.concept), (SOURCE, wanted.item)):
            if value:
                nodes &= {it.subject for it in store.quads(None, predicate, _node(value), graph)}
        if wanted.method:
            methods = store.quads(None, METHOD, None, graph)
            nodes &= {it.subject for it in methods if text(it.object).startswith(wanted.method)}
        if wanted.kind or wanted.source:
            fits = cache(self._fits(dataset, wanted))
            nodes &= {it.subject for it in store.quads(None, SOURCE, None, graph) if fits(text(it.object))}
        for node in nodes:
            confidence = sure.get(node, 1.0)
            known = isinstance(node, ox.NamedNode) and states[node] in set(LinkState)
            if known and named(node).value not in decided and wanted.least <= confidence <= wanted.most:
                yield _Row(-confidence, named(node).value, dataset, name, LinkState(states[node]))

    def _fits(self, dataset: Dataset, wanted: Wanted) -> Callable[[str], bool]:
        """Whether an item is of the kind, and described by the source, that are wanted."""
        store = self._writer.store(dataset)
        source = self._writer.graph(f"source/{wanted.source.removeprefix('source/')}")

        def fits(item: str) -> bool:
            if wanted.kind and Kind(wanted.kind) not in kinds_of(store, Iri(item)):
                return False
            return not wanted.source or any(True for _ in store.quads(ox.NamedNode(item), TYPE, None, source))

        return fits

    def _read(self, row: _Row) -> Stored:
        node, graph = ox.NamedNode(row.address), self._writer.graph(row.graph)
        link = read_link(self._writer.store(row.dataset), node, graph)
        if link is None:
            remedy = "Look again."
            raise UnknownEntity(f"The link {row.address} is not there any more.", remedy=remedy)
        return self._stored(link, node, graph, row.dataset)

    def _stored(self, link: Link, node: ox.NamedNode, graph: ox.NamedNode, dataset: Dataset) -> Stored:
        said = "\n".join(sorted(str(it) for it in triples_of(link, self._writer.base)))
        return Stored(link, node, graph, dataset, hashlib.sha256(said.encode()).hexdigest()[:32])


def _node(address: str) -> ox.NamedNode:
    """Raises InvalidParameter for what is no address."""
    try:
        return ox.NamedNode(address)
    except ValueError as error:
        message = f"{address[:_LONGEST]!r} is no address"
        raise InvalidParameter("concept", message, remedy="Give the whole address, https://...") from error
