"""What a reader may see of the private dataset: by their scopes, and by the graph that a statement stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from api.services import Services
from api.statements import Readable
from api.tokens import Principal, Scope
from graph.store import GraphName, Resource, Term
from ingest.feedback import WORDS
from ingest.lifecycle import DRAFTS, RECORD_DRAFTS
from ingest.overlay import named
from ontology.kinds import graph_iri


@dataclass(frozen=True, slots=True)
class Part:
    """A store of which only some graphs are there.

    Attributes:
        shows: Whether a graph is, by its address.
    """

    store: Readable
    shows: Callable[[str], bool]

    @property
    def version(self) -> int:
        """That of the store."""
        return self.store.version

    def about(self, subjects: Iterable[Resource]) -> Iterator[ox.Quad]:
        """As the store, of these graphs."""
        return (it for it in self.store.about(subjects) if self.shows(named(it.graph_name).value))

    def quads(
        self,
        subject: Resource | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,  # the RDF word
        graph: GraphName | None = None,
    ) -> Iterator[ox.Quad]:
        """As the store, of these graphs."""
        found = self.store.quads(subject, predicate, object, graph)
        return (it for it in found if self.shows(named(it.graph_name).value))


def readable(services: Services, principal: Principal | None) -> list[Readable]:
    """The datasets somebody may read: the public one, private records with the scope for them, drafts as a curator."""
    private, base = services.private, services.settings.base_iri
    records = principal is not None and principal.may(Scope.READ_PRIVATE)
    curates = principal is not None and principal.may(Scope.REVIEW)
    drafts, of_records, words = (graph_iri(base, it) for it in (DRAFTS, RECORD_DRAFTS, WORDS))
    if records and curates:
        return [services.graph, private]
    if records:
        return [services.graph, Part(private, lambda it: not it.startswith((drafts, words)))]
    if curates:
        return [services.graph, Part(private, lambda it: it.startswith(drafts) and not it.startswith(of_records))]
    return [services.graph]
