"""Waiting for a worker's reply in an event loop."""

from __future__ import annotations

import asyncio
import time
from asyncio import Future
from collections.abc import Awaitable, Callable

#: Returns when whoever asked has gone.
Gone = Callable[[], Awaitable[object]]

_WATCH_AFTER_S = 0.2  # most answers are quicker than it is worth to look whether anybody still waits


class HungUp(Exception):
    """Nobody waits for the answer any more."""


async def until_readable(descriptor: int, deadline: float, gone: Gone) -> None:
    """Return when there is something to be read.

    Raises:
        TimeoutError: the deadline (seconds of time.monotonic) passed.
        HungUp: whoever asked has gone.
    """
    loop = asyncio.get_running_loop()
    readable: Future[None] = loop.create_future()
    loop.add_reader(descriptor, _settle, readable)
    watching = loop.call_later(_WATCH_AFTER_S, _watch, readable, gone)
    late = loop.call_later(max(0.0, deadline - time.monotonic()), _settle, readable, TimeoutError)
    try:
        await readable
    finally:
        watching.cancel()
        late.cancel()
        loop.remove_reader(descriptor)


def _settle(future: Future[None], error: type[Exception] | None = None) -> None:
    if future.done():
        return
    if error:
        future.set_exception(error())
    else:
        future.set_result(None)


def _watch(readable: Future[None], gone: Gone) -> None:
    """Look for the end of the connection while the reply is awaited, and no longer."""
    watch = asyncio.ensure_future(gone())
    watch.add_done_callback(lambda watch: None if watch.cancelled() else _settle(readable, HungUp))
    readable.add_done_callback(lambda _: watch.cancel())
