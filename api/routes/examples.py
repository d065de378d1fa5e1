"""The example questions over HTTP: to look through, to run, and as Turtle to load elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from api.access import EVERYBODY_READS
from api.dependencies import LangDep, ServicesDep
from api.routes.search import Empty
from api.schemas import Out
from graph.results import GRAPHS, negotiate, write_graph
from graph.tables import Caps
from ontology.errors import NotAcceptable
from ontology.examples import Example, example, examples, named, write_examples
from ontology.namespaces import PREFIXES

router = APIRouter(tags=["sparql"], dependencies=[EVERYBODY_READS])

_JSON, _TURTLE = "application/json", "text/turtle"
#: RDF in every format; plain JSON is the first offer of one example, Turtle of all.
_RDF = [it for it in GRAPHS if it not in {_JSON, "application/xml", "text/xml", "text/plain"}]
_WHOLE = Caps(rows=10**6, bytes=10**9)
_RESPONSES: dict[int | str, dict[str, object]] = {200: {"content": {it: {} for it in _RDF}}}


class ExampleOut(Out):
    """An example question, in the language of the reader."""

    id: str
    label: str
    comment: str
    query: str
    keywords: list[str]
    run: str = Field(description="address that runs it")


@router.get("/api/v1/examples", summary="The example questions")
def listed(
    services: ServicesDep,
    lang: LangDep,
    q: Annotated[str, Query(max_length=200, description="words that must stand in it, in any language")] = "",
    keyword: Annotated[str | None, Empty, Query(description="only those with this keyword")] = None,
    with_named: Annotated[bool, Query(alias="named", description="the named questions too; English only")] = False,
) -> list[ExampleOut]:
    """Questions that show what the graph can answer, from easy to deep; each runs as it is."""
    base = services.settings.base_iri
    every = (*examples(base), *(named(base) if with_named else ()))
    fits = [it for it in every if it.says(q) and (keyword is None or keyword in it.keywords)]
    return [_out(it, lang) for it in fits]


@router.get("/api/v1/examples/{id}", responses=_RESPONSES | {200: {"model": ExampleOut}}, summary="An example question")
def one(id: str, request: Request, services: ServicesDep, lang: LangDep) -> Response:
    """One example, or a named question: JSON in the language of the reader, or its statements."""
    found = example(id, services.settings.base_iri)
    media_type = _chosen(request, [_JSON, *_RDF])
    if media_type == _JSON:
        return JSONResponse(_out(found, lang).model_dump(), headers={"Vary": "Accept, Accept-Language"})
    return _statements([found], media_type, services.settings.base_iri)


@router.get("/examples", responses=_RESPONSES, response_class=Response, summary="All example questions as RDF")
def everything(request: Request, services: ServicesDep) -> Response:
    """Every example and named question in the vocabulary of the SIB Swiss resources (sh:SPARQLExecutable)."""
    base = services.settings.base_iri
    return _statements((*examples(base), *named(base)), _chosen(request, _RDF), base)


def _out(found: Example, lang: str) -> ExampleOut:
    return ExampleOut(
        id=found.id,
        label=found.label(lang),
        comment=found.comment(lang),
        query=found.query,
        keywords=list(found.keywords),
        run=f"/sparql?query={quote(found.query)}",
    )


def _chosen(request: Request, offered: list[str]) -> str:
    accept = request.headers.get("Accept", "")
    if chosen := negotiate(accept, offered):
        return chosen
    raise NotAcceptable(f"Examples cannot be written as {accept!r}.", remedy=f"They can be: {', '.join(offered)}.")


def _statements(chosen: Iterable[Example], media_type: str, base: str) -> Response:
    body, _ = write_graph(write_examples(tuple(chosen), base), GRAPHS[media_type], _WHOLE, PREFIXES)
    return Response(body, media_type=media_type, headers={"Vary": "Accept"})
