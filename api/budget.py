"""A budget of query-seconds for each client: what a query took is charged, and who is in debt waits.

A query that fails is charged a second at least: what is refused at once would else be free to try without end.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from ontology.errors import BudgetSpent

_MOST_CLIENTS = 10_000
_FAILURE_S = 1.0


class Budget:
    """A leaky bucket a client: it fills with the seconds its queries run and drains all the time.

    Args:
        seconds: Query-seconds a minute; 0 means that nothing is counted.
        clock: Monotonic seconds; tests give their own.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._used: OrderedDict[str, tuple[float, float]] = OrderedDict()  # client -> (level, at)
        self._lock = Lock()

    @contextmanager
    def charged(self, client: str) -> Iterator[None]:
        """Run one query on the budget of a client, however it ends.

        Raises:
            BudgetSpent: nothing is left; says in how many seconds there is.
        """
        if not self._seconds:
            yield
            return
        over = self._level(client) - self._seconds
        if over >= 0:
            wait = max(1, math.ceil(over * 60 / self._seconds))
            told = f"This client's {self._seconds:g} query-seconds a minute are used up."
            raise BudgetSpent(told, retry_after_s=wait, remedy=f"Try again in {wait} s.")
        start, least = self._clock(), _FAILURE_S
        try:
            yield
            least = 0.0
        finally:
            self._charge(client, max(least, self._clock() - start))

    def _level(self, client: str) -> float:
        level, at = self._used.get(client, (0.0, self._clock()))
        return max(0.0, level - (self._clock() - at) * self._seconds / 60)

    def _charge(self, client: str, seconds: float) -> None:
        with self._lock:
            self._used[client] = (self._level(client) + seconds, self._clock())
            self._used.move_to_end(client)
            while len(self._used) > _MOST_CLIENTS:
                self._used.popitem(last=False)
