"""What other graphs know of the records that one file speaks of: their consent, their clearance, where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

import pyoxigraph as ox

from ingest.ledger import Dataset
from ingest.practice import CLEARED, CONSENT, EPISODE, PRACTICE, TYPE
from ingest.record import Node
from ingest.writer import Writer


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Both datasets without one graph.

    Attributes:
        name: The graph that is left out, because its file says it anew.
        pardoned: Records that count as public although they still stand in the private dataset: what if they were?
    """

    writer: Writer
    name: str
    pardoned: Set[Node] = frozenset()

    def is_private(self, node: Node) -> bool:
        """True when a private graph speaks of a node, or when it is the episode of a private record."""
        if node in self.pardoned or not isinstance(node, ox.NamedNode):
            return False
        private = self.writer.store(Dataset.PRIVATE).quads(None, EPISODE, node)
        told = any(it.graph_name != self.writer.graph(self.name) for it in private if it.subject not in self.pardoned)
        return told or self.writer.is_private_elsewhere(node, self.name)

    def is_practice(self, node: Node) -> bool:
        """True for a practice record that everybody sees."""
        public = self.writer.store(Dataset.PUBLIC)
        return node in self.pardoned or (isinstance(node, ox.NamedNode) and any(public.quads(node, TYPE, PRACTICE)))

    def consent(self, node: Node) -> Iterator[ox.Triple]:
        """What other graphs say of the consent to a record, and of its anonymisation."""
        if isinstance(node, ox.NamedNode):
            own = {self.writer.graph(self.name), self.writer.overlay.overridden}
            for dataset in Dataset:
                quads = self.writer.store(dataset).quads(node)
                yield from (it.triple for it in quads if it.predicate in CONSENT and it.graph_name not in own)

    def curated(self, node: Node) -> Iterator[ox.Triple]:
        """What curators say of a record where only they see it."""
        if isinstance(node, ox.NamedNode):
            quads = self.writer.store(Dataset.PRIVATE).quads(node, graph=self.writer.overlay.curation)
            yield from (quad.triple for quad in quads)

    def cleared(self, node: Node) -> frozenset[str]:
        """SHA-256 of each text of a record that a curator has cleared; what a file claims of itself does not count."""
        if not isinstance(node, ox.NamedNode):
            return frozenset()
        curation = self.writer.overlay.curation
        quads = (it for dataset in Dataset for it in self.writer.store(dataset).quads(node, CLEARED, None, curation))
        return frozenset(it.object.value for it in quads if isinstance(it.object, ox.Literal))
