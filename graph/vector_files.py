"""Files of entities' vectors for query workers: written when a query needs one, gone when the last one has read it."""

from __future__ import annotations

import shutil
import weakref
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, count
from pathlib import Path
from struct import Struct
from threading import Lock

from graph.frames import Header
from graph.vectors import HEAD


class VectorFile:
    """A file of vectors that is there as long as somebody holds this object."""

    def __init__(self, path: Path) -> None:
        self.path = path
        weakref.finalize(self, path.unlink, missing_ok=True)


class VectorFiles:
    """The newest file of vectors in a folder; older ones go when the last query that reads them ends.

    Safe to share between threads: one of them writes while the others wait for what it writes.

    Args:
        folder: Made when first needed; what is in it then is removed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._key: object = None
        self._newest: VectorFile | None = None
        self._lock = Lock()

    def current(self, key: object, read: Callable[[], Mapping[str, bytes]]) -> VectorFile:
        """The file for a state of the index, written from `read()` if the newest is of another.

        Args:
            key: Names the state; equal keys, equal vectors.
            read: Address -> vector (32-bit floats), all of one length.
        """
        with self._lock:
            if self._newest is None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder.mkdir(parents=True)
            if self._newest is None or key != self._key:
                path = self._folder.resolve() / f"{next(self._numbers)}.vectors"
                write_vectors(path, read())
                self._newest, self._key = VectorFile(path), key
            return self._newest


@dataclass(frozen=True, slots=True)
class Comparisons:
    """What a query that calls ks:similarity needs.

    Attributes:
        file: The vectors of entities.
        texts: Constant text -> its vector (32-bit floats).
    """

    file: VectorFile
    texts: Mapping[str, bytes] = field(default_factory=dict)

    def described(self) -> Header:
        """This, as a worker is told it (`graph.similarity`)."""
        texts = {text: b64encode(vector).decode() for text, vector in self.texts.items()}
        return {"file": str(self.file.path), "texts": texts}


def write_vectors(path: Path, vectors: Mapping[str, bytes]) -> None:
    """Write a file of vectors, whole or not at all; `graph.vectors` describes it.

    Args:
        path: Of the file, which does not exist.
        vectors: Address -> vector (32-bit floats), all of one length.
    """
    entities = sorted((iri.encode(), vector) for iri, vector in vectors.items())
    starts = list(accumulate((len(iri) for iri, _ in entities), initial=0))
    dimension = len(entities[0][1]) // 4 if entities else 0
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as out:
        out.write(HEAD.pack(len(entities), dimension, starts[-1]))
        out.write(Struct(f"={len(starts)}Q").pack(*starts))
        out.writelines(vector for _, vector in entities)
        out.writelines(iri for iri, _ in entities)
    fresh.replace(path)
