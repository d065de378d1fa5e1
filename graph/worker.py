"""A query worker: a process that may crash, hang or swell without harm to anybody else.

It is started by `graph.cage` as `python -m graph.worker` and answers frames (`graph.frames`) on its standard input and
output until the input ends. The first frame opens a snapshot:

    {"path": folder, "prefixes": {name: namespace}, "memory": bytes}    ->  {}

From then on the process has no network (`graph.confinement`), writes no file, and may allocate `memory` bytes. Two
questions follow, as often as wanted:

    {"query": text, "accept": media ranges, "dataset": {...}, "caps": {...}, "seconds": limit}
        ->  {"media_type": type, "truncated": "rows" | "bytes" | null} and the written answer as the body
    {"parse": text}    ->  {}

A query that calls ks:similarity has a member "similarity" too; `graph.similarity` says what is in it.

`dataset` is {"union": true}, {"default": [iris], "named": [iris]} or {} for what the query itself says. A refusal is
{"error": code of the KesherError, "message": sentence, "remedy": sentence}; one of syntax has the parser's own message.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Mapping
from math import ceil
from typing import Any

import pyoxigraph as ox

from graph.confinement import leave_network, limit_memory
from graph.frames import Header, read_frame, write_frame
from graph.results import Answer, Caps, write
from graph.similarity import FUNCTION, Similarity
from ontology.errors import BadInput, KesherError, MalformedQuery, Unavailable

_INPUT, _OUTPUT = range(2)
_ENOUGH_FILES = 65_536  # open at once, far above what a store has
_MOST_COMPLAINT = 65_536  # bytes of standard error, which is a file


def main() -> None:
    """Serve the frames on standard input until it ends, or until memory does."""
    try:
        opening, _ = read_frame(_INPUT)
        store = _confined(opening["path"], opening["memory"])
        write_frame(_OUTPUT, {})
        while True:
            request, _ = read_frame(_INPUT)
            write_frame(_OUTPUT, *_reply(store, request, opening["prefixes"]))
    except (EOFError, ConnectionError):
        return
    except MemoryError:
        os.abort()  # as Rust does when it cannot allocate


def _confined(path: str, memory: int) -> ox.Store:
    """Open the snapshot, and shut off the process around it."""
    leave_network()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = _ENOUGH_FILES if most == resource.RLIM_INFINITY else min(most, _ENOUGH_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (enough, most))
    store = ox.Store.read_only(path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_COMPLAINT, _MOST_COMPLAINT))
    limit_memory(memory)
    return store


def _reply(store: ox.Store, request: Header, prefixes: Mapping[str, str]) -> tuple[Header, bytes]:
    try:
        if "parse" in request:
            store.query(request["parse"], prefixes=dict(prefixes))
            return {}, b""
        answer = _evaluate(store, request, prefixes)
    except KesherError as refusal:
        return _refusal(refusal, refusal.message, refusal.remedy), b""
    except SyntaxError as error:
        return _refusal(MalformedQuery, str(error)), b""
    except (ValueError, RuntimeError) as error:
        return _refusal(BadInput, f"The query cannot be evaluated: {error}."), b""
    except OSError as error:
        return _refusal(Unavailable, f"The graph could not be read: {error}."), b""
    return {"media_type": answer.media_type, "truncated": answer.truncated}, answer.body


def _evaluate(store: ox.Store, request: Header, prefixes: Mapping[str, str]) -> Answer:
    _limit_processor_time(request["seconds"])
    similarity = Similarity(request["similarity"]) if "similarity" in request else None
    functions: dict[ox.NamedNode, Callable[..., Any]] | None = {FUNCTION: similarity} if similarity else None
    dataset = _dataset(request["dataset"])
    result = store.query(request["query"], prefixes=dict(prefixes), custom_functions=functions, **dataset)
    answer = write(result, request["accept"], Caps(**request["caps"]), prefixes)
    if similarity:
        similarity.check()
    return answer


def _limit_processor_time(seconds: float) -> None:
    """Stop by ourselves soon after the cage should have stopped us: it may be gone."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = ceil(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _dataset(described: Header) -> dict[str, Any]:
    if described.get("union"):
        return {"use_default_graph_as_union": True}
    if not described:
        return {}
    return {
        "default_graph": [ox.NamedNode(iri) for iri in described["default"]],
        "named_graphs": [ox.NamedNode(iri) for iri in described["named"]],
    }


def _refusal(error: KesherError | type[KesherError], message: str, remedy: str = "") -> Header:
    return {"error": error.code, "message": message, "remedy": remedy}


if __name__ == "__main__":
    main()
