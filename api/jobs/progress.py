"""How far the running job is, and whether it shall go on: between the thread that runs it and those who ask."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from api.jobs.job import State


class Stopped(Exception):
    """Somebody has cancelled the job, or the server is ending; nothing of the file at hand has been written."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running job is.

    Attributes:
        files: How many files are done.
        records: How many records have been read.
        per_second: Records a second, since it was begun.
        encoded: Passages that have been encoded.
        to_encode: Of how many.
    """

    files: int = 0
    records: int = 0
    per_second: float = 0.0
    encoded: int = 0
    to_encode: int = 0


class Following:
    """Follows one job while it runs. Safe to share between threads.

    Args:
        enter: Called with each state that it enters, before it goes on there.
    """

    def __init__(self, enter: Callable[[State], None]) -> None:
        self.cancelled = False
        self._enter = enter
        self._state = State.READING
        self._began = time.monotonic()
        self._files = 0
        self._records = 0  # of the files that are done
        self._here = 0  # of the one at hand
        self._encoding = (0, 0)
        self._halted = False
        self._committed = False
        self._lock = Lock()

    @property
    def now(self) -> Progress:
        """How far it is."""
        records = self._records + self._here
        seconds = max(time.monotonic() - self._began, 0.001)
        return Progress(self._files, records, round(records / seconds, 1), *self._encoding)

    def cancel(self) -> bool:
        """Ask it to stop; False when something of it is written, or is being written."""
        with self._lock:
            self.cancelled = self.cancelled or not self._committed
            return self.cancelled

    def halt(self) -> None:
        """Ask it to stop as soon as nothing is half done, because the server is ending."""
        self._halted = True

    def begin(self, files: int, records: int, *, committed: bool) -> None:
        """So much of it was done before."""
        self._files, self._records, self._committed = files, records, committed

    def read(self, records: int) -> None:
        """So many records of the file at hand are read.

        Raises:
            Stopped: it shall not go on.
        """
        self._here = records
        self._expect_wanted()

    def write(self) -> None:
        """Something of the file at hand is about to be written.

        Raises:
            Stopped: it shall not be.
        """
        with self._lock:
            self._expect_wanted()
            self._committed = True
        if self._state is not State.COMMITTING:
            self._move(State.COMMITTING)

    def done(self, records: int) -> None:
        """The file at hand is accounted for.

        Raises:
            Stopped: no other shall be begun.
        """
        self._files, self._records, self._here = self._files + 1, records, 0
        self._expect_wanted()
        self._move(State.READING)

    def encode(self, done: int, total: int) -> None:
        """So many passages of so many are encoded.

        Raises:
            Stopped: the server is ending.
        """
        self._encoding = (done, total)
        if self._halted:
            raise Stopped

    def index(self) -> None:
        """Everything is written, and is about to be indexed."""
        with self._lock:
            self._committed = True
        self._move(State.INDEXING)

    def _expect_wanted(self) -> None:
        if self.cancelled or self._halted:
            raise Stopped

    def _move(self, state: State) -> None:
        self._state = state
        self._enter(state)
