"""Which words of a passage answer a query, and which of its sentences to show. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from typing import NamedTuple

from language.analyzer import analyze, terms_of
from language.folding import key, words
from language.function_words import FUNCTION_WORDS
from search.passages import sentences

#: A snippet grows by following sentences until it has so many characters, and is cut at the greater number.
_ENOUGH = 80
_LONGEST = 300
#: A word is shared when this part of its terms is: its stem, or half of its 4-grams.
SHARED = 0.5
#: A letter with the marks on it, which are no letters to a regular expression.
_LETTER = r"(?:[^\W_]|[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0640\u064b-\u065f\u0670])"
_WORD = re.compile(rf"{_LETTER}+(?:['’׳״][^\W_]+|(?<=[\u0590-\u06ff])/{_LETTER}{{1,4}}(?![\w/]))*")


class _Reading(NamedTuple):
    """A word of a text: its key, whether it tells something, its forms with their terms, and every form and term."""

    key: str
    telling: bool
    forms: tuple[tuple[str, tuple[str, ...]], ...]
    every: frozenset[str]


def shared_words(text: str, query: str, least: float = SHARED) -> list[str]:
    """The telling words of a text that the query says too, as the text writes them, each once, in order.

    Args:
        text: A passage or a sentence of it.
        query: What was asked.
        least: The part of a word's terms (its stem, or its 4-grams) that the query must have, 0 to 1.
    """
    (asked, beginnings), found = _asked(query), dict[str, str]()
    for word in _WORD.findall(text):
        if not _may_be(word, beginnings):
            continue
        reading = _read(word)
        if reading.telling and reading.key not in found and _overlap(reading, asked) >= least:
            found[reading.key] = word
    return list(found.values())


def spans(text: str, query: str, least: float = SHARED) -> tuple[tuple[int, int], ...]:
    """Where a text says telling words of the query: first character and the one behind the last, in code points."""
    asked, beginnings = _asked(query)
    read = ((it.span(), _read(it[0])) for it in _WORD.finditer(text) if _may_be(it[0], beginnings))
    return tuple(span for span, reading in read if reading.telling and _overlap(reading, asked) >= least)


def snippet(text: str, label: str, query: str) -> str:
    """The sentence of a passage that says most of the query, with what follows it where it is short.

    The name of the entity is left out, because it is shown beside the snippet, unless there is nothing else.
    """
    parts = [it for it in sentences(text) if key(it) != key(label)] or [text]
    best = max(range(len(parts)), key=lambda it: (len(shared_words(parts[it], query)), -it))
    return _cut(" ".join(_enough(parts[best:])))


def _enough(parts: list[str]) -> Iterator[str]:
    length = 0
    for it in parts:
        if length >= _ENOUGH or (length and length + len(it) > _LONGEST):
            return
        length += len(it) + 1
        yield it


def _cut(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    at = text.rfind(" ", 1, _LONGEST)
    return text[: at if at > 0 else _LONGEST] + " …"


@lru_cache(maxsize=1024)
def _asked(query: str) -> tuple[frozenset[str], frozenset[str]]:
    """The terms of a query, and with which two letters they and its words begin."""
    terms = frozenset(analyze(query))
    return terms, frozenset(it[:2] for it in (*terms, *words(query)))


def _may_be(word: str, beginnings: Set[str]) -> bool:
    """False for words in Latin letters that begin otherwise: a stem begins as its word does, and stems cost time."""
    return not word.isascii() or word[:2].lower() in beginnings


@lru_cache(maxsize=65536)
def _read(word: str) -> _Reading:
    forms = tuple((it, terms) for it in words(word) if (terms := terms_of(it)))
    return _Reading(key(word), _tells(word), forms, frozenset(it for form, terms in forms for it in (form, *terms)))


def _overlap(word: _Reading, asked: Set[str]) -> float:
    """The greatest part of a form's terms that the query has; all of it for a form that the query says whole."""
    if word.every.isdisjoint(asked):  # most words, and there are hundreds to a page
        return 0.0
    return max((1.0 if form in asked else _share(terms, asked) for form, terms in word.forms), default=0.0)


def _share(terms: Sequence[str], asked: Set[str]) -> float:
    return sum(it in asked for it in terms) / len(terms)


def _tells(word: str) -> bool:
    """Not a function word, and not so short that it says little: acronyms and numbers may be short."""
    folded = key(word)
    if folded in FUNCTION_WORDS:
        return False
    return len(folded) > 3 or word.isupper() or any(it.isdigit() for it in word) or not word.isascii()
