"""Texts to terms, and terms to the weights of BM25: the lexical leg of search, pure.

Words of Latin script are stemmed (Snowball English, also called Porter2). Words of Hebrew and Arabic, which carry
prefixes and inflect inside, are cut into character 4-grams with the word's edges marked (McNamee & Mayfield 2004).
Queries lose their function words. Each word that is left has the same say, however many terms it is cut into: the
weights of its terms are a vector of length one.

Names in Hebrew and Arabic are also a field of passages in other languages (`sparse_names`), as whole words and light
stems, so that what a query says in its own language and its glosses meet in one passage.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from threading import Lock

import snowballstemmer  # type: ignore[import-untyped] # it ships no types

from language.affixes import AFFIXES
from language.folding import words
from language.function_words import FUNCTION_WORDS
from language.orthography import spellings

#: Saturation and length normalisation of BM25 (Robertson & Zaragoza 2009), the usual values.
K1 = 1.5
B = 0.75
GRAM = 4
_EDGE = "_"
_GRAM_MARK = "#"  # keeps a 4-gram apart from a stem of four letters
_NAME_MARK, _STEM_MARK = "=", "~"  # keep a word of a name and its stem apart from the words of passages
#: Words of an entity's names in one language, about: the average of BM25 for that field.
_NAME_WORDS = 6

_stemmer = snowballstemmer.stemmer("english")
_stemming = Lock()  # a Snowball stemmer keeps the word it works on: one thread at a time


def analyze(text: str) -> list[str]:
    """The terms of a text, in order, repeated as often as they occur. Each word is analysed by its own script."""
    return [term for word in words(text) for term in terms_of(word)]


@lru_cache(maxsize=65536)
def terms_of(word: str) -> tuple[str, ...]:
    """The terms of one folded word: its stem or its 4-grams; none for a single letter."""
    if _is_semitic(word):
        return tuple(_grams(word)) if len(word) > 1 else ()
    if len(word) == 1 and not word.isdigit():
        return ()
    return (_stem(word),)


def sparse_query(text: str) -> Mapping[int, float]:
    """Term id -> how often the query says it. The index multiplies by the inverse document frequency.

    A term of a word that is cut into n, those of names among them, counts as 1 / sqrt(n). An English word asks in both
    of its spellings. Function words are left out, unless there are no others.
    """
    said = words(text)
    telling = [it for it in said if it not in FUNCTION_WORDS] or said
    weights: defaultdict[str, float] = defaultdict(float)
    for word in telling:
        terms = (*terms_of(word), *_name_terms(word))
        for term in terms:
            weights[term] += len(terms) ** -0.5
        for term in _respelt(word):
            weights[term] += 1.0
    return _weights(weights)


def sparse_document(text: str, average_length: float) -> Mapping[int, float]:
    """Term id -> saturated, length-normalised term frequency, BM25 without its IDF, which the index knows.

    Args:
        text: The passage.
        average_length: Words in a passage, on average over the collection; greater than 0.
    """
    length = len(words(text)) / average_length
    norm = K1 * (1 - B + B * length)
    return _weights({term: count / (count + norm) for term, count in Counter(analyze(text)).items()})


def sparse_names(names: Iterable[str]) -> Mapping[int, float]:
    """Term id -> weight of the words, and their stems, of an entity's names in one of the Semitic languages."""
    own = [it for it in words(" ".join(names)) if it not in FUNCTION_WORDS]
    weight = 1 / (1 + K1 * (1 - B + B * len(own) / _NAME_WORDS))
    return {term_id(term): weight for word in own for term in _name_terms(word)}


def term_id(term: str) -> int:
    """CRC-32 of the term: the same in every process, 0 to 2**32 - 1."""
    return zlib.crc32(term.encode())


def _weights(by_term: Mapping[str, float]) -> Mapping[int, float]:
    """Weights by term id; terms that collide add up."""
    weights: dict[int, float] = {}
    for term, weight in by_term.items():
        number = term_id(term)
        weights[number] = weights.get(number, 0.0) + weight
    return weights


def _is_semitic(word: str) -> bool:
    return "\u0590" <= word[0] <= "\u08ff"


def _grams(word: str) -> Iterator[str]:
    marked = f"{_EDGE}{word}{_EDGE}"
    for start in range(max(1, len(marked) - GRAM + 1)):
        yield _GRAM_MARK + marked[start : start + GRAM]


@lru_cache(maxsize=65536)
def _respelt(word: str) -> tuple[str, ...]:
    """The terms of an English word in its other spelling, where they are others."""
    return tuple(term for it in spellings(word) for term in terms_of(it) if term not in terms_of(word))


def _name_terms(word: str) -> tuple[str, ...]:
    """A Hebrew or Arabic word and its light stem, as the field of names has them; none for other words."""
    if not _is_semitic(word) or len(word) == 1:
        return ()
    return (_NAME_MARK + word, _STEM_MARK + AFFIXES["he" if word[0] < "\u0600" else "ar"].stem(word))


def _stem(word: str) -> str:
    with _stemming:
        stem: str = _stemmer.stemWord(word)
    return stem
