"""Made passages and questions for scale: vectors of 384 numbers and words as frequent as words are. Always the same.

The vectors are synthetic: 500 clouds in 32 dimensions, turned into 384 with a little noise, because the vectors of
texts fill few of their dimensions too. Words follow Zipf's law; questions leave out the fifty most frequent, as the
analyzer leaves out function words. Nothing here says how good an answer is, only what it costs and whether the
nearest neighbours that are found are the nearest that there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from language.encoder import Matrix, Vector
from ontology.kinds import Iri, Kind
from search.index import Leg, Point

DIMENSION = 384
_LATENT, _CLOUDS, _VOCABULARY, _LENGTH, _FUNCTION_WORDS = 32, 500, 50_000, 40, 50
_BATCH = 5_000
_QUESTIONS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its vector and its words."""

    dense: Vector
    words: Leg


class World:
    """Passages and questions over the same clouds and words."""

    def __init__(self) -> None:
        chance = np.random.default_rng(2026)
        self._clouds = chance.standard_normal((_CLOUDS, _LATENT)).astype(np.float32)
        self._turn = chance.standard_normal((_LATENT, DIMENSION)).astype(np.float32)
        share = 1 / np.arange(1, _VOCABULARY + 1)
        self._upto = np.cumsum(share / share.sum())

    def vectors(self, count: int) -> Iterator[Matrix]:
        """The vectors of so many passages, in batches, the same at each call."""
        chance = np.random.default_rng(1)
        for start in range(0, count, _BATCH):
            yield self._vectors(chance, min(_BATCH, count - start))

    def points(self, count: int) -> Iterator[list[Point]]:
        """So many passages with these vectors, in batches."""
        chance = np.random.default_rng(2)
        number = 0
        for vectors in self.vectors(count):
            words = self._words(chance, len(vectors), 0)
            yield [_point(number + it, vectors[it], words[it]) for it in range(len(vectors))]
            number += len(vectors)

    def questions(self) -> list[Asked]:
        """Questions that are near to passages but none of them."""
        chance = np.random.default_rng(3)
        vectors, words = self._vectors(chance, _QUESTIONS), self._words(chance, _QUESTIONS, _FUNCTION_WORDS)
        return [
            Asked(dense, Leg(dict.fromkeys(said[:6].tolist(), 1.0))) for dense, said in zip(vectors, words, strict=True)
        ]

    def _vectors(self, chance: np.random.Generator, count: int) -> Matrix:
        cloud = self._clouds[chance.integers(0, _CLOUDS, count)]
        latent = cloud + 0.8 * chance.standard_normal((count, _LATENT)).astype(np.float32)
        made = latent @ self._turn + 0.3 * chance.standard_normal((count, DIMENSION)).astype(np.float32)
        return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)

    def _words(self, chance: np.random.Generator, count: int, least: int) -> NDArray[np.int64]:
        return np.maximum(np.searchsorted(self._upto, chance.random((count, _LENGTH))), least)


def _point(number: int, dense: Vector, said: NDArray[np.int64]) -> Point:
    terms, counts = np.unique(said, return_counts=True)
    weights = counts * 2.2 / (counts + 1.2)  # BM25 for a passage of average length
    return Point(
        id=UUID(int=number + 1),
        iri=Iri(f"urn:kesher:synthetic:{number // 3}"),
        kind=Kind.TOOL,
        lang="en",
        text=" ".join(f"word{it}" for it in said.tolist()),
        text_hash=f"{number:064}",
        dense=dense,
        sparse=dict(zip(terms.tolist(), weights.tolist(), strict=True)),
        content_languages=("en",),
    )
