"""Functions in processes of their own that may be killed, started from one that has everything loaded."""

import multiprocessing
from collections.abc import Callable
from functools import cache
from multiprocessing.process import BaseProcess


@cache
def _context() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.killing"])  # it opens no store: a fork must not inherit threads
    return context


def start(work: Callable[..., None], *given: object) -> BaseProcess:
    """Begin it; `given` must be picklable."""
    process = _context().Process(target=work, args=given)
    process.start()
    return process


def forked(work: Callable[..., None], *given: object, patience: float = 60) -> int | None:
    """Exit code of a process that does this; minus the signal that ended it; None where it does not end."""
    process = start(work, *given)
    process.join(patience)
    if process.is_alive():
        process.kill()
        process.join()
        return None
    return process.exitcode
