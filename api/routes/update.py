"""SPARQL 1.1 Update over HTTP (SPARQL 1.1 Protocol, section 2.2), for tokens with the scope admin."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.background import BackgroundTask

from api.dependencies import ServicesDep, body_of, written
from api.sparql_protocol import FORM
from api.tokens import Principal, Scope, require
from api.update_protocol import DIRECT, update_of
from ingest.update import update

router = APIRouter(tags=["sparql"])

_QUERY = {"in": "query", "schema": {"type": "string"}}
_PARAMETERS = [
    {"name": "using-graph-uri", "description": "graph that patterns read; may be repeated"} | _QUERY,
    {"name": "using-named-graph-uri", "description": "graph that GRAPH may reach; may be repeated"} | _QUERY,
]
_BODY = {"content": {DIRECT: {"schema": {"type": "string"}}, FORM: {"schema": {"type": "object"}}}}


@router.post(
    "/sparql/update",
    summary="SPARQL 1.1 update, by form or direct",
    status_code=204,
    openapi_extra={"parameters": _PARAMETERS, "requestBody": _BODY},
)
def post(
    admin: Annotated[Principal, Depends(require(Scope.ADMIN))],
    body: Annotated[bytes, Depends(body_of)],
    request: Request,
    services: ServicesDep,
) -> Response:
    """Change the graph: all of the update, or nothing. Kesher-Sequence numbers it, Kesher-Changed counts statements."""
    base = str(request.url.replace(query=""))
    content_type = request.headers.get("Content-Type", "")
    asked = update_of(content_type, body, request.query_params.multi_items(), base)
    asked = replace(asked, strict=services.settings.sparql_strict)
    commit = update(services.writer, services.desk, asked, agent=admin.agent)
    follow = BackgroundTask(services.search.follow_soon)  # the answer is sent first
    return Response(status_code=204, headers=written(commit), background=follow)
