"""The SPARQL 1.1 Protocol from the asking side: a query, an update, and what an answer means that is none."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Sequence
from http import HTTPStatus
from threading import Lock
from typing import TypeAlias
from urllib.parse import urlencode

from graph.remote.exchange import AGAIN, Allowance, Exchange, Reply, Request
from ontology.errors import BadInput, KesherError, MalformedQuery, QueryTimeout, RemoteStoreFailed

Pairs: TypeAlias = Sequence[tuple[str, str]]

_LOG = logging.getLogger(__name__)
_FORM = "application/x-www-form-urlencoded"
_UPDATE = "application/sparql-update"
_NO_POST = {HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
_DENIED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_LATE = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.GATEWAY_TIMEOUT}
_STOPPED = re.compile(r"cancel+ed|time[d]?[ -]?out", re.IGNORECASE)
_PLACE = re.compile(r"(?:line\s+|at\s+)(\d{1,6})(?:\s*[:,]\s*(?:col(?:umn)?\s+)?)(\d{1,6})", re.IGNORECASE)
_MOST_COMPLAINT = 2_000
_PAUSE_S = 2.0


class Endpoint:
    """A store's two addresses. Safe to share between threads; calls block, each for a bounded time.

    After a failure to reach it, calls fail at once for two seconds: what waits for a store that hangs would otherwise
    hold every thread of the service.

    Args:
        query_url: Where it takes queries.
        update_url: Where it takes updates; None: at the same address.
        connections: How many to each address, at most.
    """

    def __init__(self, query_url: str, update_url: str | None = None, connections: int = 8) -> None:
        self._questions = Exchange(query_url, connections)
        self._changes = Exchange(update_url or query_url, connections)
        self._by_get = False
        self._failure: RemoteStoreFailed | None = None
        self._closed_until = 0.0
        self._lock = Lock()
        #: What the store calls itself, once it has answered.
        self.product = "a store without a name"
        #: How many requests were sent.
        self.requests = 0
        #: How often it failed so far: what was found out before a failure is found out again.
        self.failures = 0

    @property
    def url(self) -> str:
        """Address for queries, as it may be shown."""
        return self._questions.url

    @property
    def update_url(self) -> str:
        """Address for updates, as it may be shown."""
        return self._changes.url

    def query(self, text: str, accept: str, dataset: Pairs, allowance: Allowance) -> Reply:
        """Ask a query; the reply is a 2xx, and may still be garbage.

        Args:
            text: The query.
            accept: Media types that are wanted.
            dataset: Parameters that name the dataset, of the protocol or the store's own.
            allowance: What it may take.

        Raises:
            MalformedQuery, BadInput: the store refuses the query.
            QueryTimeout: the time is over, the store's or ours.
            RemoteStoreFailed: no answer, or none that is one.
        """
        form = urlencode([("query", text), *dataset])
        if not self._by_get:
            posted = Request("POST", {"Accept": accept, "Content-Type": _FORM}, form.encode())
            reply = self._send(self._questions, posted, allowance)
            if reply.status not in _NO_POST:
                return _accepted(reply)
            self._by_get = True
        joint = "&" if "?" in self.url else "?"
        got = Request("GET", {"Accept": accept}, target=f"{joint}{form}")
        return _accepted(self._send(self._questions, got, allowance))

    def update(self, text: str, *, seconds: float) -> None:
        """Make an update; returns when the store says that it is made.

        Raises:
            BadInput: the store refuses it.
            RemoteStoreFailed: it does not say that it is made. It may be, unless the store was not reached at all.
        """
        request = Request("POST", {"Content-Type": _UPDATE}, text.encode())
        _accepted(self._send(self._changes, request, Allowance(seconds, _MOST_COMPLAINT)))

    def close(self) -> None:
        """Let go of the connections."""
        self._questions.close()
        self._changes.close()

    def _send(self, exchange: Exchange, request: Request, allowance: Allowance) -> Reply:
        self._expect_open()
        try:
            reply = exchange.send(request, allowance)
        except TimeoutError:
            if allowance.foreign:
                raise _timeout(allowance.seconds) from None
            message = f"The graph store did not answer within {allowance.seconds:g} s."
            raise self._failed(exchange, message) from None
        except RemoteStoreFailed as error:
            raise self._failed(exchange, error.message) from error
        with self._lock:
            self._failure = None
            self.product = re.sub(r"[^ -~]", "", reply.headers.get("server", ""))[:60] or self.product
        return reply

    def _expect_open(self) -> None:
        with self._lock:
            if self._failure is not None and time.monotonic() < self._closed_until:
                raise RemoteStoreFailed(self._failure.message, remedy=self._failure.remedy)
            self.requests += 1

    def _failed(self, exchange: Exchange, message: str) -> RemoteStoreFailed:
        _LOG.warning("%s: %s", exchange.url, message)
        failure = RemoteStoreFailed(message, remedy=AGAIN)
        with self._lock:
            self.failures += 1
            self._failure, self._closed_until = failure, time.monotonic() + _PAUSE_S
            self._by_get = False
        return failure


def moved(error: MalformedQuery, lines: int) -> MalformedQuery:
    """The same error for a text that stands so many lines further down, in the message too."""
    at = f"line {error.line + lines}, column {error.column}"
    message = _PLACE.sub(at, error.message, count=1)
    return MalformedQuery(message, line=error.line + lines, column=error.column)


def _accepted(reply: Reply) -> Reply:
    if HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES:
        return reply
    raise _refusal(reply)


def _refusal(reply: Reply) -> KesherError:
    """What a status other than 2xx means."""
    told, status = _complaint(reply), reply.status
    if status in _LATE or _STOPPED.search(told):
        return QueryTimeout(f"The graph store stopped the query: {told}.", remedy="Make a pattern more specific.")
    if status == HTTPStatus.BAD_REQUEST:
        if place := _PLACE.search(told):
            message = f"The graph store cannot read the query: {told}"
            return MalformedQuery(message, line=int(place[1]), column=int(place[2]))
        return BadInput(f"The graph store refuses the query: {told}.")
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return RemoteStoreFailed(f"The graph store sends us elsewhere ({status}); that is never followed.")
    if status in _DENIED:
        return RemoteStoreFailed(f"The graph store does not let this service in ({status}).")
    return RemoteStoreFailed(f"The graph store answered {status}: {told}.", remedy=AGAIN)


def _complaint(reply: Reply) -> str:
    """The store's own words, as one line; nothing of a page, which is made for eyes."""
    if reply.media_type == "text/html":
        return "a page"
    text = reply.body[:_MOST_COMPLAINT].decode(errors="replace")
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", text).strip().rstrip(".")[:500] or "nothing"


def _timeout(seconds: float) -> QueryTimeout:
    return QueryTimeout(
        f"The graph store had not answered the query after {seconds:g} s.",
        remedy="Make a pattern more specific, or add a LIMIT inside.",
    )
