"""Statements as plain values, read from the datasets that a reader may see.

A blank node, which only updates and the Graph Store Protocol bring, goes by an address that means it here and nowhere
else; the default graph by the name that the catalogue has for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graph.difference import address_of, named_or_blank
from graph.store import GraphStore
from ingest.overlay import named
from ontology.kinds import Iri, local_name


@dataclass(frozen=True, slots=True)
class Statement:
    """One quad. `datatype` is None where the object is an address and not a literal."""

    subject: Iri
    predicate: str
    value: str
    lang: str
    datatype: Iri | None
    graph: Iri

    @property
    def object(self) -> Iri | None:
        """The object, where it is an address."""
        return Iri(self.value) if self.datatype is None else None

    @property
    def term(self) -> str:
        """Local name of the predicate: `broader` of skos:broader."""
        return local_name(self.predicate)


class Statements:
    """What one reader may see of the graph.

    Args:
        stores: The public dataset first; then, only for those who may read it, the private one.
    """

    def __init__(self, stores: Sequence[GraphStore]) -> None:
        self._stores = stores

    def about(self, subject: Iri, predicate: str | None = None) -> list[Statement]:
        """Statements with this subject."""
        wanted = ox.NamedNode(predicate) if predicate else None
        return [it for store in self._stores for it in _read(store.quads(named_or_blank(subject), wanted))]

    def pointing_at(self, object: Iri, predicate: str | None = None) -> list[Statement]:
        """Statements with this object."""
        wanted = ox.NamedNode(predicate) if predicate else None
        return [it for store in self._stores for it in _read(store.quads(None, wanted, named_or_blank(object)))]

    def is_private(self, subject: Iri) -> bool:
        """True when only the private dataset speaks of it."""
        return not any(True for _ in self._stores[0].quads(named_or_blank(subject)))


def _read(quads: Iterator[ox.Quad]) -> Iterator[Statement]:
    for quad in quads:
        value = quad.object
        literal = value if isinstance(value, ox.Literal) else None
        yield Statement(
            subject=Iri(address_of(quad.subject)),
            predicate=quad.predicate.value,
            value=literal.value if literal else address_of(value),
            lang=(literal.language or "") if literal else "",
            datatype=Iri(literal.datatype.value) if literal else None,
            graph=Iri(named(quad.graph_name).value),
        )
