"""A draft worker: a process that reads what comes from outside to be written, and may crash over it without harm.

It is started by `ingest.desk` as `python -m ingest.draft_worker` and answers frames (`graph.frames`) as a query worker
does. The first frame shuts it off from the network and limits its memory:

    {"memory": bytes}    ->  {}

    {"read": media type, "graph": IRI, "seconds": limit} and a document    ->  {} and its statements as N-Triples
    {"update": {"prefixes", "base", "default", "named", "kept", "strict"}, "seconds": limit} and an update
        ->  {"removed": lines, "added": lines} and these as N-Quads; or {"copy": true}: it needs a copy of the graph
    {"copy": folder, "existing": [IRIs], "hidden": [IRIs], "seconds": limit}, for the update that needs it
        ->  {"removed", "added", "created": [IRIs], "dropped": [IRIs], "sweeping": bool} and statements as before;
            "peak" is the most memory that the process ever had, in bytes

A refusal is {"error": code of the KesherError, "message": ..., "remedy": ..., "line": ..., "column": ...}.
"""

from __future__ import annotations

import os

from graph.confinement import (
    allow_many_files,
    leave_network,
    limit_memory,
    limit_processor_time,
    peak_memory,
)
from graph.frames import Header, read_frame, write_frame
from graph.refusal import described
from graph.update_reading import read_update
from graph.update_text import UpdateText
from ingest.document import read_document
from ingest.refusals import MOST_BYTES, kept, too_large
from ingest.worked import Copy, Language, Worked, on_copy, without_graph
from ontology.errors import BadInput, KesherError, Unavailable

_INPUT, _OUTPUT = range(2)


def main() -> None:
    """Serve the frames on standard input until it ends, or until memory does."""
    try:
        opening, _ = read_frame(_INPUT)
        _confine(opening["memory"])
        write_frame(_OUTPUT, {})
        desk = _Drafting()
        while True:
            request, body = read_frame(_INPUT)
            write_frame(_OUTPUT, *_reply(desk, request, body))
    except (EOFError, ConnectionError):
        return
    except MemoryError:
        os.abort()  # as Rust does when it cannot allocate


def _confine(memory: int) -> None:
    leave_network()
    allow_many_files()
    limit_memory(memory)


def _reply(desk: _Drafting, request: Header, body: bytes) -> tuple[Header, bytes]:
    limit_processor_time(request["seconds"])
    try:
        return _answer(desk, request, body)
    except KesherError as refusal:
        return described(refusal), b""
    except OSError as error:
        return described(Unavailable(f"The graph could not be read: {error}.")), b""


def _answer(desk: _Drafting, request: Header, body: bytes) -> tuple[Header, bytes]:
    """The reply to a request that is no refusal.

    Raises:
        KesherError: the refusal.
    """
    if "read" in request:
        header: Header = {}
        answer = read_document(body, request["read"], request["graph"])
    else:
        header, answer = desk.take(request, body) if "update" in request else desk.finish(request)
    if len(answer) > MOST_BYTES:
        raise too_large(answer)
    return header, answer


class _Drafting:
    """The update that is being worked out; one that needs a copy of the graph waits here for it."""

    update: UpdateText
    dataset: tuple[list[str], list[str]]
    language: Language
    union: bool

    def take(self, request: Header, body: bytes) -> tuple[Header, bytes]:
        """Read an update; work it out where no graph is needed."""
        asked = request["update"]
        self.union = not asked["strict"]
        self.language = Language(asked["prefixes"], asked["base"])
        self.update = read_update(_text(body))
        targets = self.update.targets(asked["prefixes"])
        if named := sorted((targets or set()) & set(asked["kept"])):
            raise kept(f"<{named[0]}>")
        self.dataset = asked["default"], asked["named"]
        self.update.reading(*self.dataset)  # it may not name one itself then
        if self.update.needs_no_graph:
            return _written(without_graph(self.update, self.language), sweeping=False)
        return {"copy": True}, b""

    def finish(self, request: Header) -> tuple[Header, bytes]:
        """Work the update out on a copy of the graph."""
        copy = Copy(request["copy"], request["existing"], request["hidden"])
        return _written(
            on_copy(copy, self.update, self.dataset, self.language, union=self.union), sweeping=self.update.sweeping
        )


def _written(worked: Worked, *, sweeping: bool) -> tuple[Header, bytes]:
    lines = [*worked.removed, *worked.added]
    counts = {"removed": len(worked.removed), "added": len(worked.added), "sweeping": sweeping}
    counts["peak"] = peak_memory()
    graphs = {"created": sorted(worked.created), "dropped": sorted(worked.dropped)}
    return {**counts, **graphs}, b"\n".join(lines)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"The update is not UTF-8 (byte {error.start}).") from error


if __name__ == "__main__":
    main()
