"""What the score of a hit is made of: how well its passage does in each leg alone.

Fusion adds the legs after it has evened them out by the distribution of each (DBSF); the index returns the sum only. So
the parts are asked for again, for the passages of one page, on the scale of their own leg: they explain a score and do
not add up to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from search.answers import ScoreParts
from search.index import Filter, Leg, VectorIndex
from search.question import Question
from search.ranking import Ranked

#: Decimal places of what is shown.
_DIGITS = 3
#: Passages that the entities of a page may have.
_PASSAGES = 20


def score_parts(index: VectorIndex, page: Sequence[Ranked], question: Question) -> list[ScoreParts]:
    """The parts of each hit of a page, in its order."""
    if not page:
        return []
    ids = [it.best.id for it in page]
    where = Filter(iris=frozenset(it.iri for it in page))
    words, *glosses = (_alone(index, leg, where) for leg in question.sparse)
    vectors = {} if question.dense is None else index.vectors(ids)
    cosines = {} if question.dense is None else {it: float(own @ question.dense) for it, own in vectors.items()}
    return [
        ScoreParts(
            words=round(words.get(it.best.id, 0.0), _DIGITS),
            gloss=round(glosses[0].get(it.best.id, 0.0), _DIGITS) if glosses else None,
            meaning=round(cosines[it.best.id], _DIGITS) if it.best.id in cosines else None,
            named=it.pinned,
        )
        for it in page
    ]


def _alone(index: VectorIndex, leg: Leg, where: Filter) -> Mapping[UUID, float]:
    """What a leg alone gives the passages of some entities."""
    limit = _PASSAGES * len(where.iris or ())
    return {it.id: it.score for it in index.hybrid(dense=None, sparse=[leg], where=where, limit=limit)}
