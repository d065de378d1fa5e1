"""The format of a data folder, and the way from an older one to the one of this program."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from graph.lock import FolderLock
from ontology.errors import FolderDamaged, FolderTooNew, FolderTooOld, Misconfigured

#: The format that this program writes.
FORMAT = 2
_NEW = "format.json.new"


class Migration(Protocol):
    """One step from a format to the next."""

    @property
    def purpose(self) -> str:
        """What it does, in one sentence, for a person who decides whether to run it."""

    def difference(self, folder: Path) -> list[str]:
        """What it would change in this folder, a line each; changes nothing."""

    def run(self, folder: Path) -> None:
        """Do it. Must bear being run again after a crash in the middle of it."""


class LedgerSeals:
    """From format 1 to 2: room in the ledger for the tally of each write and the seal of each row.

    The seals are made when the ledger is next opened, the tallies from the next write on.
    """

    purpose = "Each row of the ledger gets a seal, and each write a tally of its dataset, so that damage is found."

    def difference(self, folder: Path) -> list[str]:
        """The columns that are new."""
        ledger = folder / "ledger.sqlite"
        missing = _missing(ledger)
        if not missing:
            return []
        with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as database:
            [rows] = database.execute("select count(*) from writes").fetchone()
        return [f"ledger.sqlite: {rows} rows get the column {it}" for it in missing]

    def run(self, folder: Path) -> None:
        """Add those that are not there yet."""
        with closing(sqlite3.connect(folder / "ledger.sqlite")) as database, database:
            for name in _missing(folder / "ledger.sqlite"):
                database.execute(f"alter table writes add column {name} text not null default ''")


def _missing(ledger: Path) -> list[str]:
    """Columns that the ledger of an older folder lacks; none where it has no ledger yet."""
    if not ledger.exists():
        return []
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as database:
        present = {name for _, name, *_ in database.execute("pragma table_info(writes)")}
    return [it for it in ("tally", "seal") if present and it not in present]


#: The step that leads from each older format to the one after it.
MIGRATIONS: Mapping[int, Migration] = MappingProxyType({1: LedgerSeals()})


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
