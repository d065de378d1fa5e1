"""The vocabulary at its own address: pages for people, RDF for programs, by what is asked for; and its shapes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access import EVERYBODY_READS
from api.dependencies import LangDep
from api.linked import FORMATS
from api.portal.documents import document
from api.portal.render import render
from api.routes.ids import FormatDep
from graph.results import GRAPHS, write_graph
from graph.tables import Caps
from ontology import release, turtle
from ontology.documentation.site import site
from ontology.errors import NotFound
from ontology.namespaces import PREFIXES
from ontology.questions import question

router = APIRouter(tags=["vocabulary"], dependencies=[EVERYBODY_READS])

_HTML, _TURTLE, _SVG, _SPARQL = "text/html", "text/turtle", "image/svg+xml", "application/sparql-query"
_VARIES = {"Vary": "Accept, Accept-Language"}
_WHOLE = Caps(rows=10**6, bytes=10**9)
_RESPONSES: dict[int | str, dict[str, object]] = {200: {"content": {it: {} for it in (_HTML, *GRAPHS)}}}
_LIST = "The modules and the releases are listed at /schema."


@router.get("/schema", responses=_RESPONSES, summary="The vocabulary")
def schema(request: Request, media_type: FormatDep, lang: LangDep) -> Response:
    """The whole vocabulary: its documentation, or its statements as JSON-LD, Turtle, N-Triples or RDF/XML."""
    if media_type == _HTML:
        return _page(request, "", lang)
    return _graph(turtle.schema(), media_type)


@router.get("/schema/questions/{name}", responses={200: {"content": {_SPARQL: {}}}}, summary="A named question")
def named_question(name: str) -> Response:
    """The SPARQL of a named question, to read or to send to /sparql."""
    return Response(question(name), media_type=_SPARQL)


@router.get("/schema/{name}.svg", responses={200: {"content": {_SVG: {}}}}, summary="A picture of the vocabulary")
def picture(name: str) -> Response:
    """The picture of a module, or `overview`."""
    text = site().get(f"{name}.svg")
    if text is None:
        raise NotFound(f"There is no picture {name[:80]!r}.", remedy=_LIST)
    return Response(text, media_type=_SVG)


@router.get("/schema/{name}", responses=_RESPONSES, summary="A module or a version of the vocabulary")
def part(request: Request, name: str, media_type: FormatDep, lang: LangDep) -> Response:
    """A module (`roles`), as a page or as statements; or the vocabulary of a version (`0.2.0`), as statements."""
    if name in release.versions():
        return _graph(release.schema_of(name), _TURTLE if media_type == _HTML else media_type)
    if media_type == _HTML:
        return _page(request, name, lang)
    return _module(turtle.schema_modules(), name, media_type)


@router.get("/shapes", responses=_RESPONSES, summary="The shapes of entries")
def shapes(media_type: FormatDep, lang: LangDep) -> Response:
    """What entries must look like (SHACL), as statements; for people, 303 to the documentation."""
    return _see_schema(lang) if media_type == _HTML else _graph(turtle.shapes(), media_type)


@router.get("/shapes/{name}", responses=_RESPONSES, summary="The shapes of one module")
def shapes_of(name: str, media_type: FormatDep, lang: LangDep) -> Response:
    """The shapes of one module, as statements; for people, 303 to its page."""
    if media_type == _HTML and name in turtle.shape_modules():
        return _see_schema(lang, f"/{name}")
    return _module(turtle.shape_modules(), name, media_type)


def _see_schema(lang: str, place: str = "") -> Response:
    return RedirectResponse(f"/schema{place}?lang={lang}", 303, _VARIES)


def _page(request: Request, name: str, lang: str) -> HTMLResponse:
    found = document(name, lang)
    if found is None:
        raise NotFound(f"The vocabulary has no module {name[:80]!r}.", remedy=_LIST)
    path = f"/schema/{name}" if name else "/schema"
    formats = [(media, f"{path}?format={short}") for short, media in FORMATS.items()]
    page = render(request, "vocabulary.html", document=found, formats=formats)
    page.headers["Link"] = ", ".join(f'<{url}>; rel="alternate"; type="{media}"' for media, url in formats)
    return page


def _module(modules: Mapping[str, str], name: str, media_type: str) -> Response:
    if name not in modules:
        raise NotFound(f"The vocabulary has no module {name[:80]!r}.", remedy=_LIST)
    return _graph(modules[name], media_type)


def _graph(text: str, media_type: str) -> Response:
    """Turtle as its authors wrote it, comments and all, or the same statements in another format."""
    body = text.encode() if media_type == _TURTLE else _written(text, media_type)
    return Response(body, media_type=media_type, headers=_VARIES)


@cache
def _written(text: str, media_type: str) -> bytes:
    triples = (ox.Triple(*it.triple) for it in ox.parse(text, format=ox.RdfFormat.TURTLE))
    body, _ = write_graph(triples, GRAPHS[media_type], _WHOLE, PREFIXES)
    return body
