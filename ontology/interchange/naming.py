"""Texts with their language, and one preferred name in each (SKOS Reference, S14), whatever a file has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ontology.interchange.outcome import Tally
from ontology.namespaces import SKOS

#: The language at the end of the name of a file, before a number in brackets and its suffix.
_IN_FILE_NAME = re.compile(r"([._])([A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?)(?: ?\(\d+\))?\.\w+$")

PREFERRED, OTHER, DEFINITION = map(ox.NamedNode, (SKOS.prefLabel, SKOS.altLabel, SKOS.definition))


def named(names: Iterable[ox.Literal], place: str, tally: Tally) -> Iterator[tuple[ox.NamedNode, ox.Literal]]:
    """The first name in each language as the preferred one; W168 for each further one, which becomes an alternative."""
    taken: dict[str | None, ox.Literal] = {}
    for name in names:
        preferred = taken.setdefault(name.language, name)
        if preferred == name:
            yield PREFERRED, name
        else:
            message = f"A second name in one language, {name.value[:60]!r}, was made an alternative name"
            tally.note("W168", place, message, "Keep one preferred name in each language.")
            yield OTHER, name


def spoken(text: str, tag: str, place: str, tally: Tally) -> ox.Literal:
    """A text with its language, or without one after W155 where the tag is none."""
    language = tally.language(tag, place) if tag else ""
    try:
        return ox.Literal(text, language=language) if language else ox.Literal(text)
    except ValueError:
        tally.note("W155", place, f"{tag[:40]!r} is no language tag; the text was kept without one")
        return ox.Literal(text)


def language_of_file(tally: Tally, example: str, *, after: str = "_", native: str = "") -> str:
    """The language of texts by the end of the name of their file; "" after W172 where there is none.

    `example` is a good name, `after` has the characters that may stand before the language, and a `native` language is
    one that needs no such file.
    """
    found, place = _IN_FILE_NAME.search(tally.file), "name of the file"
    language = tally.language(found[2], place) if found and found[1] in after else ""
    if language not in ("", native):
        return language
    message = "The name of the file does not end in the language of its texts; they were kept without one"
    tally.note("W172", place, message, f"Call it as its publisher does, such as {example}.")
    return ""
