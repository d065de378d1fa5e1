"""Snapshots of a graph for its query workers: taken when a query needs one, and kept for a while to be asked again."""

from __future__ import annotations

import shutil
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Protocol

from ontology.errors import UnknownSnapshot

#: Snapshots that stay for whoever asks by number; each is mostly hard links.
_KEPT = 16


class Copied(Protocol):
    """A graph that can copy itself."""

    def snapshot(self, target: Path) -> None:
        """Write an immutable copy, as of now, to the new folder `target`."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An immutable copy of a graph, with every write up to `version` in it; that number is its name."""

    version: int
    path: Path


class Snapshots:
    """The snapshots of one graph. Safe to share between threads.

    Args:
        graph: What is copied.
        folder: Where to; best on the same file system, where a copy is hard links. What is in it is removed.
        number: Of the last write that the graph holds; raised before the write is acknowledged.
        withdrawn: Snapshots of a smaller number are not shown any more, save the present one: they may hold what has
            become private since.
        kept: How many stay for whoever asks by number, beside those in use; the longest unused go first.
    """

    def __init__(
        self,
        graph: Copied,
        folder: Path,
        *,
        number: Callable[[], int],
        withdrawn: Callable[[], int] = lambda: 0,
        kept: int = _KEPT,
    ) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._graph = graph
        self._folder = folder.resolve()
        self._number = number
        self._withdrawn = withdrawn
        self._most = kept
        self._names = count(1)
        self._kept: OrderedDict[int, Snapshot] = OrderedDict()  # by number, the last used at the end
        self._latest: Snapshot | None = None
        self._holders: Counter[Snapshot] = Counter()
        self._lock = Lock()

    @property
    def number(self) -> int:
        """Number of the graph as it is now."""
        return self._number()

    @property
    def current(self) -> Snapshot | None:
        """The snapshot of the graph as it is now; None when one must be taken first."""
        latest = self._latest
        return latest if latest is not None and latest.version >= self.number else None

    def shows(self, version: int) -> bool:
        """True unless something in the state of this number may have become private since."""
        return version == self.number or version >= self._withdrawn()

    def hold(self, version: int | None = None) -> Snapshot:
        """A snapshot with every write acknowledged before this call, or that of a number. It stays until it is dropped.

        Raises:
            UnknownSnapshot: there is none of this number, or no more.
        """
        with self._lock:
            return self._held(self._of(version) if version is not None else self.current or self._renew())

    def hold_current(self) -> Snapshot | None:
        """The snapshot of the graph as it is now, held; None when one must be taken first."""
        with self._lock:
            current = self.current
            return self._held(current) if current else None

    def use(self, snapshot: Snapshot) -> None:
        """Count it as used now, where a worker that holds it is asked again."""
        with self._lock:
            if snapshot.version in self._kept:
                self._kept.move_to_end(snapshot.version)

    def drop(self, snapshot: Snapshot) -> None:
        """Give back what `hold` gave."""
        with self._lock:
            self._holders[snapshot] -= 1
            self._prune()

    def _held(self, snapshot: Snapshot) -> Snapshot:
        self._kept[snapshot.version] = snapshot
        self._kept.move_to_end(snapshot.version)
        self._holders[snapshot] += 1
        return snapshot

    def _of(self, version: int) -> Snapshot:
        if version == self.number:
            return self.current or self._renew()
        if version in self._kept and self.shows(version):
            return self._kept[version]
        told = f"There is no snapshot {version}" + (" yet." if version > self.number else " any more.")
        raise UnknownSnapshot(told, remedy=f"Ask without a snapshot, or for the present one: {self.number}.")

    def _renew(self) -> Snapshot:
        version = self.number  # read first: the copy may have more writes than that, never fewer
        new = Snapshot(version, self._folder / str(next(self._names)))
        try:
            self._graph.snapshot(new.path)
        except BaseException:
            shutil.rmtree(new.path, ignore_errors=True)  # half a copy, on a full disk say
            raise
        self._latest = self._kept[version] = new
        self._prune()
        return new

    def _prune(self) -> None:
        """Remove what is neither kept nor held."""
        for version in list(self._kept)[: max(0, len(self._kept) - self._most)]:
            if self._kept[version] != self._latest:
                self._holders[self._kept.pop(version)] += 0  # from now on only its holders keep it
        for snapshot in [it for it, holders in self._holders.items() if not holders]:
            del self._holders[snapshot]
            if self._kept.get(snapshot.version) != snapshot:
                shutil.rmtree(snapshot.path, ignore_errors=True)
