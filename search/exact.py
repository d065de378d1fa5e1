"""An exact vector index in numpy and SQLite: it compares every vector, needs no other library, and misses nothing.

It takes the place of Qdrant Edge where that cannot be used (KESHER_INDEX=exact). Everything stands in memory; the file
is read when it is opened. Its time grows with the number of passages.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

import numpy as np

from graph.lock import FolderLock
from language.encoder import Vector
from ontology.errors import FolderDamaged
from ontology.kinds import Iri
from search.ending import Ending
from search.fusion import fuse
from search.index import Candidate, Filter, Leg, Point, SparseVector
from search.payload import ENTITY, HASH, candidate_of, conditions, payload_of
from search.postings import Columns, Mask, Postings, Vectors, best
from search.state import IndexState

_PREFETCH = 100
_TABLE = """
CREATE TABLE IF NOT EXISTS points (
    id BLOB PRIMARY KEY, payload TEXT NOT NULL, dense BLOB, terms BLOB NOT NULL, weights BLOB NOT NULL
) WITHOUT ROWID
"""
#: Dead rows that are kept, if they are no more than the living ones.
_DEAD = 1000


class ExactIndex:
    """A vector index in a folder, open in one process at a time. One thread at a time is answered.

    Args:
        folder: Made when absent. Holds `points.sqlite`, `state.json` (model, dimension, watermark) and `lock`.
        model: Name of the encoder; its vectors are the only ones that fit together.
        dimension: Length of its vectors.

    Raises:
        FolderInUse: the folder is open already; the message names the process.
        ModelMismatch: the folder holds vectors of another model or dimension.
        FolderDamaged: the file of the points cannot be read.
    """

    def __init__(self, folder: Path, model: str, dimension: int) -> None:
        lock = FolderLock(folder, "search index")
        try:
            self._folder = folder
            self._state = IndexState.read(folder / "state.json", model, dimension)
            self._reading = Lock()
            if not (folder / "points.sqlite").exists():  # new, or its points were lost
                self._state = self._state.moved(0, 0.0)
                self._state.write(folder / "state.json")
            self._file = _open(folder / "points.sqlite")
            self._end = Ending(self, self._file.close, lock.release)
            self._load()
        except BaseException:
            lock.release()
            raise

    def _load(self) -> None:
        """Read everything into memory, without rows of what is no more."""
        self._columns, self._postings, self._vectors = Columns(), Postings(), Vectors(self._state.dimension)
        self._ids: list[UUID] = []
        self._payloads: list[Mapping[str, Any]] = []
        self._row_of: dict[UUID, int] = {}
        self._alive: Mask = np.zeros(0, dtype=np.bool_)
        for name, payload, dense, terms, weights in self._file.execute("SELECT * FROM points"):
            vector = None if dense is None else np.frombuffer(dense, dtype=np.float32)
            pairs = zip(
                np.frombuffer(terms, np.uint32).tolist(), np.frombuffer(weights, np.float32).tolist(), strict=True
            )
            self._add(UUID(bytes=name), json.loads(payload), vector, dict(pairs))
        self._count_the_living()

    def _add(self, name: UUID, payload: Mapping[str, Any], dense: Vector | None, sparse: SparseVector) -> None:
        row = len(self._ids)
        self._ids.append(name)
        self._payloads.append(payload)
        self._row_of[name] = row
        self._columns.add(row, payload)
        self._postings.add(row, sparse)
        self._vectors.add(dense)

    def _count_the_living(self) -> None:
        self._alive = np.zeros(len(self._ids), dtype=np.bool_)
        self._alive[list(self._row_of.values())] = True

    @property
    def name(self) -> str:
        return self._state.model

    @property
    def generation(self) -> str:
        return self._folder.name

    @property
    def average_length(self) -> float:
        return self._state.average_length

    @property
    def watermark(self) -> int:
        return self._state.watermark

    def upsert(self, points: Sequence[Point]) -> None:
        with self._reading:
            for it in points:
                payload = payload_of(it)
                self._file.execute("INSERT OR REPLACE INTO points VALUES (?, ?, ?, ?, ?)", _stored(it, payload))
                self._add(it.id, payload, it.dense, it.sparse)
            self._count_the_living()

    def delete(self, ids: Iterable[UUID]) -> None:
        with self._reading:
            for it in ids:
                self._file.execute("DELETE FROM points WHERE id = ?", (it.bytes,))
                self._row_of.pop(it, None)
            self._count_the_living()

    def hashes(self, iris: Iterable[Iri] | None = None) -> Mapping[UUID, str]:
        rows = self._rows(Filter(iris=None if iris is None else frozenset(iris)))
        return {self._ids[it]: self._payloads[it][HASH] for it in rows}

    def _rows(self, where: Filter) -> list[int]:
        with self._reading:
            rows: list[int] = np.flatnonzero(self._columns.mask(conditions(where), self._alive)).tolist()
            return rows

    def hybrid(self, *, dense: Vector | None, sparse: Sequence[Leg], where: Filter, limit: int) -> list[Candidate]:
        with self._reading:
            legs = list(self._legs(dense, sparse, where, max(_PREFETCH, limit)))
            scores = fuse(legs) if len(legs) > 1 else dict(*legs)
            chosen = sorted(scores.items(), key=lambda it: (-it[1], it[0]))[:limit]
            return [candidate_of(self._ids[row], score, self._payloads[row]) for row, score in chosen]

    def _legs(
        self, dense: Vector | None, sparse: Sequence[Leg], where: Filter, depth: int
    ) -> Iterator[Mapping[int, float]]:
        if dense is not None:
            kept = self._columns.mask(conditions(where), self._alive) & self._vectors.there
            yield best(self._vectors.scores(dense), kept, depth)
        for leg in sparse:
            if leg.weights:
                scores = self._postings.scores(leg.weights, self._alive)
                yield best(scores, self._columns.mask(conditions(where, leg.lang), self._alive) & (scores > 0), depth)

    def vectors(self, ids: Iterable[UUID]) -> Mapping[UUID, Vector]:
        with self._reading:
            found = {it: self._row_of[it] for it in ids if it in self._row_of}
            return {it: self._vectors.row(row) for it, row in found.items() if self._vectors.there[row]}

    def dense(self) -> Iterator[tuple[Iri, Vector]]:
        with self._reading:
            rows = np.flatnonzero(self._alive & self._vectors.there).tolist()
            found = [(Iri(self._payloads[it][ENTITY]), self._vectors.row(it)) for it in rows]
        yield from found

    def count(self, where: Filter | None = None) -> int:
        return len(self._rows(where or Filter()))

    def commit(self, watermark: int, average_length: float | None = None) -> None:
        with self._reading:
            self._file.commit()
            if len(self._ids) - len(self._row_of) > max(_DEAD, len(self._row_of)):
                self._load()
        self._state = self._state.moved(watermark, average_length)
        self._state.write(self._folder / "state.json")

    def close(self) -> None:
        """Let go of the file; what was not committed is lost. Closing twice is harmless."""
        self._end.now()

    def retire(self) -> None:
        self._end.also(partial(shutil.rmtree, self._folder, ignore_errors=True))


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, check_same_thread=False)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(_TABLE)
        connection.execute("SELECT count(*) FROM points").fetchone()
    except sqlite3.DatabaseError as error:
        connection.close()
        raise FolderDamaged(
            f"The index in {file} cannot be opened: {error}",
            remedy="`kesher reindex` makes it anew from the graph.",
        ) from error
    return connection


def _stored(point: Point, payload: Mapping[str, Any]) -> tuple[bytes, str, bytes | None, bytes, bytes]:
    """A row of the file: numbers as 32-bit arrays in the order of this machine."""
    dense = None if point.dense is None else point.dense.astype(np.float32).tobytes()
    terms = np.fromiter(point.sparse.keys(), np.uint32, len(point.sparse)).tobytes()
    weights = np.fromiter(point.sparse.values(), np.float32, len(point.sparse)).tobytes()
    return point.id.bytes, json.dumps(payload, ensure_ascii=False), dense, terms, weights
