"""EXPLAIN: how a query is answered, step by step, for those whose query takes too long."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from api.access import EVERYBODY_ASKS
from api.dependencies import ServicesDep, body_of
from api.planning import PlanOut, plan_out
from api.saved import opened
from api.semantic import prepared
from api.services import Services
from api.sparql_protocol import Asked, Pairs, from_get, from_post, pairs_of, place_of
from graph.query import QueryRequest
from graph.results import negotiate
from ontology.errors import InvalidParameter, NotAcceptable

router = APIRouter(prefix="/api/v1/explain", tags=["sparql"], dependencies=[EVERYBODY_ASKS])

_JSON, _TEXT = "application/json", "text/plain"
_FORMATS = {"json": _JSON, "text": _TEXT}
_QUERY = {"in": "query", "schema": {"type": "string"}}
_PARAMETERS = [
    {"name": "query", "description": "SPARQL 1.1 query"} | _QUERY,
    {"name": "saved", "description": "id of a saved query, instead of a query"} | _QUERY,
    {"name": "snapshot", "description": "number of the snapshot to ask, as Kesher-Snapshot names it"} | _QUERY,
    {"name": "format", "description": f"one of {', '.join(_FORMATS)}; else by Accept"} | _QUERY,
]


_RESPONSES: dict[int | str, dict[str, object]] = {200: {"model": PlanOut, "content": {_JSON: {}, _TEXT: {}}}}


@router.get("", responses=_RESPONSES, summary="How a query is answered", openapi_extra={"parameters": _PARAMETERS})
def get(request: Request, services: ServicesDep) -> Response:
    """Run a query and tell the steps of its answer with their rows and times; the answer is thrown away.

    A query that does not end in its limits still has its plan, without the counts.
    """
    return _answer(from_get(opened(services.saved, _pairs(request))), request, services)


@router.post("", responses=_RESPONSES, summary="How a query is answered, by form or direct")
def post(request: Request, body: Annotated[bytes, Depends(body_of)], services: ServicesDep) -> Response:
    """The same by POST, as /sparql takes it."""
    media_type = request.headers.get("Content-Type", "")
    return _answer(from_post(media_type, body, _pairs(request)), request, services)


def _pairs(request: Request) -> Pairs:
    return pairs_of(request.scope["query_string"], "address")


def _answer(asked: Asked, request: Request, services: Services) -> Response:
    media_type = _format(asked.format, request.headers.get("Accept", ""))
    if asked.default_graphs or asked.named_graphs:
        told = "A plan is told for the dataset that the query itself names."
        raise InvalidParameter("default-graph-uri", told, remedy="Write FROM or FROM NAMED into the query.")
    with request.app.state.budget.charged(request.client.host if request.client else ""):
        query, strict = prepared(services, asked.query), services.settings.sparql_strict
        base = place_of(request.url.scheme, request.headers.get("Host", ""))
        question = QueryRequest(query.text, strict=strict, base=base, snapshot=asked.snapshot, sent=query.sent)
        plan = services.explainer.explain(question)
    headers = {"Vary": "Accept"}
    if media_type == _TEXT:
        return PlainTextResponse(plan.text(), headers=headers)
    return JSONResponse(plan_out(plan).model_dump(mode="json"), headers=headers)


def _format(format: str | None, accept: str) -> str:
    if format is not None:
        if format not in _FORMATS:
            raise InvalidParameter("format", f"{format!r} is no format.", remedy=f"One of {', '.join(_FORMATS)}.")
        return _FORMATS[format]
    if chosen := negotiate(accept, _FORMATS.values()):
        return chosen
    raise NotAcceptable(f"A plan cannot be written as {accept!r}.", remedy=f"It can be: {_JSON}, {_TEXT}.")
