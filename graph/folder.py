"""The data folder: one process at a time, one format, and the way from an older format to this one.

format.json      {"format": 1}
lock             held with flock(2); says who holds it: {"pid": ..., "command": ..., "url": ...}
graph/           the public dataset (Oxigraph)
private/         the private dataset (Oxigraph)
ledger.sqlite    every write, in order
tokens.sqlite    hashes of access tokens
queries.sqlite   queries that people saved under an address
demand.sqlite    topics that several asked for in vain, counted; may be removed at any time
jobs.sqlite      jobs of ingestion and their reports; ended ones go after some days
uploads/         files of the jobs that wait or run
lexicon/         an institute's own words, he.tsv and ar.tsv; may be absent
linked.json      up to which write items were linked to concepts; may be removed at any time
index/           vector indexes, a folder for each, current.json, which names one, and entity_vectors/, which passes
encoder/         models as ONNX Runtime takes them, and vectors of texts; may be removed when nothing runs
snapshots/       copies for query workers; may be removed when nothing runs
harvests/        what repositories gave, page by page, and where to go on; without it a harvest begins anew
updates/         copies on which updates are worked out; may be removed when nothing runs
closed.json      how the stores lay when the folder was closed; absent while it is open, and after a kill
backups/         backups that are being made, until they are copied to where they shall stay
dumps/           the public dataset as files to take away; may be removed when nothing runs
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from graph.lock import FolderLock
from graph.migration import require_present


class DataFolder:
    """A data folder, open in this process until it is closed or the process ends. An absent or empty one is made.

    Args:
        path: The folder ($KESHER_DATA).
        command: What this process is, for whoever finds the folder in use: "kesher serve".

    Raises:
        FolderInUse: another process has it open; carries its pid and url.
        FolderTooOld: it needs `kesher migrate`.
        FolderTooNew: a later version of Kesher wrote it.
        FolderDamaged: its format cannot be read.
        Misconfigured: the folder holds something else, or cannot be made.
    """

    def __init__(self, path: Path, command: str) -> None:
        self.path = path.resolve()
        self._lock = FolderLock(self.path, command)
        try:
            require_present(self.path)
        except BaseException:
            self._lock.release()
            raise

    @property
    def graph(self) -> Path:
        """Folder of the public dataset."""
        return self.path / "graph"

    @property
    def harvests(self) -> Path:
        """Folder of what repositories gave, a folder for each."""
        return self.path / "harvests"

    @property
    def private(self) -> Path:
        """Folder of the private dataset."""
        return self.path / "private"

    @property
    def ledger(self) -> Path:
        """File of the ledger."""
        return self.path / "ledger.sqlite"

    @property
    def tokens(self) -> Path:
        """File of the tokens; other processes may open it too."""
        return self.path / "tokens.sqlite"

    @property
    def queries(self) -> Path:
        """File of the saved queries."""
        return self.path / "queries.sqlite"

    @property
    def demand(self) -> Path:
        """File of the topics that were asked for in vain; other processes may open it too."""
        return self.path / "demand.sqlite"

    @property
    def jobs(self) -> Path:
        """File of the jobs of ingestion."""
        return self.path / "jobs.sqlite"

    @property
    def uploads(self) -> Path:
        """Folder of the files of jobs that have not ended."""
        return self.path / "uploads"

    @property
    def linked(self) -> Path:
        """File that tells up to which write items were linked."""
        return self.path / "linked.json"

    @property
    def link_model(self) -> Path:
        """File of what decisions about links have taught."""
        return self.path / "link-model.json"

    @property
    def index(self) -> Path:
        """Folder of the vector indexes."""
        return self.path / "index"

    @property
    def snapshots(self) -> Path:
        """Folder for passing copies of the public dataset."""
        return self.path / "snapshots"

    @property
    def updates(self) -> Path:
        """Folder for copies of the public dataset on which updates are worked out."""
        return self.path / "updates"

    @property
    def dumps(self) -> Path:
        """Folder for the public dataset as files."""
        return self.path / "dumps"

    @property
    def backups(self) -> Path:
        """Folder for backups that have not been copied yet."""
        return self.path / "backups"

    def announce(self, url: str) -> None:
        """Tell whoever finds the folder in use where this process answers."""
        self._lock.write(url)

    def close(self) -> None:
        """Let others open the folder. Idempotent."""
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
