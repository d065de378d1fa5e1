"""The public dataset for those who take it away: counted, and dumped to files, once for each state asked for."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from api.publishing.flight import Flight
from api.publishing.manifest import CHECKSUMS, Manifest, read_manifest
from api.publishing.processes import Processes
from api.publishing.statistics import STATISTICS, Statistics
from graph.snapshots import Snapshots
from graph.store import GraphStore
from ingest.catalog import Catalog
from ontology.errors import NotFound, Unavailable

#: Dumps that are kept: the newest, and those before it for downloads that began earlier.
KEPT = 3
_MAKING = ".making-"


class Publisher:
    """Counts and dumps the public dataset, each in one process at a time. Safe to share between threads.

    Args:
        graph: The public dataset.
        snapshots: Its copies.
        folder: Where the dumps lie, each in a folder called after the state that it is of; made if absent.
        base: Base IRI of the installation.

    Attributes:
        statistics: The counts of the newest state that was asked for.
        dumps: The manifest of the newest dump.
    """

    def __init__(self, graph: GraphStore, snapshots: Snapshots, folder: Path, base: str) -> None:
        self._snapshots = snapshots
        self._folder = folder
        self._base = base
        self._processes = Processes()
        self._catalog = Catalog(graph, base)
        folder.mkdir(parents=True, exist_ok=True)
        self._remove_foreign()
        self.statistics: Flight[Statistics] = Flight(lambda: self.present, self._count)
        self.dumps: Flight[Manifest] = Flight(lambda: self.present, self._dump, next(iter(self.kept()), None))

    @property
    def present(self) -> int:
        """Number of the last write to the dataset."""
        return self._catalog.sequence

    def kept(self) -> list[Manifest]:
        """The dumps that can be had, newest first; none with what may have become private since."""
        found = (read_manifest(it) for it in self._folder.iterdir() if it.name.isdecimal())
        shown = (it for it in found if it and self._snapshots.shows(it.sequence))
        return sorted(shown, key=lambda it: it.sequence, reverse=True)

    def dump(self, sequence: int) -> Manifest:
        """The dump of a state.

        Raises:
            NotFound: there is none, or no longer.
        """
        manifest = read_manifest(self._folder / str(sequence))
        if manifest and self._snapshots.shows(sequence):
            return manifest
        known = ", ".join(str(it.sequence) for it in self.kept()) or "none"
        raise NotFound(f"There is no dump of the state {sequence}.", remedy=f"/dumps lists those there are: {known}.")

    def file(self, sequence: int, name: str) -> Path:
        """Where a file of a dump lies.

        Raises:
            NotFound: there is no such dump, or no such file in it.
        """
        if self.dump(sequence).file(name) or name == CHECKSUMS:
            return self._folder / str(sequence) / name
        raise NotFound(f"The dump {sequence} has no file {name[:80]!r}.", remedy=f"/dumps/{sequence} lists its files.")

    def close(self) -> None:
        """End the processes. Idempotent."""
        self._processes.close()
        self.statistics.close()
        self.dumps.close()

    def _count(self) -> Statistics:
        snapshot = self._snapshots.hold()
        try:
            return STATISTICS.validate_json(self._processes.run("count", str(snapshot.path), self._base))
        finally:
            self._snapshots.drop(snapshot)

    def _dump(self) -> Manifest:
        snapshot = self._snapshots.hold()
        making = Path(tempfile.mkdtemp(prefix=_MAKING, dir=self._folder))
        try:
            self._processes.run("dump", str(snapshot.path), self._base, str(making))
            manifest = read_manifest(making)
            if manifest is None:
                raise Unavailable("The dump could not be made.", remedy="Try again later.")
            making.rename(self._folder / str(manifest.sequence))
        finally:
            self._snapshots.drop(snapshot)
            shutil.rmtree(making, ignore_errors=True)
        kept = {str(it.sequence) for it in self.kept()[:KEPT]}
        for path in [it for it in self._folder.iterdir() if it.name.isdecimal() and it.name not in kept]:
            self._remove(path)
        return manifest

    def _remove_foreign(self) -> None:
        """Remove what was not finished, and dumps of a state that this dataset never had: a folder was put back."""
        newest = (self._catalog.sequence, self._catalog.modified)
        for path in self._folder.iterdir():
            manifest = read_manifest(path) if path.name.isdecimal() else None
            ours = manifest and (manifest.sequence < newest[0] or (manifest.sequence, manifest.modified) == newest)
            if path.is_dir() and not ours:
                self._remove(path)

    @staticmethod
    def _remove(path: Path) -> None:
        """Remove a folder; nobody sees half of one."""
        going = path.with_name(f"{_MAKING}{path.name.lstrip('.')}-gone")
        with suppress(FileNotFoundError):
            path.rename(going)
        shutil.rmtree(going, ignore_errors=True)
