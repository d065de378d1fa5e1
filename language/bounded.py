"""So many queries are encoded at once and no more: what comes beyond is told to do without."""

from __future__ import annotations

import os
from collections.abc import Sequence
from threading import BoundedSemaphore

from language.encoder import Encoder, Matrix, Vector
from ontology.errors import EncoderBusy

#: Seconds that a query waits for its turn: longer than any burst that passes, shorter than anybody notices.
PATIENCE_S = 0.25


class BoundedEncoder:
    """An encoder that refuses a query rather than let it wait behind many others.

    Args:
        encoder: What encodes.
        at_once: Queries that are encoded at the same time.
        patience_s: Seconds that a query waits for its turn.
    """

    def __init__(self, encoder: Encoder, at_once: int = os.cpu_count() or 1, patience_s: float = PATIENCE_S) -> None:
        self._encoder = encoder
        self._turns = BoundedSemaphore(at_once)
        self._patience = patience_s
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.languages = encoder.languages

    def encode_query(self, text: str) -> Vector:
        """As of `Encoder`.

        Raises:
            EncoderBusy: no turn came in time.
        """
        if not self._turns.acquire(timeout=self._patience):
            raise EncoderBusy("Too many queries are being encoded at the moment.", remedy="Try again in a second.")
        try:
            return self._encoder.encode_query(text)
        finally:
            self._turns.release()

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        return self._encoder.encode_documents(texts)
