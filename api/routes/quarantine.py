"""What waits for a curator because personal data may be in it: the list, what was found, and the clearance."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from api.clearing import WaitingListOut, WaitingOut, today, waiting_out
from api.dependencies import ServicesDep, named_entity
from api.schemas import Out
from api.tokens import Principal, Scope, require
from ingest.quarantine import clear, look, waiting
from ontology.kinds import Iri


class ClearIn(Out):
    """Nothing, to be shown what was found; or the `text` that was shown, to clear it."""

    text: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")


def _curator(
    reviewer: Annotated[Principal, Depends(require(Scope.REVIEW))],
    _reader: Annotated[Principal, Depends(require(Scope.READ_PRIVATE))],
) -> Principal:
    return reviewer


def _practice(slug: str, services: ServicesDep) -> Iri:
    return named_entity("practice", slug, services)


CuratorDep = Annotated[Principal, Depends(_curator)]

router = APIRouter(tags=["quarantine"], dependencies=[Depends(_curator)])


@router.get("/api/v1/quarantine", summary="What waits for a curator")
def listed(services: ServicesDep, response: Response) -> WaitingListOut:
    """Every practice record in quarantine; needs the scopes review and read:private."""
    response.headers["Cache-Control"] = "no-store"
    return WaitingListOut(waiting=[waiting_out(it) for it in waiting(services.writer, today())])


@router.post("/api/v1/entities/practice/{slug}/clear", summary="Clear a record of personal data")
def clear_record(
    iri: Annotated[Iri, Depends(_practice)],
    asked: ClearIn,
    services: ServicesDep,
    curator: CuratorDep,
    response: Response,
) -> WaitingOut:
    """Show what was found in a quarantined record; with the `text` that was shown, clear it and let it out.

    412 when its texts have changed since, 409 when its consent does not hold.
    """
    response.headers["Cache-Control"] = "no-store"
    if asked.text is None:
        return waiting_out(look(services.writer, iri, today()))
    found = clear(services.writer, iri, seen=asked.text, agent=curator.agent, today=today())
    services.search.follow()
    return waiting_out(found, cleared=True)
