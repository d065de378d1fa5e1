"""How long a connection may take over a request: who sends a byte now and then must not keep others out.

uvicorn waits for ever for the rest of a request (Slowloris, CWE-400), takes a head of any length, and gives all of its
places to whoever opens enough connections. This protocol is uvicorn's own with limits for the three.
"""

from __future__ import annotations

import json
from asyncio import TimerHandle, Transport
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.problems import MEDIA_TYPE
from api.sparql_protocol import LONGEST_BODY

#: A look at each connection; a limit is kept to this.
_LOOK_S = 1.0


@dataclass(frozen=True, slots=True)
class Patience:
    """What a connection may take.

    Attributes:
        head_s: Seconds for the head of a request, and for the first one to begin.
        body_s: Seconds for a body, beside those that its bytes take at `slowest`.
        slowest: Bytes a second.
        head_bytes: Of a head; a query in the address fits, with each byte written as three.
        connections: At once from one address.
        proxies: Networks whose addresses speak for many, and may have any number.
    """

    head_s: float = 10.0
    body_s: float = 60.0
    slowest: float = 8_192.0
    head_bytes: int = LONGEST_BODY + 65_536
    connections: int = 300
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()

    def crowds(self, address: str, together: int) -> bool:
        """True if an address has more connections than it may."""
        return together > self.connections and not any(ip_address(address) in it for it in self.proxies)


class PatientProtocol(HttpToolsProtocol):
    """One connection. What is late, or too much, is told why and closed."""

    def __init__(self, *args: Any, patience: Patience, **options: Any) -> None:  # noqa: ANN401 - passed on to uvicorn's protocol, which types none
        super().__init__(*args, **options)
        self._patience = patience
        self._allowed: float | None = patience.head_s  # seconds; None: nothing is awaited from the client
        self._since = self.loop.time()
        self._received = 0  # bytes of what is awaited
        self._in_head = True
        self._look: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # asyncio says BaseTransport; TCP has this one
        super().connection_made(transport)
        address = self.client[0] if self.client else ""
        clients = [it.client for it in self.connections if isinstance(it, PatientProtocol) and it.client]
        together = sum(host == address for host, _ in clients)
        if self._patience.crowds(address, together):
            self._refuse(HTTPStatus.TOO_MANY_REQUESTS, f"{address} has {together - 1} connections already.")
        else:
            self._look = self.loop.call_later(min(_LOOK_S, self._patience.head_s), self._watch)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look:
            self._look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._received += len(data)
        if self._in_head and self._received > self._patience.head_bytes and not self.transport.is_closing():
            told = f"The head of the request is longer than {self._patience.head_bytes:,} bytes; send queries by POST."
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, told)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._await(self._patience.head_s)
        self._in_head = True

    def on_headers_complete(self) -> None:
        self._await(self._patience.body_s)
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._allowed = None
        super().on_message_complete()

    def _await(self, seconds: float) -> None:
        self._allowed, self._since, self._received = seconds, self.loop.time(), 0

    def _watch(self) -> None:
        if self.transport.is_closing():
            return
        if self._allowed is not None and not self.flow.read_paused and self.loop.time() > self._deadline:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The request did not come whole in time.")
            return
        self._look = self.loop.call_later(min(_LOOK_S, self._patience.head_s), self._watch)

    @property
    def _deadline(self) -> float:
        bonus = 0.0 if self._in_head else self._received / self._patience.slowest
        return self._since + (self._allowed or 0.0) + bonus

    def _refuse(self, status: HTTPStatus, told: str) -> None:
        """Say why, unless an answer has begun, and close."""
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": told}
            body = json.dumps(problem).encode()
            head = f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}"
            self.transport.write(f"{head}\r\nretry-after: 10\r\nconnection: close\r\n\r\n".encode() + body)
        self.transport.close()
