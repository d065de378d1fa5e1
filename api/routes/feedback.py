"""A reader's word on an entry, and what a curator does with it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.access import EVERYBODY_ASKS
from api.allowance import Allowance, client_of
from api.curation import Curator
from api.dependencies import LangDep, ServicesDep
from api.tokens import Principal, Scope, require
from api.words import DecisionIn, KeptOut, WordIn, WordOut, WordsOut, decide, take, waiting

router = APIRouter(prefix="/api/v1/feedback", tags=["feedback"])

CuratorDep = Annotated[Principal, Depends(require(Scope.REVIEW))]


def allow(request: Request) -> None:
    """Return if this address may say something more; raises TooOften."""
    allowance: Allowance = request.app.state.words
    allowance.take(client_of(request))


@router.post("", status_code=202, summary="Say something about an entry", dependencies=[EVERYBODY_ASKS, Depends(allow)])
def say(asked: WordIn, services: ServicesDep) -> KeptOut:
    """Keep a reader's word for a curator, as a draft; nothing is kept of who said it.

    422 where it may hold personal data; 429 after too many from one address.
    """
    return take(services, asked)


@router.get("", summary="What readers say")
def listed(services: ServicesDep, response: Response, _curator: CuratorDep) -> WordsOut:
    """Every word of a reader that waits for a curator, the oldest first."""
    response.headers["Cache-Control"] = "no-store"
    return waiting(services)


@router.post("/{id}", summary="Decide on what a reader says")
def decided(id: str, asked: DecisionIn, services: ServicesDep, lang: LangDep, curator: CuratorDep) -> WordOut:
    """Accept: what the reader proposes, or the curator instead, is written as curation. Either way the word is deleted.

    Who decided, and when, stands in the ledger.
    """
    return decide(Curator.of(services, curator, lang), id, asked)
