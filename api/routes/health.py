"""Is the process alive, is it ready, and how is it doing."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.access import EVERYBODY_READS
from api.dependencies import ServicesDep
from api.metrics import MEDIA_TYPE, Metrics
from api.schemas import LiveOut, ReadyOut

router = APIRouter(tags=["operation"], dependencies=[EVERYBODY_READS])


@router.get("/health/live", response_model=LiveOut)
def live() -> LiveOut:
    """Alive: the process answers. Says nothing of its parts."""
    return LiveOut()


@router.get("/health/ready", response_model=ReadyOut, responses={503: {"model": ReadyOut}})
def ready(services: ServicesDep) -> JSONResponse:
    """Ready: every part can serve; otherwise 503 and the names of those that cannot, each with its reason."""
    waiting = services.waiting()
    at = {"index": services.search.watermark, "ledger": services.ledger.last}
    body = ReadyOut(ready=not waiting, waiting=waiting, writes=at)
    return JSONResponse(body.model_dump(), 200 if body.ready else 503, {"Retry-After": "2"} if waiting else None)


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """Figures for Prometheus, in its text format."""
    figures: Metrics = request.app.state.metrics
    return Response(figures.exposition(), media_type=MEDIA_TYPE)
