"""Hits that do not say the same twice: maximal marginal relevance (Carbonell & Goldstein 1998). Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from language.analyzer import sparse_query
from language.encoder import Vector


def varied(scores: Sequence[float], likeness: NDArray[np.float64], diversity: float) -> list[int]:
    """The places of a ranking in the order in which each is most relevant and least like those before it.

    Args:
        scores: Relevance, greater is better; at any scale.
        likeness: How alike each two are, 0 to 1, shape (len(scores), len(scores)).
        diversity: 0 keeps the ranking, 1 looks at likeness alone.

    Ties fall by place, so that the same ranking gives the same order every time.
    """
    if not scores:
        return []
    relevance = _to_unit(np.asarray(scores, dtype=np.float64))
    nearest = np.zeros(len(scores))  # how like the likest of the chosen each is
    remaining = np.ones(len(scores), dtype=bool)
    order: list[int] = []
    for _ in scores:
        gain = np.where(remaining, (1 - diversity) * relevance - diversity * nearest, -np.inf)
        best = int(np.argmax(gain))
        order.append(best)
        remaining[best] = False
        nearest = np.maximum(nearest, likeness[best])
    return order


def likeness(texts: Sequence[str], vectors: Sequence[Vector | None]) -> NDArray[np.float64]:
    """How alike each two passages are, 0 to 1: by meaning where both have a vector, else by the words they share."""
    dense = _unit_rows(vectors)
    found: NDArray[np.float64] = np.clip(dense @ dense.T, 0, 1)
    without = [place for place, it in enumerate(vectors) if it is None]
    if without:
        words = _unit_words(texts)
        shared = words @ words.T
        found[without, :], found[:, without] = shared[without, :], shared[:, without]
    return found


def _unit_rows(vectors: Sequence[Vector | None]) -> NDArray[np.float64]:
    width = max((len(it) for it in vectors if it is not None), default=1)
    return np.array([np.zeros(width) if it is None else it for it in vectors], dtype=np.float64)


def _unit_words(texts: Sequence[str]) -> NDArray[np.float64]:
    weights = [sparse_query(it) for it in texts]
    columns = {term: place for place, term in enumerate({term for it in weights for term in it})}
    rows = np.zeros((len(texts), max(len(columns), 1)))
    for row, terms in zip(rows, weights, strict=True):
        for term, weight in terms.items():
            row[columns[term]] = weight
    lengths: NDArray[np.float64] = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    rows /= np.maximum(lengths, 1e-9)
    return rows


def _to_unit(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    lowered: NDArray[np.float64] = scores - scores.min()
    greatest = float(lowered.max())
    return lowered / greatest if greatest else np.ones_like(scores)
