"""The review queue: proposed links with their context, and what a curator decides about them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import Field

from api.dependencies import LangDep, ServicesDep
from api.reviewing import QueueOut, ReviewOut, SampleOut, page_of, queue_of, review_out, sample_out
from api.schemas import Out
from api.tokens import Principal, Scope, require
from ingest.bulk import accept_above, sampled
from ingest.links import LinkState
from ingest.queue import Wanted
from ontology.errors import InvalidParameter

CuratorDep = Annotated[Principal, Depends(require(Scope.REVIEW))]

router = APIRouter(prefix="/api/v1/review", tags=["review"])

_OUTCOMES = {"accept": LinkState.ACCEPTED, "reject": LinkState.REJECTED, "edit": LinkState.EDITED}


class DecideIn(Out):
    """What a curator decides about one link."""

    action: Literal["accept", "reject", "edit", "undo"]
    concept: str = Field(default="", max_length=2000, description="address of the right concept, for edit")


class BulkIn(Out):
    """Acceptance of all that was proposed with at least this confidence."""

    above: float = Field(ge=0, le=1)
    accept: bool = Field(default=False, description="false: only show the sample that must be decided first")


@router.get("", summary="Proposed links, and those that were decided")
def listed(  # noqa: PLR0913, PLR0917 - FastAPI passes what a handler needs one by one
    services: ServicesDep,
    curator: CuratorDep,
    lang: LangDep,
    response: Response,
    state: Annotated[str, Query(description=f"one of {', '.join(LinkState)}")] = "",
    kind: Annotated[str, Query(description="kind of the item: practice, tool or source")] = "",
    source: Annotated[str, Query(description="name of the source that describes the item")] = "",
    method: Annotated[str, Query(description="how it was proposed; its beginning is enough")] = "",
    concept: Annotated[str, Query(description="address of the concept")] = "",
    item: Annotated[str, Query(description="address of the item")] = "",
    min_confidence: Annotated[float, Query(description="0 to 1")] = 0.0,
    max_confidence: Annotated[float, Query(description="0 to 1")] = 1.0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> QueueOut:
    """Links with their context, the likeliest first; those of private items only with the scope read:private too."""
    response.headers["Cache-Control"] = "no-store"
    queue = queue_of(services, private=curator.may(Scope.READ_PRIVATE))
    wanted = Wanted(state, kind, source, method, concept, item, min_confidence, max_confidence)
    return page_of(services, queue, wanted, lang, limit=limit, offset=offset)


@router.get("/{id}", summary="One link, with its history")
def one(id: str, services: ServicesDep, curator: CuratorDep, lang: LangDep, response: Response) -> ReviewOut:
    """One link with every decision about it; the header ETag is what a decision may name in If-Match."""
    queue = queue_of(services, private=curator.may(Scope.READ_PRIVATE))
    stored = queue.find(id)
    response.headers["ETag"] = f'"{stored.etag}"'
    response.headers["Cache-Control"] = "no-store"
    return review_out(services, stored, lang, queue.history(stored))


@router.post("/bulk", summary="Accept many links, after a sample")
def bulk(asked: BulkIn, services: ServicesDep, curator: CuratorDep) -> SampleOut:
    """Show the sample of links above a confidence; with `accept`, accept the others, if the sample was right.

    409 while links of the sample wait, and when too much of it was rejected.
    """
    queue = queue_of(services, private=curator.may(Scope.READ_PRIVATE))
    sample = sampled(queue.every(), asked.above)
    if not asked.accept:
        return sample_out(sample)
    accepted = accept_above(queue, asked.above, agent=curator.agent)
    services.search.follow()
    return sample_out(sample, accepted)


@router.post("/{id}", summary="Decide about a link")
def decide(  # noqa: PLR0913, PLR0917 - FastAPI passes what a handler needs one by one
    id: str,
    asked: DecideIn,
    services: ServicesDep,
    curator: CuratorDep,
    lang: LangDep,
    response: Response,
    if_match: Annotated[
        str | None, Header(description="the ETag that was shown; 412 when the link has changed")
    ] = None,
) -> ReviewOut:
    """Accept a link, reject it, change its concept, or take a decision back. 409 for what is decided already."""
    expected = None if if_match in {None, "*"} else str(if_match).removeprefix("W/").strip('"')
    queue = queue_of(services, private=curator.may(Scope.READ_PRIVATE))
    if asked.concept and asked.action != "edit":
        raise InvalidParameter("concept", "Only edit takes another concept", remedy="Leave it out, or send edit.")
    if asked.action == "undo":
        queue.undo(id, agent=curator.agent, expected=expected)
    else:
        queue.decide(id, _OUTCOMES[asked.action], agent=curator.agent, expected=expected, concept=asked.concept)
    services.search.follow()
    return one(id, services, curator, lang, response)
