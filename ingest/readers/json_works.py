"""JSON with works in it: one object, a list, an answer of an API, or one object a line, and where each stands."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from ingest.readers.bibliography import Work, record_of
from ingest.record import Document, Record
from ingest.works import listed
from ontology.errors import UnreadableFile
from ontology.interchange.json_text import Json
from ontology.model import Problem

Fields: TypeAlias = dict[str, Json]

_TAG = re.compile(r"<[^<>]{1,200}>")


def read_works(document: Document, work_of: Callable[[Fields], Work]) -> Iterator[Record | Problem]:
    """The works of a document, each taken by itself.

    Args:
        document: The file.
        work_of: What an object of this format says.

    Raises:
        UnreadableFile: E111 it is no JSON; E115 it is nested too deeply.
    """
    for place, item in _items(document):
        if isinstance(item, Problem):
            yield item
        elif isinstance(item, dict):
            yield from record_of(work_of(item), place, document.name)
        else:
            message = f"This is no work but {json.dumps(item, ensure_ascii=False)[:80]}"
            yield Problem("E133", document.name, place, message, "A work is an object in braces, with a title.")


def _items(document: Document) -> Iterator[tuple[str, Json | Problem]]:
    try:
        whole: Json = json.loads(document.text, strict=False)
    except json.JSONDecodeError as error:
        if not is_lines(document.text):
            place = f"line {error.lineno}, column {error.colno}"
            remedy = "Export it again; it may have been cut off."
            raise UnreadableFile(
                f"This is not JSON: {error.msg}", place=place, problem="E111", remedy=remedy
            ) from error
        yield from _lines(document)
    except RecursionError as error:
        raise UnreadableFile("This JSON is nested too deeply", place="document", problem="E115") from error
    else:
        yield from ((f"record {number}", it) for number, it in enumerate(listed(whole), 1))


def _lines(document: Document) -> Iterator[tuple[str, Json | Problem]]:
    for number, line in enumerate(document.text.split("\n"), 1):
        place = f"line {number}"
        if line.strip():
            try:
                yield place, json.loads(line, strict=False)
            except (ValueError, RecursionError) as error:
                remedy = "Export this record again."
                yield place, Problem("E133", document.name, place, f"This line is not JSON: {error}"[:200], remedy)


def is_lines(text: str) -> bool:
    """True when the first line is a JSON object of its own."""
    try:
        return isinstance(json.loads(text.lstrip().partition("\n")[0], strict=False), dict)
    except (ValueError, RecursionError):
        return False


def words(value: Json) -> tuple[str, ...]:
    """Texts of a value that is one or a list of them."""
    found = value if isinstance(value, list) else [value]
    texts = (str(it) for it in found if isinstance(it, str | int | float) and not isinstance(it, bool))
    return tuple(" ".join(text.split()) for text in texts if text.strip())


def word(item: Fields, *names: str) -> str:
    """The first text under the first of these names that has one; "" without."""
    return next((found[0] for name in names if (found := words(item.get(name)))), "")


def objects(value: Json) -> list[Fields]:
    """The objects of a value that is one or a list of them."""
    return [it for it in (value if isinstance(value, list) else [value]) if isinstance(it, dict)]


def inner(item: Fields, *path: str) -> Fields:
    """The object at the end of a path of names; an empty one where there is none."""
    for name in path:
        item = next(iter(objects(item.get(name))), {})
    return item


def unmarked(text: str) -> str:
    """Text without the tags of JATS or HTML that publishers leave in titles and abstracts."""
    return " ".join(html.unescape(_TAG.sub(" ", text)).split()) if "<" in text or "&" in text else text


def person(item: Fields) -> str:
    """`Family, Given` of a name in CSL's terms, which Crossref shares; a body as it stands."""
    family = " ".join(filter(None, (word(item, "non-dropping-particle"), word(item, "family"))))
    parts = (family, word(item, "suffix"), word(item, "given"))
    return ", ".join(filter(None, parts)) or word(item, "literal", "name")


def year(item: Fields, *names: str) -> str:
    """The year of the first date under these names that has one."""
    for name in names:
        date = inner(item, name)
        parts = date.get("date-parts")
        while isinstance(parts, list) and parts:
            parts = parts[0]
        if found := (words(parts)[:1] if not isinstance(parts, list) else ()) or words(date.get("raw")):
            return found[0][:4] if found[0][:4].isdigit() else found[0]
    return ""
