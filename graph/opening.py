"""Opening an Oxigraph store, and what its errors mean."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from graph.tally import RESTORE
from ontology.errors import FolderDamaged, FolderInUse, KesherError, Misconfigured


def open_store(path: Path) -> ox.Store:
    """The store in a folder, made if absent.

    Raises:
        FolderInUse: another program has it open.
        FolderDamaged: its files do not fit together.
        Misconfigured: the folder cannot be made or read.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return ox.Store(path)
    except (OSError, RuntimeError) as error:
        raise _opening_error(path, str(error)) from error


def _opening_error(path: Path, reason: str) -> KesherError:
    if "LOCK" in reason:
        message = f"Another program has the graph store {path} open."
        return FolderInUse(message, pid=0, url=None, remedy="Stop that program first.")
    if any(it in reason for it in ("Permission denied", "ot a directory", "Read-only")):
        remedy = "Choose a folder that this user may write to: KESHER_DATA."
        return Misconfigured(f"The graph store {path} cannot be made or read: {reason}.", remedy=remedy)
    return FolderDamaged(f"The graph store {path} cannot be opened: {reason}.", remedy=RESTORE)


@contextmanager
def disk_errors() -> Iterator[None]:
    """Give a full disk its number, which pyoxigraph leaves out, and damaged files their remedy."""
    try:
        yield
    except RuntimeError as error:
        if "Corruption" in str(error):
            raise FolderDamaged(f"E293: The files of the graph store are damaged: {error}", remedy=RESTORE) from error
        raise
    except OSError as error:
        if "No space left" in str(error):
            raise OSError(errno.ENOSPC, f"The disk is full: {error}") from error
        raise
