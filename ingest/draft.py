"""What a write will remove and add, worked out against what the store holds now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from graph.embedded import stored
from graph.store import GraphStore
from ingest.catalog import Catalog, Facts
from ingest.overlay import STATED_IN, Overlay, named, slot_of, spoken_slots, stated, unnamed
from ontology.kinds import Iri


@dataclass(frozen=True, slots=True)
class Draft:
    """A write before it is made.

    Attributes:
        changed: How many statements differ, without bookkeeping.
        touched: Subjects of those statements.
        entries: What the catalogue will say of graphs beside the one that the intent names first; None: nothing more.
    """

    removed: frozenset[ox.Quad]
    added: frozenset[ox.Quad]
    changed: int
    touched: frozenset[Iri]
    entries: Mapping[ox.NamedNode, Facts | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filling:
    """A graph of which nothing is known yet, and which is filled while its statements are still being worked out.

    Attributes:
        facts: Its catalogue entry, without the hash of its content.
        parts: N-Triples, whole lines in each part.
        allowed: Called after the last part: may they be written?
        outcome: What it came to, without the statements; its entry has the hash. Called while the store works.
    """

    graph: ox.NamedNode
    facts: Facts
    parts: Iterable[bytes]
    allowed: Callable[[], bool]
    outcome: Callable[[], Draft]

    def into(self, store: GraphStore, catalog: Catalog, sequence: int) -> Draft | None:
        """Write it under a number; None if it may not be.

        The number before goes in a second step, in which the hash comes, as that is known last. Should the process end
        between the two, the greater number counts, and the next ingestion of the same file adds the hash.
        """
        with store.loading(self.graph) as loading:
            for part in self.parts:
                loading.put(part)
            if not self.allowed():
                return None
            loading.end(catalog.renewal({self.graph: self.facts}, sequence)[1])
            draft = self.outcome()
        outdated, renewed = (set(it) for it in catalog.renewal(draft.entries, sequence))
        store.apply(outdated - renewed, renewed - outdated)
        return draft


def entries_of(
    draft: Draft, catalog: Catalog, graph: ox.NamedNode, facts: Facts | None
) -> dict[ox.NamedNode, Facts | None]:
    """What the catalogue will say of every graph that a draft changes: its number at least.

    `facts` are of `graph`, unless the draft has entries of its own.
    """
    entries = dict(draft.entries) or {graph: facts}
    touched = {named(quad.graph_name) for quad in (*draft.removed, *draft.added)}
    for changed in touched - entries.keys():
        if known := catalog.facts(changed):
            entries[changed] = known
    return entries


def put(store: GraphStore, removed: set[ox.Quad], added: set[ox.Quad], *, alone: bool) -> None:
    """Apply a change; `alone`: nothing goes but the number of the write before.

    Much that is new goes in several times faster when nothing has to go with it, so the old number goes after it.
    Should the process end between the two, the greater number counts, and the next write removes both.
    """
    if alone and store.bulk and len(added) >= store.bulk:
        store.apply((), added)
        store.apply(removed, ())
    else:
        store.apply(removed, added)


def content_hash(triples: Iterable[ox.Triple]) -> str:
    """SHA-256, in hexadecimal, of a set of triples in any order."""
    lines = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    # Without the dots that N-Triples ends a line with: what a triple is, not how a file has it.
    return hashlib.sha256(b"\n".join(sorted({line[:-2] for line in lines.splitlines()}))).hexdigest()


def replacement(store: GraphStore, overlay: Overlay, graph: ox.NamedNode, triples: Iterable[ox.Triple]) -> Draft:
    """The draft that makes a graph hold exactly these triples, minus the slots of which curation speaks."""
    slots = spoken_slots(store.quads(graph=overlay.curation))
    incoming = stored(ox.Quad(it.subject, it.predicate, it.object, graph) for it in triples)
    aside = {quad for quad in incoming if slots and slot_of(quad) in slots}
    nodes = kept_nodes(store, overlay, graph)
    present = set(store.quads(graph=graph))
    if not (aside or nodes or present):  # a new graph, which may be a large one
        return Draft(frozenset(), frozenset(incoming), len(incoming), subjects(incoming))
    wanted = (incoming - aside).union(*map(overlay.set_aside, aside))
    before = present.union(stated(nodes))
    differing = (incoming ^ before) | (present ^ (incoming - aside))
    return Draft(
        removed=frozenset((present | nodes) - wanted),
        added=frozenset(wanted - present - nodes),
        changed=len(incoming ^ before),
        touched=subjects(differing),
    )


def content(store: GraphStore, overlay: Overlay, graph: ox.NamedNode) -> set[ox.Triple]:
    """What a source graph says, with the statements that curation set aside."""
    nodes = kept_nodes(store, overlay, graph)
    return {quad.triple for quad in (*store.quads(graph=unnamed(graph)), *stated(nodes))}


def kept_nodes(store: GraphStore, overlay: Overlay, graph: ox.NamedNode) -> set[ox.Quad]:
    """Quads of the nodes that keep the overridden statements of one graph."""
    marks = list(store.quads(None, STATED_IN, graph, overlay.overridden))
    return {quad for mark in marks for quad in store.quads(_named(mark), None, None, overlay.overridden)}


def subjects(quads: Iterable[ox.Quad]) -> frozenset[Iri]:
    """Addresses of what the quads are about."""
    return frozenset(Iri(quad.subject.value) for quad in quads if isinstance(quad.subject, ox.NamedNode))


def _named(quad: ox.Quad) -> ox.NamedNode | None:
    return quad.subject if isinstance(quad.subject, ox.NamedNode) else None
