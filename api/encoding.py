"""Which encoder a data folder gets, put together: what reads and commands never wait for torch.

queries                ->  so many at once  ->  ONNX Runtime, in this process
documents, a few       ->  the cache        ->  ONNX Runtime, in float32
documents, many        ->  the cache        ->  a process of its own, with torch
a model that cannot be exported             ->  torch, in this process
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from language.bounded import BoundedEncoder
from language.divided import DividedEncoder
from language.encoder import Encoder, Matrix, Vector
from language.encoding_process import EncodingProcess
from language.exported import Exported
from language.model import Model
from language.onnx import open_export
from language.remembering import RememberingEncoder
from language.transformer import transformer_of
from language.vector_cache import VectorCache
from ontology.errors import FolderDamaged, KesherError, ModelMismatch, NotReady
from ontology.kinds import slug_of

#: Folder of exported models and of vectors, in the data folder.
ENCODER = "encoder"
_VECTORS = "vectors.sqlite"

log = structlog.get_logger("kesher.encoder")


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


def deferred(model: Model, load: Callable[[], Encoder]) -> Encoder:
    """What stands for a model until it is loaded; the model itself, loaded now, where only that knows its length."""
    dimension = dimension_of(model)
    return load() if dimension is None else DeferredEncoder(model, dimension, load)


def vector_cache(data: Path) -> VectorCache:
    """The vectors that a data folder keeps."""
    return VectorCache(data / ENCODER / _VECTORS)


def open_encoder(model: Model, data: Path, cache: VectorCache | None = None) -> Encoder:
    """The encoder of a model, from what was exported of it; the first time, that is done now and takes some seconds.

    Args:
        model: The model, found and verified.
        data: The data folder.
        cache: Vectors that need not be made again; None: all are made.

    Raises:
        Misconfigured: it cannot be loaded.
    """
    apart = EncodingProcess(model.source)
    here = _exported(model, apart, data / ENCODER / slug_of(model.name))
    encoder = transformer_of(model) if here is None else DividedEncoder(here, apart)
    return BoundedEncoder(RememberingEncoder(encoder, cache) if cache else encoder)


def _exported(model: Model, apart: EncodingProcess, folder: Path) -> Encoder | None:
    """The exported model, exported now where it is not there or not whole; None where it cannot be."""
    try:
        return _opened(model, folder)
    except (NotReady, FolderDamaged, ModelMismatch) as error:
        log.info("exporting the model", reason=error.message)
    try:
        apart.export(folder)
        return _opened(model, folder)
    except KesherError as error:
        log.warning("queries are encoded with torch", reason=error.message)
        return None


def _opened(model: Model, folder: Path) -> Encoder | None:
    told = Exported.read(folder, model.name)
    if told.refused:
        log.warning("queries are encoded with torch", reason=f"{model.name} cannot be exported: {told.refused}")
        return None
    return open_export(model, folder, told)
