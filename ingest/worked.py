"""An update worked out: what it takes out and puts in; for the process of a draft worker only.

Updates that give their data in full need no copy of the graph. Any other runs on a copy, and what the graphs hold
afterwards is compared with what they held before, line by line as N-Triples: all of it, or, in a large copy, what is
said of the nodes that a witness saw the update touch.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import uuid4

import pyoxigraph as ox

from graph.diagnosis import explain
from graph.gate import GateLimits
from graph.store import GraphName
from graph.update_reading import read_update
from graph.update_text import UpdateText
from ingest.witness import SEEN, Node, Witness, witness_of
from ontology.errors import BadInput, KesherError

_LONGEST_EXPLAINED = 65_536

_LARGE = 4 << 20  # bytes
_ROOMY = GateLimits(bytes=1 << 20, nesting=200, operators=10_000)  # the filters of a witness count too

Lines: TypeAlias = set[bytes]
Dataset: TypeAlias = tuple[Sequence[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Language:
    """How an update is read: the prefixes that it need not declare, and what relative IRIs are resolved against."""

    prefixes: Mapping[str, str]
    base: str

    def run(self, store: ox.Store, text: str, witness: Witness | None = None) -> None:
        """Run an update, before a witness that its text calls.

        Raises:
            MalformedQuery: it does not parse; says where.
            BadInput: it cannot be done, such as to create a graph that is there.
        """
        try:
            functions: dict[ox.NamedNode, Callable[..., Any]] | None = {SEEN: witness} if witness else None
            store.update(text, base_iri=self.base, prefixes=dict(self.prefixes), custom_functions=functions)
        except SyntaxError as error:
            raise self._explained(text, str(error)) from error
        except (RuntimeError, ValueError) as error:
            raise BadInput(f"The update cannot be done: {error}; nothing was written.") from error

    def expect_well_formed(self, text: str) -> None:
        """Raise MalformedQuery for an update that does not parse."""
        if complaint := self._complaint(text):
            raise self._explained(text, complaint)

    def _explained(self, text: str, complaint: str) -> KesherError:
        if len(text) > _LONGEST_EXPLAINED:
            return BadInput(f"The update does not parse: {complaint[:500]}.")
        return explain(text, self._complaint, self.prefixes)

    def _complaint(self, text: str) -> str:
        try:
            ox.Store().update(text, base_iri=self.base, prefixes=dict(self.prefixes))
        except SyntaxError as error:
            return str(error)
        except (RuntimeError, ValueError, OSError):
            return ""
        return ""


@dataclass(frozen=True, slots=True)
class Worked:
    """What an update comes to.

    Attributes:
        removed: Statements as lines of N-Quads; some may not be there.
        added: As much; some may be there already.
        created: Graphs that it makes, be they empty.
        dropped: Graphs that are no more.
    """

    removed: Lines
    added: Lines
    created: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()


def without_graph(update: UpdateText, language: Language) -> Worked:
    """Work out an update that gives its data in full; no graph is needed.

    Raises:
        MalformedQuery: it does not parse.
    """
    whole, operations = ox.Store(), list(update.data())
    language.run(whole, update.text)
    if all(inserts for inserts, _ in operations):
        return Worked(Lines(), _dumped(whole))
    removed, added = Lines(), Lines()
    for inserts, text in operations:
        scratch = ox.Store()
        language.run(scratch, text)
        lines = _dumped(scratch)
        gone, new = (removed, added) if inserts else (added, removed)
        gone -= lines
        new |= lines
    return Worked(removed, added)


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the graph that an update may change.

    Attributes:
        path: Its folder.
        existing: Graphs that exist although the copy may not know, because they are empty.
        hidden: Graphs that no update sees.
    """

    path: str
    existing: Iterable[str]
    hidden: Iterable[str]

    @property
    def is_large(self) -> bool:
        """True when it takes long to compare all of it. To be asked before it is open."""
        return sum(it.stat().st_size for it in os.scandir(self.path)) > _LARGE

    def pristine(self, store: ox.Store) -> ox.Store:
        """What an open store holds now, to be read after it has changed."""
        store.backup(f"{self.path}-before")
        return ox.Store.read_only(f"{self.path}-before")

    def open(self) -> ox.Store:
        """The copy as an update may see it."""
        store = ox.Store(self.path)
        for iri in self.existing:
            store.add_graph(ox.NamedNode(iri))
        for iri in self.hidden:
            store.remove_graph(ox.NamedNode(iri))
        return store


