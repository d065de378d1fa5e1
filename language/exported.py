"""A model as ONNX Runtime takes it: the files of one folder, and the manifest that vouches for them.

    manifest.json    what follows, each file with its SHA-256
    queries.onnx     for queries: the weights in int8 where that was near enough to the model
    documents.onnx   the same in float32; queries take it too where int8 was not near enough
    tokenizer.json   the model's own tokenizer, which cuts at the model's length
    reference.npy    what the model itself gave for `REFERENCES`

A folder whose manifest says why there is nothing else belongs to a model that cannot be exported.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from ontology.errors import FolderDamaged, NotReady

#: Raised when what is written changes, so that older exports are made anew.
VERSION = 1
MANIFEST = "manifest.json"
QUERIES, DOCUMENTS, TOKENIZER, REFERENCE = "queries.onnx", "documents.onnx", "tokenizer.json", "reference.npy"

#: What the model and its export are both asked: single words, needs, a sentence with names, and a long passage.
REFERENCES = (
    "formative assessment and feedback",
    "video",
    "lesson study",
    "professional learning communities",
    "how can I help colleagues see what pupils are thinking during a lesson",
    "which dilemmas do facilitators of video discussions meet?",
    "a protocol for looking at student work together",
    "Ball, D. L., Thames, M. H., & Phelps, G. (2008). Content knowledge for teaching: what makes it special?",
    "Grade 7: proportional reasoning, 3/4 of an hour, 25% of the marks",
    "The coordinator observes a lesson, takes notes without judging, and asks the teacher what she saw. " * 6,
)


@dataclass(frozen=True, slots=True)
class Exported:
    """What a manifest says.

    Attributes:
        model: Name of the model, which has the hash of its weights in it.
        dimension: Length of its vectors; 0 where nothing was exported.
        files: Name -> SHA-256.
        precision: Of the weights that queries are encoded with.
        cosine: Least cosine between those vectors and the model's own, over `REFERENCES`.
        made_with: Versions of the libraries that made it.
        refused: Why the model cannot be exported; empty where it was.
    """

    model: str
    dimension: int = 0
    files: Mapping[str, str] = field(default_factory=dict)
    precision: str = ""
    cosine: float = 0.0
    made_with: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
    version: int = VERSION

    @classmethod
    def read(cls, folder: Path, model: str) -> Self:
        """What was exported there for this model.

        Raises:
            NotReady: nothing, or another model, or by another version of Kesher.
            FolderDamaged: the manifest is not as it was written.
        """
        if not folder.is_dir():
            raise NotReady(f"The model {model} has not been exported yet.")
        try:
            found = cls(**json.loads((folder / MANIFEST).read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            told = f"The exported model in {folder} is damaged: {error}"
            raise FolderDamaged(told, remedy="Remove the folder: it is made anew.") from error
        if (found.model, found.version) != (model, VERSION):
            raise NotReady(f"What was exported in {folder} is {found.model}, in version {found.version} of the export.")
        return found

    def write(self, folder: Path) -> None:
        """Put the manifest beside the files that it vouches for."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
