"""A query as it is read: a word that nothing here has is read as the nearest word that something has.

Known is what a name, a lexicon or a passage has. So a slip of the finger finds what was meant, what is spelt right is
never read otherwise, and a query that equals a name stays as it is: the engine compares names with what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from language.affixes import without_prefix
from language.analyzer import term_id, terms_of
from language.folding import words
from language.function_words import FUNCTION_WORDS
from language.gloss import Lexicon
from language.labels import LabelIndex
from language.lexicons import Lexicons
from language.script import language_of
from search.index import Filter, Leg, VectorIndex

#: Letters that a word must have: shorter ones are too near to too many others, most where vowels are not written.
_LEAST = {"en": 5, "he": 6, "ar": 6}
#: Letters of what is left of it when what is written together with it is taken off.
_REST = 5

#: Passages that are looked at for a word: those that have most of its terms.
_LOOKED_AT = 10

#: Whether some passage has a folded word.
Says = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Reading:
    """A query with its unknown words read as others.

    Attributes:
        text: What is searched for; the query as it was typed where every word of it is known.
        read_as: The folded words that were read otherwise, each with what it was read as.
    """

    text: str
    read_as: tuple[tuple[str, str], ...] = ()


def read(query: str, labels: LabelIndex, lexicons: Lexicons, says: Says) -> Reading:
    """Read a query.

    Args:
        query: What the user typed.
        labels: Names of all entities.
        lexicons: Words that have a gloss.
        says: Whether some passage has a folded word; asked last.
    """
    typed = words(query)
    near = {it: _nearest(it, labels, lexicons.of(language_of(it))) for it in typed if _unknown(it, labels, lexicons)}
    near = {it: found for it, found in near.items() if found and not says(it)}
    if not near:
        return Reading(query)
    return Reading(" ".join(near.get(it, it) for it in typed), tuple(near.items()))


def said_in(index: VectorIndex) -> Says:
    """Whether a passage of an index has a folded word, or another with its stem."""

    def says(word: str) -> bool:
        terms = terms_of(word)
        leg = Leg({term_id(it): 1.0 for it in terms})
        found = index.hybrid(dense=None, sparse=[leg], where=Filter(), limit=_LOOKED_AT)
        return any(terms == terms_of(it) for passage in found for it in words(passage.text))

    return says


def _unknown(word: str, labels: LabelIndex, lexicons: Lexicons) -> bool:
    lang = language_of(word)
    if lang not in _LEAST or len(word) < _LEAST[lang] or not word.isalpha():
        return False
    if word in FUNCTION_WORDS or labels.knows(word):
        return False
    own = lexicons.of(lang)
    return bool(own.unknown(word)) if own is not None else lexicons.english.isdisjoint((word, *terms_of(word)))


def _nearest(word: str, labels: LabelIndex, lexicon: Lexicon | None) -> str:
    """The nearest word of a name, or else of the lexicon, with what is written together with it; empty: none."""
    for before, rest in _readings(word):
        found = labels.nearest(rest)[:1] or ([] if lexicon is None else lexicon.nearest(rest))
        if found:
            return before + found[0]
    return ""


def _readings(word: str) -> Iterator[tuple[str, str]]:
    """The word whole, and then without what may be written together with it, which comes first."""
    yield "", word
    for rest in without_prefix(word, language_of(word)):
        if len(rest) >= _REST:
            yield word.removesuffix(rest), rest
