"""What an evaluation of retrieval found: means for each leg, over all queries and over those of each language. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import NamedTuple, TypeAlias

from search.metrics import mean, ndcg, recall, reciprocal_rank

#: What `kesher eval retrieval --json` prints for some queries: leg -> measure -> mean, and how many queries there are.
LegsJson: TypeAlias = dict[str, "int | dict[str, float] | None"]

_NAMES = {"ndcg_at_10": "ndcg@10", "mrr": "mrr", "hit_at_10": "hit@10", "recall_at_100": "recall@100"}


class Ranking(NamedTuple):
    """The ids that one query found, best first, and what was judged of it."""

    found: Sequence[str]
    judged: Mapping[str, float]

    @property
    def relevant(self) -> frozenset[str]:
        """The ids of a grade above 0."""
        return frozenset(it for it, grade in self.judged.items() if grade > 0)


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over queries. The reciprocal rank is that of the first relevant id among a hundred."""

    ndcg_at_10: float
    mrr: float
    hit_at_10: float
    recall_at_100: float

    def as_json(self) -> dict[str, float]:
        """The measures by the names that people know them by."""
        return {_NAMES[name]: round(value, 4) for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Legs:
    """Each leg alone and all together, over the same queries; None where the queries do not have that leg.

    Attributes:
        lexical: The query's own words.
        dense: Its meaning; None where the model does not cover the script of the queries.
        glosses: The English words that the lexicon gives for it.
        meaning_of_glosses: The meaning of those, which stands in where the model cannot read the query.
    """

    queries: int
    lexical: Scores
    dense: Scores | None
    glosses: Scores | None
    meaning_of_glosses: Scores | None
    hybrid: Scores

    @property
    def best_alone(self) -> float:
        """The greatest nDCG@10 of one leg."""
        alone = (self.lexical, self.dense, self.glosses, self.meaning_of_glosses)
        return max(it.ndcg_at_10 for it in alone if it)

    def as_json(self) -> LegsJson:
        """The legs by name; those of a translation only where there is one."""
        found: LegsJson = {}
        for it in fields(self):
            value = getattr(self, it.name)
            if value is not None or it.name == "dense":
                found[it.name] = value.as_json() if isinstance(value, Scores) else value
        return found


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """All queries, and those of each language (by script; `und`: without letters)."""

    every: Legs
    languages: Mapping[str, Legs]

    def as_json(self) -> dict[str, object]:
        """The body of `kesher eval retrieval --json`."""
        return {**self.every.as_json(), "languages": {lang: legs.as_json() for lang, legs in self.languages.items()}}


def scores(rankings: Sequence[Ranking]) -> Scores:
    """The means of every measure over rankings."""
    return Scores(
        ndcg_at_10=mean([ndcg(*it, 10) for it in rankings]),
        mrr=mean([reciprocal_rank(it.found, it.relevant, 100) for it in rankings]),
        hit_at_10=mean([float(not it.relevant.isdisjoint(it.found[:10])) for it in rankings]),
        recall_at_100=mean([recall(*it, 100) for it in rankings]),
    )
