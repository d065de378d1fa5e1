"""Quality of retrieval on every judged collection at hand, by one rule: all legs beside the best one alone.

The needs that this project wrote itself are measured elsewhere (`parity`); nothing here was judged for Kesher.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.collections import collections
from bench.kept import KeptVectors
from bench.measure import Line
from bench.world import shared
from language.transformer import load_transformer
from search.evaluate import evaluate_retrieval
from search.report import Legs, Scores


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files. The ratio is nDCG@10, all legs / the best leg alone."""
    encoder = KeptVectors(load_transformer())
    for written in collections(shared(), folder):
        legs = evaluate_retrieval(written.folder, encoder).every
        yield Line(
            f"{written.folder.name}: {written.what} ({legs.queries})",
            _told(legs.hybrid),
            _alone(legs),
            f"{legs.best_alone:.3f}",
            legs.hybrid.ndcg_at_10 / legs.best_alone if legs.best_alone else 1.0,
        )
    encoder.keep()


def _told(scores: Scores) -> str:
    return f"{scores.ndcg_at_10:.3f} (MRR {scores.mrr:.3f}, hit@10 {scores.hit_at_10:.3f})"


def _alone(legs: Legs) -> str:
    """nDCG@10 of each leg that there is."""
    own = {
        "words": legs.lexical,
        "meaning": legs.dense,
        "glosses": legs.glosses,
        "meaning of glosses": legs.meaning_of_glosses,
    }
    return ", ".join(f"{name} {it.ndcg_at_10:.3f}" for name, it in own.items() if it)
