"""The catalogue graph: for each named graph, what came in, when, and under which number of the ledger.

It is written in the same transaction as the graph itself, so the two cannot disagree. The catalogue's own number is
that of the last write to the dataset, also when the graph that it wrote is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pyoxigraph as ox

from graph.store import GraphStore
from ontology.kinds import graph_iri
from ontology.namespaces import DCTERMS, KS, XSD

CATALOG = "catalog"

_HASH = ox.NamedNode(KS.contentHash)
#: The property whose value numbers a write.
MARK = ox.NamedNode(KS.sequence)
_TITLE = ox.NamedNode(DCTERMS.title)
_LICENCE = ox.NamedNode(DCTERMS.license)
_MODIFIED = ox.NamedNode(DCTERMS.modified)
#: What the catalogue says of itself: number and time of the last write to the dataset.
_OWN = (MARK, _MODIFIED)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a graph's content beside the content.

    Attributes:
        title: Name of the file, as people call it; never a machine path.
        licence: IRI of its licence; empty when none was given.
        content_hash: SHA-256 of what came in, in hexadecimal; empty for graphs that grow by edits.
    """

    title: str = ""
    licence: str = ""
    content_hash: str = ""


class Catalog:
    """The catalogue of one dataset."""

    def __init__(self, store: GraphStore, base: str) -> None:
        self._store = store
        self._graph = ox.NamedNode(graph_iri(base, CATALOG))

    @property
    def sequence(self) -> int:
        """Number of the last write that this dataset holds; 0 when it holds none."""
        quads = self._store.quads(self._graph, MARK, None, self._graph)
        return max((int(_text(quad)) for quad in quads), default=0)

    @property
    def modified(self) -> str:
        """When the newest graph of this dataset was written (xsd:dateTime); empty where it has none."""
        return max(map(_text, self._store.quads(None, _MODIFIED, None, self._graph)), default="")

    def facts(self, graph: ox.NamedNode) -> Facts | None:
        """What the catalogue says of a graph; None when it has no entry."""
        said = {quad.predicate: _text(quad) for quad in self.entry(graph)}
        return Facts(said.get(_TITLE, ""), said.get(_LICENCE, ""), said.get(_HASH, "")) if said else None

    def number(self, graph: ox.NamedNode) -> int:
        """Number of the last write that changed a graph; that of the dataset for a graph without an entry."""
        numbers = [int(_text(quad)) for quad in self._store.quads(graph, MARK, None, self._graph)]
        return max(numbers, default=self.sequence)

    def is_number(self, quads: Iterable[ox.Quad]) -> bool:
        """True if the statements say number and time of the dataset's last write and nothing else."""
        return all(quad.subject == self._graph and quad.predicate in _OWN for quad in quads)

    def entry(self, graph: ox.NamedNode) -> list[ox.Quad]:
        """The statements about a graph."""
        return list(self._store.quads(graph, None, None, self._graph))

    def graphs(self) -> set[ox.NamedNode]:
        """Every graph that has an entry, also when it is empty."""
        marks = self._store.quads(None, MARK, None, self._graph)
        return {it.subject for it in marks if isinstance(it.subject, ox.NamedNode)} - {self._graph}

    def renewal(
        self, entries: Mapping[ox.NamedNode, Facts | None], sequence: int
    ) -> tuple[list[ox.Quad], list[ox.Quad]]:
        """What to remove and to add when a write changes some graphs; without facts an entry goes."""
        number = ox.Literal(str(sequence), datatype=ox.NamedNode(XSD.integer))
        removed = [it for said in _OWN for it in self._store.quads(self._graph, said, None, self._graph)]
        added = [ox.Quad(self._graph, *it, self._graph) for it in ((MARK, number), (_MODIFIED, _now()))]
        for graph, facts in entries.items():
            removed += self.entry(graph)
            if facts:
                added += self._said(graph, facts, number)
        return removed, added

    def _said(self, graph: ox.NamedNode, facts: Facts, number: ox.Literal) -> Iterator[ox.Quad]:
        said = {
            _HASH: ox.Literal(facts.content_hash) if facts.content_hash else None,
            _TITLE: ox.Literal(facts.title) if facts.title else None,
            _LICENCE: ox.NamedNode(facts.licence) if facts.licence else None,
            MARK: number,
            _MODIFIED: _now(),
        }
        return (ox.Quad(graph, predicate, value, self._graph) for predicate, value in said.items() if value)


def _now() -> ox.Literal:
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return ox.Literal(now, datatype=ox.NamedNode(XSD.dateTime))


def _text(quad: ox.Quad) -> str:
    value = quad.object
    return value.value if isinstance(value, ox.NamedNode | ox.Literal) else ""
