"""An update worked out: what it takes out and puts in; for the process of a draft worker only.

Updates that give their data in full need no copy of the graph. Any other runs on a copy, and what the graphs hold
afterwards is compared with what they held before, line by line as N-Triples.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from uuid import uuid4

import pyoxigraph as ox

from graph.diagnosis import explain
from graph.store import GraphName
from graph.update_text import UpdateText
from ontology.errors import BadInput, KesherError

_LONGEST_EXPLAINED = 65_536

Lines: TypeAlias = set[bytes]


@dataclass(frozen=True, slots=True)
class Language:
    """How an update is read: the prefixes that it need not declare, and what relative IRIs are resolved against."""

    prefixes: Mapping[str, str]
    base: str

    def run(self, store: ox.Store, text: str) -> None:
        """Run an update.

        Raises:
            MalformedQuery: it does not parse; says where.
            BadInput: it cannot be done, such as to create a graph that is there.
        """
        try:
            store.update(text, base_iri=self.base, prefixes=dict(self.prefixes))
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

    def open(self) -> ox.Store:
        """The copy as an update may see it."""
        store = ox.Store(self.path)
        for iri in self.existing:
            store.add_graph(ox.NamedNode(iri))
        for iri in self.hidden:
            store.remove_graph(ox.NamedNode(iri))
        return store


def on_copy(copy: Copy, update: UpdateText, text: str, language: Language, *, union: bool) -> Worked:
    """Work out an update on a copy of the graph.

    Args:
        copy: The copy; the update is made in it.
        update: The update.
        text: Its text with the dataset of the request.
        language: How it is to be read.
        union: Patterns that name no dataset read the union of all graphs, as queries do; else the default graph alone.

    Raises:
        MalformedQuery, BadInput: as for `Language.run`.
    """
    store, targets = copy.open(), update.targets(language.prefixes)
    there, before = _names(store), _held(store, targets)
    if union and text == update.text and any(it.is_open for it in update.operations):
        _run_over_union(store, update, language)
    else:
        language.run(store, text)
    still, after = _names(store), _held(store, targets)
    return Worked(before - after, after - before, frozenset(still - there), frozenset(there - still))


def _run_over_union(store: ox.Store, update: UpdateText, language: Language) -> None:
    """Run the operations one by one, each pattern over all graphs that there are then.

    No clause can name the default graph, so a graph of its own stands in for it while a pattern is read. No update can
    know its name, since it goes with all that is in it.
    """
    stand_in = ox.NamedNode(f"urn:uuid:{uuid4()}")
    language.expect_well_formed(update.text)
    for it in update.operations:
        if not it.is_open:
            language.run(store, update.alone(it))
            continue
        names = sorted(_names(store))
        store.bulk_extend(
            ox.Quad(quad.subject, quad.predicate, quad.object, stand_in)
            for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        )
        using = (f"USING {stand_in} ", *(f"USING <{name}> USING NAMED <{name}> " for name in names))
        language.run(store, update.alone(it, "".join(using)))
        store.remove_graph(stand_in)


def _names(store: ox.Store) -> set[str]:
    return {it.value for it in store.named_graphs() if isinstance(it, ox.NamedNode)}


def _held(store: ox.Store, targets: Iterable[str] | None) -> Lines:
    """What the graphs hold, as lines of N-Quads."""
    if targets is None:
        return _dumped(store)
    graphs: tuple[GraphName, ...] = (ox.DefaultGraph(), *map(ox.NamedNode, targets))
    return {line for graph in graphs for line in _lines_of(store, graph)}


def _dumped(store: ox.Store) -> Lines:
    return set((store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines())


def _lines_of(store: ox.Store, graph: GraphName) -> Iterable[bytes]:
    dumped = (store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) or b"").splitlines()
    if isinstance(graph, ox.DefaultGraph):
        return dumped
    end = f"{graph} .".encode()
    return (line[:-1] + end for line in dumped)
