"""A data folder made from a backup: beside the place, compared with itself, and put there in one step."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from api.backup import backups, copy_checked
from graph.closing import noted
from graph.embedded import EmbeddedGraph
from graph.manifest import MANIFEST, Manifest
from ingest.agreement import disagreements
from ingest.ledger import Ledger
from ingest.writer import Writer
from ontology.errors import InvalidParameter, Misconfigured, UnreadableFile

#: Done with the restored stores before anybody sees them: what was erased since the backup was made is erased again.
Afterwards = Callable[[Writer], None]


def nothing(_writer: Writer) -> None:
    """Nothing was erased since."""


def restore(source: Path, data: Path, base: str, afterwards: Afterwards = nothing) -> Manifest:
    """Make a data folder from a backup.

    Args:
        source: The backup, or a folder of backups, of which the newest is taken.
        data: Where to; absent or empty.
        base: Base IRI of the installation.
        afterwards: What is done before the folder is put in its place.

    Raises:
        Misconfigured: there is something in the place (E297).
        UnreadableFile: the backup is cut or altered, or does not agree with itself (E296).
    """
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        remedy = "Move it away first, or choose another place: KESHER_DATA."
        raise Misconfigured(f"E297: {data} is not empty, and nothing is ever restored over something.", remedy=remedy)
    making = data.with_name(f".{data.name}.restoring")
    try:
        manifest = copy_checked(newest(source), making)
        (making / MANIFEST).unlink()
        _settle(making, base, afterwards)
        making.replace(data)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return manifest


def newest(source: Path) -> Path:
    """A folder that is a backup, or the newest backup in it."""
    if (source / MANIFEST).exists():
        return source
    held = [path for path, _ in backups(source)] if source.is_dir() else []
    if not held:
        remedy = "Name a folder that `kesher backup` made, or one with such folders in it."
        raise InvalidParameter("folder", f"There is no backup in {source}.", remedy=remedy)
    return held[-1]


def _settle(folder: Path, base: str, afterwards: Afterwards) -> None:
    """Open the stores, compare them, and do what has to be done afterwards."""
    with ExitStack() as stack:
        stack.enter_context(noted(folder))
        graph, private = (stack.enter_context(closing(EmbeddedGraph(folder / it))) for it in ("graph", "private"))
        ledger = stack.enter_context(closing(Ledger(folder / "ledger.sqlite")))
        writer = Writer(graph, private, ledger, base)
        for it in disagreements(writer):
            message = f"The backup does not agree with itself: {it.code} {it.place}: {it.message}"
            raise UnreadableFile(message, place=it.place, problem="E296", remedy="Take an older backup.")
        afterwards(writer)
        writer.flush()
