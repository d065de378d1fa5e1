"""The vector index on a Qdrant server or cluster. The only door to qdrant-client.

One collection for each index. Watermark and average length stand in the collection's metadata, which Qdrant replicates
like the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID

import numpy as np
from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ApiException

from language.encoder import Vector
from ontology.errors import FolderDamaged, Unavailable
from ontology.kinds import Iri, slug_of
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

#: Qdrant inside the client, in memory: a slow stand-in for a server, for tests.
MEMORY = ":memory:"

_PREFETCH = 100
_PAGE = 1000
_BATCH = 500
_TIMEOUT_S = 30


class ClusterIndex:
    """A vector index in a collection of a Qdrant server.

    Args:
        url: Of the server, or `:memory:`.
        model: Name of the encoder; its vectors are the only ones that fit together.
        dimension: Length of its vectors.
        generation: Names the collection; empty: after the model.

    Raises:
        Unavailable: the server does not answer, or refuses.
        ModelMismatch: the collection holds vectors of another dimension.
        FolderDamaged: there is a collection of that name which is not an index of Kesher.
    """

    def __init__(self, url: str, model: str, dimension: int, generation: str = "") -> None:
        self._url = url
        self._name = generation or slug_of(model)
        self._collection = _collection(self._name)
        with _reaching(url):
            self._client = _client(url)
            self._end = Ending(self, self._client.close)
            if not self._client.collection_exists(self._collection):
                self._create(IndexState(model, dimension))
            self._state = self._read_state(model, dimension)

    def _create(self, state: IndexState) -> None:
        self._client.create_collection(
            self._collection,
            vectors_config={DENSE: models.VectorParams(size=state.dimension, distance=models.Distance.DOT)},
            sparse_vectors_config={SPARSE: models.SparseVectorParams(modifier=models.Modifier.IDF)},
            metadata=asdict(state),
        )
        for field in KEYWORDS if self._url != MEMORY else ():  # the client's own memory has no payload indexes
            self._client.create_payload_index(self._collection, field, models.PayloadSchemaType.KEYWORD)

    def _read_state(self, model: str, dimension: int) -> IndexState:
        metadata = self._client.get_collection(self._collection).config.metadata or {}
        try:
            state = IndexState(**metadata)
        except TypeError as error:
            raise FolderDamaged(
                f"The collection {self._collection} at {self._url} is not an index of Kesher.",
                remedy="Remove or rename that collection.",
            ) from error
        state.expect(model, dimension, f"{self._collection} at {self._url}")
        return state

    @property
    def name(self) -> str:
        return self._state.model

    @property
    def generation(self) -> str:
        return self._name

    @property
    def average_length(self) -> float:
        return self._state.average_length

    @property
    def watermark(self) -> int:
        return self._state.watermark

    def upsert(self, points: Sequence[Point]) -> None:
        remaining = iter(points)
        with _reaching(self._url):
            while batch := [_point(it) for it in islice(remaining, _BATCH)]:
                self._client.upsert(self._collection, batch, wait=True)

    def delete(self, ids: Iterable[UUID]) -> None:
        if gone := [str(it) for it in ids]:
            with _reaching(self._url):
                self._client.delete(self._collection, models.PointIdsList(points=list(gone)), wait=True)

    def hashes(self, iris: Iterable[Iri] | None = None) -> Mapping[UUID, str]:
        where = _filter(Filter(iris=None if iris is None else frozenset(iris)))
        with _reaching(self._url):
            return {UUID(str(it.id)): (it.payload or {})[HASH] for it in self._scroll(where, HASH)}

    def _scroll(self, where: models.Filter | None, field: str, vectors: Sequence[str] = ()) -> Iterator[models.Record]:
        offset = None
        while True:
            records, offset = self._client.scroll(
                self._collection,
                scroll_filter=where,
                limit=_PAGE,
                offset=offset,
                with_payload=[field],
                with_vectors=list(vectors) or False,
            )
            yield from records
            if offset is None:
                return

    def hybrid(self, *, dense: Vector | None, sparse: Sequence[Leg], where: Filter, limit: int) -> list[Candidate]:
        legs = list(_legs(dense, sparse, where, max(_PREFETCH, limit)))
        if not legs:
            return []
        with _reaching(self._url):
            if len(legs) == 1:
                answer = self._client.query_points(
                    self._collection, query=legs[0].query, using=legs[0].using, query_filter=legs[0].filter, limit=limit
                )
            else:
                fusion = models.FusionQuery(fusion=models.Fusion.DBSF)
                answer = self._client.query_points(self._collection, prefetch=legs, query=fusion, limit=limit)
        return [candidate_of(it.id, it.score, it.payload) for it in answer.points]

    def vectors(self, ids: Iterable[UUID]) -> Mapping[UUID, Vector]:
        with _reaching(self._url):
            records = self._client.retrieve(
                self._collection, [str(it) for it in ids], with_payload=False, with_vectors=[DENSE]
            )
        found = {UUID(str(it.id)): it.vector for it in records}
        return {it: np.asarray(named[DENSE], dtype=np.float32) for it, named in found.items() if has_dense(named)}

    def dense(self) -> Iterator[tuple[Iri, Vector]]:
        with _reaching(self._url):
            for it in self._scroll(None, ENTITY, [DENSE]):
                if has_dense(it.vector):
                    yield Iri((it.payload or {})[ENTITY]), np.asarray(it.vector[DENSE], dtype=np.float32)

    def count(self, where: Filter | None = None) -> int:
        with _reaching(self._url):
            return self._client.count(self._collection, count_filter=_filter(where or Filter()), exact=True).count

    def commit(self, watermark: int, average_length: float | None = None) -> None:
        state = self._state.moved(watermark, average_length)
        with _reaching(self._url):
            self._client.update_collection(self._collection, metadata=asdict(state))
        self._state = state

    def close(self) -> None:
        self._end.now()

    def retire(self) -> None:
        self._end.also(partial(self.remove, self._url, self._name))

    @staticmethod
    def remove(url: str, generation: str) -> None:
        """Remove the collection of an index that nobody has open; one that is not there is no error.

        Raises:
            Unavailable: the server does not answer.
        """
        client = _client(url)
        with _reaching(url):
            client.delete_collection(_collection(generation))
        client.close()


def _client(url: str) -> QdrantClient:
    return QdrantClient(url) if url == MEMORY else QdrantClient(url=url, timeout=_TIMEOUT_S, check_compatibility=False)


def _collection(generation: str) -> str:
    return f"kesher-{generation}"


@contextmanager
def _reaching(url: str) -> Iterator[None]:
    try:
        yield
    except ApiException as error:
        raise Unavailable(
            f"The Qdrant server at {url} does not answer as it should: {error}",
            remedy="See that it runs and that KESHER_QDRANT_URL is its address.",
        ) from error


def _point(point: Point) -> models.PointStruct:
    vectors: dict[str, Any] = {SPARSE: _sparse(point.sparse)}
    if point.dense is not None:
        vectors[DENSE] = point.dense.tolist()
    return models.PointStruct(id=str(point.id), vector=vectors, payload=payload_of(point))


def _sparse(weights: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=list(weights.keys()), values=list(weights.values()))


def _legs(dense: Vector | None, sparse: Sequence[Leg], where: Filter, depth: int) -> Iterator[models.Prefetch]:
    if dense is not None:
        yield models.Prefetch(query=dense.tolist(), using=DENSE, filter=_filter(where), limit=depth)
    for leg in sparse:
        if leg.weights:
            nearest = _sparse(leg.weights)
            yield models.Prefetch(query=nearest, using=SPARSE, filter=_filter(where, leg.lang), limit=depth)


def _filter(where: Filter, lang: str = "") -> models.Filter | None:
    must: list[models.Condition] = [_condition(it) for it in conditions(where, lang)]
    return models.Filter(must=must) if must else None


def _condition(condition: Condition) -> models.FieldCondition:
    if condition.least is None and condition.most is None:
        return models.FieldCondition(key=condition.field, match=models.MatchAny(any=list(condition.values)))
    return models.FieldCondition(key=condition.field, range=models.Range(gte=condition.least, lte=condition.most))
