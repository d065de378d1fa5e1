"""The graphs in which links stand, in both datasets, and how decided links follow an item from one to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import pyoxigraph as ox

from graph.embedded import stored
from ingest.catalog import Facts
from ingest.draft import Draft, subjects
from ingest.ledger import Dataset, Intent
from ingest.links import LINKS, REVIEW, SOURCE, TARGET, Link, LinkState, read_link, triples_of
from ingest.overlay import named
from ingest.writer import Writer
from ontology.kinds import Iri
from ontology.namespaces import PROV

FACTS = Facts(title="Links that programs propose, and what people have decided about them")
USED = ox.NamedNode(PROV.used)
#: States in which what a link says holds: a stale one until somebody has looked.
HOLDING = frozenset({LinkState.ACCEPTED, LinkState.STALE})


@dataclass(frozen=True, slots=True)
class LinkGraphs:
    """Reads `links` and `review`."""

    writer: Writer

    def standing(self, dataset: Dataset, item: Iri, graph: str) -> list[Link]:
        """The links of an item in one graph, by their addresses."""
        store, graph_ = self.writer.store(dataset), self.writer.graph(graph)
        nodes = sorted({it.subject for it in store.quads(None, SOURCE, ox.NamedNode(item), graph_)}, key=str)
        read = (read_link(store, it, graph_) for it in nodes if isinstance(it, ox.NamedNode))
        return [it for it in read if it is not None]

    def items_of(self, concept: Iri) -> Iterator[Iri]:
        """The items that links of either graph and dataset lead from, to a concept."""
        for dataset in Dataset:
            store = self.writer.store(dataset)
            for graph in map(self.writer.graph, (LINKS, REVIEW)):
                for quad in store.quads(None, TARGET, ox.NamedNode(concept), graph):
                    if isinstance(quad.subject, ox.NamedNode):
                        items = (it.object for it in store.quads(quad.subject, SOURCE, None, graph))
                        yield from (Iri(it.value) for it in items if isinstance(it, ox.NamedNode))

    def stored(self, dataset: Dataset, links: Iterable[Link], graph: str) -> set[ox.Quad]:
        """What a graph states of links, with the statements that hold by them."""
        store, graph_ = self.writer.store(dataset), self.writer.graph(graph)
        found: set[ox.Quad] = set()
        for link in links:
            found.update(store.quads(link.node(self.writer.base), None, None, graph_))
            ends = ox.NamedNode(link.item), ox.NamedNode(link.predicate), ox.NamedNode(link.concept)
            found.update(store.quads(*ends, graph_))
        return found

    def quads(self, links: Iterable[Link], graph: str) -> set[ox.Quad]:
        """What a graph should state of links, with the statements that hold by them, as the store keeps them."""
        graph_ = self.writer.graph(graph)
        said = (
            triple
            for link in links
            for triple in (
                *triples_of(link, self.writer.base),
                *([link.statement] if link.state in HOLDING else []),
            )
        )
        return stored(ox.Quad(it.subject, it.predicate, it.object, graph_) for it in said)

    def follow(self, homes: Mapping[Iri, Dataset | None], *, agent: str, door: str) -> int:
        """Bring what is decided about items to the dataset where they stand; counts the statements that moved.

        First there, then away: a crash between leaves both, and the next time ends it.
        """
        changed = 0
        for dataset in Dataset:
            left = [item for item, home in homes.items() if home not in {None, dataset}]
            moving = frozenset(quad for item in left for quad in self._decided(dataset, item))
            if moving:
                target = next(it for it in Dataset if it is not dataset)
                nothing, touched = frozenset[ox.Quad](), subjects(moving)
                drafts = ((target, nothing, moving), (dataset, moving, nothing))
                for where, removed, added in drafts:
                    plan = partial(Draft, removed, added, len(moving), touched)
                    self.writer.write(Intent(door, agent, where, (REVIEW,)), plan, FACTS)
                changed += len(moving)
        return changed

    def _decided(self, dataset: Dataset, item: Iri) -> set[ox.Quad]:
        """What is decided about an item, with the activities."""
        store, review = self.writer.store(dataset), self.writer.graph(REVIEW)
        links = self.standing(dataset, item, REVIEW)
        told = {
            quad
            for link in links
            for used in store.quads(None, USED, link.node(self.writer.base), review)
            for quad in store.quads(named(used.subject), None, None, review)
        }
        return told | self.stored(dataset, links, REVIEW)
