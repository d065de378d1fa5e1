"""The indexes of one service: one is current, another may be in the making, and a small file says which is which.

Each has a folder of its own, which says what it is. The pointer is replaced in one step and is on disk before the one
that it named is removed, so whenever the process dies, a whole index is current and the rest can go.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, Self

from ontology.errors import FolderDamaged
from ontology.kinds import slug_of
from search.index import VectorIndex
from search.state import IndexState, write_durably

_POINTER = "current.json"
_DESCRIPTION = "generation.json"
#: Engine of the folders that were made before they said which.
_FIRST_ENGINE = "edge"


@dataclass(frozen=True, slots=True)
class Generation:
    """One index among all that there were.

    Attributes:
        name: Of its folder; never used again.
        engine: What made it and can open it.
        model: Name of the encoder whose vectors it holds.
        dimension: Length of these vectors.
        source: What `KESHER_MODEL` was when it was made: where its encoder is found again. Empty: unknown.
    """

    name: str
    engine: str
    model: str
    dimension: int
    source: str = ""

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The generation in a folder.

        Raises:
            FolderDamaged: the folder does not say what it is.
        """
        try:
            if (folder / _DESCRIPTION).exists():
                return cls(**json.loads((folder / _DESCRIPTION).read_text("utf-8")))
            state = IndexState(**json.loads((folder / "state.json").read_text("utf-8")))
            return cls(folder.name, _FIRST_ENGINE, state.model, state.dimension)
        except (OSError, ValueError, TypeError) as error:
            raise FolderDamaged(
                f"The index in {folder} does not say what it is: {error}",
                remedy="`kesher reindex` makes it anew from the graph.",
            ) from error


class Engine(Protocol):
    """Opens and removes indexes of one make."""

    def open(self, folder: Path, model: str, dimension: int) -> VectorIndex:
        """The index of a folder, or a new and empty one. Raises what the index's own constructor does."""

    def remove(self, folder: Path) -> None:
        """Everything that an index keeps, which nobody has open."""


class Generations:
    """The indexes below one folder.

    Args:
        folder: Made when absent; open in this process only.
        engines: Those that can be had here, by name.
        chosen: Name of the one that makes new indexes.
    """

    def __init__(self, folder: Path, engines: Mapping[str, Engine], chosen: str) -> None:
        self._folder = folder
        self._engines = engines
        self.chosen = chosen

    @property
    def current(self) -> Generation | None:
        """The one that is searched; None where there is none yet, or its engine cannot be had here.

        Raises:
            FolderDamaged: the pointer, or what it points to, cannot be read.
        """
        folder = self._pointed()
        if folder is None:
            return None
        found = Generation.read(folder)
        return found if found.engine in self._engines else None

    def _pointed(self) -> Path | None:
        pointer = self._folder / _POINTER
        if not pointer.exists():
            return self._unpointed()
        try:
            return self._folder / str(json.loads(pointer.read_text("utf-8"))["generation"])
        except (ValueError, KeyError, TypeError) as error:
            raise FolderDamaged(
                f"{pointer} cannot be read: {error}", remedy="`kesher reindex` makes the index anew."
            ) from error

    def _unpointed(self) -> Path | None:
        """The index that was made before there was a pointer, where there is only one."""
        found = [it.parent for it in self._folder.glob("*/state.json")]
        return found[0] if len(found) == 1 and not (found[0] / _DESCRIPTION).exists() else None

    def begin(self, model: str, dimension: int, source: str = "") -> Generation:
        """A new and empty folder beside the others, for an index that is not current yet."""
        made = Generation(f"{slug_of(model)}.{secrets.token_hex(4)}", self.chosen, model, dimension, source)
        folder = self.folder_of(made)
        folder.mkdir(parents=True)
        write_durably(folder / _DESCRIPTION, asdict(made))
        return made

    def open(self, generation: Generation) -> VectorIndex:
        """Its index. Raises what the index's own constructor does."""
        engine = self._engines[generation.engine]
        return engine.open(self.folder_of(generation), generation.model, generation.dimension)

    def folder_of(self, generation: Generation) -> Path:
        """Where its files are."""
        return self._folder / generation.name

    def adopt(self, generation: Generation) -> None:
        """Make it the current one; on disk when this returns."""
        write_durably(self._folder / _POINTER, {"generation": generation.name})

    def remove(self, generation: Generation) -> None:
        """Give one up that nobody has open."""
        self._engines[generation.engine].remove(self.folder_of(generation))

    def sweep(self) -> None:
        """Remove what is not current: half-built ones, and those that were replaced when the process died.

        Where no index is current nothing is removed. Raises what `current` does.
        """
        current = self.current
        for folder in self._folders() if current else ():
            if current and folder.name != current.name:
                self._engine_of(folder).remove(folder)

    def _folders(self) -> Iterator[Path]:
        """Folders of indexes; what has a low line in its name is something else."""
        yield from (it for it in self._folder.iterdir() if it.is_dir() and "_" not in it.name)

    def _engine_of(self, folder: Path) -> Engine:
        """What can remove a folder, which may be half made."""
        try:
            name = Generation.read(folder).engine
        except FolderDamaged:
            name = self.chosen
        return self._engines.get(name) or self._engines[self.chosen]
