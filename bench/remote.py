"""The graph in a remote store (`oxigraph serve` on this machine) beside the embedded one, and beside no door at all."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from api.entity import read_entity
from api.graphs import open_door, remote_graph
from api.settings import Settings
from api.statements import Statements
from bench.measure import Line, in_turns, milliseconds
from bench.world import starter
from graph.query import QueryRequest
from graph.remote.received import TABLE
from graph.snapshots import Snapshots
from ontology.kinds import Kind, entity_iri

_TURNS = 60
_ENTITIES = {"a tool": (Kind.TOOL, "video-lm"), "a role": (Kind.ROLE, "subject-coordinator")}
_LIMITS = {"10 rows": 10, "10,000 rows": 10_000}


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files."""
    with starter(folder) as services:
        shutil.copytree(services.folder.graph, folder / "store")
        with _served(folder / "store") as settings, closing(remote_graph(settings)) as graph:
            for what, (kind, slug) in _ENTITIES.items():
                iri = entity_iri(settings.base_iri, kind, slug)
                before = graph.endpoint.requests
                read_entity(Statements([graph]), iri, "en")
                requests = graph.endpoint.requests - before
                stores = {"remote": graph, "embedded": services.graph}
                timings = in_turns(
                    {
                        name: lambda iri, store=store: read_entity(Statements([store]), iri, "en")
                        for name, store in stores.items()
                    },
                    [iri] * _TURNS,
                )
                ours, bare = timings["remote"].p50, timings["embedded"].p50
                told = f"{what} whole, from a remote store ({requests} requests)"
                yield Line(told, milliseconds(ours), "the embedded store", milliseconds(bare), ours / bare)
            yield from _queries(settings)


def _queries(settings: Settings) -> Iterator[Line]:
    with (
        closing(remote_graph(settings)) as graph,
        closing(open_door(settings, graph, _none)) as door,
        httpx.Client(timeout=30) as client,
    ):
        for what, limit in _LIMITS.items():
            text = f"SELECT * {{ ?s ?p ?o }} LIMIT {limit}"
            asked = {"query": text, "union-default-graph": ""}
            timings = in_turns(
                {
                    "door": lambda text: door.run(QueryRequest(text, TABLE)),
                    "straight": lambda _, asked=asked: client.post(
                        settings.graph_query_url or "", data=asked, headers={"Accept": TABLE}
                    ).read(),
                },
                [text] * _TURNS,
            )
            ours, bare = timings["door"].p50, timings["straight"].p50
            yield Line(
                f"SPARQL at a remote store, {what}", milliseconds(ours), "httpx", milliseconds(bare), ours / bare
            )


def _none() -> Snapshots:
    raise RuntimeError("a remote store has no snapshots")


@contextmanager
def _served(store: Path) -> Iterator[Settings]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"127.0.0.1:{port}"
    command = [str(Path(sys.executable).with_name("oxigraph")), "serve", "--location", str(store), "--bind", address]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if not probe.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.05)
        yield Settings(graph_query_url=f"http://{address}/query", graph_update_url=f"http://{address}/update")
    finally:
        process.terminate()
        process.wait(30)
