"""Checksums of the files of a graph store, which it writes once and never changes.

The store itself looks at the checksum of a block when it reads it. That is late, and a query over a damaged block may
never end. So what is on disk is noted at each flush and compared when the store is opened.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from graph.manifest import checksum
from graph.tally import RESTORE
from ontology.errors import FolderDamaged

_NOTE = "files.json"
_PATTERN = "*.sst"
#: The last bytes of a table file of RocksDB, which it writes last (`kBlockBasedTableMagicNumber`).
_END = (0x88E241B785F4CFF7).to_bytes(8, "little")


class Seals:
    """The checksums of the files of one store.

    Args:
        folder: Of the store; nobody else writes in it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, str] = {}

    def expect(self) -> None:
        """Return if every file that was noted, and is there still, is as it was.

        Raises:
            FolderDamaged: one is not (E293).
        """
        for name, told in self._noted().items():
            file = self._folder / name
            if file.exists():
                if checksum(file) != told:
                    raise FolderDamaged(f"E293: {file} is not what was written there.", remedy=RESTORE)
                self._known[name] = told

    def note(self) -> None:
        """Note every file that is there now; those that are known are not read again."""
        present = {it.name: it for it in self._folder.glob(_PATTERN)}
        known = {name: told for name, told in self._known.items() if name in present}
        for name in present.keys() - known.keys():
            with suppress(FileNotFoundError):  # the store has put it together with others meanwhile
                if _is_whole(present[name]):
                    known[name] = checksum(present[name])
        if known != self._known:
            new = self._folder / f"{_NOTE}.new"
            new.write_text(json.dumps(known, indent=0), encoding="utf-8")
            new.replace(self._folder / _NOTE)
            self._known = known

    def _noted(self) -> dict[str, str]:
        try:
            return dict(json.loads((self._folder / _NOTE).read_text("utf-8")))
        except (OSError, ValueError, TypeError):  # there is none, or it was being written
            return {}


def _is_whole(file: Path) -> bool:
    """False for one that the store is still writing."""
    with file.open("rb") as opened:
        opened.seek(max(0, file.stat().st_size - len(_END)))
        return opened.read() == _END
