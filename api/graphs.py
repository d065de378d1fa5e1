"""The public graph as the settings have it, in process or in a remote store, and the door for queries from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pyoxigraph as ox

from api.settings import Settings
from graph.cage import Cage, CageLimits
from graph.embedded import EmbeddedGraph
from graph.folder import DataFolder
from graph.query import QueryDoor
from graph.remote.dialect import Dialect
from graph.remote.endpoint import Endpoint
from graph.remote.faults import expect_writable, strange, trouble
from graph.remote.queries import RemoteLimits, RemoteQueries
from graph.remote.store import Mark, RemoteGraph
from graph.snapshots import Snapshots
from ingest.catalog import CATALOG, MARK, Catalog
from ingest.ledger import Dataset
from ingest.overlay import CURATION, OVERRIDDEN
from ingest.writer import Writer
from ontology.errors import FolderDamaged, Misconfigured
from ontology.kinds import graph_iri

PublicGraph = EmbeddedGraph | RemoteGraph

_READERS = 8


def open_graph(settings: Settings, folder: DataFolder) -> PublicGraph:
    """The public dataset.

    Raises:
        Misconfigured: the remote store does not answer, or takes no updates.
    """
    if not settings.graph_query_url:
        if settings.graph_update_url:
            raise Misconfigured(
                "KESHER_GRAPH_UPDATE_URL is set, and KESHER_GRAPH_QUERY_URL is not.",
                remedy="Set both for a remote store, or neither for the embedded one.",
            )
        return EmbeddedGraph(folder.graph)
    graph = remote_graph(settings)
    try:
        expect_writable(graph)
    except Misconfigured:
        graph.close()
        raise
    return graph


def remote_graph(settings: Settings) -> RemoteGraph:
    """The remote store of the settings, not yet asked anything."""
    catalog = ox.NamedNode(graph_iri(settings.base_iri, CATALOG))
    endpoint = Endpoint(settings.graph_query_url or "", settings.graph_update_url, _READERS)
    return RemoteGraph(endpoint, Mark(catalog, MARK, catalog))


def open_door(settings: Settings, graph: PublicGraph, snapshots: Callable[[], Snapshots]) -> QueryDoor:
    """Where queries from outside are answered; only the embedded store needs snapshots for it."""
    if isinstance(graph, EmbeddedGraph):
        limits = CageLimits(seconds=settings.sparql_timeout_s)
        return Cage(snapshots(), limits, workers=settings.sparql_workers)
    endpoint = Endpoint(settings.graph_query_url or "", connections=settings.sparql_workers)
    together = RemoteLimits(seconds=settings.sparql_timeout_s, together=settings.sparql_workers)
    return RemoteQueries(endpoint, Dialect(graph.endpoint), together)


@contextmanager
def naming(graph: PublicGraph) -> Iterator[None]:
    """Say of a disagreement between ledger and graph in which store the graph is."""
    try:
        yield
    except FolderDamaged as error:
        if isinstance(graph, EmbeddedGraph):
            raise
        raise FolderDamaged(
            f"{error.message}; the graph is in the store {graph.endpoint.url}",
            remedy="It is not the store that this data folder was used with, or an older copy of it: put folder and "
            "store back from backups of one moment, or begin a new folder (KESHER_DATA).",
        ) from error


def waiting_graph(graph: PublicGraph) -> dict[str, str]:
    """The graph among what cannot serve, with the reason; empty when it can."""
    told = trouble(graph) if isinstance(graph, RemoteGraph) else ""
    return {"graph": told} if told else {}


def outside_writes(graph: PublicGraph, writer: Writer) -> Iterator[str]:
    """What another program has done to the remote store, as far as it shows; one sentence each."""
    if isinstance(graph, EmbeddedGraph):
        return
    held, known = Catalog(graph, writer.base).sequence, writer.ledger.last_of(Dataset.PUBLIC)
    if held != known:
        yield f"write {held} is in it, and {known} is the last that this data folder knows: another program made it"
    if foreign := writer.ledger.taken_over(Dataset.PUBLIC):
        yield f"write {foreign} was made by another program; what it changed was indexed anew"
    own = {writer.graph(name).value for name in (CATALOG, CURATION, OVERRIDDEN)}
    entries = graph.quads(predicate=MARK, graph=writer.graph(CATALOG))
    catalogued = {it.subject.value for it in entries if isinstance(it.subject, ox.NamedNode)}
    yield from strange(graph, own | catalogued)
