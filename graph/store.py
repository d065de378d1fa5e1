"""The port to a graph store: the few verbs that the rest of Kesher needs of triples.

Terms are pyoxigraph's. `select` is for Kesher's own named questions, which are trusted and small; a query that
comes from outside never runs here but in `graph.cage`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeAlias

import pyoxigraph as ox

Resource: TypeAlias = ox.NamedNode | ox.BlankNode
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
GraphName: TypeAlias = ox.NamedNode | ox.DefaultGraph
Row: TypeAlias = Mapping[str, Term]


class Loading(Protocol):
    """Statements on their way into one graph. Without `end` none of them arrives."""

    def put(self, lines: bytes) -> None:
        """Whole lines of N-Triples."""

    def end(self, beside: Iterable[ox.Quad]) -> None:
        """The last have been put; what goes in together with them, whatever its graph."""


class GraphStore(Protocol):
    """One dataset: named graphs and, mostly empty, the default graph. A query without FROM sees the union of them all.

    A named graph is there while it has a statement: that a graph exists although it is empty, `ingest.catalog` knows.
    """

    #: From so many statements on, an `apply` that removes nothing is several times faster than one that does.
    #: None: there is no such number, or what a write takes out is what guards it.
    bulk: int | None

    @property
    def version(self) -> int:
        """How many writes were applied since this object was made."""

    def select(self, question: str, /, **bindings: Term) -> list[Row]:
        """Rows of the named question `ontology/queries/{question}.rq` with the given variables bound.

        A bound variable must stand in the question's projection. Unbound results are absent from the row.

        Raises:
            UnknownQuestion: there is no such file.
        """

    def select_each(self, question: str, variable: str, terms: Iterable[ox.NamedNode]) -> list[Row]:
        """As `select`, for several values of one variable; in one journey where the store is far away."""

    def quads(
        self,
        subject: Resource | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,  # the RDF word; shadowing the builtin is confined to this keyword
        graph: GraphName | None = None,
    ) -> Iterator[ox.Quad]:
        """Statements that match a pattern; None matches anything."""

    def about(self, subjects: Iterable[Resource]) -> Iterator[ox.Quad]:
        """Statements about several subjects, in one journey where the store is far away."""

    def apply(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        """Take `removed` out and put `added` in: all of it or, on any error, nothing.

        Visible at once, on disk only after `flush`. Blank nodes keep their labels, and what is in both stays.

        Raises:
            ValueError: a triple stands inside a triple, or a graph is named by a blank node.
        """

    def loading(self, graph: GraphName) -> AbstractContextManager[Loading]:
        """Put many statements into a graph while they are still being worked out: all of it or, on any error, nothing.

        What the caller does after `Loading.end` goes on beside the store's own work; leaving waits for that. Visible
        then, on disk only after `flush`. Blank nodes get other labels.
        """

    def dump(self, output: Path, syntax: ox.RdfFormat, graph: GraphName) -> None:
        """Write the statements of one graph to a file, in a syntax for triples or one for quads.

        Raises:
            ValueError: a predicate cannot be written in it (RDF/XML).
        """

    def flush(self) -> None:
        """Return when everything applied so far is on disk."""

    def snapshot(self, target: Path) -> None:
        """Write an immutable copy of the dataset, as of now, to the new folder `target`."""

    def close(self) -> None:
        """Let go of the files."""
