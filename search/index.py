"""The port to a vector index: points go in, ranked candidates come out.

One contract suite (tests/test_index_contract.py) runs against every adapter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias, runtime_checkable
from uuid import UUID

from language.encoder import Vector
from ontology.kinds import Iri, Kind

#: Sparse vector of a text: term id -> weight.
SparseVector: TypeAlias = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Point:
    """One passage of one entity, ready to be found.

    Attributes:
        id: UUIDv5 of entity, passage number, language and model: the same passage always has the same id.
        dense: Unit vector, or None where the model does not cover the passage's language.
        sparse: Term weights from the analyzer of the passage's script.
        text_hash: SHA-256 of the passage text and of all else that is kept: what is unchanged is not encoded again.
    """

    id: UUID
    iri: Iri
    kind: Kind
    lang: str
    text: str
    text_hash: str
    dense: Vector | None
    sparse: SparseVector
    content_languages: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    grades: tuple[int, int] | None = None
    research_grade: int | None = None
    field_grade: int | None = None
    statuses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """What a hit must satisfy; None means "anything". Applied inside both legs, never after ranking."""

    kinds: frozenset[Kind] | None = None
    content_lang: str | None = None
    subject: str | None = None
    grade: int | None = None
    min_research_grade: int | None = None
    min_field_grade: int | None = None
    iris: frozenset[Iri] | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One passage that the index proposes; a greater score is better.

    Attributes:
        payload: What else the index keeps of it; its fields are those of `search.payload`.
    """

    id: UUID
    iri: Iri
    kind: Kind
    lang: str
    text: str
    score: float
    payload: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leg:
    """Words to look for.

    Attributes:
        weights: Term id -> weight.
        lang: Only passages in this language; empty: in any. A translation asks only what it can be shared with.
    """

    weights: SparseVector
    lang: str = ""


class VectorIndex(Protocol):
    """Dense and sparse vectors of the same points, searched together."""

    @property
    def name(self) -> str:
        """Name of the encoder whose vectors these are."""

    @property
    def generation(self) -> str:
        """Which index this is among all that there were: what one of them gave, another does not know."""

    @property
    def average_length(self) -> float:
        """Words in a passage on average when the index was last filled, which BM25 needs; 0 when new."""

    @property
    def watermark(self) -> int:
        """Sequence number of the last ledger change that is wholly in the index; 0 when new."""

    def upsert(self, points: Sequence[Point]) -> None:
        """Put points in, each replacing the one with its id. Idempotent."""

    def delete(self, ids: Iterable[UUID]) -> None:
        """Take points out; unknown ids are ignored. Idempotent."""

    def hashes(self, iris: Iterable[Iri] | None = None) -> Mapping[UUID, str]:
        """`text_hash` of every point of these entities (None: of all): what is there already."""

    def hybrid(self, *, dense: Vector | None, sparse: Sequence[Leg], where: Filter, limit: int) -> list[Candidate]:
        """The best `limit` points for these vectors, each of which is a leg, best first.

        Several legs are fused in the index by distribution-based score fusion over 100 (or `limit`, if more)
        candidates of each. One leg keeps its own scores. No leg, or only empty ones: none.
        """

    def vectors(self, ids: Iterable[UUID]) -> Mapping[UUID, Vector]:
        """The dense vectors of those of these points that have one."""

    def dense(self) -> Iterator[tuple[Iri, Vector]]:
        """The dense vector of every passage that has one, with its entity, in no order."""

    def count(self, where: Filter | None = None) -> int:
        """How many points there are."""

    def commit(self, watermark: int, average_length: float | None = None) -> None:
        """Everything so far is on disk, then the watermark is: the order that a crash cannot break.

        `average_length` is kept with it where given, and stays as it is where None.
        """

    def close(self) -> None:
        """Let go of the files or the connection. Closing twice is harmless."""

    def retire(self) -> None:
        """Another has taken its place: it goes on answering who holds it, and removes itself after the last of them."""


@runtime_checkable
class Optimisable(Protocol):
    """What an index has besides, where it compares new points one by one until they are put into order.

    Putting them into order takes long and lets nobody else in, so it is done to a copy (`search.optimising`).
    """

    @property
    def loose(self) -> int:
        """How many points with a dense vector are compared one by one; 0 where they are too few to matter."""

    def copy(self, folder: Path) -> None:
        """Everything that was committed, in a new folder, as an index that can be opened there."""
