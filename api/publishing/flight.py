"""Work that is done once for each state of the graph, however many ask: one flight at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Generic, Protocol, TypeVar

from ontology.errors import KesherError


class Dated(Protocol):
    """A result that knows which state it is of."""

    @property
    def sequence(self) -> int:
        """Number of the last write that is in it."""


Result = TypeVar("Result", bound=Dated)


class Flight(Generic[Result]):
    """The newest result of some work on the graph, and the work under way for a newer one. Safe between threads.

    Args:
        present: Number of the last write to the graph.
        work: Makes the result of a state that is no older than the call.
        found: A result of earlier; None when there is none.
    """

    def __init__(self, present: Callable[[], int], work: Callable[[], Result], found: Result | None = None) -> None:
        self._present = present
        self._work = work
        self._newest = found
        self._under_way: Future[Result] | None = None
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(1, "publishing")

    @property
    def newest(self) -> Result | None:
        """The newest result so far, of whatever state."""
        return self._newest

    @property
    def under_way(self) -> bool:
        """True while a newer result is being made."""
        return self._under_way is not None

    async def soon(self, patience: float) -> Result | None:
        """The result of the present state; after `patience` seconds, or when it fails, the newest there is, or None.

        Raises:
            KesherError, OSError: the work failed and there is no earlier result.
        """
        wanted, deadline = await asyncio.to_thread(self._present), time.monotonic() + patience
        while (flight := self._towards(wanted)) and (left := deadline - time.monotonic()) > 0:
            try:
                await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(flight)), left)
            except TimeoutError:
                break
            except (KesherError, OSError):
                if self._newest is None:
                    raise
                break
        return self._newest

    def wait(self, patience: float) -> Result | None:
        """As `soon`, for a thread without an event loop."""
        return asyncio.run(self.soon(patience))

    def close(self) -> None:
        """Wait for the work under way; whoever closes has ended what it waits for."""
        self._thread.shutdown(cancel_futures=True)

    def _towards(self, wanted: int) -> Future[Result] | None:
        """The flight that brings us nearer to the result of a state; None when we have it."""
        with self._lock:
            if self._newest is not None and self._newest.sequence >= wanted:
                return None
            if self._under_way is None:
                self._under_way = self._thread.submit(self._fly)
            return self._under_way

    def _fly(self) -> Result:
        try:
            result = self._work()
            self._newest = result
            return result
        finally:
            with self._lock:
                self._under_way = None
