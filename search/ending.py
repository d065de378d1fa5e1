"""How an index ends: when it is closed, or else when nobody holds it any more."""

from __future__ import annotations

from collections.abc import Callable
from weakref import finalize


class Ending:
    """Steps that are taken once.

    Args:
        index: Whose end it is.
        steps: Taken in order; none of them may hold the index.
    """

    def __init__(self, index: object, *steps: Callable[[], object]) -> None:
        self._steps = list(steps)
        self._end = finalize(index, _take, self._steps)

    def now(self) -> None:
        """Do not wait. A second call does nothing."""
        self._end()

    def also(self, step: Callable[[], object]) -> None:
        """Add a last step."""
        self._steps.append(step)


def _take(steps: list[Callable[[], object]]) -> None:
    for it in steps:
        it()
