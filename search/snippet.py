"""Which words of a passage answer a query, and which of its sentences to show. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

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


def shared_words(text: str, query: str, least: float = SHARED) -> list[str]:
    """The telling words of a text that the query says too, as the text writes them, each once, in order.

    Args:
        text: A passage or a sentence of it.
        query: What was asked.
        least: The part of a word's terms (its stem, or its 4-grams) that the query must have, 0 to 1.
    """
    asked = frozenset(analyze(query))
    found = {key(it): it for it in reversed(_WORD.findall(text)) if _tells(it) and _overlap(it, asked) >= least}
    return list(found.values())[::-1]


def spans(text: str, query: str, least: float = SHARED) -> tuple[tuple[int, int], ...]:
    """Where a text says telling words of the query: first character and the one behind the last, in code points."""
    asked = frozenset(analyze(query))
    found = (it for it in _WORD.finditer(text) if _tells(it[0]) and _overlap(it[0], asked) >= least)
    return tuple(it.span() for it in found)


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


def _overlap(word: str, asked: Collection[str]) -> float:
    """The greatest part of a form's terms that the query has; all of it for a form that the query says whole."""
    forms = [(it, terms_of(it)) for it in words(word)]
    return max((1.0 if it in asked else _share(terms, asked) for it, terms in forms if terms), default=0.0)


def _share(terms: Collection[str], asked: Collection[str]) -> float:
    return sum(it in asked for it in terms) / len(terms)


def _tells(word: str) -> bool:
    """Not a function word, and not so short that it says little: acronyms and numbers may be short."""
    folded = key(word)
    if folded in FUNCTION_WORDS:
        return False
    return len(folded) > 3 or word.isupper() or any(it.isdigit() for it in word) or not word.isascii()
