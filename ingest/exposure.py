"""Does a patch show something of a practice record that not everybody may see? Then it is refused before it is written.

Records come in by their own files, which are judged as a whole. A patch may change a record that is public as long as
it stays one that may be; what would be private cannot be said in the public dataset by any door.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from graph.store import GraphName
from ingest.belonging import Known
from ingest.elsewhere import Elsewhere
from ingest.ledger import Dataset
from ingest.overlay import named
from ingest.practice import CLEARED, CONSENT, SUBCLASS, TYPE
from ingest.privacy import separate
from ingest.record import Node
from ingest.writer import Writer
from ontology.errors import Denied

_REMEDY = "Bring the record in by its own file: `kesher ingest` judges its consent and its texts."


@dataclass(frozen=True, slots=True)
class Exposure:
    """A patch, seen by who may see what it says.

    Attributes:
        removed: Statements that go.
        added: Statements that come.
    """

    writer: Writer
    removed: set[ox.Quad]
    added: set[ox.Quad]

    def expect_none(self, today: date) -> bool:
        """True when records are concerned at all; what then stays public must be judged again, for consent may be gone.

        Raises:
            Denied: something that is said publicly would be private.
        """
        self._expect_no_clearance()
        graphs = set(self._graphs())
        for graph in graphs:
            self._judge(graph, today)
        return bool(graphs)

    def _expect_no_clearance(self) -> None:
        """Consent and clearance are no matter of curation by hand, whichever hand."""
        curation = self.writer.overlay.curation
        for quad in self.added:
            if quad.graph_name == curation and quad.predicate in {*CONSENT, CLEARED}:
                raise Denied(f"{quad.predicate} decides where a record stands; curation does not.", remedy=_REMEDY)

    def _graphs(self) -> Iterator[GraphName]:
        """The graphs in which the patch changes something about records, or about their parts."""
        elsewhere = Elsewhere(self.writer, "")
        known = Known({it.triple for it in self.added if it.predicate == SUBCLASS}, elsewhere)
        records = {it for kind in known.classes for it in elsewhere.instances(kind)}
        records |= {it.subject for it in self.added if it.predicate == TYPE and it.object in known.classes}
        records |= {it.subject for it in self.added if it.predicate == SUBCLASS and it.object in known.classes}
        if records:
            concerned = known.with_parts(records)
            for quad in (*self.removed, *self.added):
                concerns = quad.subject in concerned or quad.object in concerned
                if concerns and not isinstance(quad.graph_name, ox.BlankNode):
                    yield quad.graph_name

    def _judge(self, graph: GraphName, today: date) -> None:
        present = set(self.writer.store(Dataset.PUBLIC).quads(graph=graph))
        future = _triples(present - self.removed) | _triples(it for it in self.added if it.graph_name == graph)
        name = self.writer.name(named(graph))
        hidden = self.writer.content(name, Dataset.PRIVATE)
        said = separate(future | hidden, Elsewhere(self.writer, name), today)
        if withheld := said.private & future:
            node = min((it.subject for it in withheld), key=str)
            told = f"{_reason(said.records, node)} may not be seen by everybody, so nothing was written."
            raise Denied(told, remedy=_REMEDY)


def _triples(quads: Iterable[ox.Quad]) -> set[ox.Triple]:
    return {quad.triple for quad in quads}


def _reason(records: set[Node], node: Node) -> str:
    return f"What the write says of the practice record {node}" if node in records else f"What the write says of {node}"
