"""Filling a graph of Oxigraph while its statements are still being worked out.

The bulk loader needs no lock of Python's. So it runs in a thread and reads from a pipe: it parses while its caller
works out what comes next, and sorts while the caller does what remains.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import BinaryIO

import pyoxigraph as ox

from graph.store import GraphName


class Pipe:
    """The way to the loader; implements `graph.store.Loading`. Nobody waits for the loader to take in what is put.

    Attributes:
        whole: Whether the last has been put.
    """

    def __init__(self, sink: BinaryIO, thread: Executor) -> None:
        self.whole = False
        self._sink = sink
        self._thread = thread

    def put(self, lines: bytes) -> None:
        self._thread.submit(self._sink.write, lines)

    def end(self, beside: Iterable[ox.Quad]) -> None:
        self.put(b"}\n" + (ox.serialize(beside, format=ox.RdfFormat.TRIG) or b""))
        self.whole = True
        self.close()

    def close(self) -> None:
        """Let the loader come to its end."""
        self._thread.submit(self._sink.close)


@contextmanager
def filling(store: ox.Store, graph: GraphName) -> Iterator[Pipe]:
    """A way into one graph; leaving it waits for the loader, and raises what kept that from storing it.

    The loader reads one TriG document. Until `Pipe.end` that document is inside the braces of the graph: where it
    breaks off there, it does not parse, and nothing is stored. When the loader ends early, what is put is not read.
    """
    source, sink = os.pipe()
    with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(1) as feeder:
        loading = reader.submit(_load, store, source)
        pipe = Pipe(os.fdopen(sink, "wb"), feeder)
        try:
            pipe.put(b"{\n" if isinstance(graph, ox.DefaultGraph) else f"{graph} {{\n".encode())
            yield pipe
        finally:
            pipe.close()
    if pipe.whole:
        loading.result()


def _load(store: ox.Store, source: int) -> None:
    try:
        store.bulk_load(path=f"/dev/fd/{source}", format=ox.RdfFormat.TRIG)
    finally:
        os.close(source)
