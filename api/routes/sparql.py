"""The SPARQL endpoint: SPARQL 1.1 Protocol, query by GET and POST, every query in the cage."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.dependencies import ServicesDep
from api.sparql_protocol import DIRECT, FORM, FORMATS, Asked, accept_for, from_get, from_post, pairs_of
from graph import gate
from graph.cage import QueryRequest
from graph.results import GRAPHS, TABLES

router = APIRouter(tags=["sparql"])

_RESPONSES: dict[int | str, dict[str, object]] = {
    200: {"description": "The answer", "content": {media_type: {} for media_type in (*TABLES, *GRAPHS)}}
}
_QUERY = {"in": "query", "schema": {"type": "string"}}
_PARAMETERS = [
    {"name": "query", "required": True, "description": "SPARQL 1.1 query"} | _QUERY,
    {"name": "default-graph-uri", "description": "graph to query; may be repeated"} | _QUERY,
    {"name": "named-graph-uri", "description": "graph that GRAPH may reach; may be repeated"} | _QUERY,
    {"name": "format", "description": f"one of {', '.join(FORMATS)}; else by Accept"} | _QUERY,
]
_BODY = {"content": {FORM: {"schema": {"type": "object"}}, DIRECT: {"schema": {"type": "string"}}}}


async def body_of(request: Request) -> bytes:
    """The body of the request, as sent."""
    return await request.body()


@router.get(
    "/sparql",
    summary="SPARQL 1.1 query",
    responses=_RESPONSES,
    response_class=Response,
    openapi_extra={"parameters": _PARAMETERS},
)
def get(request: Request, services: ServicesDep) -> Response:
    """Answer a SPARQL query. The default graph is the union of all public graphs, unless the query names others."""
    return _answer(from_get(pairs_of(request.scope["query_string"])), request, services)


@router.post(
    "/sparql",
    summary="SPARQL 1.1 query, by form or direct",
    responses=_RESPONSES,
    response_class=Response,
    openapi_extra={"requestBody": _BODY},
)
def post(request: Request, body: Annotated[bytes, Depends(body_of)], services: ServicesDep) -> Response:
    """The same by POST: a form, or the query itself as application/sparql-query."""
    media_type = request.headers.get("Content-Type", "")
    return _answer(from_post(media_type, body, pairs_of(request.scope["query_string"])), request, services)


def _answer(asked: Asked, request: Request, services: ServicesDep) -> Response:
    accept = accept_for(asked.format) if asked.format else request.headers.get("Accept", "")
    client = request.client.host if request.client else ""
    with request.app.state.budget.charged(client):
        gate.check(asked.query)
        answer = services.cage.run(QueryRequest(asked.query, accept, asked.default_graphs, asked.named_graphs))
    headers = {"Vary": "Accept"}
    if answer.truncated:
        headers["Kesher-Truncated"] = answer.truncated
    return Response(answer.body, media_type=answer.media_type, headers=headers)
