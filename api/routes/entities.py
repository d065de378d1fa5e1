"""One entity as JSON, and curation of it by hand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response

from api.access import EVERYBODY_READS
from api.addresses import address_of
from api.dependencies import EntityDep, ReaderDep, ServicesDep
from api.editing import edits_of
from api.schemas import EditsIn, EntityOut
from api.services import Services
from api.tokens import Principal, Scope, require
from api.validity import expect_valid
from ingest.curate import curate, etag
from ingest.ledger import Dataset
from ingest.merge import standing

router = APIRouter(prefix="/api/v1/entities", tags=["entities"], dependencies=[EVERYBODY_READS])


@router.get("", summary="One entity, by its address")
def by_iri(
    iri: Annotated[str, Query(description="address of the entity")],
    reader: ReaderDep,
    services: ServicesDep,
    response: Response,
) -> EntityOut:
    """One entity by its address: names in every language, links both ways, and where each statement comes from."""
    return by_name(address_of(iri), reader, services, response)


@router.get("/{kind}/{slug}", summary="One entity, by kind and slug")
def by_name(iri: EntityDep, reader: ReaderDep, services: ServicesDep, response: Response) -> EntityOut:
    """One entity by kind and slug; the header ETag is what an edit must name in If-Match.

    An address that was merged into another answers with the entity that stays, under that one's address.
    """
    entity = reader.entity(standing(services.graph, services.settings.base_iri, iri))
    response.headers["ETag"] = _etag(services, entity)
    response.headers["Vary"] = "Accept-Language, Authorization"
    return entity


@router.patch("/{kind}/{slug}", summary="Curate an entity")
def edit(  # noqa: PLR0913, PLR0917 - FastAPI passes what a handler needs one by one
    iri: EntityDep,
    edits: EditsIn,
    reader: ReaderDep,
    services: ServicesDep,
    response: Response,
    principal: Annotated[Principal, Depends(require(Scope.REVIEW))],
    if_match: Annotated[
        str | None, Header(description="the ETag that the edit was made against; 412 when it has changed")
    ] = None,
) -> EntityOut:
    """Curate an entity: what is said here takes the place of what sources say, and no re-ingest undoes it."""
    iri = standing(services.graph, services.settings.base_iri, iri)
    entity = reader.entity(iri)
    expected = None if if_match in {None, "*"} else str(if_match).removeprefix("W/").strip('"')
    dataset = Dataset.PRIVATE if entity.private else Dataset.PUBLIC
    asked = edits_of(edits)
    expect_valid(services.writer.store(dataset), services.settings.base_iri, iri, asked)
    curate(services.writer, iri, asked, agent=principal.agent, expected=expected, dataset=dataset)
    services.search.follow()
    return by_name(iri, reader, services, response)


def _etag(services: Services, entity: EntityOut) -> str:
    dataset = Dataset.PRIVATE if entity.private else Dataset.PUBLIC
    return f'"{etag(services.writer, entity.iri, dataset)}"'
