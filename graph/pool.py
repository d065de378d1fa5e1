"""A pool of worker processes on the newest snapshot, with spares that only need to open one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from graph.process import Worker
from graph.snapshots import Snapshots
from ontology.errors import NoWorker


class Pool:
    """Worker processes, lent one query at a time. Safe to share between threads.

    Args:
        snapshots: Where the workers' copies of the graph come from.
        prefixes: Those that queries need not declare.
        memory: Bytes that a worker may allocate once it is open.
        workers: How many may be lent at once.
        spares: How many processes wait, started but not yet on a snapshot.
    """

    def __init__(
        self, snapshots: Snapshots, *, prefixes: Mapping[str, str], memory: int, workers: int, spares: int
    ) -> None:
        self._snapshots = snapshots
        self._prefixes = prefixes
        self._memory = memory
        self._slots = BoundedSemaphore(workers)
        self._lock = Lock()
        self._wanted = spares
        self._idle: list[Worker] = []
        self._spares: list[Worker] = []
        self._replenish()

    @contextmanager
    def lend(self, patience: float) -> Iterator[Worker]:
        """A worker that has every write acknowledged before this call; waits `patience` seconds for one to be free.

        Raises:
            NoWorker: all stayed busy, or a new one does not start.
        """
        if not self._slots.acquire(timeout=patience):
            raise NoWorker("All query workers are busy.", remedy="Try again in a few seconds.")
        try:
            worker = self._take()
            try:
                yield worker
            finally:
                self._give_back(worker)
        finally:
            self._slots.release()

    def close(self) -> None:
        """End every worker that is not lent now; the others end as they come back."""
        with self._lock:
            ended = [*self._idle, *self._spares]
            self._idle, self._spares, self._wanted = [], [], -1
        for worker in ended:
            self._retire(worker)

    def _take(self) -> Worker:
        snapshot = self._snapshots.hold()
        with self._lock:
            idle = [(worker, worker.usable and worker.version >= snapshot.version) for worker in self._idle]
            self._idle = [worker for worker, fresh in idle if fresh]
            worker = self._idle.pop() if self._idle else None
        for outdated in (it for it, fresh in idle if not fresh):
            self._retire(outdated)
        if worker:
            self._snapshots.drop(snapshot)  # this worker has its own hold
            return worker
        worker = self._spare()
        try:
            worker.open(snapshot, self._prefixes, self._memory)
        except BaseException:
            self._retire(worker)
            raise
        return worker

    def _spare(self) -> Worker:
        with self._lock:
            waiting, self._spares = self._spares, []
            dead = [worker for worker in waiting if worker.ended]
            self._spares = [worker for worker in waiting if not worker.ended]
            spare = self._spares.pop(0) if self._spares else None
        for worker in dead:
            self._retire(worker)
        return spare or Worker()

    def _give_back(self, worker: Worker) -> None:
        with self._lock:
            keep = worker.usable and self._wanted >= 0 and worker.snapshot == self._snapshots.latest
            if keep:
                self._idle.append(worker)
        if not keep:
            self._retire(worker)
        self._replenish()

    def _replenish(self) -> None:
        with self._lock:
            while len(self._spares) < self._wanted:
                self._spares.append(Worker())

    def _retire(self, worker: Worker) -> None:
        worker.kill()
        if worker.snapshot:
            self._snapshots.drop(worker.snapshot)
