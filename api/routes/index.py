"""The index that is searched, and putting another in its place while searches go on."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends
from pydantic import Field

from api.access import EVERYBODY_READS
from api.dependencies import ServicesDep
from api.schemas import Out
from api.searching import Searching
from api.tokens import Principal, Scope, require
from ontology.errors import Conflict, KesherError

log = structlog.get_logger("kesher.search")


class IndexOut(Out):
    """The index that answers now."""

    name: str = Field(description="the model whose vectors it holds")
    generation: str = Field(description="which index of all that there were; a cursor is good for one only")
    watermark: int = Field(description="the last write that is wholly in it")
    passages: int
    replacing: bool = Field(description="another one is being built and will take its place")


class ReplaceIn(Out):
    """What is to take the place."""

    optimise: bool = Field(default=False, description="a copy put into order, rather than one made anew from the graph")


router = APIRouter(prefix="/api/v1", tags=["operation"], dependencies=[EVERYBODY_READS])


@router.get("/index", summary="The index that is searched")
def described(services: ServicesDep) -> IndexOut:
    """Which index answers, how far it has followed the writes, and whether another is being built."""
    return _told(services.search)


@router.post("/index", status_code=202, summary="Put another index in its place")
def replace(
    asked: ReplaceIn, services: ServicesDep, _admin: Annotated[Principal, Depends(require(Scope.ADMIN))]
) -> IndexOut:
    """Begin to build another index beside the one that is searched; it takes the place when it is whole.

    `GET /api/v1/index` tells when. 409 while one is being built.
    """
    search = services.search
    if search.live.replacing:
        raise Conflict("Another index is being built already.", remedy="GET /api/v1/index tells when it is done.")
    work = search.optimise if asked.optimise else search.rebuild
    Thread(target=_done, args=(work,), name="kesher-index", daemon=True).start()
    return _told(search).model_copy(update={"replacing": True})


def _done(work: Callable[[], object]) -> None:
    try:
        work()
    except KesherError as error:
        log.warning("no other index has taken the place", reason=error.message, remedy=error.remedy)


def _told(search: Searching) -> IndexOut:
    index = search.index
    return IndexOut(
        name=index.name,
        generation=index.generation,
        watermark=index.watermark,
        passages=index.count(),
        replacing=search.live.replacing,
    )
