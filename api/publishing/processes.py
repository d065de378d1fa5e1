"""The processes that count and write out snapshots: started one by one, all ended when the service closes."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from threading import Lock

import structlog

from ontology.errors import Unavailable

_LOG = structlog.get_logger("kesher.publishing")


class Processes:
    """Runs `api.publishing.child`. Safe to share between threads."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = Lock()
        self._closed = False

    def run(self, *arguments: str) -> bytes:
        """What the child prints, when it is done.

        Raises:
            OSError: the disk is full.
            Unavailable: it failed for another reason, which the log has; or the service closes.
        """
        child = self._start(arguments)
        try:
            printed, complaint = child.communicate()
        finally:
            with self._lock:
                self._running.discard(child)
        if child.returncode == errno.ENOSPC:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if child.returncode:
            _LOG.error(
                "publishing failed", task=arguments[0], ending=child.returncode, said=complaint.decode()[-2_000:]
            )
            raise Unavailable(
                "The dataset could not be read through.", remedy="Try again later; the log has the reason."
            )
        return printed

    def close(self) -> None:
        """End those that run, and start no more. Idempotent."""
        with self._lock:
            self._closed = True
            for child in self._running:
                child.kill()

    def _start(self, arguments: tuple[str, ...]) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise Unavailable("The service is closing.")
            child = subprocess.Popen(  # noqa: S603 - our own module, with paths and addresses of our own
                [sys.executable, "-I", "-m", "api.publishing.child", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # a Ctrl-C in the terminal is for the parent
            )
            self._running.add(child)
            return child
