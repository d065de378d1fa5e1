"""A deterministic encoder without a model: for tests, and for machines without torch.

It hashes words and the 3-grams inside them into a fixed number of signed buckets (feature hashing, Weinberger et al.
2009). It knows no meaning, only shared spelling, and it keeps the contract of every other encoder.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import numpy as np

from language.encoder import Matrix, Vector
from language.folding import words


class HashEncoder:
    """Vectors of shared spelling.

    Args:
        dimension: Length of the vectors.
        languages: What it pretends to know; English alone, like the bundled model.
    """

    def __init__(self, dimension: int = 256, languages: frozenset[str] = frozenset({"en"})) -> None:
        self.dimension = dimension
        self.languages = languages
        self.name = f"hash@{dimension}"

    def encode_query(self, text: str) -> Vector:
        return self._encode(text)

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return np.stack([self._encode(it) for it in texts])

    def _encode(self, text: str) -> Vector:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for feature, weight in _features(text):
            number = zlib.crc32(feature.encode())
            vector[number % self.dimension] += weight if number & 0x8000_0000 else -weight
        norm = np.linalg.norm(vector)
        if not norm:  # no words, or words that cancel out: any fixed direction will do
            vector[0] = norm = np.float32(1)
        return (vector / norm).astype(np.float32)


def _features(text: str) -> Iterator[tuple[str, float]]:
    for word in words(text):
        yield word, 1.0
        marked = f"_{word}_"
        for start in range(len(marked) - 2):
            yield marked[start : start + 3], 0.5
