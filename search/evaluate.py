"""How well retrieval does on a judged collection: each leg alone and both fused, by the same index as in service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias
from uuid import NAMESPACE_OID, uuid5

from language.analyzer import sparse_document
from language.encoder import Encoder, Vector
from language.folding import words
from language.script import covered, language_of
from ontology.errors import UnreadableFile
from ontology.kinds import Iri, Kind
from search.collection import Collection
from search.edge import EdgeIndex
from search.index import Filter, Leg, Point, VectorIndex
from search.metrics import mean, ndcg, recall
from search.question import Question, ask

_BATCH = 64
_DEPTH = 100

Progress: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over the queries of a collection."""

    ndcg_at_10: float
    recall_at_100: float

    def as_json(self) -> dict[str, float]:
        """The measures by the names that people know them by."""
        return {"ndcg@10": round(self.ndcg_at_10, 4), "recall@100": round(self.recall_at_100, 4)}


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """Each leg alone and both together; dense is None where the model does not cover the script of the queries."""

    lexical: Scores
    dense: Scores | None
    hybrid: Scores

    def as_json(self) -> dict[str, dict[str, float] | None]:
        """The body of `kesher eval retrieval --json`."""
        dense = self.dense.as_json() if self.dense else None
        return {"lexical": self.lexical.as_json(), "dense": dense, "hybrid": self.hybrid.as_json()}


def evaluate_retrieval(
    folder: Path, encoder: Encoder, progress: Progress = lambda _done, _all: None
) -> RetrievalReport:
    """Index a collection in a temporary folder and run its queries.

    Args:
        folder: A collection in the layout of BEIR.
        encoder: Asked only for texts in scripts that it covers, as in service.
        progress: Told how many of how many documents are indexed.

    Raises:
        UnreadableFile: the collection is incomplete, empty or broken.
    """
    collection = Collection.read(folder)
    if not collection.documents or not collection.queries:
        raise UnreadableFile(f"{folder} has no documents or no judged queries.", place=str(folder), problem="E-EMPTY")
    with TemporaryDirectory() as scratch:
        index = EdgeIndex(Path(scratch), encoder.name, encoder.dimension)
        try:
            _fill(index, collection.documents, encoder, progress)
            return _report(index, collection, encoder)
        finally:
            index.close()


def _fill(index: VectorIndex, documents: Mapping[str, str], encoder: Encoder, progress: Progress) -> None:
    average = mean([len(words(it)) for it in documents.values()])
    names = list(documents)
    for start in range(0, len(names), _BATCH):
        chosen = {name: documents[name] for name in names[start : start + _BATCH]}
        dense = _encode({name: text for name, text in chosen.items() if covered(text, encoder.languages)}, encoder)
        index.upsert([_point(name, text, dense.get(name), average) for name, text in chosen.items()])
        progress(min(start + _BATCH, len(names)), len(names))
    index.commit(1, average)


def _encode(texts: Mapping[str, str], encoder: Encoder) -> dict[str, Vector]:
    return dict(zip(texts, encoder.encode_documents(list(texts.values())), strict=True))


def _point(name: str, text: str, dense: Vector | None, average_length: float) -> Point:
    return Point(
        id=uuid5(NAMESPACE_OID, name),
        iri=Iri(name),
        kind=Kind.SOURCE,
        lang=language_of(text),
        text=text,
        text_hash="",
        dense=dense,
        sparse=sparse_document(text, average_length),
    )


def _report(index: VectorIndex, collection: Collection, encoder: Encoder) -> RetrievalReport:
    questions = {name: ask(text, encoder) for name, text in collection.queries.items()}

    def scores(dense: Callable[[Question], Vector | None], sparse: Callable[[Question], Sequence[Leg]]) -> Scores:
        runs = {name: _run(index, dense(it), sparse(it)) for name, it in questions.items()}
        return Scores(
            mean([ndcg(run, collection.judgements[it], 10) for it, run in runs.items()]),
            mean([recall(run, collection.judgements[it], 100) for it, run in runs.items()]),
        )

    asked_in_its_languages = covered(" ".join(collection.queries.values()), encoder.languages)
    return RetrievalReport(
        lexical=scores(lambda _: None, lambda it: it.sparse[:1]),
        dense=scores(lambda it: it.dense, lambda _: ()) if asked_in_its_languages else None,
        hybrid=scores(lambda it: it.dense, lambda it: it.sparse),
    )


def _run(index: VectorIndex, dense: Vector | None, sparse: Sequence[Leg]) -> list[str]:
    found = index.hybrid(dense=dense, sparse=sparse, where=Filter(), limit=_DEPTH)
    return [it.iri for it in sorted(found, key=lambda it: (-it.score, it.iri))]
