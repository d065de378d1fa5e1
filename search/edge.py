"""The embedded vector index: Qdrant Edge, in this process, in one folder. The only door to that library.

The shard has no write-ahead log: what is not yet flushed when the process dies is encoded again, which the watermark
makes exact. Files are preallocated but sparse.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
import qdrant_edge as qe

from graph.lock import FolderLock
from language.encoder import Vector
from ontology.errors import FolderDamaged
from ontology.kinds import Iri
from search.ending import Ending
from search.index import Candidate, Filter, Leg, Point, SparseVector
from search.payload import (
    DENSE,
    ENTITY,
    HASH,
    KEYWORDS,
    SPARSE,
    Condition,
    candidate_of,
    conditions,
    has_dense,
    payload_of,
)
from search.state import IndexState

if TYPE_CHECKING:
    from qdrant_edge import ConditionType, PointId  # these stand in the stub alone

_PREFETCH = 100
_PAGE = 1000
_BATCH = 500
#: Candidates that a walk through the graph of neighbours keeps in view (ef): `python -m bench scale` prints the recall.
_NEIGHBOURS = 256
_NUMBER_BYTES = 4
#: Vectors of fewer bytes are left as they are by the engine when it optimises (`indexing_threshold`).
_WORTH_BYTES = 10_000 * 1024


class EdgeIndex:
    """A vector index in a folder, open in one process at a time.

    Args:
        folder: Made when absent. Holds `shard/`, `state.json` (model, dimension, watermark) and `lock`.
        model: Name of the encoder; its vectors are the only ones that fit together.
        dimension: Length of its vectors.

    Raises:
        FolderInUse: the folder is open already; the message names the process.
        ModelMismatch: the folder holds vectors of another model or dimension.
        FolderDamaged: the shard's files cannot be opened.
    """

    def __init__(self, folder: Path, model: str, dimension: int) -> None:
        lock = FolderLock(folder, "search index")
        try:
            self._folder = folder
            self._file = folder / "state.json"
            self._state = IndexState.read(self._file, model, dimension)
            self._shard = self._open(folder / "shard")
            self._end = Ending(self, self._shard.close, lock.release)
        except BaseException:
            lock.release()
            raise

    def _open(self, folder: Path) -> qe.EdgeShard:
        """The shard in a folder, or a new and empty one where there is none."""
        if folder.is_dir():
            try:
                return qe.EdgeShard.load(str(folder))
            except Exception as error:  # qdrant_edge raises nothing more specific
                if self._state.watermark:
                    raise FolderDamaged(
                        f"The index in {folder} cannot be opened: {error}",
                        remedy="`kesher reindex` makes it anew from the graph.",
                    ) from error
        shutil.rmtree(folder, ignore_errors=True)  # the making of the shard was interrupted
        self._state = self._state.moved(0, 0.0)
        self._state.write(self._file)
        return _create(folder, self._state.dimension)

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
        remaining = iter(points)
        while batch := [_point(it) for it in islice(remaining, _BATCH)]:
            self._shard.update(qe.UpdateOperation.upsert_points(batch))

    def delete(self, ids: Iterable[UUID]) -> None:
        gone: list[PointId] = list(ids)
        if gone:
            self._shard.update(qe.UpdateOperation.delete_points(gone))

    def hashes(self, iris: Iterable[Iri] | None = None) -> Mapping[UUID, str]:
        where = Filter(iris=None if iris is None else frozenset(iris))
        return {UUID(str(it.id)): (it.payload or {})[HASH] for it in self._scroll(_filter(where), HASH)}

    def _scroll(self, where: qe.Filter | None, field: str, vectors: Sequence[str] = ()) -> Iterator[qe.Record]:
        offset = None
        while True:
            request = qe.ScrollRequest(
                offset=offset, limit=_PAGE, filter=where, with_payload=[field], with_vector=list(vectors) or False
            )
            records, offset = self._shard.scroll(request)
            yield from records
            if offset is None:
                return

    def hybrid(self, *, dense: Vector | None, sparse: Sequence[Leg], where: Filter, limit: int) -> list[Candidate]:
        legs = list(_legs(dense, sparse, where, max(_PREFETCH, limit)))
        if not legs:
            return []
        if len(legs) == 1:
            [leg] = legs
            request = qe.QueryRequest(
                limit=limit, query=leg.query, filter=leg.filter, params=leg.params, with_payload=True
            )
        else:
            request = qe.QueryRequest(
                limit=limit,
                prefetches=legs,
                query=qe.Fusion.Dbsf(),  # type: ignore[arg-type] # the stub does not nest it under Fusion
                with_payload=True,
            )
        return [candidate_of(it.id, it.score, it.payload) for it in self._shard.query(request)]

    def vectors(self, ids: Iterable[UUID]) -> Mapping[UUID, Vector]:
        records = self._shard.retrieve(list(ids), with_payload=False, with_vector=[DENSE])
        found = {UUID(str(it.id)): it.vector for it in records}
        return {it: np.asarray(named[DENSE], dtype=np.float32) for it, named in found.items() if has_dense(named)}

    def dense(self) -> Iterator[tuple[Iri, Vector]]:
        for it in self._scroll(None, ENTITY, [DENSE]):
            if has_dense(it.vector):
                yield Iri((it.payload or {})[ENTITY]), np.asarray(it.vector[DENSE], dtype=np.float32)

    def count(self, where: Filter | None = None) -> int:
        return self._shard.count(qe.CountRequest(exact=True, filter=_filter(where or Filter())))

    def commit(self, watermark: int, average_length: float | None = None) -> None:
        self._shard.flush()
        self._state = self._state.moved(watermark, average_length)
        self._state.write(self._file)

    def close(self) -> None:
        """Let go of the files; what was not committed may be lost. Closing twice is harmless."""
        self._end.now()

    def retire(self) -> None:
        self._end.also(partial(shutil.rmtree, self._folder, ignore_errors=True))

    @property
    def loose(self) -> int:
        info, dense = self._shard.info(), qe.Filter(must=[qe.HasVectorCondition(DENSE)])
        ordered = (
            info.indexed_vectors_count - info.points_count
        )  # the engine counts sparse vectors as well: one a point
        loose = self._shard.count(qe.CountRequest(exact=True, filter=dense)) - max(ordered, 0)
        return loose if loose * self._state.dimension * _NUMBER_BYTES >= _WORTH_BYTES else 0

    def copy(self, folder: Path) -> None:
        self._shard.flush()
        shutil.copytree(self._folder / "shard", folder / "shard")
        self._state.write(folder / "state.json")


def optimise(shard: Path) -> None:
    """Put the points of a shard that nobody has open into order: minutes for 100,000 of them, hours for a million."""
    opened = qe.EdgeShard.load(str(shard))
    opened.optimize()
    opened.flush()
    opened.close()


def _create(folder: Path, dimension: int) -> qe.EdgeShard:
    folder.mkdir()
    shard = qe.EdgeShard.create(
        str(folder),
        qe.EdgeConfig(
            vectors={DENSE: qe.EdgeVectorParams(size=dimension, distance=qe.Distance.Dot)},
            sparse_vectors={SPARSE: qe.EdgeSparseVectorParams(modifier=qe.Modifier.Idf)},
            wal_enabled=False,
        ),
    )
    for field in KEYWORDS:
        shard.update(qe.UpdateOperation.create_field_index(field, qe.PayloadSchemaType.Keyword))
    shard.flush()
    return shard


def _point(point: Point) -> qe.Point:
    vectors: dict[str, Any] = {SPARSE: _sparse(point.sparse)}
    if point.dense is not None:
        vectors[DENSE] = point.dense.tolist()
    return qe.Point(point.id, vectors, payload_of(point))


def _sparse(weights: SparseVector) -> qe.SparseVector:
    return qe.SparseVector(list(weights.keys()), list(weights.values()))


def _legs(dense: Vector | None, sparse: Sequence[Leg], where: Filter, depth: int) -> Iterator[qe.Prefetch]:
    if dense is not None:
        nearest = qe.Query.Nearest(dense.tolist(), using=DENSE)
        wide = qe.SearchParams(hnsw_ef=max(_NEIGHBOURS, depth))
        yield qe.Prefetch(limit=depth, query=nearest, filter=_filter(where), params=wide)
    for leg in sparse:
        if leg.weights:
            nearest = qe.Query.Nearest(_sparse(leg.weights), using=SPARSE)
            yield qe.Prefetch(limit=depth, query=nearest, filter=_filter(where, leg.lang))


def _filter(where: Filter, lang: str = "") -> qe.Filter | None:
    must: list[ConditionType] = [_condition(it) for it in conditions(where, lang)]
    return qe.Filter(must=must) if must else None


def _condition(condition: Condition) -> qe.FieldCondition:
    if condition.least is None and condition.most is None:
        return qe.FieldCondition(key=condition.field, match=qe.MatchAny(list(condition.values)))
    return qe.FieldCondition(key=condition.field, range=qe.RangeFloat(gte=condition.least, lte=condition.most))
