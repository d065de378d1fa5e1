"""The public dataset described: as VoID for programs that look for data, as counts for editors of queries."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from api.access import EVERYBODY_READS
from api.dependencies import ServicesDep
from api.publishing.manifest import Manifest
from api.publishing.sentences import negotiated
from api.publishing.statistics import Statistics
from api.publishing.vocabulary import TermOut, VocabularyOut, terms_of
from api.publishing.void import Site, written_void
from graph.results import GRAPHS
from ontology.errors import NotReady

router = APIRouter(tags=["dataset"], dependencies=[EVERYBODY_READS])

#: Seconds that a request waits for the counts of the present state, before it is told to come again.
PATIENCE_S = 20.0
_RESPONSES: dict[int | str, dict[str, object]] = {
    200: {"description": "The description", "content": {it: {} for it in GRAPHS}},
    304: {"description": "Nothing has changed since the state that If-None-Match names"},
}


async def counted(services: ServicesDep) -> Statistics:
    """The counts of the dataset: of its present state, or, where counting takes long, of the last that is counted.

    Raises:
        NotReady: nothing is counted yet.
    """
    if statistics := await services.publisher.statistics.soon(PATIENCE_S):
        return statistics
    raise NotReady("The dataset is being counted.", remedy="Ask again in some seconds.")


CountedDep = Annotated[Statistics, Depends(counted)]


@router.get("/.well-known/void", responses=_RESPONSES, response_class=Response, summary="The dataset as VoID and DCAT")
def void(request: Request, services: ServicesDep, statistics: CountedDep) -> Response:
    """What the public dataset holds, in RDF: graphs with licences, classes, properties, all counted; and its dumps.

    `dcterms:identifier` is the number of the last write that is counted. Private records are not in it.
    """
    dump = services.publisher.dumps.newest
    site = Site(str(request.base_url), services.settings.base_iri)
    media_type = negotiated(request.headers.get("Accept", ""))
    headers = {"Vary": "Accept", "ETag": _tag(statistics, dump, site.url, media_type)}
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    body = written_void(statistics, dump, site, media_type)
    return Response(body, media_type=media_type, headers=headers)


@router.get("/void", include_in_schema=False)
def short(request: Request, services: ServicesDep, statistics: CountedDep) -> Response:
    """The same at the address that people guess."""
    return void(request, services, statistics)


@router.get("/api/v1/vocabulary/statistics", summary="Classes and properties in use, most used first")
def vocabulary(
    statistics: CountedDep,
    prefix: Annotated[
        str, Query(max_length=200, description="beginning of a name (`ks:To`), an address or a label in any language")
    ] = "",
    kind: Annotated[Literal["class", "property"] | None, Query(description="only these")] = None,
    cls: Annotated[
        str | None, Query(alias="class", description="only properties that things of this class have: address or name")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1_000,
) -> VocabularyOut:
    """What can stand in a query, for completion in an editor: each term with its labels and how often it is used."""
    found = terms_of(statistics, prefix, kind, cls)
    terms: list[TermOut] = found[:limit]
    return VocabularyOut(sequence=statistics.sequence, modified=statistics.modified, total=len(found), terms=terms)


def _tag(statistics: Statistics, dump: Manifest | None, *more: str) -> str:
    """Names what an answer was made of; the same parts always give the same bytes."""
    parts = (statistics.sequence, statistics.modified, dump and (dump.sequence, dump.made), *more)
    return f'"{statistics.sequence}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:16]}"'
