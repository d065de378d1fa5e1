"""What other graphs know of the records that one file speaks of, in both datasets."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

import pyoxigraph as ox

from ingest.ledger import Dataset
from ingest.overlay import named, stated
from ingest.practice import CLEARED, SUBCLASS, THINGS, TYPE
from ingest.record import Node
from ingest.writer import Writer
from ontology.kinds import Kind, entity_iri, graph_iri
from ontology.namespaces import RDF

_SUBJECT, _OBJECT = ox.NamedNode(RDF.subject), ox.NamedNode(RDF.object)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Both datasets without one graph.

    Attributes:
        name: The graph that is left out, because its file says it anew; "" for none.
        pardoned: Records that count as public although they still stand in the private dataset: what if they were?
    """

    writer: Writer
    name: str
    pardoned: Set[Node] = frozenset()

    @property
    def graph(self) -> ox.NamedNode:
        """The graph that is left out."""
        return self.writer.graph(self.name)

    def about(self, node: Node) -> Iterator[ox.Quad]:
        """What other graphs say of a node, also what curation has set aside: it can still be read."""
        if isinstance(node, ox.NamedNode):
            yield from self._quads(node, None, None)
            yield from self._set_aside(_SUBJECT, node)

    def pointing(self, node: Node, predicate: ox.NamedNode | None = None) -> Iterator[ox.Quad]:
        """What other graphs say that has a node as its object."""
        if isinstance(node, ox.NamedNode):
            yield from self._quads(None, predicate, node)
            yield from (it for it in self._set_aside(_OBJECT, node) if predicate in {None, it.predicate})

    def is_described(self, node: ox.NamedNode, graph: object) -> bool:
        """True when a graph says something of a node."""
        stores = (self.writer.store(dataset) for dataset in Dataset)
        return isinstance(graph, ox.NamedNode) and any(any(store.quads(node, graph=graph)) for store in stores)

    def subclasses(self, of: Node) -> set[Node]:
        """The classes that other graphs put right below one."""
        return {it.subject for it in self.pointing(of, SUBCLASS)}

    def instances(self, of: Node) -> set[Node]:
        """What other graphs say to be of a class."""
        return {it.subject for it in self.pointing(of, TYPE)}

    def is_private(self, node: Node, classes: Set[Node]) -> bool:
        """True for a record of these classes in the private dataset, also of the graph that is left out."""
        if node in self.pardoned or not isinstance(node, ox.NamedNode):
            return False
        return any(it.object in classes for it in self.writer.store(Dataset.PRIVATE).quads(node, TYPE))

    def stood_private(self, node: Node, classes: Set[Node]) -> bool:
        """True for what the graph that is left out has called a record until now, where only curators see it."""
        if node in self.pardoned or not isinstance(node, ox.NamedNode):
            return False
        return any(
            it.object in classes for it in self.writer.store(Dataset.PRIVATE).quads(node, TYPE, None, self.graph)
        )

    def is_owned(self, node: Node, classes: Set[Node], *, but: ox.NamedNode | None = None) -> bool:
        """True when a public graph describes a node as something else than a record: calling it one hides nothing.

        What has the address of a record is one, whatever else it is called.

        Args:
            node: The node.
            classes: Those of records.
            but: A graph that does not count.
        """
        if not isinstance(node, ox.NamedNode) or node.value.startswith(entity_iri(self.writer.base, Kind.PRACTICE, "")):
            return False
        types = [it for it in self.writer.store(Dataset.PUBLIC).quads(node, TYPE) if it.graph_name != but]
        recording = {it.graph_name for it in types if it.object in classes}
        return any(it.object in THINGS and it.graph_name not in recording for it in types)

    def is_shipped(self, node: Node) -> bool:
        """True for what the program itself describes."""
        own = tuple(graph_iri(self.writer.base, name) for name in ("starter/", "schema"))
        known = self.writer.store(Dataset.PUBLIC).quads(node) if isinstance(node, ox.NamedNode) else ()
        return any(getattr(it.graph_name, "value", "").startswith(own) for it in known)

    def cleared(self, node: Node) -> frozenset[str]:
        """SHA-256 of each text of a record that a curator has cleared; what a file claims of itself does not count."""
        if not isinstance(node, ox.NamedNode):
            return frozenset()
        curation = self.writer.overlay.curation
        quads = (it for dataset in Dataset for it in self.writer.store(dataset).quads(node, CLEARED, None, curation))
        return frozenset(it.object.value for it in quads if isinstance(it.object, ox.Literal))

    def _quads(
        self, subject: ox.NamedNode | None, predicate: ox.NamedNode | None, value: ox.NamedNode | None
    ) -> Iterator[ox.Quad]:
        left_out = {self.graph, self.writer.overlay.overridden}
        for dataset in Dataset:
            quads = self.writer.store(dataset).quads(subject, predicate, value)
            yield from (it for it in quads if named(it.graph_name) not in left_out)

    def _set_aside(self, place: ox.NamedNode, node: ox.NamedNode) -> Iterator[ox.Quad]:
        """The statements with a node in one place that curation has set aside."""
        overridden = self.writer.overlay.overridden
        for dataset in Dataset:
            store = self.writer.store(dataset)
            marks = [it.subject for it in store.quads(None, place, node, overridden)]
            nodes = (it for mark in marks if isinstance(mark, ox.NamedNode) for it in store.quads(mark))
            yield from (it for it in stated(nodes) if it.graph_name != self.graph)
