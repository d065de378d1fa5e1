"""Entities at their own addresses: a page for people, data for programs, by what is asked for (Cool URIs, 303)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.access import EVERYBODY_READS
from api.addresses import address_of, header_link
from api.dependencies import AddressesDep, EntityDep, ReaderDep, ServicesDep
from api.linked import FORMATS, describe
from graph.results import GRAPHS, negotiate
from ingest.merge import standing
from ontology.errors import InvalidParameter, NotAcceptable, UnknownEntity

router = APIRouter(tags=["entities"], dependencies=[EVERYBODY_READS])

_HTML = "text/html"
_RESPONSES: dict[int | str, dict[str, object]] = {
    200: {"content": {media_type: {} for media_type in GRAPHS}},
    301: {"description": "Merged: the address that stays"},
    303: {"description": "See the page"},
}


def asked_format(
    request: Request,
    format: Annotated[str | None, Query(description=f"one of {', '.join(FORMATS)}; else by Accept")] = None,
) -> str:
    """Media type of the answer."""
    if format is not None:
        if format not in FORMATS:
            raise InvalidParameter("format", f"{format!r} is not a format.", remedy=f"One of {', '.join(FORMATS)}.")
        return FORMATS[format]
    accept = request.headers.get("Accept", "")
    if chosen := negotiate(accept, [_HTML, *GRAPHS]):
        return chosen
    told = f"This entity cannot be written as {accept!r}."
    raise NotAcceptable(told, remedy=f"It can be: {', '.join([_HTML, *GRAPHS])}.")


FormatDep = Annotated[str, Depends(asked_format)]


@router.get("/id/{kind}/{slug}", responses=_RESPONSES, summary="An entity at its own address")
def by_name(
    iri: EntityDep, media_type: FormatDep, reader: ReaderDep, addresses: AddressesDep, services: ServicesDep
) -> Response:
    """The entity of this address: 303 to its page, or its statements as JSON-LD, Turtle, N-Triples or RDF/XML.

    An address that was merged into another answers 301 with that.
    """
    if (stays := standing(services.graph, services.settings.base_iri, iri)) != iri:
        return RedirectResponse(addresses.itself(stays), 301)
    if not reader.statements.about(iri):
        raise UnknownEntity(f"There is no entity {iri}.", remedy="Look for it with /api/v1/search?q=...")
    varies = {"Vary": "Accept, Accept-Language"}
    if media_type == _HTML:
        return RedirectResponse(addresses.page(iri, reader.lang), 303, varies)
    body = describe(reader.statements, iri, media_type)
    return Response(body, media_type=media_type, headers=varies | {"Link": header_link(iri, "cite-as")})


@router.get("/id", responses=_RESPONSES, summary="An imported entity, by its address")
def by_iri(
    iri: str, media_type: FormatDep, reader: ReaderDep, addresses: AddressesDep, services: ServicesDep
) -> Response:
    """The same for an imported entity, which keeps its own address."""
    return by_name(address_of(iri), media_type, reader, addresses, services)
