"""Whole graphs, replaced, added to and deleted from outside (SPARQL 1.1 Graph Store HTTP Protocol)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pyoxigraph as ox

from graph.store import GraphName
from ingest.ledger import Dataset
from ingest.overlay import named
from ingest.patch import Patch, exists, patch
from ingest.writer import Commit, Writer

DOOR = "graph-store"

#: Given the number of the write that last changed the graph (None: there is none), raises if that was not expected.
Check = Callable[[int | None], None]


def number_of(writer: Writer, graph: GraphName) -> int | None:
    """Number of the write that last changed a graph; None when it does not exist. It takes no time on a large graph."""
    return writer.catalog().number(named(graph)) if exists(writer, graph) else None


def replace(writer: Writer, graph: GraphName, triples: Iterable[ox.Triple], *, agent: str, check: Check) -> Commit:
    """Make a graph hold exactly these triples.

    Raises:
        Denied: the program keeps this graph itself.
    """

    def plan() -> Patch:
        check(number_of(writer, graph))
        wanted, present = _in(graph, triples), frozenset(writer.store(Dataset.PUBLIC).quads(graph=graph))
        return Patch(present - wanted, wanted - present, _itself(graph), renewed=_itself(graph))

    return patch(writer, plan, door=DOOR, agent=agent)


def merge(writer: Writer, graph: GraphName, triples: Iterable[ox.Triple], *, agent: str, check: Check) -> Commit:
    """Add triples to a graph, which is made if need be. Errors as for `replace`."""

    def plan() -> Patch:
        check(number_of(writer, graph))
        return Patch(added=_in(graph, triples), created=_itself(graph))

    return patch(writer, plan, door=DOOR, agent=agent)


def delete(writer: Writer, graph: GraphName, *, agent: str, check: Check) -> Commit:
    """Take a graph away, with what curation has set aside of it. Errors as for `replace`."""

    def plan() -> Patch:
        check(number_of(writer, graph))
        present = frozenset(writer.store(Dataset.PUBLIC).quads(graph=graph))
        return Patch(removed=present, dropped=_itself(graph))

    return patch(writer, plan, door=DOOR, agent=agent)


def _in(graph: GraphName, triples: Iterable[ox.Triple]) -> frozenset[ox.Quad]:
    return frozenset(ox.Quad(it.subject, it.predicate, it.object, graph) for it in triples)


def _itself(graph: GraphName) -> frozenset[ox.NamedNode]:
    return frozenset({graph} if isinstance(graph, ox.NamedNode) else ())
