"""The parent's hold on one worker process: start it, open a snapshot in it, ask it, end it."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress

from graph.frames import Header, Incoming, read_some, wait_readable, write_frame
from graph.refusal import cause_of_death
from graph.snapshots import Snapshot
from ontology.errors import KesherError, NoWorker

_LOG = logging.getLogger(__name__)
_START_S = 30.0
_DYING_S = 5.0
_LOOK = int(socket.MSG_PEEK | socket.MSG_DONTWAIT)


class Worker:
    """One worker process, not yet on a snapshot. For one thread at a time; `kill` it in the end, whatever happened."""

    MODULE = "graph.worker"

    def __init__(self) -> None:
        self.snapshot: Snapshot | None = None
        self._in_step = False
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process, closed by kill
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this Python, and a module of ours
                [sys.executable, "-I", "-m", self.MODULE],
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=self._errors,
                start_new_session=True,  # a Ctrl-C in the terminal is for the parent
            )

    @property
    def usable(self) -> bool:
        """True if the process is on a snapshot and has replied to all that it was asked; it may have ended since."""
        return self._in_step

    @property
    def ended(self) -> bool:
        """True once the process is no more: its end of the pipe is closed."""
        try:
            return not self._socket.recv(1, _LOOK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    @property
    def version(self) -> int:
        """Version of its snapshot; -1 without one."""
        return self.snapshot.version if self.snapshot else -1

    def open(self, snapshot: Snapshot, terms: Header) -> None:
        """Open a snapshot, in place of the one before. The terms are those of the first (see `graph.worker`).

        Raises:
            NoWorker: it did not start.
        """
        self.snapshot = snapshot
        try:
            self.read_whole(self.put({"path": str(snapshot.path), **terms}), time.monotonic() + _START_S)
        except (TimeoutError, KesherError) as error:
            raise NoWorker("A query worker did not start.", remedy="The log has the reason.") from error

    def fileno(self) -> int:
        """The descriptor that can be read when something of a reply is there."""
        return self._socket.fileno()

    def put(self, request: Header, body: bytes = b"") -> Incoming:
        """Put a request (see `graph.worker`); the reply is what `read` makes of it.

        Raises:
            KesherError: as `read`.
        """
        self._in_step = False
        try:
            write_frame(self.fileno(), request, body)
        except ConnectionError:
            raise self._cause_of_death() from None
        return Incoming()

    def read(self, reply: Incoming) -> None:
        """Take in the next part of a reply, be it a refusal. After an error the worker is not usable.

        Raises:
            QueryMemoryLimit: it needed more memory than the process has.
            QueryTooComplex: it overran the evaluator's stack.
            QueryTimeout: it used more processor time than it may.
            NoWorker: the process ended for another reason.
        """
        try:
            reply.feed(read_some(self.fileno()))
        except (EOFError, ConnectionError):
            raise self._cause_of_death() from None
        self._in_step = reply.whole

    def read_whole(self, reply: Incoming, deadline: float) -> None:
        """Take in all of a reply, waiting for it.

        Raises:
            TimeoutError: the deadline (seconds of time.monotonic) passed.
            KesherError: as `read`.
        """
        while not reply.whole:
            wait_readable(self.fileno(), deadline)
            self.read(reply)

    def kill(self) -> None:
        """End the process now and let go of everything that it held. Idempotent."""
        self._process.kill()
        self._process.wait()
        self._socket.close()
        self._errors.close()

    def _cause_of_death(self) -> KesherError:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_DYING_S)
        ending = self._process.poll()
        self._errors.seek(0)
        _LOG.warning("a query worker ended with %s: %s", ending, self._errors.read(2_000).decode(errors="replace"))
        unknown = NoWorker("The query worker ended unexpectedly.", remedy="Try again; the log has the reason.")
        return cause_of_death(ending or 0) or unknown
