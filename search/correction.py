"""Did you mean: a query in words that are known here, offered only where some of its own are not. Pure.

A word is known when a name has it, a lexicon has it, or one of the passages that were found says it. For one that is
not, the nearest word of a name is offered: the one with fewest slips that most names have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from language.affixes import without_prefix
from language.analyzer import terms_of
from language.folding import fold, words
from language.function_words import FUNCTION_WORDS
from language.labels import LabelIndex
from language.lexicons import Lexicons
from language.script import language_of

#: Words with the marks that may stand on their letters or within them.
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670]|(?<=\w)[\"'’׳״](?=\w))+")
#: Shorter words are too near to too many others.
_LEAST = 4


def corrected(query: str, labels: LabelIndex, lexicons: Lexicons, texts: Iterable[str]) -> str | None:
    """The query with its unknown words replaced by near ones; None where all are known, or no word is near.

    Args:
        query: What the user typed.
        labels: Names of all entities.
        lexicons: Words that have a gloss.
        texts: Passages that were found for it.
    """
    unknown = _unknown(query, labels, lexicons)
    if not unknown:
        return None
    said = "\n".join(map(fold, texts))
    return _replaced(query, {it: near for it in unknown if not _says(said, it) and (near := _near(it, labels))})


def as_read(query: str, read_as: Iterable[tuple[str, str]], labels: LabelIndex) -> str | None:
    """The query with the words that were read as others replaced by those; None where none was."""
    return _replaced(query, {typed: _written(read, labels) for typed, read in read_as})


def _replaced(query: str, better: Mapping[str, str]) -> str | None:
    if not better:
        return None
    return _WORD.sub(lambda found: better.get(_only(words(found[0])), found[0]), query)


def _unknown(query: str, labels: LabelIndex, lexicons: Lexicons) -> list[str]:
    """The words of a query that no name and no lexicon has."""
    telling = (it for it in words(query) if len(it) >= _LEAST and it.isalpha() and it not in FUNCTION_WORDS)
    return [it for it in telling if not (labels.knows(it) or _in_lexicon(it, lexicons))]


def _in_lexicon(word: str, lexicons: Lexicons) -> bool:
    own = lexicons.of(language_of(word))
    return not (own.unknown(word) if own is not None else lexicons.english.isdisjoint((word, *terms_of(word))))


def _says(said: str, word: str) -> bool:
    """Whether the folded texts have a word, or another with its stem."""
    return (terms_of(word)[0] if word.isascii() else word) in said


def _near(word: str, labels: LabelIndex) -> str | None:
    """The nearest word of a name as it is written; None where it is a form of the same word, or there is none."""
    for before, rest in _readings(word):
        found = labels.nearest(rest)
        if found and any(terms_of(it) == terms_of(rest) for it in found):
            return None
        if found:
            return before + _written(found[0], labels)
    return None


def _readings(word: str) -> Sequence[tuple[str, str]]:
    """The word whole, and then without what may be written together with it; first what comes before."""
    rests = without_prefix(word, language_of(word)) if not word.isascii() else ()
    return [("", word), *((word.removesuffix(it), it) for it in rests if len(it) >= _LEAST)]


def _written(word: str, labels: LabelIndex) -> str:
    """A folded word as some name writes it: with its final letters and hamzas."""
    if word.isascii():
        return word
    for it in _WORD.findall(labels.written(word)):
        folded = _only(words(it))
        if folded.endswith(word) and len(folded) == len(it):  # what is written together with it stays away
            return str(it[-len(word) :])
    return word


def _only(found: list[str]) -> str:
    return found[0] if len(found) == 1 else ""
