"""Markdown: a note from the field, with what it is about in YAML front matter.

::

    ---
    kind: practice            # the default
    title: ...                # the first heading when absent
    language: he              # from the script when absent; Latin script is taken as English
    uses: [video-club]        # tools, competencies, sources...: slugs, codes, kind/slug or IRIs
    develops: OBS.2
    about: [OBS.2, concept/noticing]
    consent: public           # a practice record without it stays private
    ---

    # Heading

    What was tried, and what happened.

Any property of `ingest.properties` may stand in the front matter. A key that is none is named in a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.properties import closest, property_of
from ingest.record import Context, Document, Fields, Record, Target, Value
from language.script import language_of
from ontology.errors import InvalidParameter, UnreadableFile
from ontology.kinds import Kind, slug_of
from ontology.model import Problem
from ontology.namespaces import DCTERMS, SKOS
from ontology.text import MOST_TEXT_BYTES, language_tag
from ontology.yaml_text import Yaml, read_yaml

_FENCE = re.compile(r"---[ \t]*\r?\n(.*?)(?<=\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
_OWN_KEYS = ("kind", "id", "title", "language")
# HTML stays the text that it is: it is neither rendered nor lost.
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True, slots=True)
class _Prose:
    """The words of a Markdown text, without its marks."""

    heading: str
    body: str


def read_markdown(document: Document, context: Context) -> Iterator[Record | Problem]:
    """The one record that a Markdown file is.

    Raises:
        UnreadableFile: E140 the front matter does not parse or does not end; E150 the text is longer than 1 MiB.
    """
    front, text, first_line = _split(document)
    prose = _prose(text)
    try:
        lang = _language(front, prose)
        fields, problems = _front_fields(front, lang, document.name)
        title = _word(front, "title") or prose.heading
        body = prose.body if title == prose.heading else "\n\n".join(filter(None, (prose.heading, prose.body)))
        kind = _kind(_word(front, "kind") or Kind.PRACTICE)
    except InvalidParameter as error:
        yield Problem("E141", document.name, "front matter", error.message, error.remedy)
        return
    if not title:
        title = re.sub(r"[-_\s]+", " ", _stem(context.graph)).strip()
        remedy = "Give it a heading, or a title in the front matter."
        problems.append(
            Problem("W142", document.name, f"line {first_line}", f"There is no title; it is called {title!r}", remedy)
        )
    yield from problems
    name = _word(front, "id") or _stem(context.graph)
    yield Record(kind, name if "://" in name else slug_of(name), _all_fields(fields, title, body, lang), "document")


def _split(document: Document) -> tuple[Mapping[str, Yaml], str, int]:
    """Front matter, the text after it, and the line on which that begins."""
    if not re.match(r"---[ \t]*\r?\n", document.text):
        return {}, document.text, 1
    found = _FENCE.match(document.text)
    if found is None:
        remedy = "Close it with a line `---`."
        raise UnreadableFile("The front matter does not end", place="line 1", problem="E140", remedy=remedy)
    front = read_yaml(found[1], code="E140", name=document.name, first_line=2)
    return front, document.text[found.end() :], found[0].count("\n") + 1


def _prose(text: str) -> _Prose:
    if len(text.encode("utf-8", "ignore")) > MOST_TEXT_BYTES:
        raise UnreadableFile("The text is longer than 1 MiB", place="document", problem="E150", remedy="Split it.")
    tokens = _MARKDOWN.parse(text)
    place = next((at for at, token in enumerate(tokens) if token.type == "heading_open"), None)
    heading = "" if place is None else _words(tokens[place + 1])
    rest = tokens if place is None else tokens[:place] + tokens[place + 2 :]
    return _Prose(heading, "\n\n".join(filter(None, map(_words, rest))))


def _words(token: Token) -> str:
    """The text of a block: what a reader sees, without marks."""
    if token.type in {"fence", "code_block"}:
        return token.content.strip()
    if token.type != "inline":
        return ""
    parts = (" " if part.type.endswith("break") else part.content for part in token.children or ())
    return " ".join("".join(parts).split())


def _language(front: Mapping[str, Yaml], prose: _Prose) -> str:
    declared = _word(front, "language")
    if declared and not language_tag(declared):
        raise InvalidParameter("language", f"{declared!r} is no language tag", remedy="Such as en, he or ar.")
    return language_tag(declared) or language_of(f"{prose.heading} {prose.body[:2000]}") or "en"


def _front_fields(front: Mapping[str, Yaml], lang: str, file: str) -> tuple[Fields, list[Problem]]:
    fields: dict[str, tuple[Value | Target, ...]] = {}
    problems: list[Problem] = []
    for key, value in front.items():
        if key in _OWN_KEYS:
            continue
        try:
            known = property_of(key)
        except InvalidParameter as error:
            remedy = closest(key, _OWN_KEYS) if "Did you" not in error.remedy else error.remedy
            problems.append(
                Problem("W141", file, "front matter", f"{key[:60]!r} means nothing here and was left out", remedy)
            )
            continue
        values = tuple(known.value(word, lang) for word in _list(key, value) if word.strip())
        fields[known.iri] = (*fields.get(known.iri, ()), *values)
    return fields, problems


def _list(key: str, value: Yaml) -> list[str]:
    words = value if isinstance(value, list) else [value]
    if not all(isinstance(word, str) for word in words):
        raise InvalidParameter(key, f"{key!r} must be a word or a list of words")
    return [word for word in words if isinstance(word, str)]


def _word(front: Mapping[str, Yaml], key: str) -> str:
    value = front.get(key, "")
    if not isinstance(value, str):
        raise InvalidParameter(key, f"{key!r} must be one word or line")
    return value.strip()


def _kind(word: str) -> Kind:
    try:
        return Kind(word.lower())
    except ValueError as error:
        raise InvalidParameter("kind", f"{word!r} is no kind of thing", remedy=closest(word, list(Kind))) from error


def _stem(graph: str) -> str:
    """What the file is called, with its folders, without suffix: the name of a note that gives itself none."""
    return unquote(graph.removeprefix("source/")).rpartition(".")[0] or graph


def _all_fields(fields: Fields, title: str, body: str, lang: str) -> Fields:
    own: dict[str, tuple[Value, ...]] = {
        str(SKOS.prefLabel): (Value(title, lang=lang),),
        str(DCTERMS.language): (Value(lang),),
        str(DCTERMS.description): (Value(body, lang=lang),) if body else (),
    }
    keys = dict.fromkeys(chain(own, fields))
    return {iri: values for iri in keys if (values := (*own.get(iri, ()), *fields.get(iri, ())))}
