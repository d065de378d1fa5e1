"""Search, suggestions as one types, and what is similar."""

from __future__ import annotations

from inspect import signature
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BeforeValidator

from api.access import EVERYBODY_READS
from api.dependencies import EntityDep, LangDep, OnlyParameters, ServicesDep
from api.schemas import SimilarOut, SuggestionsOut
from api.services import Services
from ontology.kinds import Kind
from search.answers import SearchRequest, SearchResult


def _given(value: object) -> object:
    """A field of a form that was left empty is one that was not given."""
    return [it for it in value if it] if isinstance(value, list) else value or None


Empty = BeforeValidator(_given)
router = APIRouter(prefix="/api/v1", tags=["search"], dependencies=[EVERYBODY_READS])


def search_request(  # noqa: PLR0913, PLR0917 - one parameter for each of the address
    lang: LangDep,
    q: Annotated[str, Query(description="a question or a need, in Hebrew, Arabic or English")] = "",
    kind: Annotated[list[Kind] | None, Empty, Query(description="kinds of entity; may be repeated")] = None,
    content_lang: Annotated[str | None, Empty, Query(description="what an item is written in, such as he")] = None,
    role: Annotated[str | None, Empty, Query(description="slug or address of a role: only what belongs to it")] = None,
    subject: Annotated[str | None, Empty, Query(description="slug or address of a school subject")] = None,
    grade: Annotated[int | None, Empty, Query(description="school grade; 0 is kindergarten")] = None,
    min_evidence: Annotated[int | None, Empty, Query(description="least research grade, 0 to 4")] = None,
    limit: Annotated[int, Query(description="hits on a page, 1 to 100")] = 10,
    cursor: Annotated[str | None, Empty, Query(description="`next` of the page before")] = None,
    near: Annotated[
        str | None,
        Empty,
        Query(description="address, kind/slug or name of an entity: only what is one or two links away"),
    ] = None,
    source: Annotated[str | None, Empty, Query(description="named graph of a source, such as source/notes.md")] = None,
    min_field_evidence: Annotated[int | None, Empty, Query(description="least grade from the field, 0 to 4")] = None,
    diversity: Annotated[float, Query(description="0 by relevance alone, up to 1 by variety alone")] = 0.0,
) -> SearchRequest:
    """The query that the parameters of an address describe."""
    kinds = frozenset(kind) if kind else None
    return SearchRequest(
        query=q,
        lang=lang,
        kinds=kinds,
        content_lang=content_lang,
        role=role,
        subject=subject,
        grade=grade,
        min_evidence=min_evidence,
        limit=limit,
        cursor=cursor,
        near=near,
        source=source,
        min_field_evidence=min_field_evidence,
        diversity=diversity,
    )


_SEARCHES = Depends(OnlyParameters(signature(search_request).parameters))
SearchDep = Annotated[SearchRequest, Depends(search_request)]


def found(services: Services, asked: SearchRequest, request: Request) -> SearchResult:
    """What a search finds. One in vain, of all that there is, is counted for the gap report."""
    result = services.search.engine.search(asked)
    if not (result.answered or result.degraded or asked.cursor or asked.narrowed):
        nearest = next((it.entity.iri for it in result.broader), None)
        services.demand.note(result.query, request.client.host if request.client else "", nearest)
    return result


@router.get("/search", dependencies=[_SEARCHES])
def search(asked: SearchDep, services: ServicesDep, request: Request, response: Response) -> SearchResult:
    """Entities that answer a query best, each with the reasons that made it a hit."""
    result = found(services, asked, request)
    if result.next:
        onward = request.url.include_query_params(cursor=result.next)
        response.headers["Link"] = f'<{onward.path}?{onward.query}>; rel="next"'
    return result


@router.get("/suggest", dependencies=[Depends(OnlyParameters(("q", "limit")))])
def suggest(
    services: ServicesDep,
    lang: LangDep,
    q: Annotated[str, Query(max_length=200, description="what has been typed so far")] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> SuggestionsOut:
    """Names that one may mean who has typed so far; small slips are forgiven."""
    return SuggestionsOut(query=q, suggestions=services.search.engine.suggest(q, lang, limit))


@router.get("/entities/{kind}/{slug}/similar", dependencies=[Depends(OnlyParameters(("limit",)))])
def similar(
    iri: EntityDep, services: ServicesDep, lang: LangDep, limit: Annotated[int, Query(ge=1, le=50)] = 10
) -> SimilarOut:
    """Entities of any kind whose texts are nearest to those of one entity."""
    return SimilarOut(iri=iri, hits=list(services.search.engine.similar(iri, lang, limit)))
