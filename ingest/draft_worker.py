"""A draft worker: a process that reads what comes from outside to be written, and may crash over it without harm.

It is started by `ingest.desk` as `python -m ingest.draft_worker` and answers frames (`graph.frames`) as a query worker
does. The first frame shuts it off from the network and limits its memory:

    {"memory": bytes}    ->  {}

    {"read": media type, "graph": IRI, "seconds": limit} and a document    ->  {} and its statements as N-Triples

A refusal is {"error": code of the KesherError, "message": ..., "remedy": ..., "line": ..., "column": ...}.
"""

from __future__ import annotations

import os
import resource

from graph.confinement import leave_network, limit_memory
from graph.frames import Header, read_frame, write_frame
from graph.worker import limit_processor_time
from ingest.document import read_document
from ontology.errors import KesherError, Unavailable

_INPUT, _OUTPUT = range(2)
_ENOUGH_FILES = 65_536


def main() -> None:
    """Serve the frames on standard input until it ends, or until memory does."""
    try:
        opening, _ = read_frame(_INPUT)
        _confine(opening["memory"])
        write_frame(_OUTPUT, {})
        while True:
            request, body = read_frame(_INPUT)
            write_frame(_OUTPUT, *_reply(request, body))
    except (EOFError, ConnectionError):
        return
    except MemoryError:
        os.abort()  # as Rust does when it cannot allocate


def _confine(memory: int) -> None:
    leave_network()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = _ENOUGH_FILES if most == resource.RLIM_INFINITY else min(most, _ENOUGH_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (enough, most))
    limit_memory(memory)


def _reply(request: Header, body: bytes) -> tuple[Header, bytes]:
    limit_processor_time(request["seconds"])
    try:
        return {}, read_document(body, request["read"], request["graph"])
    except KesherError as refusal:
        return _refusal(refusal), b""
    except OSError as error:
        return _refusal(Unavailable(f"The graph could not be read: {error}.")), b""


def _refusal(error: KesherError) -> Header:
    carried = {name: getattr(error, name) for name in ("line", "column", "place", "problem") if hasattr(error, name)}
    return {"error": error.code, "message": error.message, "remedy": error.remedy, **carried}


if __name__ == "__main__":
    main()
