"""Fair timing on a noisy machine: the contenders take turns, so that a slow moment hits both."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of each call, in the order made."""

    seconds: tuple[float, ...]

    @property
    def p50(self) -> float:
        """Median, in seconds."""
        return median(self.seconds)

    @property
    def p95(self) -> float:
        """95th percentile, in seconds."""
        return quantiles(self.seconds, n=20)[-1]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: what we do beside what it is held against."""

    what: str
    ours: str
    against: str
    reference: str
    ratio: float


def in_turns(contenders: dict[str, Callable[[T], object]], inputs: Sequence[T]) -> dict[str, Timing]:
    """Time every contender on every input, one after the other on each input, after one untimed round."""
    for call in contenders.values():
        call(inputs[0])
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for value in inputs:
        for name, call in contenders.items():
            start = time.perf_counter()
            call(value)
            seconds[name].append(time.perf_counter() - start)
    return {name: Timing(tuple(taken)) for name, taken in seconds.items()}


def milliseconds(seconds: float) -> str:
    """For people: `3.42 ms`."""
    return f"{seconds * 1000:.2f} ms"
