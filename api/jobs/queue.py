"""The queue of jobs: so many may wait, so many of one client; one is worked on at a time, each client in its turn."""

from __future__ import annotations

import errno
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Condition, Thread

import structlog

from api.jobs.book import JobBook
from api.jobs.job import Fault, Job, State
from api.jobs.progress import Following, Progress, Stopped
from api.jobs.running import Work
from api.jobs.spool import Spool
from ontology.errors import Conflict, KesherError, QueueFull, TooManyJobs
from ontology.kinds import Iri

#: How often a job is begun that is still running when its process ends.
MOST_STARTS = 3
_AGAIN_S = 5.0
_LOOK_S = 900.0  # for reports that are too old

_LOST = Fault(
    "interrupted",
    "The server ended while the job ran",
    f"It was begun {MOST_STARTS} times. Its report tells of the files that are done.",
    "Send the rest again, in smaller parts: what stands already changes nothing.",
)
_FULL = Fault(
    "disk-full", "Disk full", "There is no space left on the disk of the data folder.", "Free some, send again."
)
_INSIDE = Fault("internal-error", "Something failed inside", "The operators find what it was in the log.")

log = structlog.get_logger("kesher.jobs")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may wait, and for how long it is remembered.

    Attributes:
        waiting: Jobs that may wait, those that are being received included.
        of_one: The same, of one client.
        days: Days for which the report of an ended job is kept.
    """

    waiting: int
    of_one: int
    days: float


class JobQueue:
    """Takes jobs in and works on them in a thread of its own. Safe to share between threads.

    Args:
        book: Where they are noted.
        spool: Where their files are.
        work: What they are worked on with.
        bounds: How many may wait.
    """

    def __init__(self, book: JobBook, spool: Spool, work: Work, bounds: Bounds) -> None:
        self.book = book
        self.spool = spool
        self._work = work
        self._bounds = bounds
        self._changed = Condition()
        self._receiving: Counter[Iri] = Counter()
        self._served: dict[Iri, int] = {}  # client -> when it had its last turn
        self._turn = 0
        self._running: tuple[Job, Following] | None = None
        self._thread: Thread | None = None
        self._closed = False

    def start(self) -> None:
        """Take up what an earlier process left, and begin to work. Idempotent."""
        with self._changed:
            if self._thread is not None or self._closed:
                return
            self._take_up()
            self._thread = Thread(target=self._serve, name="kesher-jobs", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop as soon as nothing is half done; what waits, waits for the next process."""
        with self._changed:
            self._closed = True
            if self._running:
                self._running[1].halt()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    @contextmanager
    def receiving(self, agent: Iri, id: str, size: int) -> Iterator[Path]:
        """A place in the queue, and a folder, for what a client begins to send; both go if that fails.

        Raises:
            QueueFull, TooManyJobs: as many wait as may.
            DiskLow: there is no room for it.
        """
        with self._changed:
            self._expect_place(agent)
            self._receiving[agent] += 1
        try:
            with self.spool.receiving(id, size) as folder:
                yield folder
        finally:
            with self._changed:
                self._receiving[agent] -= 1
                self._receiving += Counter()  # forgets who sends nothing

    def submit(self, job: Job) -> Job:
        """Note a job whose files are here; from now on it survives the end of this process.

        Another request of its client with the same key may have come before it; then that one's job is returned.
        """
        self.spool.keep(job.id)
        noted = self.book.add(job)
        if noted.id != job.id:
            self.spool.discard(job.id)
        self.start()
        with self._changed:
            self._changed.notify_all()
        return noted

    def cancel(self, job: Job) -> None:
        """Stop a job of which nothing is written.

        Raises:
            Conflict: it has ended, or something of it is written.
        """
        if self.book.cancel(job.id):
            self.spool.discard(job.id)
            return
        with self._changed:
            running = self._running
        if running and running[0].id == job.id and running[1].cancel():
            return
        state = self.book.get(job.id).state
        told = f"The job is {state}" if state.ended else "Something of the job is written already"
        raise Conflict(f"{told}; it cannot be cancelled.", remedy="Its report tells what it did.")

    def progress(self, id: str) -> Progress | None:
        """How far a job is; None when it is not running."""
        with self._changed:
            return self._running[1].now if self._running and self._running[0].id == id else None

    def place(self, id: str) -> int | None:
        """How many jobs wait before this one, in order of arrival; None when it does not wait."""
        waiting = [it.id for it in self.book.queued()]
        return waiting.index(id) if id in waiting else None

    def _expect_place(self, agent: Iri) -> None:
        waiting = Counter(it.agent for it in self.book.queued()) + self._receiving
        if waiting[agent] >= self._bounds.of_one:
            told = f"{waiting[agent]} jobs of this client wait already, the limit."
            raise TooManyJobs(told, remedy="Wait until one is done: GET /api/v1/jobs.")
        if waiting.total() >= self._bounds.waiting:
            raise QueueFull(f"{waiting.total()} jobs wait already, the limit.", remedy="Try again in some seconds.")

    def _take_up(self) -> None:
        self.book.expire(self._bounds.days)
        for job in self.book.interrupted():
            if job.starts >= MOST_STARTS:
                self.book.end(job.id, State.FAILED, _LOST)
            else:
                self.book.wait_again(job.id, counted=True)
        self.spool.keep_only({it.id for it in self.book.queued()})

    def _serve(self) -> None:
        while not self._closed:
            try:
                if begun := self._next():
                    self._run(*begun)
                    self.book.expire(self._bounds.days)
            except (
                sqlite3.Error
            ):  # the disk is full, it may be: what could not be noted is taken up by the next process
                log.exception("a job could not be noted")
                with self._changed:
                    self._changed.wait(_AGAIN_S)

    def _next(self) -> tuple[Job, Following] | None:
        """The next job, begun: that of the client whose last turn is longest ago; None when this is closed."""
        with self._changed:
            self._running = None
            while not self._closed:
                waiting = self.book.queued()
                job = min(waiting, key=lambda it: self._served.get(it.agent, 0), default=None)
                if job and self.book.begin(job.id):
                    self._turn += 1
                    self._served[job.agent] = self._turn
                    self._running = (job, Following(partial(self.book.enter, job.id)))
                    return self._running
                if job is None and not self._changed.wait(_LOOK_S):
                    self.book.expire(self._bounds.days)
            return None

    def _run(self, job: Job, following: Following) -> None:
        try:
            encoded = self._work.do(job, self.spool[job.id], following)
            self.book.end(job.id, State.DONE, encoded=encoded)
        except Stopped:
            if not following.cancelled:
                return self.book.wait_again(job.id, counted=False)
            self.book.end(job.id, State.CANCELLED)
        except KesherError as error:
            self.book.end(job.id, State.FAILED, Fault(error.code, error.title, error.message, error.remedy))
        except Exception as error:  # whatever one job meets, the next has its turn
            log.exception("a job failed", job=job.id)
            self.book.end(job.id, State.FAILED, _FULL if getattr(error, "errno", None) == errno.ENOSPC else _INSIDE)
        self.spool.discard(job.id)
        return None
