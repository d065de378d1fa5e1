"""The port to an encoder: text in, unit vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float32]
Matrix: TypeAlias = NDArray[np.float32]


class Encoder(Protocol):
    """A sentence encoder. What a model needs travels with it: its name, dimension, prefixes and languages."""

    @property
    def name(self) -> str:
        """Identifies the vectors: two encoders with one name give interchangeable vectors."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    @property
    def languages(self) -> frozenset[str]:
        """Languages (ISO 639-1) the model was trained on; it is blind to the others and must not be asked."""

    def encode_query(self, text: str) -> Vector:
        """Vector of a query, shape (dimension,), L2 norm 1."""

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        """Vectors of passages in the order given, shape (len(texts), dimension), each row of L2 norm 1."""
