"""The desk: where what comes from outside to be written is read and worked out, in processes that may die over it.

It never runs in the process that serves: a parser can be made to crash, an update to run for ever. What a worker hands
back is plain statements, and `ingest.patch` writes them.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import BoundedSemaphore, Lock
from types import TracebackType
from typing import Self

import pyoxigraph as ox

from graph.frames import Header
from graph.process import Worker
from graph.refusal import expect_none
from ingest.refusals import MOST_BYTES, too_large
from ontology.errors import KesherError, NoWorker, QueryTimeout

_START_S = 30.0
_LARGE = 256 << 20


class DraftWorker(Worker):
    """One process of `ingest.draft_worker`. For one thread at a time; `kill` it in the end, whatever happened."""

    MODULE = "ingest.draft_worker"

    def __init__(self) -> None:
        super().__init__()
        self.spent = False

    def confine(self, memory: int) -> None:
        """Shut the process off, for good, and let it allocate `memory` bytes.

        Raises:
            NoWorker: it did not start.
        """
        try:
            self.ask({"memory": memory}, b"", _START_S)
        except KesherError as error:
            raise NoWorker("An update worker did not start.", remedy="The log has the reason.") from error

    def ask(self, request: Header, body: bytes, seconds: float) -> tuple[Header, bytes]:
        """Put a request (see `ingest.draft_worker`) and return its reply.

        Raises:
            QueryTimeout, QueryMemoryLimit, QueryTooComplex: it was stopped at a limit; the process is of no use then.
            NoWorker: the process ended for another reason.
            KesherError: what the worker refuses.
        """
        if len(body) > MOST_BYTES:
            raise too_large(body)
        reply = self.put({**request, "seconds": seconds}, body)
        try:
            self.read_whole(reply, time.monotonic() + seconds)
        except TimeoutError:
            message = f"The write was stopped after {seconds:g} s, its time limit; nothing was written."
            raise QueryTimeout(message, remedy="Write it in smaller parts.") from None
        header = reply.header or {}
        self.spent = header.get("peak", 0) > _LARGE  # memory that was needed once is not all given back
        expect_none(header)
        return header, reply.take()


class Desk:
    """Draft workers, lent one request at a time. Safe to share between threads.

    Args:
        seconds: Wall-clock limit of one request.
        folder: For copies of the graph; what is in it is removed.
        memory: Bytes that a worker may allocate.
        places: How many requests may be worked on at once.
    """

    def __init__(self, folder: Path, *, seconds: float, memory: int = 2 << 30, places: int = 2) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self.folder = folder
        self.seconds = seconds
        self._memory = memory
        self._places = BoundedSemaphore(places)
        self._lock = Lock()
        self._idle: list[DraftWorker] = []
        self._closed = False

    def read(self, body: bytes, media_type: str, graph: ox.NamedNode | ox.DefaultGraph) -> bytes:
        """The statements of an RDF document that becomes a graph, as N-Triples; its blank nodes' labels are its own.

        Raises:
            BadInput: it is not what it should be; says where.
            QueryTimeout, QueryMemoryLimit: it was stopped at a limit.
            NoWorker: all workers stayed busy.
        """
        name = graph.value if isinstance(graph, ox.NamedNode) else ""
        with self.lend() as worker:
            _, answer = worker.ask({"read": media_type, "graph": name}, body, self.seconds)
        return answer

    @contextmanager
    def lend(self) -> Iterator[DraftWorker]:
        """A worker that nobody else uses meanwhile; waits as long as one request may take.

        Raises:
            NoWorker: all stayed busy, or a new one does not start.
        """
        if not self._places.acquire(timeout=self.seconds):
            raise NoWorker("All update workers are busy.", remedy="Try again in a few seconds.")
        try:
            worker = self._take()
            try:
                yield worker
            finally:
                self._give_back(worker)
        finally:
            self._places.release()

    def close(self) -> None:
        """End the workers."""
        with self._lock:
            self._closed, ended, self._idle = True, self._idle, []
        for worker in ended:
            worker.kill()

    def _take(self) -> DraftWorker:
        with self._lock:
            worker = self._idle.pop() if self._idle else None
        if worker is None or worker.ended:
            if worker is not None:
                worker.kill()
            worker = DraftWorker()
        try:
            if not worker.usable:
                worker.confine(self._memory)
        except BaseException:
            worker.kill()
            raise
        return worker

    def _give_back(self, worker: DraftWorker) -> None:
        """Keep a worker that is as new; another takes the place of one that is not, and starts meanwhile."""
        keep = worker.usable and not worker.spent
        if not keep:
            worker.kill()
        with self._lock:
            if self._closed:
                worker.kill()
            elif keep:
                self._idle.append(worker)
            else:
                with suppress(OSError):  # the next request tries again; what this one wrote is written
                    self._idle.append(DraftWorker())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
