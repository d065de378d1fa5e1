"""What the search finds for a need, and the measures of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import stdev

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
class Mean:
    """A mean over needs, 0 to 1, and its standard error: how far other needs of this kind would take it."""

    value: float
    error: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Mean:
        """The mean of at least two values."""
        return cls(mean(values), stdev(values) / sqrt(len(values)))

    def __str__(self) -> str:
        return f"{self.value:.3f} ± {self.error:.3f}"


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over so many needs. A hit is an entity of grade 2 or 3; nDCG counts all grades."""

    ndcg: Mean
    mrr: Mean
    hit: Mean
    needs: int

    @classmethod
    def of(cls, found: Sequence[Found]) -> Scores:
        """The scores of those needs that have an answer."""
        counted = [it for it in found if it.need.answers]
        ranks = [reciprocal_rank(it.ranking, it.need.answers, DEPTH) for it in counted]
        graded = [ndcg(it.ranking, it.need.grades, DEPTH) for it in counted]
        return cls(Mean.of(graded), Mean.of(ranks), Mean.of([float(it > 0) for it in ranks]), len(counted))

    def __str__(self) -> str:
        return f"nDCG@10 {self.ndcg}, MRR@10 {self.mrr}, hit@10 {self.hit}"


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
