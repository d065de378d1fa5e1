"""The spool: a folder for each job that has not ended. Its files lie there under numbers, never under their names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from ontology.errors import DiskLow


class Spool:
    """The folder `uploads` of a data folder. Safe to share between threads.

    Args:
        folder: Made when the first upload comes, open to its owner alone.
        reserve: Bytes of the disk that stay free.
    """

    def __init__(self, folder: Path, reserve: int) -> None:
        self._folder = folder
        self._reserve = reserve
        self._coming = 0  # bytes of uploads that are being received
        self._lock = Lock()

    def __getitem__(self, id: str) -> Path:
        """Folder of a job."""
        return self._folder / id

    @contextmanager
    def receiving(self, id: str, size: int) -> Iterator[Path]:
        """A new folder for what is being received; it goes if that fails.

        Args:
            id: Of the job that it is to become.
            size: Bytes that are coming, as far as known.

        Raises:
            DiskLow: there is no room for it.
        """
        with self._promised(size):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self[id].mkdir(mode=0o700)
            try:
                yield self[id]
            except BaseException:
                self.discard(id)
                raise

    def keep(self, id: str) -> None:
        """See that what was received is on disk, before anybody is told that it is here."""
        for path in (*self[id].iterdir(), self[id], self._folder):
            file = os.open(path, os.O_RDONLY)
            try:
                os.fsync(file)
            finally:
                os.close(file)

    def discard(self, id: str) -> None:
        """Remove the files of a job."""
        shutil.rmtree(self[id], ignore_errors=True)

    def keep_only(self, ids: Collection[str]) -> None:
        """Remove what belongs to none of these jobs: uploads that were cut off with the process."""
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if path.name not in ids:
                    shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def _promised(self, size: int) -> Iterator[None]:
        with self._lock:
            free = shutil.disk_usage(self._folder.parent).free - self._coming - size
            if free < self._reserve:
                told = f"There is no room for {max(1, size >> 20)} MB on the disk of the data folder."
                raise DiskLow(told, remedy="Free some space, or lower KESHER_DISK_RESERVE_MB; nothing was kept.")
            self._coming += size
        try:
            yield
        finally:
            with self._lock:
                self._coming -= size
