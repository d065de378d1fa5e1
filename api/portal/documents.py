"""The documentation of the vocabulary as pages of the portal: the Markdown of the repository, its links led to here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ontology.documentation.site import INDEX, site

#: Where a link of the repository leads on this server; each asks for the reader's language where that is a page.
_PLACES = (
    (re.compile(r"README\.md(#.*)?$"), r"/schema?lang={lang}\1"),
    (re.compile(r"([\w-]+)\.md(#.*)?$"), r"/schema/\1?lang={lang}\2"),
    (re.compile(r"([\w-]+)\.svg$"), r"/schema/\1.svg"),
    (re.compile(r"\.\./\.\./ontology/schema/([\w-]+)\.ttl$"), r"/schema/\1?format=turtle"),
    (re.compile(r"\.\./\.\./ontology/shapes/([\w-]+)\.ttl$"), r"/shapes/\1?format=turtle"),
    (re.compile(r"\.\./\.\./ontology/queries/([\w-]+)\.rq$"), r"/schema/questions/\1"),
)
#: The Markdown is our own and escapes whatever it quotes; its HTML is languages, anchors and folded tables.
_MARKDOWN = MarkdownIt("commonmark", {"html": True, "xhtmlOut": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Document:
    """A page: its heading, and all of it as HTML."""

    title: str
    html: str


def document(name: str, lang: str) -> Document | None:
    """The page of the index (no name) or of a module, its links for readers of `lang`; None when there is none."""
    file = f"{name}.md" if name else INDEX
    return _page(file, lang) if file in site() and (not name or file != INDEX) else None


@cache
def _page(file: str, lang: str) -> Document:
    tokens = _MARKDOWN.parse(site()[file])
    heading = next(after for token, after in pairwise(tokens) if token.type == "heading_open")
    for token in tokens:
        for inner in token.children or ():
            _lead_here(inner, lang)
    return Document(heading.content, _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _lead_here(token: Token, lang: str) -> None:
    for attribute in ("href", "src"):
        written = token.attrGet(attribute)
        if isinstance(written, str):
            token.attrSet(attribute, _place(written, lang))


def _place(written: str, lang: str) -> str:
    for pattern, place in _PLACES:
        if found := pattern.match(written):
            return found.expand(place).format(lang=lang)
    return written
