"""When the consent to a record changes: what is known of it elsewhere changes datasets with it.

A record whose consent is withdrawn takes everything along: what other files and curators said of it would tell of it
still. A record whose consent is given brings only its curation: a curator may have taken a name out of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from graph.store import GraphStore
from ingest.catalog import CATALOG
from ingest.curate import FACTS
from ingest.draft import Draft, subjects
from ingest.elsewhere import Elsewhere
from ingest.ledger import Dataset, Intent
from ingest.link_graphs import USED
from ingest.links import SOURCE, TARGET
from ingest.overlay import CURATION, Overlay, named, spoken_slots
from ingest.practice import PRACTICE
from ingest.record import Node
from ingest.writer import Writer
from ontology.kinds import graph_iri
from ontology.namespaces import RDF, SH

DOOR = "consent"

_TARGET = ox.NamedNode(SH.targetNode)
_SUBJECT = ox.NamedNode(RDF.subject)


def withdraw(writer: Writer, records: Iterable[Node], *, agent: str) -> int:
    """Move what sources and curators publicly said of records and their parts to the private dataset; counts moves.

    What a source describes as something else stays, as does what the program itself ships: a file that calls a known
    tool a practice record does not make that tool vanish.
    """
    store, overlay, known = writer.store(Dataset.PUBLIC), writer.overlay, Elsewhere(writer, "")
    moving = (it for it in records if not known.is_owned(it, {PRACTICE}) and not known.is_shipped(it))
    quads = {quad for record in moving for quad in _known_of(record, store, overlay)}
    return _move(writer, quads, Dataset.PUBLIC, Dataset.PRIVATE, agent)


def publish(writer: Writer, records: Iterable[Node], *, agent: str) -> int:
    """Move the curation of some records from the private dataset to the public one; counts statements moved."""
    store, overlay = writer.store(Dataset.PRIVATE), writer.overlay
    curated = {slot.subject for slot in spoken_slots(store.quads(graph=overlay.curation))}
    known = {quad for record in curated.intersection(records) for quad in _known_of(record, store, overlay)}
    said = {quad for quad in known if quad.graph_name == overlay.curation}
    return _move(writer, said, Dataset.PRIVATE, Dataset.PUBLIC, agent)


def _known_of(record: Node, store: GraphStore, overlay: Overlay) -> Iterator[ox.Quad]:
    """Statements about a record or linking to it, and the nodes by which curation empties and overrides its slots."""
    if not isinstance(record, ox.NamedNode):
        return
    ours = tuple(graph_iri(overlay.base, name) for name in ("starter/", "schema", CATALOG))
    mentions = (*store.quads(record), *store.quads(None, None, record))
    yield from (quad for quad in mentions if not named(quad.graph_name).value.startswith(ours))
    marks = [
        *store.quads(None, _TARGET, record, overlay.curation),
        *store.quads(None, _SUBJECT, record, overlay.overridden),
        *_links(record, store),
    ]
    for mark in marks:
        if isinstance(mark.subject, ox.NamedNode):
            yield from store.quads(mark.subject)


def _links(record: ox.NamedNode, store: GraphStore) -> Iterator[ox.Quad]:
    """The nodes of links from or to a record, which quote it, and of the decisions about them."""
    for end in (SOURCE, TARGET):
        for link in store.quads(None, end, record):
            if isinstance(link.subject, ox.NamedNode):
                yield link
                yield from store.quads(None, USED, link.subject)


def _move(writer: Writer, quads: set[ox.Quad], source: Dataset, target: Dataset, agent: str) -> int:
    """First in the one, then out of the other: a crash between leaves both, and the next ingestion ends it."""
    if quads:
        whole, nothing, touched = frozenset(quads), frozenset[ox.Quad](), subjects(quads)
        arrival = Draft(nothing, whole, len(quads), touched)
        departure = Draft(whole, nothing, len(quads), touched)
        writer.write(Intent(DOOR, agent, target, (CURATION,)), lambda: arrival, FACTS)
        writer.write(Intent(DOOR, agent, source, (CURATION,)), lambda: departure, FACTS)
    return len(quads)
