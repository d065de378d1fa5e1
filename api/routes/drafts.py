"""What curators are writing and nobody else sees."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.dependencies import ReaderDep, ServicesDep
from api.schemas import Out
from api.tokens import Principal, Scope, require
from ingest.lifecycle import drafts
from search.naming import Named

router = APIRouter(prefix="/api/v1/drafts", tags=["entities"])


class DraftsOut(Out):
    """Every draft that this curator may see."""

    drafts: list[Named]


@router.get("", summary="The drafts")
def listed(
    services: ServicesDep,
    reader: ReaderDep,
    response: Response,
    _curator: Annotated[Principal, Depends(require(Scope.REVIEW))],
) -> DraftsOut:
    """Every draft; those of practice records for who may read private records too."""
    response.headers["Cache-Control"] = "no-store"
    seen = (it for it in drafts(services.writer) if reader.statements.about(it))
    return DraftsOut(drafts=[reader.name(it) for it in seen])
