"""A pool of worker processes, lent one query at a time, with a warm one always beside those that are lent."""

from __future__ import annotations

import logging
import time
from threading import Condition, Thread

from graph.frames import Header
from graph.process import Worker
from graph.snapshots import Snapshot, Snapshots
from ontology.errors import NoWorker

_LOG = logging.getLogger(__name__)
_PAUSE_S = 1.0  # before another try, where no process can be started


class Pool:
    """Worker processes on snapshots. Safe to share between threads.

    Whoever takes a worker gives it back, whatever happened. What takes time and nobody waits for (ending processes,
    starting others, opening the newest snapshot in one that waits) a thread of the pool does.

    Args:
        snapshots: Where the workers' copies of the graph come from.
        terms: What a worker is told when it is opened.
        spares: How many processes wait beside those that are lent.
        most: How many wait at most.
    """

    def __init__(self, snapshots: Snapshots, terms: Header, *, spares: int, most: int) -> None:
        self._snapshots = snapshots
        self._terms = terms
        self._spares = spares
        self._most = most
        self._idle: list[Worker] = []
        self._ended: list[Worker] = []
        self._closed = False
        self._changed = Condition()
        self._keeper = Thread(target=self._keep, name="query-workers", daemon=True)
        self._keeper.start()

    def ready(self, version: int | None = None) -> Worker | None:
        """A worker that is on the newest snapshot already; None where one must be opened first, or another is asked."""
        current = self._snapshots.current
        if current is None or version not in {None, current.version}:
            return None
        with self._changed:
            worker = self._pick(current.version)
            if len(self._idle) < self._spares:
                self._changed.notify()
        if worker:
            self._snapshots.use(current)
        return worker

    def take(self, version: int | None = None) -> Worker:
        """The same, opened if need be, which takes some tens of milliseconds.

        Raises:
            UnknownSnapshot: there is none of this number.
            NoWorker: a new process does not start.
        """
        return self._on(self._snapshots.hold(version))

    def _on(self, snapshot: Snapshot) -> Worker:
        """A worker on a snapshot that is held for it."""
        with self._changed:
            worker = self._pick(snapshot.version)
            if worker:
                self._snapshots.drop(snapshot)  # it has its own hold
                return worker
            worker = next((it for it in self._idle if not it.ended), None)
            if worker:
                self._idle.remove(worker)
            self._changed.notify()  # those that wait are outdated
        try:
            worker = worker or Worker()
        except BaseException:
            self._snapshots.drop(snapshot)
            raise
        return self._opened(worker, snapshot)

    def give_back(self, worker: Worker) -> None:
        """Take a worker back."""
        with self._changed:
            usable = worker.usable and not self._closed and len(self._idle) < self._most
            (self._idle if usable else self._ended).append(worker)
            closed = self._closed
            if not usable:  # else there is nothing to do, and waking a thread costs more than a short query
                self._changed.notify()
        if closed:  # and the thread that does this has ended
            self._bury()

    def close(self) -> None:
        """End every process that is not lent now; the others end as they come back. Idempotent."""
        with self._changed:
            self._closed = True
            self._ended += self._idle
            self._idle = []
            self._changed.notify()
        self._keeper.join()
        self._bury()

    def _pick(self, version: int) -> Worker | None:
        for worker in reversed(self._idle):
            if worker.version == version and worker.usable and not worker.ended:
                self._idle.remove(worker)
                return worker
        return None

    def _opened(self, worker: Worker, snapshot: Snapshot) -> Worker:
        """Open a snapshot, held for this worker, and drop the one that it was on."""
        former = worker.snapshot
        try:
            worker.open(snapshot, self._terms)
        except BaseException:
            self.give_back(worker)
            raise
        finally:
            if former:
                self._snapshots.drop(former)
        return worker

    def _keep(self) -> None:
        while self._work_comes():
            self._bury()
            try:
                self._replenish()
            except (NoWorker, OSError):
                _LOG.exception("no query worker can be kept ready")
                time.sleep(_PAUSE_S)

    def _work_comes(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._dead() or self._lacking() or self._outdated())
            return not self._closed

    def _dead(self) -> list[Worker]:
        return [*self._ended, *(it for it in self._idle if it.ended)]

    def _lacking(self) -> bool:
        return len(self._idle) < self._spares

    def _outdated(self) -> bool:
        """True when no waiting worker is on the newest snapshot, so that the next query would have to wait."""
        current = self._snapshots.current
        return current is not None and bool(self._spares) and all(it.version != current.version for it in self._idle)

    def _bury(self) -> None:
        with self._changed:
            ended = self._dead()
            self._idle = [it for it in self._idle if it not in ended]
            self._ended = []
        for worker in ended:
            worker.kill()
            if worker.snapshot:
                self._snapshots.drop(worker.snapshot)

    def _replenish(self) -> None:
        if self._lacking():
            started = Worker()
            with self._changed:
                (self._ended if self._closed else self._idle).append(started)
        if self._outdated() and (current := self._snapshots.hold_current()):
            self.give_back(self._on(current))
