"""The graph store in this process: Oxigraph on disk, with one writer."""

from __future__ import annotations

import errno
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Lock
from time import sleep
from typing import IO, cast

import pyoxigraph as ox

from graph.difference import NODE, expect_storable, expect_xml_names, node_of, update_of
from graph.filling import filling
from graph.opening import disk_errors, open_store
from graph.seals import Seals
from graph.store import GraphName, Loading, Resource, Row, Term
from graph.tally import RESTORE, Tally, Tallying
from ontology.errors import FolderDamaged, FolderInUse, Unavailable
from ontology.namespaces import PREFIXES, XSD
from ontology.questions import question as text_of

#: Hundredths of a second that opening again waits for those who read.
_PATIENCE = 1_000
_STRING = ox.NamedNode(XSD.string)


class EmbeddedGraph:
    """A dataset of named graphs in a folder. Safe to share between threads; implements `graph.store.GraphStore`.

    Args:
        path: Folder of the store, made if absent. One process at a time: see `graph.folder`.

    Raises:
        FolderInUse: another program has the store open.
        FolderDamaged: the store's files do not fit together.
    """

    bulk: int | None = 50_000

    def __init__(self, path: Path) -> None:
        self._seals = Seals(path)
        self._seals.expect()
        self._path = path
        self._opened: ox.Store | None = open_store(path)
        self._there, self._full = Event(), False
        self._there.set()
        self._writing = Lock()
        self._version = 0

    @property
    def _store(self) -> ox.Store:
        """The store; waits while it is opened again."""
        self._there.wait()
        if self._opened is None:
            raise Unavailable("The graph store is closed.", remedy="Start Kesher again.")
        return self._opened

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Around a change, one at a time. After a full disk the store takes nothing more until it is opened again."""
        with self._writing:
            if self._full:
                self._open_again()
            try:
                with disk_errors():
                    yield
            except OSError as error:
                self._full = error.errno == errno.ENOSPC
                raise

    def _open_again(self) -> None:
        self._there.clear()
        try:
            self._opened = None  # it closes when the last reader has done with it
            for _ in range(_PATIENCE):
                with suppress(FolderInUse):
                    self._opened = open_store(self._path)
                    self._full = False
                    return
                sleep(0.01)
            raise Unavailable("The graph store is still being read.", remedy="Try again in a minute.")
        finally:
            self._there.set()

    @property
    def version(self) -> int:
        """How many writes were applied since this object was made."""
        return self._version

    def select(self, question: str, /, **bindings: Term) -> list[Row]:
        solutions = self._store.query(
            text_of(question),
            use_default_graph_as_union=True,
            substitutions={ox.Variable(name): term for name, term in bindings.items()},
        )
        if not isinstance(solutions, ox.QuerySolutions):
            raise TypeError(f"the named question {question!r} is no SELECT")
        names = [variable.value for variable in solutions.variables]
        with disk_errors():
            return [
                {name: term for name, term in zip(names, solution, strict=True) if term is not None}
                for solution in solutions
            ]

    def select_each(self, question: str, variable: str, terms: Iterable[ox.NamedNode]) -> list[Row]:
        return [row for term in terms for row in self.select(question, **{variable: term})]

    def quads(
        self,
        subject: Resource | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: GraphName | None = None,
    ) -> Iterator[ox.Quad]:
        # A list, because the store's own iterator ends the process when another thread touches it.
        with disk_errors():
            return iter(list(self._store.quads_for_pattern(subject, predicate, object, graph)))

    def about(self, subjects: Iterable[Resource]) -> Iterator[ox.Quad]:
        with disk_errors():
            return iter([quad for it in subjects for quad in self._store.quads_for_pattern(it, None, None, None)])

    def apply(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        gone, new = list(removed), list(added)
        expect_storable((*gone, *new))
        with self._changing():
            if gone:
                emptied = self._emptied(gone, new)
                rest = (quad for quad in gone if quad.graph_name not in emptied)
                self._store.update(update_of(emptied, rest, new), custom_functions={NODE: node_of})
            elif self.bulk is None or len(new) < self.bulk:
                self._store.extend(new)
            else:  # files of their own, beside those that are there
                self._store.bulk_extend(new)
            self._version += 1

    @contextmanager
    def loading(self, graph: GraphName) -> Iterator[Loading]:
        with self._changing():
            try:
                with filling(self._store, graph) as pipe:
                    yield pipe
            finally:
                self._version += 1

    def _emptied(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> set[ox.NamedNode]:
        """The graphs that lose every statement: they go as a whole, so that no empty graph is left behind."""
        leaving: defaultdict[object, set[ox.Quad]] = defaultdict(set)
        for quad in removed:
            if isinstance(quad.graph_name, ox.NamedNode):
                leaving[quad.graph_name].add(quad)
        for graph in {quad.graph_name for quad in added} & leaving.keys():
            del leaving[graph]
        named = {graph: quads for graph, quads in leaving.items() if isinstance(graph, ox.NamedNode)}
        return {graph for graph, quads in named.items() if self._is_within(graph, quads)}

    def _is_within(self, graph: ox.NamedNode, quads: set[ox.Quad]) -> bool:
        return all(quad in quads for quad in self._store.quads_for_pattern(None, None, None, graph))

    def dump(self, output: Path, syntax: ox.RdfFormat, graph: GraphName) -> None:
        if syntax == ox.RdfFormat.RDF_XML:
            expect_xml_names(self.quads(graph=graph))
        with disk_errors():
            self._store.dump(output, syntax, from_graph=graph, prefixes=dict(PREFIXES))

    def tally(self) -> Tally:
        """The tally of everything in it; reads it all, some hundred thousand statements a second.

        Raises:
            FolderDamaged: a part of the files cannot be read.
        """
        whole = Tallying()
        try:
            self._store.dump(cast("IO[bytes]", whole), ox.RdfFormat.N_QUADS)
        except (OSError, RuntimeError, ValueError) as error:
            raise FolderDamaged(f"The graph store cannot be read to its end: {error}.", remedy=RESTORE) from error
        return whole.tally

    def tally_of(self, graph: GraphName) -> Tally:
        """The tally of one graph."""
        whole = Tallying(graph)
        with disk_errors():
            self._store.dump(cast("IO[bytes]", whole), ox.RdfFormat.N_TRIPLES, from_graph=graph)
        return whole.tally

    def difference(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> tuple[list[ox.Quad], list[ox.Quad]]:
        """What `apply` would really take out and put in, as the store gives it back."""
        gone, new = set(removed), set(added)
        return (
            [it for it in gone - new if it in self._store],
            [it for it in stored(new - gone) if it not in self._store],
        )

    def flush(self) -> None:
        with self._changing():
            self._store.flush()
            self._seals.note()

    def snapshot(self, target: Path) -> None:
        with disk_errors():
            self._store.backup(target)

    def close(self) -> None:
        with self._writing:
            if self._opened is not None:
                self._opened = None  # the store closes when nothing refers to it
                self._seals.note()


def stored(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """The quads as a store gives them back, to compare with what it holds.

    Oxigraph keeps values, not spellings: `"001"^^xsd:integer` comes back as `1`, `"x"@en-GB` as `"x"@en-gb`. A literal
    that is no value of its datatype comes back as it was.
    """
    kept, spelt = set[ox.Quad](), []
    for quad in quads:
        plain = not isinstance(quad.object, ox.Literal) or quad.object.datatype == _STRING
        kept.add(quad) if plain else spelt.append(quad)
    scratch = ox.Store()
    scratch.extend(spelt)
    kept.update(scratch)
    return kept
