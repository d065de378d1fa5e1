"""What waits for a curator as routes and commands tell of it, and the day on which consent must hold."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pydantic import Field

from api.schemas import Out
from ingest.evidence import kinds_of
from ingest.quarantine import Waiting
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


def waiting_out(found: Waiting, *, cleared: bool = False) -> WaitingOut:
    """A record in quarantine as JSON."""
    findings = [
        FoundOut(term=it.term, kind=it.kind, excerpt=it.excerpt, certainty=it.certainty) for it in found.findings
    ]
    return WaitingOut(
        iri=found.iri,
        text=found.text,
        kinds=kinds_of(found.findings),
        findings=findings,
        obstacles=list(found.obstacles),
        cleared=cleared,
    )


def today() -> date:
    """This day, the same everywhere (UTC)."""
    return datetime.now(UTC).date()
