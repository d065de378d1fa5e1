"""Saved queries over HTTP: keep one under an address, read it, run it, let it go."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import Field

from api.access import EVERYBODY_READS
from api.dependencies import ServicesDep
from api.saved import Content, SavedQuery, now
from api.schemas import Out
from api.semantic import prepared
from api.services import Services
from api.sparql_protocol import FORMATS, accept_for, place_of
from api.tokens import Principal, Scope, require
from graph.query import QueryRequest
from ontology.kinds import Iri

router = APIRouter(prefix="/api/v1/queries", tags=["sparql"], dependencies=[EVERYBODY_READS])

_NUMBERS = 10**18  # below it are the numbers of snapshots


class SaveIn(Out):
    """A query to save; whatever is left out does not matter to its author."""

    query: str = Field(min_length=1, description="SPARQL 1.1, at most 64 KiB")
    title: str = Field(default="", max_length=200, description="for people")
    lang: str = Field(default="", max_length=35, pattern="^[A-Za-z0-9-]*$", description="language of the title")
    snapshot: int | None = Field(default=None, ge=0, lt=_NUMBERS, description="number of the snapshot it was run on")
    format: str | None = Field(default=None, description=f"one of {', '.join(FORMATS)}")


class SavedOut(Out):
    """A saved query."""

    id: str
    query: str
    title: str
    lang: str
    agent: Iri = Field(description="who saved it first")
    name: str
    created: datetime
    snapshot: int | None
    format: str | None
    run: str = Field(description="address that runs it on the graph as it is now")
    replay: str | None = Field(description="address that runs it on its snapshot, which answers while that is kept")


SaverDep = Annotated[Principal, Depends(require(Scope.INGEST))]


@router.post("", status_code=201, summary="Save a query", response_model=SavedOut)
def save(asked: SaveIn, request: Request, services: ServicesDep, who: SaverDep) -> Response:
    """Save a query under an address that always means it; needs the scope ingest.

    It is run once, so that what is saved runs. 200 instead of 201 when this token's agent keeps it already.
    """
    _expect_runs(asked, request, services)
    content = Content(asked.query, asked.snapshot, asked.format)
    new = services.saved.save(SavedQuery(content, who.agent, who.name, asked.title, asked.lang, now()))
    body = _out(services.saved.get(content.id)).model_dump(mode="json")
    location = {"Location": f"/api/v1/queries/{content.id}"}
    return JSONResponse(body, 201 if new else 200, headers=location)


@router.get("", summary="The saved queries")
def listed(
    services: ServicesDep,
    limit: Annotated[int, Query(ge=1, le=500, description="how many, 1 to 500")] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="how many to leave out")] = 0,
) -> list[SavedOut]:
    """What people keep, newest first; one that several keep is listed for each of them."""
    return [_out(it) for it in services.saved.newest(limit, offset)]


@router.get("/{id}", summary="A saved query")
def saved(id: str, services: ServicesDep) -> SavedOut:
    """The query, who saved it when, and the addresses that run it."""
    return _out(services.saved.get(id))


@router.get("/{id}/run", status_code=307, summary="Run a saved query", response_class=RedirectResponse)
def run(id: str, request: Request, services: ServicesDep) -> RedirectResponse:
    """307 to /sparql, which answers it; parameters such as `format` and `snapshot` are passed on."""
    services.saved.get(id)
    given = [(name, value) for name, value in request.query_params.multi_items() if name != "saved"]
    return RedirectResponse(f"/sparql?{urlencode([('saved', id), *given])}", 307)


@router.delete("/{id}", status_code=204, summary="Delete a saved query")
def delete(id: str, services: ServicesDep, who: SaverDep) -> Response:
    """Let go of it; it is gone when nobody else keeps it. With the scope admin it is gone at once."""
    services.saved.delete(id, None if who.may(Scope.ADMIN) else who.agent)
    return Response(status_code=204)


def _expect_runs(asked: SaveIn, request: Request, services: Services) -> None:
    """Return if the query is answered. Its errors are those of /sparql."""
    if asked.format is not None:
        accept_for(asked.format)
    with request.app.state.budget.charged(request.client.host if request.client else ""):
        query = prepared(services, asked.query)
        accept = accept_for(asked.format) if asked.format else "*/*"
        base, strict = place_of(request.url.scheme, request.headers.get("Host", "")), services.settings.sparql_strict
        question = QueryRequest(query.text, accept, strict=strict, base=base, snapshot=asked.snapshot, sent=query.sent)
        services.cage.run(replace(question, comparisons=query.comparisons))


def _out(saved: SavedQuery) -> SavedOut:
    asked = saved.asked
    run = f"/sparql?saved={asked.id}"
    return SavedOut(
        id=asked.id,
        query=asked.query,
        title=saved.title,
        lang=saved.lang,
        agent=saved.agent,
        name=saved.name,
        created=saved.created,
        snapshot=asked.snapshot,
        format=asked.format,
        run=run,
        replay=None if asked.snapshot is None else f"{run}&snapshot={asked.snapshot}",
    )
