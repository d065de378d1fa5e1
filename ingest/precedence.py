"""Which statements of sources stand in a slot, and which have stepped aside from it: precedence, seen in a store."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from graph.store import GraphName, GraphStore
from ingest.catalog import CATALOG
from ingest.overlay import Overlay, Slot, slot_of, stated
from ontology.kinds import graph_iri
from ontology.namespaces import RDF

_SUBJECT = ox.NamedNode(RDF.subject)


def in_sources(store: GraphStore, overlay: Overlay, slot: Slot) -> Iterator[ox.Quad]:
    """What sources state in a slot."""
    own = {overlay.curation, overlay.overridden, ox.NamedNode(graph_iri(overlay.base, CATALOG))}
    return (quad for quad in matching(store, slot) if quad.graph_name not in own)


def matching(store: GraphStore, slot: Slot, graph: GraphName | None = None) -> Iterator[ox.Quad]:
    """What stands in a slot, in one graph or in any."""
    if isinstance(slot.subject, ox.NamedNode):
        quads = store.quads(slot.subject, slot.predicate, None, graph)
        yield from (quad for quad in quads if slot_of(quad) == slot)


def keeping(store: GraphStore, overlay: Overlay, slot: Slot) -> Iterator[ox.Quad]:
    """The nodes that keep what was overridden in a slot."""
    if not isinstance(slot.subject, ox.NamedNode):
        return
    about = store.quads(None, _SUBJECT, slot.subject, overlay.overridden)
    for mark in list(about):
        if isinstance(mark.subject, ox.NamedNode):
            node = list(store.quads(mark.subject, None, None, overlay.overridden))
            if any(slot_of(quad) == slot for quad in stated(node)):
                yield from node
