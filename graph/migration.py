"""The format of a data folder, and the way from an older one to the one of this program."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from graph.lock import FolderLock
from ontology.errors import FolderDamaged, FolderTooNew, FolderTooOld, Misconfigured

#: The format that this program writes.
FORMAT = 1
_NEW = "format.json.new"


class Migration(Protocol):
    """One step from a format to the next."""

    @property
    def purpose(self) -> str:
        """What it does, in one sentence, for a person who decides whether to run it."""

    def run(self, folder: Path) -> None:
        """Do it. Must bear being run again after a crash in the middle of it."""


#: The step that leads from each older format to the one after it.
MIGRATIONS: Mapping[int, Migration] = MappingProxyType({})


def require_present(folder: Path) -> None:
    """Return if the folder has the format of this program; an empty folder gets it.

    Raises:
        FolderTooOld: it needs `kesher migrate`.
        FolderTooNew: a later version of Kesher wrote it.
        FolderDamaged: its format cannot be read.
        Misconfigured: it holds something else.
    """
    if {entry.name for entry in folder.iterdir()} <= {
        "lock",
        _NEW,
        "encoder",
    }:  # what may be there before the first write
        _write_format(folder, FORMAT)
    found = _read_format(folder)
    if found > FORMAT:
        raise _too_new(folder, found)
    if found < FORMAT:
        raise FolderTooOld(
            f"The data folder {folder} has format {found}; this version of Kesher works with format {FORMAT}.",
            remedy="Run `kesher migrate --dry-run` to see what would be done, then `kesher migrate`.",
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One migration to come: from a format to the next."""

    start: int
    migration: Migration


def pending(path: Path, migrations: Mapping[int, Migration] = MIGRATIONS, to: int = FORMAT) -> list[Step]:
    """The steps that `migrate` would take, in order; none when the folder is up to date. Changes nothing.

    Raises:
        FolderTooNew, FolderDamaged, Misconfigured: as for `require_present`; damaged too when no steps lead here.
    """
    found = _read_format(path)
    if found > to:
        raise _too_new(path, found)
    if missing := [number for number in range(found, to) if number not in migrations]:
        raise FolderDamaged(
            f"No migration leads from format {missing[0]}, which the data folder {path} claims to have.",
            remedy="Restore a backup with the version of Kesher that made it.",
        )
    return [Step(number, migrations[number]) for number in range(found, to)]


def migrate(path: Path, migrations: Mapping[int, Migration] = MIGRATIONS, to: int = FORMAT) -> list[Step]:
    """Bring a folder to this format and return the steps taken; the format is written after each.

    Raises:
        FolderInUse: another process has it open.
        FolderTooNew, FolderDamaged, Misconfigured: as for `pending`.
    """
    _read_format(path)  # refuses what is no data folder, before a lock is left in it
    lock = FolderLock(path, "kesher migrate")
    try:
        steps = pending(path, migrations, to)
        for step in steps:
            step.migration.run(path)
            _write_format(path, step.start + 1)
        return steps
    finally:
        lock.release()


def _read_format(folder: Path) -> int:
    file = folder / "format.json"
    if not file.exists():
        raise Misconfigured(
            f"{folder} is no data folder of Kesher: it has no format.json.",
            remedy="Choose one that Kesher made, or an empty one, with KESHER_DATA.",
        )
    try:
        return int(json.loads(file.read_bytes())["format"])
    except (ValueError, KeyError, TypeError) as error:
        raise FolderDamaged(
            f"{file} cannot be read: {error}.", remedy="Put back the last backup of the folder."
        ) from error


def _write_format(folder: Path, number: int) -> None:
    new = folder / _NEW
    with new.open("w", encoding="utf-8") as file:
        json.dump({"format": number}, file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / "format.json")


def _too_new(folder: Path, found: int) -> FolderTooNew:
    return FolderTooNew(
        f"The data folder {folder} has format {found}; this version of Kesher knows formats up to {FORMAT}.",
        remedy="Use a newer version of Kesher.",
    )
