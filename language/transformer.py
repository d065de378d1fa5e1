"""Sentence-transformers: the only door to that library and to torch, which load when the factory is called.

Documents are encoded here, at the best precision that the processor has: where it computes in bfloat16 itself
(AVX512_BF16, AMX) the matrix products run in it, several times faster than in float32 and with vectors that are the
same to the fourth digit of their cosine; elsewhere bfloat16 would be slower, and float32 is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from language.encoder import Encoder, Matrix, Vector
from language.model import BUNDLED, Model, find_model
from ontology.errors import Misconfigured

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

#: The library's own object: the modules of a model, one after the other.
Pipeline: TypeAlias = "SentenceTransformer"

_BATCH = 32
_BFLOAT16 = ("avx512_bf16", "amx_bf16", "bf16")


def load_transformer(model: str = BUNDLED) -> Encoder:
    """Load a sentence-transformers model: it takes seconds, most of them for importing torch.

    Args:
        model: As for `find_model`. Only safetensors are read, no code of the model is run, nothing is fetched.

    Raises:
        Misconfigured: there is no such model here, or it cannot be loaded.
        ModelMismatch: the weights are not those that were pinned.
    """
    return transformer_of(find_model(model))


def transformer_of(model: Model) -> Encoder:
    """Load a model that was found. Raises what `load_pipeline` does."""
    return _Transformer(model, load_pipeline(model))


def load_pipeline(model: Model, **wanted: str) -> Pipeline:
    """The library's own object, ready to encode.

    Args:
        model: The model, found and verified.
        wanted: What transformers is told besides, such as `attn_implementation`.

    Raises:
        Misconfigured: it cannot be loaded.
    """
    from safetensors import SafetensorError  # noqa: PLC0415 - comes with sentence-transformers
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - the one place that may load torch
    from transformers.utils import logging  # noqa: PLC0415 - comes with sentence-transformers

    logging.disable_progress_bar()  # type: ignore[no-untyped-call] # transformers leaves it untyped
    try:
        return SentenceTransformer(
            str(model.folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True, **wanted},
        ).eval()
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise Misconfigured(
            f"The model in {model.folder} cannot be loaded: {error}",
            remedy="KESHER_MODEL must name a sentence-transformers model with safetensors weights.",
        ) from error


class _Transformer:
    """A loaded model. One thread encodes at a time: torch uses all cores for each call anyway."""

    def __init__(self, model: Model, transformer: Pipeline) -> None:
        self._model = model
        self._transformer = transformer
        self._encoding = Lock()
        self.name = model.name
        self.languages = model.languages
        self.dimension = int(transformer.get_embedding_dimension() or 0)

    def encode_query(self, text: str) -> Vector:
        vector: Vector = self._encode([self._model.query_prefix + text], nullcontext())[0]
        return vector

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return self._encode([self._model.document_prefix + it for it in texts], _best_precision())

    def _encode(self, texts: list[str], precision: AbstractContextManager[None]) -> Matrix:
        with self._encoding, precision:
            vectors = self._transformer.encode(  # it sorts them by length itself
                texts,
                batch_size=_BATCH,
                show_progress_bar=False,
                convert_to_numpy=True,
                prompt="",  # the prefixes above are the only ones
            )
        exact: Matrix = np.asarray(vectors, dtype=np.float32)
        exact /= np.maximum(np.linalg.norm(exact, axis=1, keepdims=True), np.finfo(np.float32).tiny)
        return exact


def _best_precision() -> AbstractContextManager[None]:
    import torch  # noqa: PLC0415 - it is loaded already, by the model

    able = torch.cpu.get_capabilities()
    if any(able.get(it) for it in _BFLOAT16):
        return torch.autocast("cpu", dtype=torch.bfloat16)
    return nullcontext()
