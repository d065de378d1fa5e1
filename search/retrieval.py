"""From a question to candidates: the index fuses what was said; here its translation joins.

An entity with a text in English is found by three legs: the words as they were typed (where it has such a name), and
the words and the meaning of their glosses. One that is written in the language of the query alone can be found by the
first leg only, and the plain sum puts anything in English above it. So the others count for the part of the question
that it leaves unsaid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from language.analyzer import analyze, terms_of
from language.folding import words
from language.function_words import FUNCTION_WORDS
from search.fusion import normalised
from search.index import Candidate, Filter, VectorIndex
from search.metrics import mean
from search.question import Question

#: Whether the glosses of a question can find the entity of a passage.
Translated: TypeAlias = Callable[[Candidate], bool]

_ENGLISH = "en"
#: What the glosses count for at least, so that what they find keeps its order.
_LEAST = 0.05


def in_english(found: Candidate) -> bool:
    """The glosses find passages in English."""
    return found.lang == _ENGLISH


def candidates(
    index: VectorIndex, question: Question, where: Filter, limit: int, translated: Translated = in_english
) -> list[Candidate]:
    """The best `limit` passages for a question, best first.

    Without glosses these are the index's own. With them, the scores of both sides are normalised by their distributions
    (as `VectorIndex.hybrid` does for each leg) and added up, those of the glosses times the part of the question that
    is unsaid in the best passage which they cannot find.

    Args:
        index: What is searched.
        question: What is asked.
        where: What passages must satisfy, on both sides.
        limit: How many passages are wanted, and compared on each side.
        translated: Whether the glosses can find the entity of a passage.
    """
    own_meaning = None if question.glossed else question.dense
    own = index.hybrid(dense=own_meaning, sparse=question.sparse[:1], where=where, limit=limit)
    if not question.english:
        return own
    meaning = question.dense if question.glossed else None
    other = index.hybrid(dense=meaning, sparse=question.sparse[1:], where=where, limit=limit)
    mine = own if own_meaning is not None else _normalised(own)
    theirs = other if meaning is not None else _normalised(other)
    alone = next((it for it in own if not translated(it)), None)
    unsaid = max(1 - said_part(question.text, alone.text), _LEAST) if alone else 1.0
    return _added(mine, [replace(it, score=it.score * unsaid) for it in theirs])[:limit]


def said_part(query: str, text: str) -> float:
    """The part of a query that a text says, 0 to 1: the mean over its telling words of the part of their terms."""
    said = frozenset(analyze(text))
    telling = [terms for it in words(query) if it not in FUNCTION_WORDS and (terms := terms_of(it))]
    return mean([sum(it in said for it in terms) / len(terms) for terms in telling])


def _normalised(found: Sequence[Candidate]) -> list[Candidate]:
    """The candidates of one leg with the scores that it would have beside another."""
    scores = normalised({it.id: it.score for it in found})
    return [replace(it, score=scores[it.id]) for it in found]


def _added(first: Sequence[Candidate], second: Sequence[Candidate]) -> list[Candidate]:
    """The candidates of both, with the sum of their scores, best first."""
    found = {it.id: it for it in first}
    for it in second:
        known = found.get(it.id)
        found[it.id] = replace(known, score=known.score + it.score) if known else it
    return sorted(found.values(), key=lambda it: -it.score)
