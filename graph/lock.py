"""The lock of a data folder, with a note in it of who holds it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from ontology.errors import FolderInUse, Misconfigured


class FolderLock:
    """The file `lock` of a folder, held. The system lets go of it when the process ends, however it ends.

    Args:
        folder: Made if absent.
        command: What this process is.

    Raises:
        FolderInUse: another process holds it.
        Misconfigured: the folder cannot be made or written.
    """

    def __init__(self, folder: Path, command: str) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file: IO[str] = (folder / "lock").open("a+", encoding="utf-8")
        except OSError as error:
            raise Misconfigured(
                f"The data folder {folder} cannot be made or written: {error.strerror}.",
                remedy="Choose another one with KESHER_DATA.",
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = self._holder()
            self._file.close()
            raise _in_use(folder, holder) from None
        self._command = command
        self.write(None)

    def write(self, url: str | None) -> None:
        """Note who holds the lock, and where it answers."""
        self._file.seek(0)
        self._file.truncate()
        json.dump({"pid": os.getpid(), "command": self._command, "url": url}, self._file)
        self._file.flush()

    def release(self) -> None:
        """Let others have it. Idempotent."""
        self._file.close()

    def _holder(self) -> Mapping[str, Any]:
        self._file.seek(0)
        try:
            holder = json.loads(self._file.read())
        except ValueError:  # it is being written this moment
            return {}
        return holder if isinstance(holder, dict) else {}


def _in_use(folder: Path, holder: Mapping[str, Any]) -> FolderInUse:
    pid, url = int(holder.get("pid", 0)), holder.get("url")
    who = f"process {pid} ({holder.get('command')})" if pid else "another process"
    remedy = f"Stop it, or ask it: search, tools, sparql and ingest take --url {url or 'http://...'}"
    return FolderInUse(f"The data folder {folder} is open in {who}.", pid=pid, url=url, remedy=remedy)
