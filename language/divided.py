"""One model in two places: queries and a few documents here, many documents in a process of their own."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from language.encoder import Encoder, Matrix, Vector
from ontology.errors import FolderDamaged

#: Documents that are encoded here, in float32, rather than there: starting the other process takes longer.
FEW = 32


class DocumentEncoder(Protocol):
    """Encodes many documents at once."""

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        """As of `Encoder`."""


class DividedEncoder:
    """Two encoders of one model, whose vectors are as good as the same.

    Args:
        here: Ready at once and quick with one text.
        there: Quick with many.
    """

    def __init__(self, here: Encoder, there: DocumentEncoder) -> None:
        self._here = here
        self._there = there
        self.name = here.name
        self.dimension = here.dimension
        self.languages = here.languages

    def encode_query(self, text: str) -> Vector:
        return self._here.encode_query(text)

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        """As of `Encoder`; where what is here is damaged, the other takes everything."""
        if len(texts) <= FEW:
            with suppress(FolderDamaged):
                return self._here.encode_documents(texts)
        return self._there.encode_documents(texts)
