"""So many times from one address in a while, and no more: for wrong tokens, for readers' words, for floods."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from threading import Lock

from fastapi import Request

from ontology.errors import TooOften

_MOST_CLIENTS = 10_000
#: Whoever has one IPv6 address has at least this much of the network around it (RFC 6177).
_NETWORK_BITS = 64


class Allowance:
    """A leaky bucket a client: each time adds one, and it drains all the time. Safe to share between threads.

    Args:
        most: Times that fit, all at once if need be; 0: no bound.
        seconds: In which a full bucket drains.
        what: What is done so often, for the message: "requests", "wrong tokens".
        clock: Monotonic seconds; tests give their own.
    """

    def __init__(self, most: int, seconds: float, what: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._what = what
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()  # client -> (level, at)
        self._lock = Lock()

    def take(self, client: str) -> None:
        """Count one time.

        Raises:
            TooOften: there have been too many, and this one is not counted; says in how many seconds one more fits.
        """
        if not self._most:
            return
        with self._lock:
            now = self._clock()
            level, at = self._levels.get(client, (0.0, now))
            level = max(0.0, level - (now - at) * self._most / self._seconds)
            if level > self._most - 1:
                wait = max(1, math.ceil((level - self._most + 1) * self._seconds / self._most))
                told = f"Too many {self._what}: this address may send {self._most:,} in {self._seconds:,.0f} s."
                raise TooOften(told, retry_after_s=wait, remedy=f"Try again in {wait} s.")
            self._levels[client] = (level + 1, now)
            self._levels.move_to_end(client)
            while len(self._levels) > _MOST_CLIENTS:
                self._levels.popitem(last=False)


def client_of(request: Request) -> str:
    """Whom a request is counted to: its address, or of IPv6 the network that one customer has."""
    return network_of(request.client.host if request.client else "")


def network_of(host: str) -> str:
    """An address as clients are counted by it."""
    if ":" not in host:
        return host
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    return str(address.ipv4_mapped or IPv6Address(int(address) >> _NETWORK_BITS << _NETWORK_BITS))
