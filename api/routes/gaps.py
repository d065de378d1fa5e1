"""The gap report over HTTP: what the graph lacks, and what people ask for that it does not have."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.access import EVERYBODY_READS
from api.dependencies import LangDep, OnlyParameters, ServicesDep
from api.schemas import GapsOut
from api.tokens import Principal, Scope, require
from search.gaps import GapReport, gap_kind

router = APIRouter(prefix="/api/v1/gaps", tags=["gaps"], dependencies=[EVERYBODY_READS])


@router.get("", summary="The gap report", dependencies=[Depends(OnlyParameters(("kind", "limit")))])
def gaps(
    services: ServicesDep,
    lang: LangDep,
    kind: Annotated[list[str] | None, Query(description="kinds of gap; may be repeated; without one, all")] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="gaps to name of each kind")] = 20,
) -> GapsOut:
    """How many gaps of each kind there are, and the first of them; demand counts those who asked in vain."""
    chosen = [gap_kind(it) for it in kind or () if it]
    report = GapReport(services.graph, services.search.engine.labels, services.demand.most_asked())
    return GapsOut(gaps=report.find(chosen, lang, limit))


@router.delete("/demand", summary="Forget what was asked for in vain", status_code=204)
def forget(
    services: ServicesDep,
    _principal: Annotated[Principal, Depends(require(Scope.REVIEW))],
    topic: Annotated[str | None, Query(description="the topic as the report writes it; without one, all")] = None,
) -> None:
    """Erase a topic for good, or all of them."""
    services.demand.erase(topic)
