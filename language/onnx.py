"""ONNX Runtime: the only door to that library. An encoder that needs neither torch nor the seconds it takes to import.

A query is a batch of its own: int8 quantises activations by the range of the whole batch, so a query's vector would
depend on what else is in it, and padding is work for nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import TypeVar

import numpy as np
import onnxruntime as ort  # type: ignore[import-untyped] # it ships no types
from numpy.typing import NDArray
from tokenizers import Tokenizer

from language.encoder import Matrix, Vector
from language.exported import DOCUMENTS, QUERIES, REFERENCE, REFERENCES, TOKENIZER, Exported
from language.model import Model, digest_of
from ontology.errors import FolderDamaged, ModelMismatch

_T = TypeVar("_T")

#: Least cosine to the model's own vector of what this processor computes from an export that was made elsewhere.
_LEAST_COSINE = 0.98
_BATCH = 16
_NO_DIGESTS: Mapping[str, str] = MappingProxyType({})


def open_export(model: Model, folder: Path, exported: Exported) -> OnnxEncoder:
    """The encoder in a folder, for what its manifest says; each file is verified when it is opened.

    Raises:
        FolderDamaged: a file is not what was written, or ONNX Runtime cannot take it.
        ModelMismatch: this processor computes other vectors from them than the one that they were made on: some
            lack the instructions for int8 and saturate.
    """
    encoder = OnnxEncoder(model, folder, exported.dimension, exported.files)
    found = float(encoder.encode_query(REFERENCES[0]) @ np.load(folder / REFERENCE)[0])
    if not found >= _LEAST_COSINE:
        raise ModelMismatch(
            f"The model in {folder} was exported on another machine; here its vectors are wrong (cosine {found:.3f}).",
            remedy="Remove the folder: the model is exported anew.",
        )
    return encoder


class OnnxEncoder:
    """An exported model. Threads may share it.

    Args:
        model: What was exported.
        folder: The files, as `language.exported` names them.
        dimension: Length of the vectors.
        digests: Name of a file -> the SHA-256 that it must have.

    Raises:
        FolderDamaged: a file is not what was written, or ONNX Runtime cannot take it.
    """

    def __init__(self, model: Model, folder: Path, dimension: int, digests: Mapping[str, str] = _NO_DIGESTS) -> None:
        self._model = model
        self._folder = folder
        self._digests = digests
        self._encoding = Lock()
        self.name = model.name
        self.languages = model.languages
        self.dimension = dimension
        self._tokenizer = self._opened(TOKENIZER, lambda it: Tokenizer.from_file(str(it)))
        self._queries = self._session(QUERIES if (folder / QUERIES).exists() else DOCUMENTS, threads=1)

    @cached_property
    def _documents(self) -> ort.InferenceSession:
        """In float32, on all processors; opened with the first document, for most processes never see one."""
        return self._session(DOCUMENTS, threads=os.cpu_count() or 1)

    def _session(self, name: str, threads: int) -> ort.InferenceSession:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors alone
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # others need the processor
        opening = partial(ort.InferenceSession, sess_options=options, providers=["CPUExecutionProvider"])
        return self._opened(name, lambda it: opening(str(it)))

    def _opened(self, name: str, opening: Callable[[Path], _T]) -> _T:
        """What a library makes of a file, once it is sure to be the one that was written."""
        file = self._folder / name
        remedy = "Remove its folder: it is made anew."
        try:
            whole = name not in self._digests or digest_of(file) == self._digests[name]
            found = opening(file) if whole else None
        except Exception as error:  # neither library says what it raises
            raise FolderDamaged(f"{file} cannot be opened: {error}", remedy=remedy) from error
        if found is None:
            raise FolderDamaged(f"{file} is not what was written.", remedy=remedy)
        return found

    def encode_query(self, text: str) -> Vector:
        ids = np.asarray([self._tokenizer.encode(self._model.query_prefix + text).ids], dtype=np.int64)
        vector: Vector = _run(self._queries, ids, np.ones_like(ids))[0]
        return vector

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        """One caller at a time; like lengths go together, so that little is padded."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        ids = [self._tokenizer.encode(self._model.document_prefix + it).ids for it in texts]
        order = sorted(range(len(ids)), key=lambda it: len(ids[it]))
        with self._encoding:
            for start in range(0, len(order), _BATCH):
                chosen = order[start : start + _BATCH]
                vectors[chosen] = _run(self._documents, *_padded([ids[it] for it in chosen]))
        return vectors


def _padded(ids: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Token ids as one matrix, and the mask that hides what fills it up."""
    longest = max(map(len, ids))
    filled, mask = np.zeros((2, len(ids), longest), dtype=np.int64)
    for row, it in enumerate(ids):
        filled[row, : len(it)] = it
        mask[row, : len(it)] = 1
    return filled, mask


def _run(session: ort.InferenceSession, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Matrix:
    found: Matrix = session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
    return found
