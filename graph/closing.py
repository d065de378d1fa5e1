"""A note in a data folder of how its stores lay when it was closed.

Where it is there and true at the next opening, nothing has happened since, and nothing need be compared. A process that
is killed leaves none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from graph.manifest import Manifest, checksums
from graph.migration import FORMAT
from ontology.errors import UnreadableFile

_NOTE = "closed.json"
#: What is compared. The index is left out: it is derived, and as large as all of these; so are the large files of the
#: graphs, of which `graph.seals` keeps the checksums.
_PARTS = ("graph", "private", "ledger.sqlite", "ledger.sqlite-wal")
#: Beginnings of names of files that a store does not read again.
_IDLE = ("LOG", "LOCK", "OPTIONS", "IDENTITY")


@dataclass
class Opening:
    """How a folder was found, and whether it may be called sound when it is closed.

    Attributes:
        undisturbed: The stores are as the last process left them when it closed.
        sound: Ledger and graphs agree, as far as was looked.
    """

    undisturbed: bool
    sound: bool = True


@contextmanager
def noted(folder: Path) -> Iterator[Opening]:
    """Around the time that the stores of a folder are open."""
    opening = Opening(_is_undisturbed(folder))
    (folder / _NOTE).unlink(missing_ok=True)
    try:
        yield opening
    finally:
        if opening.sound:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            Manifest(now, 0, FORMAT, files=_lying(folder)).write(folder / _NOTE)


def _is_undisturbed(folder: Path) -> bool:
    try:
        held = Manifest.read(folder / _NOTE)
    except UnreadableFile:
        return False
    return dict(held.files) == _lying(folder)


def _lying(folder: Path) -> dict[str, str]:
    found = checksums(folder, [it for it in _PARTS if (folder / it).exists()], but=".sst")
    return {name: told for name, told in found if not name.rpartition("/")[2].startswith(_IDLE)}
