"""Waiting for a worker's reply in an event loop."""

from __future__ import annotations

import asyncio
import time
from asyncio import Future
from collections.abc import Awaitable, Callable

#: Returns when whoever asked has gone.
Gone = Callable[[], Awaitable[object]]

_WATCH_AFTER_S = 0.2  # most answers are quicker than it is worth to look at the clock or who still waits


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
    patience = loop.call_later(_WATCH_AFTER_S, _watch, readable, deadline, gone)
    try:
        await readable
    finally:
        patience.cancel()
        loop.remove_reader(descriptor)


def _settle(future: Future[None], error: type[Exception] | None = None) -> None:
    if future.done():
        return
    if error:
        future.set_exception(error())
    else:
        future.set_result(None)


def _watch(readable: Future[None], deadline: float, gone: Gone) -> None:
    """Look at the clock and for the end of the connection while the reply is awaited, and no longer."""
    late = asyncio.get_running_loop().call_later(max(0.0, deadline - time.monotonic()), _settle, readable, TimeoutError)
    readable.add_done_callback(lambda _: late.cancel())
    watch = asyncio.ensure_future(gone())
    watch.add_done_callback(lambda watch: None if watch.cancelled() else _settle(readable, HungUp))
    readable.add_done_callback(lambda _: watch.cancel())
