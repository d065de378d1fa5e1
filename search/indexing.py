"""Keeping the index true to the graph: after each change, what changed is encoded again and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import TypeAlias
from uuid import UUID

from graph.store import GraphStore
from language.analyzer import sparse_document, sparse_names
from language.encoder import Encoder, Vector
from language.folding import words
from language.script import covered
from ontology.kinds import Iri
from ontology.model import Change, Entity
from search.entities import read_entities
from search.index import Point, SparseVector, VectorIndex
from search.metrics import mean
from search.passages import Passage, key_of, passages

#: Passages encoded in one call; the encoder sorts them by length.
_BATCH = 128
#: So often what is encoded is made durable although the watermark has not moved: an interrupted run continues there.
_BATCHES_A_COMMIT = 16

#: Told after each batch: how many of how many passages are done.
Progress: TypeAlias = Callable[[int, int], None]
#: Told the keys of texts that are in the index no more.
Forget: TypeAlias = Callable[[Iterable[str]], object]


def silent(_done: int, _total: int) -> None:
    """No progress is shown."""


_Wanted: TypeAlias = Mapping[UUID, tuple[Entity, Passage]]


class Indexer:
    """Follows the ledger: reads from the graph, writes to the index, one caller at a time.

    Args:
        graph: What is indexed.
        index: Filled and kept.
        encoder: Of the index's model. None where that model is not on this machine: what is new is found by its words,
            the watermark stays, and so it is encoded when the model is back.
        forget: What else keeps something of these texts.
    """

    def __init__(
        self,
        graph: GraphStore,
        index: VectorIndex,
        encoder: Encoder | None,
        forget: Forget = lambda _keys: None,
    ) -> None:
        self._graph = graph
        self._index = index
        self._encoder = encoder
        self._forget = forget
        self._languages = encoder.languages if encoder else frozenset[str]()
        self._writing = Lock()

    def catch_up(self, changes: Iterable[Change], progress: Progress = silent) -> int:
        """Bring the index up to the last of these changes; those it has seen are passed over.

        Only touched entities are read again. A change that does not know what it touched, or an index that is
        still empty, means all of them. When it is interrupted, the same call continues.

        Returns:
            How many passages were encoded.
        """
        with self._writing:
            news = [it for it in changes if it.sequence > self._index.watermark]
            if not news:
                return 0
            touched = [it.iris for it in news if it.iris is not None]
            known = len(touched) == len(news) and self._index.average_length > 0
            iris = frozenset[Iri]().union(*touched) if known else None
            return self._bring_up(iris, news[-1].sequence, progress)

    def fill(self, watermark: int, progress: Progress = silent) -> int:
        """Bring the whole graph into an index, and leave out what is there already.

        Args:
            watermark: Number of a write that the graph is past.
            progress: Told after each batch.

        Returns:
            How many passages were encoded.
        """
        with self._writing:
            return self._bring_up(None, watermark, progress)

    def _bring_up(self, iris: frozenset[Iri] | None, watermark: int, progress: Progress) -> int:
        wanted, present = self._wanted(iris), self._index.hashes(iris)
        changed = [it for it, (_, passage) in wanted.items() if present.get(it) != passage.text_hash]
        self._encode([wanted[it] for it in changed], self._index.average_length or _average(wanted), progress)
        self._forget_but(wanted, present)  # first: what is interrupted here is done again
        self._index.delete(present.keys() - wanted.keys())
        self._index.commit(watermark if self._encoder else self._index.watermark)
        return len(changed)

    def _wanted(self, iris: frozenset[Iri] | None) -> _Wanted:
        """The passages that should be in the index, by id."""
        entities = read_entities(self._graph, iris)
        return {it.id: (entity, it) for entity in entities for it in passages(entity, self._index.name)}

    def _forget_but(self, wanted: _Wanted, present: Mapping[UUID, str]) -> None:
        kept = {key_of(it.text_hash) for _, it in wanted.values()}
        self._forget({key_of(it) for it in present.values()} - kept)

    def _encode(self, chosen: Sequence[tuple[Entity, Passage]], average: float, progress: Progress) -> None:
        """Put passages into the index; from time to time what is done so far is made durable.

        Those that the encoder reads come first and by length, so that it has full batches of texts of one length.
        """
        readable = {it.id for _, it in chosen if covered(it.text, self._languages)}
        chosen = sorted(chosen, key=lambda it: (it[1].id not in readable, -len(it[1].text)))
        for number, start in enumerate(range(0, len(chosen), _BATCH), 1):
            batch = chosen[start : start + _BATCH]
            vectors = self._vectors([it.text for _, it in batch if it.id in readable])
            points = [_point(entity, it, vectors.get(it.text), average) for entity, it in batch]
            self._index.upsert(points if self._encoder else [replace(it, text_hash="") for it in points])
            if number % _BATCHES_A_COMMIT == 1:
                self._index.commit(self._index.watermark, average)
            progress(start + len(batch), len(chosen))

    def _vectors(self, texts: Sequence[str]) -> Mapping[str, Vector]:
        """Text -> vector."""
        return dict(zip(texts, self._encoder.encode_documents(texts), strict=True)) if self._encoder else {}


def disagreements(graph: GraphStore, index: VectorIndex) -> list[str]:
    """What is in an index but should not be, or the other way round; one sentence each."""
    wanted = {it.id: it.text_hash for entity in read_entities(graph) for it in passages(entity, index.name)}
    present = index.hashes()
    counts = {
        "missing from the index": len(wanted.keys() - present.keys()),
        "in it for nothing": len(present.keys() - wanted.keys()),
        "outdated in it": sum(present.get(it, text) != text for it, text in wanted.items()),
    }
    return [f"{count} passages are {what}." for what, count in counts.items() if count]


def _average(wanted: _Wanted) -> float:
    """Words in a passage."""
    return mean([len(words(passage.text)) for _, passage in wanted.values()])


def _point(entity: Entity, passage: Passage, dense: Vector | None, average_length: float) -> Point:
    return Point(
        id=passage.id,
        iri=entity.iri,
        kind=entity.kind,
        lang=passage.lang,
        text=passage.text,
        text_hash=passage.text_hash,
        dense=dense,
        sparse=_terms(passage, average_length),
        content_languages=entity.content_languages,
        subjects=entity.subjects,
        grades=entity.grades,
        research_grade=entity.research_grade,
        field_grade=entity.field_grade,
        statuses=entity.statuses,
    )


def _terms(passage: Passage, average_length: float) -> SparseVector:
    """The terms of a passage, and of the names in other scripts that are a field of it: their terms are apart."""
    weights = dict(sparse_document(passage.text, average_length))
    for names in passage.names:
        weights |= sparse_names(names)
    return weights