def on_copy(copy: Copy, update: UpdateText, dataset: Dataset, language: Language, *, union: bool) -> Worked:
    """Work out an update on a copy of the graph.

    Args:
        copy: The copy; the update is made in it.
        update: The update.
        dataset: The default and the named graphs that the request names for its patterns.
        language: How it is to be read.
        union: Patterns that name no dataset read the union of all graphs, as queries do; else the default graph alone.

    Raises:
        MalformedQuery, BadInput: as for `Language.run`.
    """
    language.expect_well_formed(update.text)
    witness = witness_of(update, language.prefixes) if copy.is_large else None
    store, targets = copy.open(), update.targets(language.prefixes)
    there = frozenset(_names(store))
    if witness:
        update = read_update(witness.text, _ROOMY)
        pristine = copy.pristine(store)
        before = Lines()
    else:
        before = _held(store, targets)
    _run(store, update, dataset, language, witness, union=union)
    still = frozenset(_names(store))
    if witness and not witness.overrun:
        before, after = _said_of(pristine, witness.nodes), _said_of(store, witness.nodes)
    else:
        before, after = _held(pristine, targets) if witness else before, _held(store, targets)
    return Worked(before - after, after - before, still - there, there - still)


def _run(  # noqa: PLR0913 - what one run is made of
    store: ox.Store,
    update: UpdateText,
    dataset: Dataset,
    language: Language,
    witness: Witness | None,
    *,
    union: bool,
) -> None:
    text = update.reading(*dataset)
    if union and text == update.text and any(it.is_open for it in update.operations):
        _run_over_union(store, update, language, witness)
    else:
        language.run(store, text, witness)


def _run_over_union(store: ox.Store, update: UpdateText, language: Language, witness: Witness | None) -> None:
    """Run the operations one by one, each pattern over all graphs that there are then.

    No clause can name the default graph, so a graph of its own stands in for it while a pattern is read. No update can
    know its name, since it goes with all that is in it.
    """
    stand_in = ox.NamedNode(f"urn:uuid:{uuid4()}")
    for it in update.operations:
        if not it.is_open:
            language.run(store, update.alone(it), witness)
            continue
        names = sorted(_names(store))
        store.bulk_extend(
            ox.Quad(quad.subject, quad.predicate, quad.object, stand_in)
            for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        )
        using = (f"USING {stand_in} ", *(f"USING <{name}> USING NAMED <{name}> " for name in names))
        language.run(store, update.alone(it, "".join(using)), witness)
        store.remove_graph(stand_in)


def _names(store: ox.Store) -> set[str]:
    return {it.value for it in store.named_graphs() if isinstance(it, ox.NamedNode)}


def _held(store: ox.Store, targets: Iterable[str] | None) -> Lines:
    """What the graphs hold, as lines of N-Quads."""
    if targets is None:
        return _dumped(store)
    graphs: tuple[GraphName, ...] = (ox.DefaultGraph(), *map(ox.NamedNode, targets))
    return {line for graph in graphs for line in _lines_of(store, graph)}


def _said_of(store: ox.Store, nodes: Iterable[Node]) -> Lines:
    """What some nodes are said to be, as lines of N-Quads."""
    quads = (quad for node in nodes for quad in store.quads_for_pattern(node, None, None, None))
    return set((ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").splitlines())


def _dumped(store: ox.Store) -> Lines:
    return set((store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines())


def _lines_of(store: ox.Store, graph: GraphName) -> Iterable[bytes]:
    dumped = (store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b"").splitlines()
    if isinstance(graph, ox.DefaultGraph):
        return dumped
    end = f"{graph} .".encode()
    return (line[:-1] + end for line in dumped)
