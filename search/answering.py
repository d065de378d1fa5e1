"""Whether a query was answered, by a rule that stands here and is measured (`python -m bench typing`). Pure.

It is answered when it is a name of a hit, or a name has all of its telling words, two at least; when the nearest hit is
near in meaning, and at least half of the query was understood; or when one hit says more than half of the query's
telling words. Else the hits are only the nearest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from language.analyzer import analyze
from language.folding import words
from language.function_words import FUNCTION_WORDS
from language.labels import LabelIndex
from language.lexicons import Lexicons
from language.script import language_of
from search.answers import Hit
from search.question import Question
from search.snippet import SHARED

#: Cosines from here on are near, with the bundled model, for a query that it reads itself and for one that it reads in
#: glosses, whose everyday words are near to much. Chosen on the half `set` of bench/answerable.tsv.
NEAR, NEAR_GLOSSED = 0.39, 0.42
#: The part of a query's words that must be understood, or more than which one hit must say.
PART = 0.5


def is_answered(question: Question, hits: Iterable[Hit], lexicons: Lexicons, labels: LabelIndex) -> bool:
    """Whether one of the hits answers."""
    understood = understood_part(question, lexicons)
    return any(_fits(it, question, understood) or _is_in_a_name(labels.names(it.iri), question) for it in hits)


def understood_part(question: Question, lexicons: Lexicons) -> float:
    """The part of a query's telling words that its lexicon knows, 0 to 1; all of it for languages that need none."""
    lexicon, read = lexicons.of(language_of(question.text)), dict(question.read_as)
    telling = [read.get(it, it) for it in words(question.text) if it not in FUNCTION_WORDS]
    if lexicon is None or not telling:
        return 1.0
    return 1 - len(lexicon.unknown(" ".join(telling))) / len(telling)


def _fits(hit: Hit, question: Question, understood: float) -> bool:
    parts = hit.parts
    if parts is None:
        return True
    least = NEAR_GLOSSED if question.english else NEAR
    near = parts.meaning is not None and parts.meaning >= least and understood >= PART
    return parts.named or near or _said_part(hit, question) > PART


def _telling_words(question: Question) -> set[str]:
    return {it for it in words(question.text) if it not in FUNCTION_WORDS}


def _is_in_a_name(names: Iterable[str], question: Question) -> bool:
    asked = [analyze(it) for it in _telling_words(question)]
    return len(asked) > 1 and any(not any(it.isdisjoint(terms) for terms in asked) for it in map(_terms, names))


def _terms(text: str) -> frozenset[str]:
    return frozenset(term for word in words(text) for term in analyze(word))


def _said_part(hit: Hit, question: Question) -> float:
    """The part of the query's telling words that a hit is known to say, 0 to 1."""
    asked = _telling_words(question)
    if not asked:
        return 0.0
    said = {term for reason in hit.because for it in reason.terms for term in analyze(it)}
    return sum(_shared(analyze(it), said) for it in asked) / len(asked)


def _shared(terms: Sequence[str], said: Set[str]) -> bool:
    return bool(terms) and sum(it in said for it in terms) / len(terms) >= SHARED


def fit(hits: Iterable[Hit]) -> tuple[bool, float]:
    """How well the best hit fits: whether it is named by the query, and its cosine (-1: not compared)."""
    parts = [it.parts for it in hits if it.parts]
    nearest = max((it.meaning for it in parts if it.meaning is not None), default=-1.0)
    return any(it.named for it in parts), nearest
