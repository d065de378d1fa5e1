"""Practice and research, connected: for a text that is sent, read and forgotten, and for what is stored."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ConfigDict, Field

from api.access import EVERYBODY_ASKS, EVERYBODY_READS
from api.connecting import ConnectionsOut, connections_out
from api.dependencies import EntityDep, LangDep, OnlyParameters, ServicesDep
from api.routes.search import Empty
from api.schemas import Out
from api.services import Services
from ingest.merge import standing
from ontology.kinds import Iri
from search.connections import LONGEST_TEXT, MOST_CONNECTIONS, Connections, ConnectRequest, Side
from search.demand import topics_of

router = APIRouter(prefix="/api/v1", tags=["connect"])


class ConnectIn(Out):
    """A text, or the name of a stored entity; one of the two."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(
        default="", description=f"what somebody wrote, in any language; at most {LONGEST_TEXT:,} characters"
    )
    entity: str = Field(default="", description="address, kind/slug or name of a stored entity")
    to: Side | None = Field(default=None, description="the side to connect to; null for the other side, or both")
    lang: str | None = Field(default=None, description="language of names and sentences; null: as without a body")
    limit: int = Field(default=5, description=f"answers of each kind, 1 to {MOST_CONNECTIONS}")


@router.post(
    "/connect", summary="Connect a text or an entity", dependencies=[EVERYBODY_ASKS, Depends(OnlyParameters(()))]
)
def connect(asked: ConnectIn, services: ServicesDep, lang: LangDep, request: Request) -> ConnectionsOut:
    """For practice the studies and tools that speak to it; for research the roles, tools and practices it matters to.

    The text is neither stored nor logged. Each answer names the words that caused it and the statements that lead on.
    """
    wanted = ConnectRequest(asked.text, asked.entity, asked.to, asked.lang or lang, asked.limit)
    found = services.connector.connect(wanted)
    _note(services, asked.text, found, request)
    return connections_out(found)


@router.get(
    "/entities/{kind}/{slug}/connections",
    summary="What practice and research say to an entity",
    dependencies=[EVERYBODY_READS, Depends(OnlyParameters(("to", "limit")))],
)
def connections(
    iri: EntityDep,
    services: ServicesDep,
    lang: LangDep,
    to: Annotated[Side | None, Empty, Query(description="practice or research; else the other side, or both")] = None,
    limit: Annotated[int, Query(description=f"answers of each kind, 1 to {MOST_CONNECTIONS}")] = 5,
) -> ConnectionsOut:
    """The same for what is stored and public."""
    stays = standing(services.graph, services.settings.base_iri, iri)
    return connections_out(services.connector.connect(ConnectRequest("", stays, to, lang, limit)))


def _note(services: Services, text: str, found: Connections, request: Request) -> None:
    """Count a text that nothing fits for the gap report, by what may be kept of it."""
    if not text or found.answered or found.degraded:
        return
    nearest: Iri | None = next((it.entity.iri for it in found.nearest), None)
    for topic in topics_of(text):
        services.demand.note(topic, request.client.host if request.client else "", nearest)
