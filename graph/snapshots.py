"""Snapshots of a graph for its query workers: taken when a query needs one, removed when nobody reads them."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Protocol


class Versioned(Protocol):
    """A graph that counts its writes and can copy itself."""

    @property
    def version(self) -> int:
        """How many writes were applied so far; raised before a write is acknowledged."""

    def snapshot(self, target: Path) -> None:
        """Write an immutable copy, as of now, to the new folder `target`."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An immutable copy of a graph, with every write up to `version` in it."""

    version: int
    path: Path


class Snapshots:
    """The snapshots of one graph. Safe to share between threads.

    Args:
        graph: What is copied.
        folder: Where to; best on the same file system, where a copy is hard links. What is in it is removed.
    """

    def __init__(self, graph: Versioned, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._graph = graph
        self._folder = folder.resolve()
        self._numbers = count(1)
        self._latest: Snapshot | None = None
        self._holders: Counter[Snapshot] = Counter()
        self._lock = Lock()

    def hold(self) -> Snapshot:
        """A snapshot that has every write acknowledged before this call. It stays until it is dropped."""
        with self._lock:
            latest = self._latest
            if latest is None or latest.version < self._graph.version:
                latest = self._renew()
            self._holders[latest] += 1
            return latest

    def drop(self, snapshot: Snapshot) -> None:
        """Give back what `hold` gave."""
        with self._lock:
            self._holders[snapshot] -= 1
            self._remove_unless_needed(snapshot)

    @property
    def latest(self) -> Snapshot | None:
        """The newest one taken so far."""
        return self._latest

    def _renew(self) -> Snapshot:
        version = self._graph.version  # read first: the copy may have more writes than that, never fewer
        new = Snapshot(version, self._folder / str(next(self._numbers)))
        self._graph.snapshot(new.path)
        old, self._latest = self._latest, new
        if old is not None:
            self._remove_unless_needed(old)
        return new

    def _remove_unless_needed(self, snapshot: Snapshot) -> None:
        if not self._holders[snapshot] and snapshot != self._latest:
            del self._holders[snapshot]
            shutil.rmtree(snapshot.path, ignore_errors=True)
