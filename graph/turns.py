"""Turns: so many may go at once, the others wait in line, whether they wait in a thread or in an event loop."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from threading import Lock


class Turns:
    """A fair semaphore whose waiting is a future. Safe to share between threads.

    Args:
        places: How many may go at once.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._line: deque[Future[None]] = deque()
        self._lock = Lock()

    @property
    def free(self) -> int:
        """How many could go now."""
        return self._free

    def take(self) -> Future[None]:
        """A turn: done at once, or when somebody gives one back. Whoever tires of waiting cancels it."""
        turn: Future[None] = Future()
        with self._lock:
            if not self._free:
                self._line.append(turn)
                return turn
            self._free -= 1
        turn.set_result(None)
        return turn

    def give(self) -> None:
        """Give a turn back; the next in line has it then."""
        while True:
            with self._lock:
                if not self._line:
                    self._free += 1
                    return
                turn = self._line.popleft()
            if turn.set_running_or_notify_cancel():  # not for one that was cancelled
                turn.set_result(None)
                return
