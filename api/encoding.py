"""An encoder that is known by name at once and loaded when it is first asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from language.encoder import Encoder, Matrix, Vector
from language.transformer import Model


class DeferredEncoder:
    """Stands for a model that is not loaded yet: what needs only its name, length or languages need not wait.

    Args:
        model: The model, found and verified.
        dimension: Length of its vectors.
        load: Loads it; called before the first text is encoded, each time.
    """

    def __init__(self, model: Model, dimension: int, load: Callable[[], Encoder]) -> None:
        self.name = model.name
        self.dimension = dimension
        self.languages = model.languages
        self._load = load

    def encode_query(self, text: str) -> Vector:
        return self._load().encode_query(text)

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        return self._load().encode_documents(texts)


def dimension_of(model: Model) -> int | None:
    """Length of a model's vectors as its pooling says; None where a further layer may change it."""
    pooling = model.folder / "1_Pooling" / "config.json"
    if not pooling.is_file() or any(model.folder.glob("2_Dense*")):
        return None
    return int(json.loads(pooling.read_text("utf-8"))["word_embedding_dimension"])
