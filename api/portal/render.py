"""Turns a template and its content into a page in the reader's language."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.addresses import Addresses
from api.portal.pieces import parts, pieces
from api.portal.texts import Texts, choose_lang, texts_in
from language.script import direction, language_of
from ontology.kinds import is_web_address
from ontology.model import LANGUAGES

_FOLDER = Path(__file__).parent
STATIC = _FOLDER / "static"

_templates = Environment(
    loader=FileSystemLoader(_FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {
    "direction": direction,
    "language_of": language_of,
    "is_web_address": is_web_address,
    "parts": parts,
    "pieces": pieces,
    "slug": lambda iri: iri.rpartition("/")[2],
}


def reader_texts(request: Request) -> Texts:
    """The portal's words in the language of this request."""
    return texts_in(choose_lang(request.query_params.get("lang"), request.headers.get("Accept-Language", "")))


def render(request: Request, template: str, *, status: int = 200, **content: object) -> HTMLResponse:
    """The page that a template makes of its content, with what every page has: words, languages, links."""
    texts, addresses = reader_texts(request), Addresses(request.app.state.base)
    languages = [
        (code, str(request.url.include_query_params(lang=code).replace(scheme="", netloc=""))) for code in LANGUAGES
    ]
    body = _templates.get_template(template).render(
        t=texts,
        languages=languages,
        page_path=addresses.page,
        version=version("kesher"),
        **content,
    )
    headers = {"Content-Language": texts.lang, "Vary": "Accept, Accept-Language"}
    return HTMLResponse(body, status, headers)
