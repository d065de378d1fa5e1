"""A query worker: a process that may crash, hang or swell without harm to anybody else.

It is started by `graph.cage` as `python -m graph.worker` and answers frames (`graph.frames`) on its standard input and
output until the input ends. The first frame opens a snapshot, and sets the terms of all queries:

    {"path": folder, "prefixes": {name: namespace}, "memory": bytes, "seconds": limit, "caps": [rows, bytes],
     "gate": limits | null}    ->  {}

From then on the process has no network (`graph.confinement`), writes no file, and may allocate `memory` bytes. The same
frame again opens a newer snapshot in its place. Queries follow, as often as wanted:

    {"query": text, "sent": text, "accept": media ranges, "gzip": bool, "default": [iris], "named": [iris],
     "strict": bool, "base": iri, "similarity": {...} | null}
        ->  {"media_type": type, "truncated": "rows" | "bytes" | null, "gzip": bool} and the written answer as the body

The gate (`graph.gate`) reads a query first, here and not in the process that serves, which a long one would hold up.
What its author sent is "sent" where the query is a rewriting of it. "similarity" is what `graph.similarity` needs.
A refusal is {"error": code of the KesherError, "message": sentence, "remedy": sentence}, with "line" and "column" where
the query does not parse.
"""

from __future__ import annotations

import os
import resource
import zlib
from collections.abc import Callable
from typing import Any

import pyoxigraph as ox

from graph import gate
from graph.confinement import allow_many_files, leave_network, limit_memory, limit_processor_time
from graph.diagnosis import explain
from graph.frames import Header, read_frame, write_frame
from graph.refusal import described
from graph.results import Answer, write
from graph.similarity import FUNCTION, Similarity
from graph.tables import Caps
from ontology.errors import BadInput, KesherError, Unavailable

_INPUT, _OUTPUT = range(2)
_MOST_COMPLAINT = 65_536  # bytes of standard error, which is a file
_WORTH_PACKING = 1_024  # bytes


def main() -> None:
    """Serve the frames on standard input until it ends, or until memory does."""
    try:
        terms, _ = read_frame(_INPUT)
        store, rehearsal = _confined(terms["path"], terms["memory"]), _rehearsal()
        _reply(store, rehearsal, terms)
        write_frame(_OUTPUT, {})
        while True:
            request, _ = read_frame(_INPUT)
            if "path" in request:
                store = ox.Store.read_only(request["path"])
                _reply(store, rehearsal, terms)
                write_frame(_OUTPUT, {})
            else:
                write_frame(_OUTPUT, *_reply(store, request, terms))
    except (EOFError, ConnectionError):
        return
    except MemoryError:
        os.abort()  # as Rust does when it cannot allocate


def _confined(path: str, memory: int) -> ox.Store:
    """Open the snapshot, and shut off the process around it."""
    leave_network()
    allow_many_files()
    store = ox.Store.read_only(path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_COMPLAINT, _MOST_COMPLAINT))
    limit_memory(memory)
    return store


def _rehearsal() -> Header:
    """A query that has everything be used once."""
    with open(f"{os.path.dirname(__file__)}/rehearsal.rq", encoding="utf-8") as file:  # noqa: PTH120, PTH123 - pathlib takes long to import
        text = file.read()
    nothing: Header = {"default": (), "named": (), "strict": False, "base": "", "sent": "", "similarity": None}
    return {"query": text, "accept": "*/*", "gzip": False, **nothing}


def _reply(store: ox.Store, request: Header, terms: Header) -> tuple[Header, bytes]:
    try:
        answer = _evaluate(store, request, terms)
    except KesherError as refusal:
        return described(refusal), b""
    except (ValueError, RuntimeError) as error:
        return described(BadInput(f"The query cannot be evaluated: {error}.")), b""
    except OSError as error:
        return described(Unavailable(f"The graph could not be read: {error}.")), b""
    packed = request["gzip"] and len(answer.body) >= _WORTH_PACKING
    head = {"media_type": answer.media_type, "truncated": answer.truncated, "gzip": packed}
    return head, _gzipped(answer.body) if packed else answer.body


def _evaluate(store: ox.Store, request: Header, terms: Header) -> Answer:
    limit_processor_time(terms["seconds"])
    text, base, prefixes = request["query"], request["base"] or None, terms["prefixes"]
    if terms["gate"] and not request["sent"]:
        gate.check(text, gate.GateLimits(*terms["gate"]))
    similarity = Similarity(request["similarity"]) if request["similarity"] else None
    functions: dict[ox.NamedNode, Callable[..., Any]] | None = {FUNCTION: similarity} if similarity else None
    try:
        dataset = _dataset(request)
        result = store.query(text, base_iri=base, prefixes=prefixes, custom_functions=functions, **dataset)
    except SyntaxError:
        raise explain(request["sent"] or text, lambda it: _complaint(store, it, base, prefixes), prefixes) from None
    answer = write(result, request["accept"], Caps(*terms["caps"]), prefixes)
    if similarity:
        similarity.check()
    return answer


def _complaint(store: ox.Store, text: str, base: str | None, prefixes: dict[str, str]) -> str:
    """What the parser says against a text; empty when it finds nothing wrong."""
    try:
        store.query(text, base_iri=base, prefixes=prefixes)
    except SyntaxError as error:
        return str(error)
    return ""


def _dataset(request: Header) -> dict[str, Any]:
    if request["default"] or request["named"]:
        return {
            "default_graph": [ox.NamedNode(iri) for iri in request["default"]],
            "named_graphs": [ox.NamedNode(iri) for iri in request["named"]],
        }
    return {
        "use_default_graph_as_union": not (request["strict"] or gate.names_dataset(request["sent"] or request["query"]))
    }


def _gzipped(body: bytes) -> bytes:
    packer = zlib.compressobj(1, wbits=31)  # level 1: a slow reader gains, a quick one waits little
    return packer.compress(body) + packer.flush()


if __name__ == "__main__":
    main()
