"""What the exact index compares, in memory: rows of sparse vectors by term, of payloads by value, of dense vectors.

A row is a point; one that was replaced or deleted stays as a dead row until everything is read anew.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from language.encoder import Vector
from search.index import SparseVector
from search.payload import KEYWORDS, NUMBERS, Condition

Scores: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]


class Postings:
    """Term -> the rows that say it, with its weight in each."""

    def __init__(self) -> None:
        self._rows: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
        self._weights: defaultdict[int, array[float]] = defaultdict(lambda: array("f"))

    def add(self, row: int, terms: SparseVector) -> None:
        """Put in a row, greater than all before."""
        for term, weight in terms.items():
            self._rows[term].append(row)
            self._weights[term].append(weight)

    def scores(self, query: SparseVector, alive: Mask) -> Scores:
        """Dot product of the query and each row, shape (rows,); a term weighs by how few living rows say it (IDF).

        IDF is that of BM25 as Qdrant has it: ln(1 + (N - n + .5) / (n + .5)).
        """
        scores = np.zeros(len(alive), dtype=np.float32)
        living = int(alive.sum())
        for term, weight in query.items():
            if term in self._rows:
                rows = np.frombuffer(self._rows[term], dtype=np.uint32)
                saying = int(alive[rows].sum())
                rarity = np.log1p((living - saying + 0.5) / (saying + 0.5))
                scores[rows] += weight * rarity * np.frombuffer(self._weights[term], dtype=np.float32)
        return scores


class Columns:
    """Payload fields by row, for filters."""

    def __init__(self) -> None:
        self._rows: defaultdict[tuple[str, str], array[int]] = defaultdict(lambda: array("I"))
        self._numbers: Mapping[str, array[float]] = {name: array("d") for name in NUMBERS}

    def add(self, row: int, payload: Mapping[str, Any]) -> None:
        """Put in the next row."""
        for field in KEYWORDS:
            values = payload[field]
            for value in [values] if isinstance(values, str) else values:
                self._rows[field, value].append(row)
        for field, numbers in self._numbers.items():
            numbers.append(payload.get(field, np.nan))

    def mask(self, conditions: Iterable[Condition], alive: Mask) -> Mask:
        """The living rows that meet every condition, shape (rows,)."""
        kept = alive.copy()
        for it in conditions:
            if it.least is None and it.most is None:
                kept &= self._saying(it.field, it.values, len(alive))
            else:
                numbers = np.frombuffer(self._numbers[it.field], dtype=np.float64)
                kept &= (numbers >= (-np.inf if it.least is None else it.least)) & (
                    numbers <= (np.inf if it.most is None else it.most)
                )
        return kept

    def _saying(self, field: str, values: Iterable[str], count: int) -> Mask:
        found = np.zeros(count, dtype=np.bool_)
        for value in values:
            if (field, value) in self._rows:
                found[np.frombuffer(self._rows[field, value], dtype=np.uint32)] = True
        return found


class Vectors:
    """Dense vectors by row; the matrix doubles when it is full.

    Args:
        dimension: Length of each.
    """

    def __init__(self, dimension: int) -> None:
        self._matrix = np.zeros((1024, dimension), dtype=np.float32)
        self._there = np.zeros(1024, dtype=np.bool_)
        self._count = 0

    def add(self, vector: Vector | None) -> None:
        """Put in the next row."""
        if self._count == len(self._there):
            self._matrix = np.concatenate([self._matrix, np.zeros_like(self._matrix)])
            self._there = np.concatenate([self._there, np.zeros_like(self._there)])
        if vector is not None:
            self._matrix[self._count] = vector
            self._there[self._count] = True
        self._count += 1

    @property
    def there(self) -> Mask:
        """Which rows have one, shape (rows,)."""
        return self._there[: self._count]

    def row(self, row: int) -> Vector:
        """A copy of one."""
        vector: Vector = self._matrix[row].copy()
        return vector

    def scores(self, query: Vector) -> Scores:
        """Dot product of the query and each row, shape (rows,)."""
        matrix: Scores = self._matrix[: self._count]
        return matrix @ query


def best(scores: Scores, kept: Mask, limit: int) -> dict[int, float]:
    """The `limit` rows of greatest score among those kept, best first, with their scores; ties fall by row."""
    rows = np.flatnonzero(kept)
    if len(rows) > limit:
        rows = rows[np.argpartition(-scores[rows], limit - 1)[:limit]]
    rows = rows[np.lexsort((rows, -scores[rows]))]
    return {int(row): float(scores[row]) for row in rows}
