"""Whole graphs, replaced, added to and deleted from outside (SPARQL 1.1 Graph Store HTTP Protocol)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyoxigraph as ox

from graph.store import GraphName
from ingest.catalog import Facts
from ingest.draft import Draft, Filling
from ingest.large import LARGE
from ingest.ledger import Dataset, Intent
from ingest.lines import Lines, held, in_parts
from ingest.overlay import named
from ingest.patch import Patch, exists, patch
from ingest.plain import is_new, plain
from ingest.writer import Commit, Writer

DOOR = "graph-store"

#: Given the number of the write that last changed the graph (None: there is none), raises if that was not expected.
Check = Callable[[int | None], None]


def number_of(writer: Writer, graph: GraphName) -> int | None:
    """Number of the write that last changed a graph; None when it does not exist. It takes no time on a large graph."""
    return writer.catalog().number(named(graph)) if exists(writer, graph) else None


def replace(writer: Writer, graph: GraphName, lines: bytes, *, agent: str, check: Check) -> Commit:
    """Make a graph hold exactly what some lines of N-Triples say.

    Raises:
        Denied: the program keeps this graph itself.
    """
    if filled := _filled(writer, graph, lines, agent, check):
        return filled
    wanted = _in(graph, lines)

    def plan() -> Patch:
        check(number_of(writer, graph))
        present = frozenset(writer.store(Dataset.PUBLIC).quads(graph=graph))
        return Patch(present - wanted, wanted - present, _itself(graph), renewed=_itself(graph))

    return patch(writer, plan, door=DOOR, agent=agent)


def merge(writer: Writer, graph: GraphName, lines: bytes, *, agent: str, check: Check) -> Commit:
    """Add what lines of N-Triples say to a graph, which is made if need be. Errors as for `replace`."""
    if filled := _filled(writer, graph, lines, agent, check):
        return filled
    added = _in(graph, lines)

    def plan() -> Patch:
        check(number_of(writer, graph))
        return Patch(added=added, created=_itself(graph))

    return patch(writer, plan, door=DOOR, agent=agent)


def delete(writer: Writer, graph: GraphName, *, agent: str, check: Check) -> Commit:
    """Take a graph away, with what curation has set aside of it. Errors as for `replace`."""

    def plan() -> Patch:
        check(number_of(writer, graph))
        present = frozenset(writer.store(Dataset.PUBLIC).quads(graph=graph))
        return Patch(removed=present, dropped=_itself(graph))

    return patch(writer, plan, door=DOOR, agent=agent)


def _filled(writer: Writer, graph: GraphName, lines: bytes, agent: str, check: Check) -> Commit | None:
    """A large new graph of which nothing needs a judgement; None: it must be worked out as a difference."""
    if len(lines) < LARGE or not isinstance(graph, ox.NamedNode):
        return None
    name, content = writer.name(graph), Lines()

    def parts() -> Iterator[bytes]:
        for part in in_parts(lines):
            content.take(part.splitlines())
            yield part

    def outcome() -> Draft:
        touched = frozenset(content.named)
        return Draft(frozenset(), frozenset(), len(held(content.said())), touched, {graph: Facts()})

    def plan() -> Filling | None:
        check(number_of(writer, graph))
        filling = Filling(graph, Facts(), parts(), lambda: plain(writer).holds(content), outcome)
        return filling if is_new(writer, name) else None

    return writer.fill(Intent(DOOR, agent, Dataset.PUBLIC, (name,)), plan)


def _in(graph: GraphName, lines: bytes) -> frozenset[ox.Quad]:
    parsed = ox.parse(lines, ox.RdfFormat.N_TRIPLES)
    return frozenset(ox.Quad(it.subject, it.predicate, it.object, graph) for it in parsed)


def _itself(graph: GraphName) -> frozenset[ox.NamedNode]:
    return frozenset({graph} if isinstance(graph, ox.NamedNode) else ())
