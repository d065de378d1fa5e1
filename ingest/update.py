"""A SPARQL update from outside: worked out at the desk, written as a difference through the one writer."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from graph.frames import Header
from ingest.catalog import CATALOG
from ingest.desk import Desk, DraftWorker
from ingest.ledger import Dataset
from ingest.overlay import DEFAULT
from ingest.patch import Patch, kept_graphs, patch
from ingest.refusals import nested
from ingest.writer import Commit, Writer
from ontology.namespaces import PREFIXES

DOOR = "sparql"


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """An update, with the dataset that its protocol asks for.

    Attributes:
        text: In UTF-8.
        base: What relative IRIs are resolved against.
        default_graphs: IRIs of the graphs that patterns read (SPARQL 1.1 Protocol, using-graph-uri).
        named_graphs: IRIs of the graphs that GRAPH may reach in patterns (using-named-graph-uri).
        strict: Keep to W3C's dataset: a pattern that names none reads the store's default graph, not the union of all.
    """

    text: bytes
    base: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    strict: bool = False


def update(writer: Writer, desk: Desk, request: UpdateRequest, *, agent: str) -> Commit:
    """Make an update: all of it or nothing. No other write comes between its reading and its writing.

    Raises:
        MalformedQuery, ForbiddenQuery, QueryTooComplex: the text may not be run.
        BadInput: it cannot be done, such as to create a graph that is there.
        Denied: it would write a graph that the program keeps.
        QueryTimeout, QueryMemoryLimit: it was stopped at a limit.
        NoWorker: all workers stayed busy.
    """
    with desk.lend() as worker:
        reply, body = worker.ask(_asked(writer, request), request.text, desk.seconds)
        if "copy" not in reply:
            return patch(writer, lambda: _patch(reply, body), door=DOOR, agent=agent)
        return patch(writer, lambda: _on_copy(writer, desk, worker), door=DOOR, agent=agent)


def _asked(writer: Writer, request: UpdateRequest) -> Header:
    asked = {
        "prefixes": dict(PREFIXES),
        "base": request.base,
        "default": request.default_graphs,
        "named": request.named_graphs,
        "strict": request.strict,
        "kept": sorted(it.value for it in kept_graphs(writer)),
    }
    return {"update": asked}


def _on_copy(writer: Writer, desk: Desk, worker: DraftWorker) -> Patch:
    desk.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=desk.folder) as folder:
        path = Path(folder) / "graph"
        writer.store(Dataset.PUBLIC).snapshot(path)
        hidden = [writer.graph(CATALOG).value, writer.overlay.overridden.value]
        existing = sorted(it.value for it in writer.catalog().graphs() - {DEFAULT, *map(ox.NamedNode, hidden)})
        asked = {"copy": str(path.resolve()), "existing": existing, "hidden": hidden}
        return _patch(*worker.ask(asked, b"", desk.seconds))


def _patch(reply: Header, body: bytes) -> Patch:
    quads = list(ox.parse(body, ox.RdfFormat.N_QUADS))
    if any(isinstance(it.object, ox.Triple) for it in quads):
        raise nested()
    gone = reply["removed"]
    return Patch(
        frozenset(quads[:gone]),
        frozenset(quads[gone:]),
        frozenset(map(ox.NamedNode, reply["created"])),
        frozenset(map(ox.NamedNode, reply["dropped"])),
        reply["sweeping"],
    )
