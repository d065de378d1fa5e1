"""What is wrong with a remote store: now, in one sentence, and with what it holds, for who looks into it."""

from __future__ import annotations

from collections.abc import Iterator

from graph.remote.dialect import Union
from graph.remote.reading import holds, rows, text_of
from graph.remote.store import RemoteGraph
from ontology.errors import Misconfigured, RemoteStoreFailed

_ADDRESSES = "See that it runs, and that KESHER_GRAPH_QUERY_URL and KESHER_GRAPH_UPDATE_URL are its addresses."

_GLANCE_S = 3.0


def trouble(graph: RemoteGraph) -> str:
    """Why the store cannot be worked with now; empty when it can."""
    try:
        holds(graph.endpoint, text_of("anything.rq"), seconds=_GLANCE_S)
        graph.dialect.union()
    except RemoteStoreFailed as error:
        return f"{graph.endpoint.url}: {error.message}"
    return ""


def described(graph: RemoteGraph) -> str:
    """The store in one sentence: where it is, what it calls itself, how it is asked."""
    if told := trouble(graph):
        return told
    way = graph.dialect.way
    return f"{graph.endpoint.url}: answers as {graph.endpoint.product}; {way.value if way else 'it is empty'}"


def expect_writable(graph: RemoteGraph) -> None:
    """Return if the store answers queries and takes updates.

    Raises:
        Misconfigured: it does not; names it.
    """
    if told := trouble(graph):
        raise Misconfigured(f"The graph store does not answer. {told}", remedy=_ADDRESSES)
    try:
        graph.make(text_of("nothing.ru"))
    except RemoteStoreFailed as error:
        message = f"The graph store answers queries at {graph.endpoint.url} and takes no updates at "
        raise Misconfigured(f"{message}{graph.endpoint.update_url}: {error.message}", remedy=_ADDRESSES) from error


def strange(graph: RemoteGraph, known: set[str]) -> Iterator[str]:
    """What the store holds that Kesher has not put there, as far as graphs show it; one sentence each.

    Args:
        graph: The store.
        known: Names of the graphs that Kesher has written.
    """
    found = {row["graph"].value for row in rows(graph.endpoint, text_of("graphs.rq"))}
    for name in sorted(found - known):
        yield f"the graph {name} is not in the catalogue: another program has written it"
    apart = graph.dialect.way is not Union.AS_IT_IS  # else the default graph cannot be told from the others
    if apart and holds(graph.endpoint, text_of("unnamed.rq")):
        yield "there are statements outside every named graph, which no page and no search shows"
