"""The small file beside an embedded index: whose vectors it holds, and how far it has followed the ledger."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

from ontology.errors import FolderDamaged, ModelMismatch


@dataclass(frozen=True, slots=True)
class IndexState:
    """Written last, whole and fsynced: a crash leaves the former one or this one."""

    model: str
    dimension: int
    watermark: int = 0
    average_length: float = 0.0

    @classmethod
    def read(cls, file: Path, model: str, dimension: int) -> Self:
        """The state in a file, or a new one for this model where there is no file.

        Raises:
            ModelMismatch: the index was made with another model.
            FolderDamaged: the file is none of ours.
        """
        if not file.exists():
            return cls(model, dimension)
        try:
            found = cls(**json.loads(file.read_text("utf-8")))
        except (ValueError, TypeError) as error:
            raise FolderDamaged(f"{file} cannot be read: {error}", remedy="`kesher reindex` makes it anew.") from error
        found.expect(model, dimension, str(file.parent))
        return found

    def expect(self, model: str, dimension: int, place: str) -> None:
        """Refuse another model's vectors.

        Raises:
            ModelMismatch: this is not the state of an index of that model and dimension.
        """
        if (self.model, self.dimension) != (model, dimension):
            raise ModelMismatch(
                f"The index {place} holds vectors of {self.model} (length {self.dimension}), "
                f"not of {model} (length {dimension}).",
                remedy="Use the model it was made with, or `kesher reindex` to make an index for this one.",
            )

    def moved(self, watermark: int, average_length: float | None) -> Self:
        """The state after a commit; None keeps the average length."""
        length = self.average_length if average_length is None else average_length
        return replace(self, watermark=watermark, average_length=length)

    def write(self, file: Path) -> None:
        """Replace the file; on disk when this returns."""
        write_durably(file, asdict(self))


def write_durably(file: Path, told: Mapping[str, object]) -> None:
    """Replace a file of JSON in one step: a crash leaves the former one or this one, whole. On disk on return."""
    fresh = file.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as out:
        json.dump(told, out)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
