"""What lies in a folder, file by file with checksums: for a data folder that was closed, and for a backup of one."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from ontology.errors import UnreadableFile

#: Name of the file in a backup.
MANIFEST = "manifest.json"
_REMEDY = "Take another backup; this one cannot be trusted, and nothing was changed."


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of a folder.

    Attributes:
        made: When (ISO 8601, UTC).
        sequence: Number of the last write that they hold.
        format: Of the data folder.
        tallies: Of each dataset, as the ledger has it.
        files: Path below the folder -> "{bytes}:{SHA-256}".
    """

    made: str
    sequence: int
    format: int
    tallies: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> Self:
        """What `write` wrote.

        Raises:
            UnreadableFile: it is not there, or not as it was written (E296).
        """
        try:
            return cls(**_unsealed(json.loads(file.read_text("utf-8"))))
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"The manifest {file} cannot be read: {error}."
            raise UnreadableFile(message, place=file.name, problem="E296", remedy=_REMEDY) from error

    def write(self, file: Path) -> None:
        """Write it, sealed; on disk when this returns."""
        told = asdict(self)
        with file.open("w", encoding="utf-8") as out:
            json.dump({"manifest": told, "sha256": _sha256(_text(told))}, out, indent=1)
            out.flush()
            os.fsync(out.fileno())

    def differences(self, folder: Path, leave_out: Sequence[str] = (MANIFEST,)) -> list[str]:
        """Every file that is missing, too much or not as it was; one phrase each."""
        present = dict(checksums(folder, leave_out=leave_out))
        return [
            *(f"{name} is missing" for name in sorted(self.files.keys() - present.keys())),
            *(f"{name} does not belong" for name in sorted(present.keys() - self.files.keys())),
            *(f"{it} has changed" for it in sorted(self.files) if it in present and self.files[it] != present[it]),
        ]

    def expect(self, folder: Path) -> None:
        """Return if the folder is what this says.

        Raises:
            UnreadableFile: it is not: cut, or altered (E296).
        """
        if found := self.differences(folder):
            message = f"The backup {folder} is not what was made: {'; '.join(found[:5])}."
            raise UnreadableFile(message, place=found[0].partition(" ")[0], problem="E296", remedy=_REMEDY)


def checksums(
    folder: Path, parts: Sequence[str] = (), leave_out: Sequence[str] = (), but: str | None = None
) -> Iterator[tuple[str, str]]:
    """Every file below a folder, or below some parts of it, with its size and SHA-256; `but` those of a suffix."""
    for part in [folder / it for it in parts] or [folder]:
        files = sorted(part.rglob("*")) if part.is_dir() else [part]
        for file in files:
            name = file.relative_to(folder).as_posix()
            if file.is_file() and name not in leave_out and file.suffix != but:
                yield name, checksum(file)


def checksum(file: Path) -> str:
    """Size and SHA-256 of a file."""
    with file.open("rb") as opened:
        return f"{file.stat().st_size}:{hashlib.file_digest(opened, 'sha256').hexdigest()}"


def _unsealed(held: Mapping[str, Any]) -> dict[str, Any]:
    if _sha256(_text(held["manifest"])) != held["sha256"]:
        raise ValueError("it is not what was sealed")
    return dict(held["manifest"])


def _text(told: object) -> str:
    return json.dumps(told, sort_keys=True)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
