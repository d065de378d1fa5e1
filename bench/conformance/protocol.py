"""Conversations of the protocol suites, held with a service."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pyoxigraph as ox

from bench.conformance.answers import Rows, Unreadable, read_answer, same
from bench.conformance.exchanges import Conversation, Exchange, Expected
from bench.conformance.service import QUERY, Service, refusal
from bench.conformance.subject import Failed

_FORMATS = {"boolean": bool, "tabular": Rows, "RDF": ox.Dataset}
_STORE = "$STORE$"  # the address of the graph store, in the suite that is told in prose


class Talk:
    """Holds conversations with one service, and remembers the places it named."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._places = {_STORE: f"{service.client.base_url}".rstrip("/") + service.doors.graphs}

    def fault(self, conversation: Conversation) -> str:
        """What went wrong, with the request; empty where all is as expected."""
        try:
            if conversation.alone:
                self._service.clear()
            for source in conversation.data:
                self._service.put(source)
            for number, exchange in enumerate(conversation.exchanges, 1):
                answer = self._send(exchange, updates="update" in conversation.name)
                if wrong := self._wrong(exchange, answer):
                    return f"request {number} ({exchange.method}): {wrong}"
        except (Failed, Unreadable, KeyError) as failure:
            return str(failure)
        return ""

    def _send(self, exchange: Exchange, *, updates: bool) -> httpx.Response:
        path = self._filled(exchange.path)
        doors = self._service.doors
        if path.startswith("/sparql/"):
            is_query = ("content-type", QUERY) in exchange.headers or "query=" in path
            door = doors.update if updates and not is_query else doors.query
            path = door + path.removeprefix("/sparql/")
        elif path.startswith("/gsp"):
            path = doors.graphs + path.removeprefix("/gsp")
        body = self._filled(exchange.body.decode("latin-1")).encode("latin-1")
        address = urlsplit(path)._replace(scheme="", netloc="").geturl()
        if exchange.method not in {"GET", "HEAD"} and not path.startswith(f"{doors.query}?"):
            self._service.touched()
        return self._service.send(exchange.method, address, content=body, headers=list(exchange.headers))

    def _filled(self, text: str) -> str:
        for name, place in self._places.items():
            text = text.replace(name, place)
        return text

    def _wrong(self, exchange: Exchange, answer: httpx.Response) -> str:
        expected = exchange.expected
        if not any(answer.status_code in it for it in expected.statuses):
            return f"expected {_told(expected)}, got {refusal(answer)}"
        if expected.location:
            self._places[expected.location] = answer.headers["location"]
        wanted, given = (it.partition(";")[0] for it in (_accepted(exchange), answer.headers.get("content-type", "")))
        if expected.graph and wanted not in ("", given):
            return f"asked for {wanted}, got {given or 'no type'}"
        return self._wrong_content(expected, answer) if answer.is_success else ""

    def _wrong_content(self, expected: Expected, answer: httpx.Response) -> str:
        if expected.format:
            content = read_answer(answer.content, answer.headers.get("content-type", ""))
            if not isinstance(content, _FORMATS[expected.format]):
                return f"expected {expected.format}, got {answer.headers['content-type']}"
            if expected.boolean is not None and content is not expected.boolean:
                return f"expected {expected.boolean}, got {content}"
        if expected.graph:
            wanted = read_answer(self._filled(expected.graph).encode(), expected.media_type)
            if not same(wanted, read_answer(answer.content, answer.headers["content-type"])):
                return f"the graph is not the one expected: {answer.text}"
        return ""


def _accepted(exchange: Exchange) -> str:
    return next((value for name, value in exchange.headers if name.lower() == "accept"), "")


def _told(expected: Expected) -> str:
    return " or ".join(str(it.start) if len(it) == 1 else f"{it.start // 100}xx" for it in expected.statuses)
