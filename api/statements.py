"""Statements as plain values, read from the datasets that a reader may see.

A blank node, which only updates and the Graph Store Protocol bring, goes by an address that means it here and nowhere
else; the default graph by the name that the catalogue has for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox

from graph.difference import address_of, named_or_blank
from graph.store import GraphName, Resource, Term
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


class Readable(Protocol):
    """What is read of a store, or of a part of one."""

    @property
    def version(self) -> int: ...
    def about(self, subjects: Iterable[Resource]) -> Iterator[ox.Quad]: ...
    def quads(
        self,
        subject: Resource | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[ox.Quad]: ...


class Statements:
    """What one reader may see of the graph, each thing read once while nothing is written. For one thread.

    Args:
        stores: The public dataset first; then, only for those who may read it, the private one.
    """

    def __init__(self, stores: Sequence[Readable]) -> None:
        self._stores = stores
        self._known: dict[str, list[Statement]] = {}
        self._pointing: dict[tuple[str, str | None], list[Statement]] = {}
        self._versions = [store.version for store in stores]

    def foresee(self, subjects: Iterable[Iri]) -> None:
        """Read together what `about` will be asked for one by one: a store far away is then asked once."""
        self._expect_unwritten()
        wanted = [it for it in dict.fromkeys(subjects) if it not in self._known]
        found: dict[str, list[Statement]] = {it: [] for it in wanted}
        for store in self._stores if wanted else ():
            for it in _read(store.about(map(named_or_blank, wanted))):
                found[it.subject].append(it)
        self._known |= found

    def about(self, subject: Iri, predicate: str | None = None) -> list[Statement]:
        """Statements with this subject."""
        self.foresee([subject])
        return [it for it in self._known[subject] if predicate is None or it.predicate == predicate]

    def pointing_at(self, object: Iri, predicate: str | None = None) -> list[Statement]:
        """Statements with this object."""
        self._expect_unwritten()
        if (every := self._pointing.get((object, None))) is not None:
            return [it for it in every if predicate is None or it.predicate == predicate]
        if (object, predicate) not in self._pointing:
            wanted = ox.NamedNode(predicate) if predicate else None
            quads = (quad for store in self._stores for quad in store.quads(None, wanted, named_or_blank(object)))
            self._pointing[object, predicate] = list(_read(quads))
        return self._pointing[object, predicate]

    def is_private(self, subject: Iri) -> bool:
        """True when only the private dataset speaks of it."""
        return not any(True for _ in self._stores[0].quads(named_or_blank(subject)))

    def _expect_unwritten(self) -> None:
        """Forget everything that was read before the last write."""
        versions = [store.version for store in self._stores]
        if versions != self._versions:
            self._known, self._pointing, self._versions = {}, {}, versions


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
