"""Prometheus metrics of one app: requests and their seconds, by route template and never by path."""

from __future__ import annotations

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counters with a registry of their own, so that two apps in one process do not share them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "kesher_requests", "Requests answered", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "kesher_request_seconds",
            "Seconds until the last byte of the answer",
            ["method", "route"],
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
        )
        # The library looks a label up under a lock; there are few methods, routes and statuses.
        self._count = cache(lambda method, route, status: self._requests.labels(method, route, str(status)))
        self._timer = cache(self._seconds.labels)

    def record(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._count(method, route, status).inc()
        self._timer(method, route).observe(seconds)

    def exposition(self) -> bytes:
        """All figures in Prometheus' text format 0.0.4."""
        return generate_latest(self.registry)
