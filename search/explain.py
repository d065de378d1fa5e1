"""Sentences that say why, in English, Hebrew and Arabic.

Names stand between U+2068 and U+2069 (Unicode bidirectional algorithm, UAX 9: first strong isolate), so that a name in
one script does not turn the sentence around it. The Hebrew and Arabic say "the role", "the competency", "the tool"
before each name: verbs and pronouns then agree with these nouns, whatever the name is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from language.script import primary
from ontology.kinds import local_name
from ontology.terms import term_name

_OPEN, _CLOSE = "\u2068", "\u2069"
_BIDI_CONTROLS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F))


def sentence(name: str, lang: str, /, **names: object) -> str:
    """One sentence in a language; English where there is none in it.

    Args:
        name: Which sentence.
        lang: BCP 47 tag of the reader's language.
        names: What stands in it; strings are isolated, numbers are not.
    """
    values = {it: isolate(value) if isinstance(value, str) else value for it, value in names.items()}
    return str(_texts(lang)[name].format(**values))


def importance(value: int | None, lang: str) -> Aside:
    """The importance of a requirement in brackets; nothing where nobody has said it."""
    return Aside("" if value is None else str(_texts(lang)["importance"].format(importance=value)))


def facet(name: str, value: object, lang: str) -> str:
    """A filter by its name in a language, and its value."""
    return f"{_texts(lang)['facets'][name]}: {value}"


def statement(subject: str, predicate: str, object: str, lang: str) -> str:
    """One statement of the graph by its names: the property as the schema calls it."""
    local = local_name(predicate)
    link = _texts(lang)["links"].get(local) or term_name(local, primary(lang)) or term_name(local, "en") or local
    return sentence("linked", lang, subject=subject, link=Aside(link), object=object)


def listing(terms: Iterable[str]) -> Aside:
    """Several words, each isolated."""
    return Aside(", ".join(map(isolate, terms)))


def isolate(text: str) -> str:
    """A text that keeps its own direction; bidi controls of its own are taken out."""
    return f"{_OPEN}{text.translate(_BIDI_CONTROLS).strip().rstrip('.')}{_CLOSE}"


class Aside:
    """A finished part of a sentence, which is not isolated again."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text


def _texts(lang: str) -> Mapping[str, Any]:
    every = _sentences()
    return every.get(primary(lang), every["en"])


@cache
def _sentences() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((files("search") / "sentences.toml").read_text("utf-8"))
