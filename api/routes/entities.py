"""One entity as JSON, and curation of it by hand."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response

from api.access import EVERYBODY_READS
from api.addresses import address_of
from api.curation import Curator
from api.dependencies import EntityDep, Reader, ReaderDep, ServicesDep, named_entity
from api.editing import EditsIn
from api.preconditions import SeenDep
from api.schemas import EntityOut
from api.services import Services
from api.tokens import Principal, Scope, require
from api.validity import faults
from ingest.curate import etag
from ingest.ledger import Dataset
from ingest.lifecycle import State, draft_of
from ingest.merge import standing
from ontology.kinds import Iri

CuratorDep = Annotated[Principal, Depends(require(Scope.REVIEW))]

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
    return _told(standing(services.graph, services.settings.base_iri, iri), reader, services, response)


@router.put("/{kind}/{slug}", summary="Write an entity by hand", responses={201: {"description": "A new draft"}})
def write(  # noqa: PLR0913, PLR0917 - FastAPI passes what a handler needs one by one
    kind: str,
    slug: str,
    asked: EditsIn,
    seen: SeenDep,
    reader: ReaderDep,
    services: ServicesDep,
    response: Response,
    principal: CuratorDep,
) -> EntityOut:
    """Make a draft, which curators alone see, or replace all that is written by hand of an entity that is there.

    201 for a new one. `"status": "published"` shows it at once, if its shape is right.
    """
    iri = named_entity(kind, slug, services)
    if Curator.of(services, principal, reader.lang).put(kind, slug, asked, seen):
        response.status_code = 201
        response.headers["Location"] = f"/api/v1/entities/{kind}/{quote(slug)}"
    return _told(iri, reader, services, response)


@router.patch("/{kind}/{slug}", summary="Curate an entity")
def edit(  # noqa: PLR0913, PLR0917 - FastAPI passes what a handler needs one by one
    iri: EntityDep,
    asked: EditsIn,
    seen: SeenDep,
    reader: ReaderDep,
    services: ServicesDep,
    response: Response,
    principal: CuratorDep,
) -> EntityOut:
    """Curate an entity: what is said here takes the place of what sources say, and no re-ingest undoes it.

    With `status` it is published, retired (`replacedBy` names what takes its place) or brought back.
    """
    iri = standing(services.graph, services.settings.base_iri, iri)
    entity = reader.entity(iri)
    private = entity.private and entity.state != State.DRAFT
    Curator.of(services, principal, reader.lang).patch(iri, asked, seen, private=private)
    return _told(iri, reader, services, response)


@router.patch("", summary="Curate an entity, by its address")
def edit_by_iri(  # noqa: PLR0913, PLR0917 - FastAPI passes what a handler needs one by one
    iri: Annotated[str, Query(description="address of the entity")],
    asked: EditsIn,
    seen: SeenDep,
    reader: ReaderDep,
    services: ServicesDep,
    response: Response,
    principal: CuratorDep,
) -> EntityOut:
    """The same for an imported entity, which keeps its own address."""
    return edit(address_of(iri), asked, seen, reader, services, response, principal)


@router.delete(
    "/{kind}/{slug}", summary="Discard a draft, or retire an entity", responses={204: {"description": "A draft less"}}
)
def remove(  # noqa: PLR0913, PLR0917 - FastAPI passes what a handler needs one by one
    iri: EntityDep,
    seen: SeenDep,
    reader: ReaderDep,
    services: ServicesDep,
    response: Response,
    principal: CuratorDep,
    replaced_by: Annotated[str | None, Query(alias="replacedBy", description="address of what takes its place")] = None,
) -> EntityOut:
    """Discard a draft: 204. What has been published is retired, and its address goes on answering."""
    iri = standing(services.graph, services.settings.base_iri, iri)
    if Curator.of(services, principal, reader.lang).delete(iri, seen, replaced_by):
        return Response(status_code=204)  # type: ignore[return-value] # FastAPI sends a response as it is
    return _told(iri, reader, services, response)


def _told(iri: Iri, reader: Reader, services: Services, response: Response) -> EntityOut:
    """An entity as it is now, with its version; of a draft also what must be mended before it is published."""
    entity = reader.entity(iri)
    response.headers["ETag"] = _etag(services, entity)
    response.headers["Vary"] = "Accept-Language, Authorization"
    if entity.state != State.DRAFT:
        return entity
    response.headers["Cache-Control"] = "no-store"
    found = faults(services.graph, iri, draft_of(services.writer, iri), reader.lang)
    return entity.model_copy(update={"faults": found})


def _etag(services: Services, entity: EntityOut) -> str:
    dataset = Dataset.PRIVATE if entity.private else Dataset.PUBLIC
    return f'"{etag(services.writer, entity.iri, dataset)}"'
