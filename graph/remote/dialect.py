"""In what endpoints differ, found out by asking: how a query gets the union of all named graphs as its default graph.

SPARQL 1.1 leaves a store's default graph to the store. Some make it the union of all graphs (GraphDB; `oxigraph serve
--union-default-graph`), some on request (`oxigraph serve`, by a parameter of its own), some keep it apart (Fuseki, as
it comes). The last are told every named graph with every query, as the protocol allows.
"""

from __future__ import annotations

import time
from enum import Enum
from threading import Lock

from graph.remote.endpoint import Endpoint, Pairs
from graph.remote.reading import holds, rows, text_of
from ontology.errors import RemoteStoreFailed

_MOST_GRAPHS = 1_000
_LISTED_S = 5.0


class Union(Enum):
    """How a query's default graph becomes the union of the named graphs."""

    AS_IT_IS = "the store's default graph is their union"
    BY_PARAMETER = "the parameter union-default-graph"
    LISTED = "every graph is named in every query"


_PARAMETERS: dict[Union, Pairs] = {Union.AS_IT_IS: (), Union.BY_PARAMETER: [("union-default-graph", "")]}


class Dialect:
    """What is known of one endpoint; found out when first needed, and again after each failure of it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._way: Union | None = None
        self._known_at = -1
        self._graphs: Pairs = ()
        self._listed_at = -_LISTED_S
        self._lock = Lock()

    @property
    def way(self) -> Union | None:
        """How the union is had; None while the store is empty, when every way is the same.

        Raises:
            RemoteStoreFailed: the store cannot be asked.
        """
        with self._lock:
            if self._way is None or self._known_at != self._endpoint.failures:
                self._known_at = self._endpoint.failures
                self._way = self._find_out()
            return self._way

    def union(self) -> Pairs:
        """Parameters of a query whose default graph is to be the union of all named graphs.

        Raises:
            RemoteStoreFailed: the store cannot be asked, or holds too many graphs to name each.
        """
        way = self.way
        if way is Union.LISTED:
            return self._listed()
        return _PARAMETERS[way] if way else ()

    def changed(self) -> None:
        """Something was written: there may be other graphs now."""
        self._listed_at = time.monotonic() - _LISTED_S

    def _find_out(self) -> Union | None:
        if not holds(self._endpoint, text_of("anything.rq")):
            return None
        for way, parameters in _PARAMETERS.items():
            try:
                if not holds(self._endpoint, text_of("apart.rq"), parameters):
                    return way
            except RemoteStoreFailed:
                if way is Union.AS_IT_IS or self._known_at != self._endpoint.failures:
                    raise  # a store that refuses an unknown parameter did answer
        return Union.LISTED

    def _listed(self) -> Pairs:
        if time.monotonic() - self._listed_at >= _LISTED_S:
            now = time.monotonic()
            found = [row["graph"].value for row in rows(self._endpoint, text_of("graphs.rq"))]
            if len(found) > _MOST_GRAPHS:
                raise RemoteStoreFailed(
                    f"The graph store holds more than {_MOST_GRAPHS:,} graphs, and does not join them itself.",
                    remedy="Its operators start it so that its default graph is the union of all graphs.",
                )
            names = ("default-graph-uri", "named-graph-uri")
            self._graphs = [(name, graph) for name in names for graph in sorted(found)]
            self._listed_at = now
        return self._graphs
