"""The graph store behind a SPARQL 1.1 endpoint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template
from threading import Lock
from typing import NamedTuple

import pyoxigraph as ox

from graph.remote.dialect import Dialect
from graph.remote.endpoint import Endpoint
from graph.remote.reading import LONG_S, SHORT_S, rows, text_of
from graph.store import GraphName, Loading, Resource, Row, Term
from ontology.errors import BadInput, ChangedOutside, KesherError, RemoteStoreFailed
from ontology.namespaces import PREFIXES
from ontology.questions import bound
from ontology.questions import question as question_text

_NAMELESS = (ox.BlankNode, ox.DefaultGraph)
_MOST_BYTES = 64 << 20
_WRITE_S = 120.0
#: Subjects that are asked about in one request.
_TOGETHER = 500


class Mark(NamedTuple):
    """Where the number of the last write stands: its subject and predicate, and the graph that says it."""

    subject: ox.NamedNode
    predicate: ox.NamedNode
    graph: ox.NamedNode


class RemoteGraph:
    """A dataset of named graphs in somebody else's store. Safe between threads; implements `graph.store.GraphStore`.

    Every call is one request, or a few; each takes a bounded time, and all raise RemoteStoreFailed when the store does
    not do its part. Statements have names for all that they speak of and stand in named graphs, since an update cannot
    take out a given blank node, and some stores show their default graph only mixed with the others.

    Args:
        endpoint: Where the store is; closed with this graph.
        mark: Where the writer keeps the number of its last write. A write that takes the old number out and puts a new
            one in is made only if the store still has the old one: then nobody else has written, and no update of ours
            that seemed lost has arrived meanwhile. None: every write is made.
    """

    bulk: int | None = None

    def __init__(self, endpoint: Endpoint, mark: Mark | None = None) -> None:
        self.endpoint = endpoint
        self.dialect = Dialect(endpoint)
        self._mark = mark
        self._writing = Lock()
        self._version = 0

    @property
    def version(self) -> int:
        """How many writes were applied since this object was made; those of others are not counted."""
        return self._version

    def select(self, question: str, /, **bindings: Term) -> list[Row]:
        return self._ask(bound(question, {name: _written(term) for name, term in bindings.items()}))

    def select_each(self, question: str, variable: str, terms: Iterable[ox.NamedNode]) -> list[Row]:
        text, every = question_text(question), [[str(it)] for it in dict.fromkeys(terms)]
        return [
            row
            for start in range(0, len(every), _TOGETHER)
            for row in self._ask(f"{text}\n{values([variable], every[start : start + _TOGETHER])}")
        ]

    def quads(
        self,
        subject: Resource | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[ox.Quad]:
        if any(isinstance(it, _NAMELESS) for it in (subject, object, graph)):
            return iter(())  # none is ever put there
        pattern = {"subject": subject, "predicate": predicate, "object": object, "graph": graph}
        known = {name: term for name, term in pattern.items() if not isinstance(term, ox.DefaultGraph | None)}
        given = {name: _written(term) for name, term in known.items()}
        seconds = SHORT_S if {"subject", "object"} & set(given) else LONG_S
        found = rows(
            self.endpoint, text_of("statements.rq") + values(list(given), [list(given.values())]), seconds=seconds
        )
        return iter([_quad({**known, **row}) for row in found])

    def about(self, subjects: Iterable[Resource]) -> Iterator[ox.Quad]:
        every = [it for it in dict.fromkeys(subjects) if isinstance(it, ox.NamedNode)]
        found: list[Row] = []
        for start in range(0, len(every), _TOGETHER):
            terms = [[str(it)] for it in every[start : start + _TOGETHER]]
            found += rows(self.endpoint, text_of("statements.rq") + values(["subject"], terms))
        return iter([_quad(row) for row in found])

    def apply(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        """As in the port, by one update request.

        Raises:
            BadInput: a statement stands in no named graph or speaks of a blank node; or the write is too large.
            ChangedOutside: somebody else has written to the store; nothing of this was.
            RemoteStoreFailed: the store does not say that the write is made. It may be: who wants to know, asks.
        """
        gone, new = list(removed), list(added)
        if any(isinstance(term, _NAMELESS) for quad in (*gone, *new) for term in quad):
            raise BadInput(
                "A graph store behind an endpoint takes no blank nodes, and no statement outside every named graph.",
                remedy="Give each node an address, and each statement a graph.",
            )
        seen, ours = self._marks(gone), self._marks(new)
        text = self._update(gone, new, seen) if ours else _unguarded(gone, new)
        if (size := len(text.encode())) > _MOST_BYTES:
            raise BadInput(
                f"This write is {size >> 20} MB of SPARQL; one request to the graph store takes {_MOST_BYTES >> 20}.",
                remedy="Bring it in as several smaller files.",
            )
        with self._writing:
            self._expect(seen if ours else None)
            self.make(text)
            self._expect(ours or None)
            self._version += 1

    @contextmanager
    def loading(self, graph: GraphName) -> Iterator[Loading]:
        whole = _Gathering(graph)
        yield whole
        if whole.ended:
            self.apply((), whole.quads)

    def dump(self, output: Path, syntax: ox.RdfFormat, graph: GraphName) -> None:
        triples = (quad.triple for quad in self.quads(graph=graph))
        ox.serialize(triples, output, syntax, prefixes=dict(PREFIXES))

    def flush(self) -> None:
        """Nothing is left to do: a store says that an update is made when it is as safe as that store makes it."""

    def snapshot(self, target: Path) -> None:
        """Fetch everything, by one query, into a store of our own in the new folder `target`."""
        copy = ox.Store(str(target))
        copy.bulk_extend(self.quads())
        copy.flush()

    def close(self) -> None:
        self.endpoint.close()

    def make(self, text: str) -> None:
        """Make an update.

        Raises:
            RemoteStoreFailed: the store does not say that it is made.
        """
        try:
            self.endpoint.update(text, seconds=_WRITE_S)
        except RemoteStoreFailed:
            raise
        except KesherError as error:  # what is wrong with our update is not for whoever wanted the write
            raise RemoteStoreFailed(error.message) from error
        finally:
            self.dialect.changed()

    def _ask(self, text: str) -> list[Row]:
        return rows(self.endpoint, text, self.dialect.union())

    def _marks(self, quads: list[ox.Quad]) -> list[ox.Quad]:
        """Those statements that number a write."""
        mark = self._mark
        return [it for it in quads if mark and (it.subject, it.predicate, it.graph_name) == mark]

    def _expect(self, marks: list[ox.Quad] | None) -> None:
        """Return if the store's number is this one; None: it does not matter.

        Raises:
            ChangedOutside: it is another.
        """
        if marks is None or self._mark is None:
            return
        mark = self._mark
        if set(self.quads(mark.subject, mark.predicate, None, mark.graph)) != set(marks):
            raise ChangedOutside(
                "Another program has written to the graph store; this write was not made.",
                remedy="The operators see with `kesher check` what is there, and let one Kesher write to one store.",
            )

    def _update(self, gone: list[ox.Quad], new: list[ox.Quad], seen: list[ox.Quad]) -> str:
        condition = _blocks(seen) if seen else Template(text_of("absent.ru")).substitute(self._mark_terms())
        return Template(text_of("guarded.ru")).substitute(
            removed=_blocks(gone), added=_blocks(new), condition=condition
        )

    def _mark_terms(self) -> dict[str, str]:
        return {name: str(term) for name, term in (self._mark._asdict() if self._mark else {}).items()}


class _Gathering:
    """What has been put; it goes in one request, when it is whole."""

    def __init__(self, graph: GraphName) -> None:
        self.quads: list[ox.Quad] = []
        self.ended = False
        self._graph = graph

    def put(self, lines: bytes) -> None:
        triples = ox.parse(lines, ox.RdfFormat.N_TRIPLES)
        self.quads += (ox.Quad(it.subject, it.predicate, it.object, self._graph) for it in triples)

    def end(self, beside: Iterable[ox.Quad]) -> None:
        self.quads += beside
        self.ended = True


def values(names: list[str], terms: list[list[str]]) -> str:
    """A block of VALUES, a row for each list of terms; nothing where no name is bound."""
    if not names:
        return ""
    bindings = " ".join(f"( {' '.join(row)} )" for row in terms)
    return f"VALUES ( {' '.join(f'?{name}' for name in names)} ) {{ {bindings} }}\n"


def _unguarded(gone: list[ox.Quad], new: list[ox.Quad]) -> str:
    return f"DELETE DATA {{ {_blocks(gone)} }}; INSERT DATA {{ {_blocks(new)} }}"


def _blocks(quads: list[ox.Quad]) -> str:
    """Quads as SPARQL data; each term is written, and escaped, by pyoxigraph."""
    return " ".join(f"GRAPH {quad.graph_name} {{ {quad.triple} }}" for quad in quads)


def _written(term: Term) -> str:
    if isinstance(term, ox.BlankNode):
        raise BadInput("A blank node cannot be asked for at an endpoint.")
    return str(term)


def _quad(row: Row) -> ox.Quad:
    subject, predicate, graph = row["subject"], row["predicate"], row["graph"]
    if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode) or isinstance(graph, ox.Literal):
        raise RemoteStoreFailed("The graph store answers with what is no statement.")
    return ox.Quad(subject, predicate, row["object"], graph)
