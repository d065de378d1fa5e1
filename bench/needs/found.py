"""What the search finds for a need, and the measures of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.needs.judged import LANGUAGES, Need
from search.answers import ReasonKind, SearchRequest
from search.engine import SearchEngine
from search.metrics import mean, ndcg, overlap, reciprocal_rank

#: Hits that people see without turning a page; nothing below them counts.
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Found:
    """The addresses that rank for a need in one language, best first.

    Attributes:
        named: The first was put there because the query is its name.
    """

    need: Need
    ranking: Sequence[str]
    named: bool

    @property
    def rank(self) -> int | None:
        """The place, from 1, of the first hit that answers the need; None: no page shows it."""
        return next((place for place, it in enumerate(self.ranking, 1) if it in self.need.answers), None)


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over needs, 0 to 1. A hit is an entity of grade 2 or 3; nDCG counts all grades."""

    ndcg: float
    mrr: float
    hit: float
    needs: int

    @classmethod
    def of(cls, found: Sequence[Found]) -> Scores:
        """The scores of those needs that have an answer."""
        counted = [it for it in found if it.need.answers]
        ranks = [reciprocal_rank(it.ranking, it.need.answers, DEPTH) for it in counted]
        graded = [ndcg(it.ranking, it.need.grades, DEPTH) for it in counted]
        return cls(mean(graded), mean(ranks), mean([float(it > 0) for it in ranks]), len(counted))


def find(engine: SearchEngine, needs: Sequence[Need]) -> Mapping[str, list[Found]]:
    """Language -> what the search finds for each need in it."""
    return {lang: [_found(engine, it, lang) for it in needs] for lang in LANGUAGES}


def common(one: Sequence[Found], other: Sequence[Found]) -> float:
    """Mean share of the first page that is the same for the same needs in two languages; of needs with an answer."""
    pairs = zip(one, other, strict=True)
    return mean([overlap(a.ranking, b.ranking, DEPTH) for a, b in pairs if a.need.answers])


def _found(engine: SearchEngine, need: Need, lang: str) -> Found:
    hits = engine.search(SearchRequest(need.phrasings[lang], lang=lang, limit=DEPTH)).hits
    named = any(reason.kind is ReasonKind.LABEL for hit in hits[:1] for reason in hit.because)
    return Found(need, [it.iri for it in hits], named)
