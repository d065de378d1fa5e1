"""An encoder that does not encode again what it has encoded before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from language.encoder import Encoder, Matrix, Vector
from language.vector_cache import VectorCache, text_key

#: How far the length of a kept vector may be from 1 before it is taken for damaged.
_TOLERANCE = 1e-3


class RememberingEncoder:
    """Documents that are known are not encoded again. Queries are: they are short, and say who asks what.

    Args:
        encoder: What encodes.
        cache: What is known.
    """

    def __init__(self, encoder: Encoder, cache: VectorCache) -> None:
        self._encoder = encoder
        self._cache = cache
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.languages = encoder.languages

    def encode_query(self, text: str) -> Vector:
        return self._encoder.encode_query(text)

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        """As of `Encoder`; a text that stands there twice is encoded once."""
        keys = [text_key(it) for it in texts]
        known = self._known(keys)
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if new:
            made = dict(zip(new, self._encoder.encode_documents(list(new.values())), strict=True))
            self._cache.put(self.name, {key: it.astype("<f4").tobytes() for key, it in made.items()})
            known |= made
        return np.stack([known[it] for it in keys]) if keys else np.empty((0, self.dimension), dtype=np.float32)

    def _known(self, keys: Sequence[str]) -> dict[str, Vector]:
        kept = self._cache.get(self.name, dict.fromkeys(keys))
        read = {key: np.frombuffer(it, dtype="<f4").astype(np.float32) for key, it in kept.items() if not len(it) % 4}
        return {key: it for key, it in read.items() if it.shape == (self.dimension,) and _is_unit(it)}


def _is_unit(vector: Vector) -> bool:
    return bool(abs(float(vector @ vector) - 1) < _TOLERANCE)
