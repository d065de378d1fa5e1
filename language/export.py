"""Turning a sentence-transformers model into what ONNX Runtime takes: done once, and held against the model.

The whole pipeline is traced as it stands, whatever its modules are (transformer, pooling, further layers), so a model
is exported if it can be traced, takes token ids and an attention mask alone, and what comes of it gives the same
vectors. Weights go to int8 (`language.quantise`) by the first of these rules that keeps every reference text within a
cosine of .99 of the model; float32 is the last.

- every matrix by its columns;
- in blocks what makes its input shorter: the second half of a feed-forward block takes in outliers;
- in blocks what is not square: both halves;
- every matrix in blocks.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

import numpy as np

from language.encoder import Matrix
from language.exported import DOCUMENTS, QUERIES, REFERENCE, REFERENCES, TOKENIZER, Exported
from language.model import Model, digest_of
from language.onnx import OnnxEncoder
from language.transformer import Pipeline, load_pipeline

#: Least cosine to the model's own vector that the vector of any reference text may have.
LEAST_COSINE = 0.99
_OPSET = 17
_LIBRARIES = ("torch", "sentence-transformers", "onnx", "onnxruntime")

#: What the manifest calls it -> rows and columns of a matrix -> whether it is quantised in blocks.
RULES: Mapping[str, Callable[[int, int], bool]] = MappingProxyType(
    {
        "int8": lambda _rows, _columns: False,
        "int8, in blocks where a matrix shortens": lambda rows, columns: rows > columns,
        "int8, in blocks where a matrix is not square": lambda rows, columns: rows != columns,
        "int8 in blocks": lambda _rows, _columns: True,
    }
)


def export(model: Model, folder: Path) -> Exported:
    """Export a model into a folder, in place of what was there; the folder appears whole or not at all.

    A model that cannot be exported gets a folder that says so. It takes some ten seconds, and imports torch.

    Args:
        model: The model, found and verified.
        folder: Where to; what is there is replaced.

    Raises:
        Misconfigured: the model cannot be loaded.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".exporting_", ignore_cleanup_errors=True) as scratch:
        made = Path(scratch) / "export"
        made.mkdir()
        try:
            told = _exported(model, made)
        except _NotExportable as error:
            shutil.rmtree(made)
            made.mkdir()
            told = Exported(model.name, refused=str(error))
        told.write(made)
        _settle(made)
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
    return told


class _NotExportable(Exception):
    """Why a model cannot be exported."""


def _exported(model: Model, folder: Path) -> Exported:
    pipeline = load_pipeline(model, attn_implementation="eager")
    reference = _reference(pipeline, model)
    np.save(folder / REFERENCE, reference)
    _write_tokenizer(pipeline, folder)
    _trace(pipeline, folder / DOCUMENTS)
    precision, cosine = _quantise(model, folder, reference)
    names = sorted(it.name for it in folder.iterdir())
    return Exported(
        model=model.name,
        dimension=reference.shape[1],
        files={it: digest_of(folder / it) for it in names},
        precision=precision,
        cosine=round(cosine, 4),
        made_with={it: version(it) for it in _LIBRARIES},
    )


def _reference(pipeline: Pipeline, model: Model) -> Matrix:
    texts = [model.query_prefix + it for it in REFERENCES]
    alone = [pipeline.encode(it, prompt="", normalize_embeddings=True, show_progress_bar=False) for it in texts]
    return np.stack([np.asarray(it, dtype=np.float32) for it in alone])


def _write_tokenizer(pipeline: Pipeline, folder: Path) -> None:
    tokenizer = getattr(pipeline.tokenizer, "backend_tokenizer", None)
    if tokenizer is None:
        raise _NotExportable("its tokenizer is written in Python")
    tokenizer.no_padding()
    tokenizer.enable_truncation(pipeline.max_seq_length or pipeline.tokenizer.model_max_length)
    tokenizer.save(str(folder / TOKENIZER))


def _trace(pipeline: Pipeline, file: Path) -> None:
    """Write the pipeline as ONNX in float32: token ids and attention mask to unit vectors."""
    import torch  # noqa: PLC0415 - it is loaded already, by the model

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.pipeline = pipeline

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            for module in self.pipeline:
                features = module(features)
            return torch.nn.functional.normalize(features["sentence_embedding"], dim=-1)

    example = pipeline.tokenizer(list(REFERENCES[:2]), padding=True, return_tensors="pt")
    two_dimensions = {0: "texts", 1: "tokens"}
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the way of tracing that is asked for is the older one, which works
            torch.onnx.export(
                Whole(),
                (example["input_ids"], example["attention_mask"]),
                str(file),
                dynamo=False,
                opset_version=_OPSET,
                input_names=["input_ids", "attention_mask"],
                output_names=["vectors"],
                dynamic_axes={"input_ids": two_dimensions, "attention_mask": two_dimensions, "vectors": {0: "texts"}},
            )
    except Exception as error:  # tracing runs the model's own code, which may raise anything
        raise _NotExportable(f"its modules cannot be traced: {type(error).__name__}: {error}"[:500]) from error


def _quantise(model: Model, folder: Path, reference: Matrix) -> tuple[str, float]:
    """Write what queries are encoded with; its precision, and its least cosine to the model."""
    shutil.copyfile(folder / DOCUMENTS, folder / QUERIES)
    exact = least_cosine(model, folder, reference)
    if not exact >= LEAST_COSINE:
        raise _NotExportable(f"what comes of tracing it gives other vectors (cosine {exact:.4f})")
    from language.quantise import write_int8  # noqa: PLC0415 - only exporting needs its library

    for precision, in_blocks in RULES.items():
        write_int8(folder / DOCUMENTS, folder / QUERIES, in_blocks)
        found = least_cosine(model, folder, reference)
        if found >= LEAST_COSINE:
            return precision, found
    (folder / QUERIES).unlink()
    return "float32", exact


def least_cosine(model: Model, folder: Path, reference: Matrix) -> float:
    """Least cosine between what a folder gives for a reference text and what the model itself gave."""
    encoder = OnnxEncoder(model, folder, reference.shape[1])
    vectors = np.stack([encoder.encode_query(it) for it in REFERENCES])
    return float((vectors * reference).sum(axis=1).min())


def _settle(folder: Path) -> None:
    """See to it that the files are on disk before the folder gets its name."""
    for it in (*folder.iterdir(), folder):
        with _opened(it) as number:
            os.fsync(number)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    number = os.open(path, os.O_RDONLY)
    try:
        yield number
    finally:
        os.close(number)
