"""What waits for a curator because personal data may be in it: the list, what was found, and the clearance."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from api.dependencies import ServicesDep, named_entity
from api.schemas import Out
from api.tokens import Principal, Scope, require
from ingest.quarantine import Waiting, clear, look, waiting
from ontology.kinds import Iri
from ontology.model import Certainty


class FoundOut(Out):
    """Personal data, or what looks like it, in one text of a record."""

    term: str = Field(description="local name of the property, or `address`")
    kind: str
    excerpt: str
    certainty: Certainty


class WaitingOut(Out):
    """A record in quarantine, with everything that was found in it."""

    iri: Iri
    text: str = Field(description="SHA-256 of its texts; name it to clear these and no others")
    kinds: list[str]
    findings: list[FoundOut]
    obstacles: list[str] = Field(description="what keeps it private even when it is cleared")
    cleared: bool = False


class WaitingListOut(Out):
    """Every record in quarantine."""

    waiting: list[WaitingOut]


class ClearIn(Out):
    """Nothing, to be shown what was found; or the `text` that was shown, to clear it."""

    text: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")


def waiting_out(found: Waiting, *, cleared: bool = False) -> WaitingOut:
    """A record in quarantine as JSON."""
    findings = [
        FoundOut(term=it.term, kind=it.kind, excerpt=it.excerpt, certainty=it.certainty) for it in found.findings
    ]
    return WaitingOut(
        iri=found.iri,
        text=found.text,
        kinds=found.kinds,
        findings=findings,
        obstacles=list(found.obstacles),
        cleared=cleared,
    )


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
    return WaitingListOut(waiting=[waiting_out(it) for it in waiting(services.writer, _today())])


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
        return waiting_out(look(services.writer, iri, _today()))
    found = clear(services.writer, iri, seen=asked.text, agent=curator.agent, today=_today())
    services.search.follow()
    return waiting_out(found, cleared=True)


def _today() -> date:
    return datetime.now(UTC).date()
