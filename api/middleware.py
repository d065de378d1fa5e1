"""What happens to every request: it is logged and counted, its body is capped, its answer gets safe headers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import MappingProxyType

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.allowance import Allowance, network_of
from api.metrics import Metrics
from api.problems import problem_of
from ontology.errors import TooOften

MAX_BODY_BYTES = 25 * 1024 * 1024

#: Nothing inline, nothing from elsewhere; `data:` images are the icons of the API page.
SAFE_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_QUIET = {"/health/live", "/health/ready", "/metrics"}

log = structlog.get_logger("kesher.requests")


class RequestLog:
    """One log line and one count for each answer, under the template of its route."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._log = log.bind()  # what is configured when the app is made

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        status, start = 500, time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._record(scope, status, time.perf_counter() - start)
        return None

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.record(method, route, status, seconds)
        (self._log.debug if route in _QUIET else self._log.info)(
            "request",
            method=method,
            route=route,
            path=scope["path"],
            query=scope["query_string"].decode("latin-1")[:80],
            status=status,
            ms=round(seconds * 1000, 1),
            client=(scope.get("client") or ("",))[0],
        )


class Flood:
    """Answer 429 to who sends more requests than one address may, before anything is done for them.

    Args:
        app: What is behind.
        allowance: How many that are.
    """

    #: What has limits of its own, or is asked by who watches the service.
    SPARED = ("/sparql", "/health/")

    def __init__(self, app: ASGIApp, allowance: Allowance) -> None:
        self._app = app
        self._allowance = allowance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(self.SPARED):
            try:
                self._allowance.take(network_of((scope.get("client") or ("",))[0]))
            except TooOften as error:
                return await problem_of(Request(scope), error)(scope, receive, send)
        return await self._app(scope, receive, send)


class HeadAsGet:
    """Answer HEAD as GET; the server itself leaves the body out (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self._app(scope, receive, send)
        as_get = {**scope, "method": "GET"}  # a copy: the server keeps its own, by which it knows to send no body
        await self._app(as_get, receive, send)
        return scope.update({name: as_get[name] for name in ("route",) if name in as_get})


_SAFE = [(name.lower().encode(), value.encode()) for name, value in SAFE_HEADERS.items()]


class SafeHeaders:
    """Put the headers that keep a browser from being misused on every answer that has not its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message["headers"])
                own = {name for name, _ in headers}
                message["headers"] = headers + [it for it in _SAFE if it[0] not in own]
            await send(message)

        await self._app(scope, receive, adding if scope["type"] == "http" else send)


class BodyCap:
    """Refuse a body over the cap with 413: at once when its length is declared, else when it gets there.

    Args:
        app: What is behind.
        max_bytes: The cap.
        larger: Caps for addresses that begin so.
    """

    def __init__(
        self, app: ASGIApp, max_bytes: int = MAX_BODY_BYTES, larger: Mapping[str, int] = MappingProxyType({})
    ) -> None:
        self._app = app
        self._max = max_bytes
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        most = next((cap for start, cap in self._larger.items() if scope["path"].startswith(start)), self._max)
        declared = Headers(scope=scope).get("content-length", "0")
        total = int(declared) if declared.isascii() and declared.isdigit() else 0
        read = 0

        async def counting() -> Message:
            nonlocal read
            if total <= most:
                message = await receive()
                read += len(message.get("body", b""))
                if read <= most:
                    return message
            # An HTTPException, because FastAPI lets only that kind through while it reads a body.
            raise HTTPException(413, f"The body is larger than {most // 2**20} MB.")

        return await self._app(scope, counting, send)
