"""Prose: a file that is one record, with what it is about in its own front matter or in a YAML beside it.

Both name properties of `ingest.properties`; where both speak, the YAML beside the file wins, because somebody wrote it
for this file. `ingest.readers.markdown` shows the keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from urllib.parse import unquote

from ingest.headings import expected_kind
from ingest.properties import closest, property_of
from ingest.record import Context, Document, Fields, Record, Target, Value
from language.script import language_of
from ontology.errors import InvalidParameter, UnreadableFile
from ontology.kinds import Kind, slug_of
from ontology.model import Problem
from ontology.namespaces import DCTERMS, SKOS
from ontology.text import MOST_TEXT_BYTES, language_tag
from ontology.yaml_text import Yaml, read_yaml

_OWN_KEYS = ("kind", "id", "title", "language")


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a text: a heading, a paragraph, a row of a table.

    Attributes:
        text: Its words, in reading order.
        place: Where in the file: "line 7", "page 3", "slide 2, notes", "table 1, row 2".
        level: 1 to 9 for a heading of that level; 0 for anything else.
    """

    text: str
    place: str = "document"
    level: int = 0


def prose_items(
    blocks: Iterable[Block],
    document: Document,
    context: Context,
    *,
    title: str = "",
    front: Mapping[str, Yaml] | None = None,
) -> Iterator[Record | Problem]:
    """The one record that a file of prose is.

    Args:
        blocks: Its text. The first heading is its title, when nothing else gives one.
        document: The file, for its name.
        context: Its graph, whose name stands in for a title, and the YAML beside it.
        title: What its properties call it.
        front: The front matter in the file.

    Raises:
        UnreadableFile: E140 the YAML beside the file does not parse; E150 the text is longer than 1 MiB.
    """
    beside = read_yaml(context.mapping.text, code="E140", name=context.mapping.name) if context.mapping else {}
    front = {**(front or {}), **beside}
    heading, body = _parted(list(blocks))
    try:
        lang = _language(front, f"{title} {heading} {body[:2000]}")
        fields, problems = _front_fields(front, lang, document.name)
        kind = expected_kind(_word(front, "kind") or Kind.PRACTICE)
        title = _word(front, "title") or title or heading
    except InvalidParameter as error:
        yield Problem("E141", document.name, "front matter", error.message, error.remedy)
        return
    if title != heading:
        body = "\n\n".join(filter(None, (heading, body)))
    if not title:
        title = re.sub(r"[-_\s]+", " ", _stem(context.graph)).strip()
        remedy = "Give it a heading, or a title in the front matter."
        problems.append(Problem("W142", document.name, "title", f"There is no title; it is called {title!r}", remedy))
    yield from problems
    name = _word(front, "id") or _stem(context.graph)
    yield Record(kind, name if "://" in name else slug_of(name), _all_fields(fields, title, body, lang), "document")


def _parted(blocks: list[Block]) -> tuple[str, str]:
    """The first heading, and the rest."""
    place = next((at for at, block in enumerate(blocks) if block.level), None)
    heading = "" if place is None else blocks[place].text
    rest = blocks if place is None else blocks[:place] + blocks[place + 1 :]
    body = "\n\n".join(filter(None, (block.text for block in rest)))
    if len(body.encode("utf-8", "ignore")) > MOST_TEXT_BYTES:
        raise UnreadableFile("The text is longer than 1 MiB", place="document", problem="E150", remedy="Split it.")
    return heading, body


def _language(front: Mapping[str, Yaml], text: str) -> str:
    declared = _word(front, "language")
    if declared and not language_tag(declared):
        raise InvalidParameter("language", f"{declared!r} is no language tag", remedy="Such as en, he or ar.")
    return language_tag(declared) or language_of(text) or "en"


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
