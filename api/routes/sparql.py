"""The SPARQL endpoint: SPARQL 1.1 Protocol, query by GET and POST, every query in the cage.

It speaks ASGI itself, because the framework's way to a handler costs more than a short query does. Nothing in it blocks
the event loop: a query is read, checked and answered in a worker process, and an answer is passed on as it comes.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.access import Everybody
from api.budget import Budget
from api.problems import MEDIA_TYPE
from api.saved import opened
from api.semantic import Prepared, prepared, searches
from api.service_description import Abilities, service_description
from api.services import Services
from api.sparql_protocol import DIRECT, FORM, FORMATS, PATH, Asked, accept_for, from_get, from_post, pairs_of, place_of
from graph.query import QueryRequest, Stream
from graph.results import GRAPHS, TABLES
from graph.search_blocks import ADDRESS
from graph.waiting import Gone, HungUp
from ontology.errors import ResultTooLarge
from ontology.namespaces import KS

_GZIP = re.compile(r"(?:^|,)\s*(?:gzip|x-gzip|\*)\s*(?:,|$|;\s*q\s*=\s*(?:1|0\.0*[1-9]))", re.IGNORECASE)
_QUERY = {"in": "query", "schema": {"type": "string"}}
_PROBLEM = {
    "description": "An RFC 9457 problem",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}},
}
_RESPONSES = {
    "4XX": _PROBLEM,
    "5XX": _PROBLEM,
    "200": {"description": "The answer", "content": {media_type: {} for media_type in (*TABLES, *GRAPHS)}},
}
_PARAMETERS = [
    {"name": "query", "description": "SPARQL 1.1 query"} | _QUERY,
    {"name": "saved", "description": "id of a saved query, instead of a query"} | _QUERY,
    {"name": "default-graph-uri", "description": "graph to query; may be repeated"} | _QUERY,
    {"name": "named-graph-uri", "description": "graph that GRAPH may reach; may be repeated"} | _QUERY,
    {"name": "format", "description": f"one of {', '.join(FORMATS)}; else by Accept"} | _QUERY,
    {"name": "whole", "description": "true: an error rather than an answer that is cut"} | _QUERY,
    {"name": "snapshot", "description": "number of the snapshot to ask, as Kesher-Snapshot names it"} | _QUERY,
]
_BODY = {"content": {FORM: {"schema": {"type": "object"}}, DIRECT: {"schema": {"type": "string"}}}}

#: What the OpenAPI description says of this address.
OPERATIONS = {
    "get": {
        "tags": ["sparql"],
        "summary": "SPARQL 1.1 query",
        "description": "The default graph is the union of all graphs, unless the query or a parameter names others.",
        "operationId": "sparql_get",
        "parameters": _PARAMETERS,
        "responses": _RESPONSES,
    },
    "post": {
        "tags": ["sparql"],
        "summary": "SPARQL 1.1 query, by form or direct",
        "description": "The same by POST: a form, or the query itself as application/sparql-query.",
        "operationId": "sparql_post",
        "parameters": _PARAMETERS[2:],
        "requestBody": _BODY,
        "responses": _RESPONSES,
    },
}


#: Searches that queries make at the same time.
_SEARCHES = 2
#: Of a request; of two headers of one name the last.
Headers: TypeAlias = Mapping[bytes, str]


class SparqlEndpoint:
    """Answers queries. An ASGI application for one address.

    Args:
        services: Where queries run.
        budget: What each client may use.
    """

    path = PATH  # for the log, as a route has it
    access = Everybody(writes=True)

    def __init__(self, services: Services, budget: Budget) -> None:
        self._services = services
        self._budget = budget
        self._searching = ThreadPoolExecutor(_SEARCHES, "sparql-search")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self
        if scope["method"] == "GET" and not scope["query_string"]:
            await (await self._description(Request(scope)))(scope, receive, send)
            return
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        asked = await _read(scope, headers, receive, self._services)
        client = scope["client"][0] if scope["client"] else ""
        try:
            with self._budget.charged(client):  # not while somebody reads the answer
                query = await self._prepared(asked.query)
                question = _question(asked, query, scope, headers, strict=self._services.settings.sparql_strict)
                stream = await self._services.cage.stream(question, _gone(receive))
        except HungUp:
            return
        with stream:
            if asked.whole and stream.answer.truncated:
                raise ResultTooLarge(
                    f"The answer has more {stream.answer.truncated} than one answer may have.",
                    remedy="Ask for it in pages (LIMIT and OFFSET) of one snapshot, or leave out whole=true.",
                )
            await _send(stream, query.headers, send)

    async def _prepared(self, text: str) -> Prepared:
        if not searches(text):
            return Prepared(text)
        # In threads of its own, so that slow searches hold up nothing but searches.
        return await asyncio.get_running_loop().run_in_executor(self._searching, prepared, self._services, text)

    async def _description(self, request: Request) -> Response:
        accept, base = request.headers.get("Accept", ""), str(request.base_url)
        settings = self._services.settings
        functions = () if settings.graph_query_url else (str(KS.similarity),)
        abilities = Abilities("sparql/update", functions, (ADDRESS,), union=not settings.sparql_strict)
        media_type, body = await asyncio.to_thread(service_description, self._services, base, accept, abilities)
        return Response(body, media_type=media_type, headers={"Vary": "Accept"})


async def _read(scope: Scope, headers: Headers, receive: Receive, services: Services) -> Asked:
    pairs = pairs_of(scope["query_string"], "address")
    if scope["method"] == "POST":
        return from_post(headers.get(b"content-type", ""), await Request(scope, receive).body(), pairs)
    if scope["method"] != "GET":
        raise HTTPException(405, headers={"Allow": "GET, HEAD, POST"})
    if any(name == "saved" for name, _ in pairs):
        pairs = await asyncio.to_thread(opened, services.saved, pairs)
    return from_get(pairs)


def _question(asked: Asked, query: Prepared, scope: Scope, headers: Headers, *, strict: bool) -> QueryRequest:
    return QueryRequest(
        query.text,
        accept_for(asked.format) if asked.format else headers.get(b"accept", ""),
        asked.default_graphs,
        asked.named_graphs,
        strict=strict,
        base=place_of(scope["scheme"], headers.get(b"host", "")),
        snapshot=asked.snapshot,
        gzip=bool(_GZIP.search(headers.get(b"accept-encoding", ""))),
        sent=query.sent,
        comparisons=query.comparisons,
    )


def _gone(receive: Receive) -> Gone:
    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    return gone


async def _send(stream: Stream, told: Mapping[str, str], send: Send) -> None:
    """Pass an answer on. What fails after its first byte breaks the connection off, so that no part passes for all."""
    answer = stream.answer
    headers = [
        (b"content-type", answer.media_type.encode()),
        (b"content-length", str(stream.length).encode()),
        (b"vary", b"Accept, Accept-Encoding"),
        *((name.lower().encode(), value.encode()) for name, value in told.items()),
    ]
    if answer.snapshot is not None:
        headers.append((b"kesher-snapshot", str(answer.snapshot).encode()))
    if answer.truncated:
        headers.append((b"kesher-truncated", answer.truncated.encode()))
    if answer.gzip:
        headers.append((b"content-encoding", b"gzip"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    more = len(answer.body) < stream.length
    await send({"type": "http.response.body", "body": answer.body, "more_body": more})
    if more:
        for part in stream.parts():
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
