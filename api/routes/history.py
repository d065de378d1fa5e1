"""Who changed an entity when, and what changed between two of its versions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.access import EVERYBODY_READS
from api.dependencies import EntityDep, ReaderDep, ServicesDep
from api.tokens import Principal, Scope, principal_of
from api.versions import DifferenceOut, HistoryOut, difference, history
from ingest.merge import standing

router = APIRouter(prefix="/api/v1/entities", tags=["entities"], dependencies=[EVERYBODY_READS])

_MOST = 10**18


@router.get("/{kind}/{slug}/history", summary="The history of an entity")
def versions(
    iri: EntityDep,
    reader: ReaderDep,
    services: ServicesDep,
    principal: Annotated[Principal | None, Depends(principal_of)],
) -> HistoryOut:
    """Every write that changed it, with its agent and its time; curators also see those to its draft."""
    iri = standing(services.graph, services.settings.base_iri, iri)
    reader.entity(iri)
    return history(services, iri, drafts=principal is not None and principal.may(Scope.REVIEW))


@router.get("/{kind}/{slug}/difference", summary="The difference between two versions of an entity")
def compared(
    iri: EntityDep,
    reader: ReaderDep,
    services: ServicesDep,
    earlier: Annotated[int | None, Query(alias="from", ge=0, lt=_MOST, description="a version; 0: before all")] = None,
    later: Annotated[int | None, Query(alias="to", ge=0, lt=_MOST, description="a later one; else the last")] = None,
) -> DifferenceOut:
    """The statements that went and came; without numbers, by the last write that changed it.

    404 where what was said at a time is not kept: before a large file was read, and for records of practice.
    """
    iri = standing(services.graph, services.settings.base_iri, iri)
    reader.entity(iri)
    return difference(services, iri, earlier, later)
