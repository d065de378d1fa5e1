"""A SPARQL service reached over HTTP: ours, or another one that is held beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox

from bench.conformance.answers import TURTLE, Answer, read_answer
from bench.conformance.manifest import BASE, Case, Kind, Source
from bench.conformance.subject import Failed
from bench.conformance.yardstick import files_from

QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

#: A graph that nobody fills: the default graph of tests that have no data.
_EMPTY = "urn:kesher:conformance:empty"
_TYPES = {".ttl": TURTLE, ".nt": "application/n-triples", ".rdf": "application/rdf+xml"}
_FEW = 6  # graphs that are sooner deleted one by one than all by DROP ALL
_GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"


@dataclass(frozen=True, slots=True)
class Doors:
    """Paths of a service: for queries, for updates, and for graphs (Graph Store Protocol)."""

    query: str
    update: str
    graphs: str


class Service:
    """A `Subject` behind HTTP. It brings data in by the Graph Store Protocol and asks by the SPARQL Protocol.

    Args:
        root: Folder of the suites.
        client: Knows the address, and sends who asks.
        doors: Its paths.
        own: What the names of graphs begin with that the service keeps for itself; they are of no test.
    """

    def __init__(self, root: Path, client: httpx.Client, doors: Doors, own: str = "") -> None:
        self.client = client
        self.doors = doors
        self._root = root
        self._own = own
        self._held: dict[str, Path] = {}
        self._left: set[str | None] | None = None

    def answer(self, case: Case, media_type: str) -> Answer:
        self.hold([case])
        told = self._ask(case, media_type)
        if not told.is_success:
            raise Failed(refusal(told))
        return read_answer(told.content, told.headers.get("content-type", ""))

    def accepts(self, case: Case) -> bool:
        told = self._change(case) if case.kind in {Kind.ACCEPTED_UPDATE, Kind.REFUSED_UPDATE} else self._ask(case)
        malformed = told.status_code == 400 and told.json()["type"].endswith("/malformed-query")
        if not told.is_success and not malformed:
            raise Failed(refusal(told))
        return told.is_success

    def changed(self, case: Case) -> Mapping[str | None, ox.Dataset]:
        self.clear()
        for source in case.data:
            self.put(source)
        put, told = self._left or set(), self._change(case)
        if not told.is_success:
            raise Failed(refusal(told))
        graphs = {name: self._graph(name) for name in (None, *self._names())}
        self._left = put | graphs.keys()
        return {name: graph for name, graph in graphs.items() if len(graph)}

    def clear(self) -> None:
        """Leave no graph."""
        if self._left is None or len(self._left) > _FEW:
            _expect(self.send("POST", self.doors.update, content="DROP ALL", headers={"Content-Type": UPDATE}))
            self._held.clear()
        else:
            for name in self._left:
                self.send("DELETE", self.doors.graphs, params=_which(name))
                self._held.pop(name or "", None)
        self._left = set()

    def send(self, method: str, address: str, **request: Any) -> httpx.Response:  # noqa: ANN401 - passed on to httpx, whose options are of many types
        """The response to a request, whatever its status.

        Raises:
            Failed: there is none.
        """
        try:
            return self.client.request(method, address, **request)
        except httpx.TransportError as error:
            raise Failed(f"{method} {address}: {type(error).__name__}: {error}") from error

    def touched(self) -> None:
        """Note that a request has changed nobody knows which graphs."""
        self._left = None

    def put(self, source: Source, default: str | None = None) -> None:
        """Make a file the content of its graph.

        Args:
            source: The file.
            default: Name of the graph that stands for the default graph; None: the service's own.
        """
        name, media_type = source.graph or default, _TYPES[source.path.suffix]
        base = f"@base <{source.base}> .\n".encode() if media_type == TURTLE else b""
        sent = {"content": base + source.path.read_bytes(), "headers": {"Content-Type": media_type}}
        _expect(self.send("PUT", self.doors.graphs, params=_which(name), **sent))
        if self._left is not None:
            self._left.add(name)

    def hold(self, cases: Iterable[Case]) -> None:
        """Bring in the files of queries. Each is a graph of its own, that of the default graph too."""
        for case in cases:
            named = [Source(self._root / iri.removeprefix(BASE), iri, iri) for iri in files_from(case)]
            for source in (*case.data, *named):
                if self._held.get(source.graph or source.base) != source.path:
                    self.put(source, source.base)
                    self._held[source.graph or source.base] = source.path

    def _ask(self, case: Case, media_type: str = "*/*") -> httpx.Response:
        headers = {"Content-Type": QUERY, "Accept": media_type}
        return self.send("POST", self.doors.query, params=_dataset(case), content=_based(case), headers=headers)

    def _change(self, case: Case) -> httpx.Response:
        self.touched()
        return self.send("POST", self.doors.update, content=_based(case), headers={"Content-Type": UPDATE})

    def _names(self) -> list[str]:
        told = _expect(self.send("GET", self.doors.query, params={"query": _GRAPHS}, headers={"Accept": "text/csv"}))
        found = read_answer(told.content, "text/csv")
        return [it["g"].value for it in found.rows if not (self._own and it["g"].value.startswith(self._own))]

    def _graph(self, name: str | None) -> ox.Dataset:
        told = self.send("GET", self.doors.graphs, params=_which(name), headers={"Accept": TURTLE})
        return ox.Dataset() if told.status_code == 404 else read_answer(_expect(told).content, TURTLE)


def _which(graph: str | None) -> dict[str, str]:
    return {"default": ""} if graph is None else {"graph": graph}


def refusal(told: httpx.Response) -> str:
    """The status, and what was said of it."""
    detail = told.json().get("detail", "") if "json" in told.headers.get("content-type", "") else told.text
    return f"{told.status_code}: {detail}"


def _expect(told: httpx.Response) -> httpx.Response:
    """The response to a request that is no part of the test.

    Raises:
        Failed: it was refused.
    """
    if not told.is_success:
        raise Failed(f"{told.request.method} {told.request.url}: {refusal(told)}")
    return told


def _based(case: Case) -> str:
    """The request with its base: the protocol has no other way to tell it."""
    return f"BASE <{case.base}>\n{case.text}"


def _dataset(case: Case) -> list[tuple[str, str]]:
    """The dataset of a query, unless its own FROM says it."""
    if files_from(case):
        return []
    default = [source.base for source in case.data if source.graph is None]
    named = [source.graph for source in case.data if source.graph is not None]
    default = default or ([] if named else [_EMPTY])
    return [("default-graph-uri", it) for it in default] + [("named-graph-uri", it) for it in named]
