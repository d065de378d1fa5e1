"""A backup of the data folder as of one write, made while writes go on, and its copy to where it shall stay.

Under the writer's lock only the graphs' snapshots (mostly hard links) and the ledger's copy are made: some tenths of a
second. Checksums and the copy to another disk are made afterwards. What is derived from the graph is left out, but for
the vectors of its texts, from which an index is made without the model.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from api.services import Services
from graph.embedded import EmbeddedGraph
from graph.manifest import MANIFEST, Manifest, checksum, checksums
from graph.migration import FORMAT
from ingest.ledger import Dataset
from ontology.errors import BadInput, FolderDamaged, Misconfigured

#: SQLite files beside the ledger: each is copied whole, as of a moment soon after.
_FILES = ("tokens.sqlite", "queries.sqlite", "demand.sqlite", "encoder/vectors.sqlite")
_FOLDERS = ("lexicon",)
_ONE_AT_A_TIME = Lock()


def stage(services: Services) -> Path:
    """A new backup below the data folder, whole when this returns; writes wait for some tenths of a second.

    Raises:
        BadInput: the public graph is in a remote store (E299).
        FolderDamaged: ledger and graphs are known to disagree: such a backup would replace a good one.
    """
    if services.agreement.waiting():
        remedy = "`kesher check` tells in what; mend that first (docs/operations.md)."
        raise FolderDamaged(
            "Ledger and graphs disagree, or are still being compared: no backup is made.", remedy=remedy
        )
    graph = services.graph
    if not isinstance(graph, EmbeddedGraph):
        remedy = "Stop writing, and copy that store with its own tools together with the data folder."
        raise BadInput("E299: The public graph is in a remote store, which is not copied from here.", remedy=remedy)
    with _ONE_AT_A_TIME:
        return _staged(services, graph)


def _staged(services: Services, graph: EmbeddedGraph) -> Path:
    folder, now = services.folder.backups, datetime.now(UTC)
    for left in folder.glob(".*.part"):  # by a process that was killed
        shutil.rmtree(left)
    part = folder / f".{now:%Y%m%dT%H%M%S%f}.part"
    part.mkdir(parents=True)
    try:
        manifest = _filled(services, graph, part, now.isoformat(timespec="seconds"))
        whole = folder / f"kesher-{now:%Y%m%dT%H%M%S%fZ}-{manifest.sequence:09d}"
        part.replace(whole)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return whole


def _filled(services: Services, graph: EmbeddedGraph, part: Path, made: str) -> Manifest:
    ledger = services.ledger
    with services.writer.paused() as sequence:
        graph.snapshot(part / "graph")
        services.private.snapshot(part / "private")
        ledger.file.copy(part / "ledger.sqlite")
        tallies = {str(it): ledger.tally_of(it) for it in Dataset}
    _beside(services.folder.path, part)
    manifest = Manifest(made, sequence, FORMAT, tallies, dict(checksums(part)))
    manifest.write(part / MANIFEST)
    return manifest


def _beside(data: Path, part: Path) -> None:
    """What no ledger numbers: tokens, saved queries, words, vectors."""
    shutil.copyfile(data / "format.json", part / "format.json")
    for name in _FILES:
        if (data / name).exists():
            (part / name).parent.mkdir(exist_ok=True)
            with closing(sqlite3.connect(data / name)) as held, closing(sqlite3.connect(part / name)) as copy:
                held.backup(copy)
    for name in _FOLDERS:
        if (data / name).is_dir():
            shutil.copytree(data / name, part / name)


def move(staged: Path, target: Path) -> Path:
    """Copy a staged backup into a folder of backups, checksums compared and on disk, and remove the staged one.

    Returns:
        Where it is now.
    """
    whole = target / staged.name
    part = target / f".{staged.name}.part"
    try:
        copy_checked(staged, part)
        part.replace(whole)
        _sync(target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    shutil.rmtree(staged)
    return whole


def copy_checked(source: Path, target: Path) -> Manifest:
    """Copy a backup file by file, on disk when this returns; what is read must be what the manifest says.

    Raises:
        UnreadableFile: the backup is cut or altered (E296).
        Misconfigured: what was written is not what was read (E297).
    """
    manifest = Manifest.read(source / MANIFEST)
    manifest.expect(source)
    shutil.rmtree(target, ignore_errors=True)
    for name in (*manifest.files, MANIFEST):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)
        _sync(target / name)
        if name in manifest.files and checksum(target / name) != manifest.files[name]:
            message = f"E297: {target / name} is not what was written to it."
            raise Misconfigured(message, remedy="The disk is failing: choose another one.")
    return manifest


def backups(folder: Path) -> Iterator[tuple[Path, Manifest]]:
    """The whole backups in a folder, the oldest first; what is none is passed over."""
    for path in sorted(folder.glob("kesher-*")):
        if (path / MANIFEST).exists():
            yield path, Manifest.read(path / MANIFEST)


def prune(folder: Path, keep: int, days: int, now: datetime) -> list[Path]:
    """Remove all but the newest `keep` backups, and all that are older than `days`; the newest one stays.

    A clock that was wrong must not remove everything: a backup counts as old only where a newer one is there.
    """
    held = sorted(backups(folder), key=lambda it: (it[1].sequence, it[1].made))
    gone = [
        path
        for age, (path, manifest) in enumerate(reversed(held))
        if age and (age >= keep or (now - datetime.fromisoformat(manifest.made)).days >= days)
    ]
    for path in gone:
        (path / MANIFEST).unlink()  # from now on it is no backup, whatever becomes of the rest
        shutil.rmtree(path)
    return gone


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
