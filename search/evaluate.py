"""How well retrieval does on a judged collection: each leg alone and all fused, by the same index as in service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from search.metrics import mean
from search.question import Question, ask
from search.report import Legs, Ranking, RetrievalReport, Scores, scores
from search.retrieval import candidates

_BATCH = 64
_DEPTH = 100

Progress: TypeAlias = Callable[[int, int], None]
#: What one leg takes of a question; None: it is searched as in service.
_Choice: TypeAlias = Callable[[Question], tuple[Vector | None, Sequence[Leg]]]

#: Each leg alone: its own words, its meaning, the words that the lexicon gives in English. Then all of them.
_LEGS: Mapping[str, _Choice | None] = {
    "lexical": lambda it: (None, it.sparse[:1]),
    "dense": lambda it: (it.dense, ()),
    "glosses": lambda it: (None, it.sparse[1:]),
    "hybrid": None,
}


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
    runs = {leg: {name: _run(index, it, choose) for name, it in questions.items()} for leg, choose in _LEGS.items()}

    def legs(names: Sequence[str]) -> Legs:
        own = {leg: scores([Ranking(run[it], collection.judgements[it]) for it in names]) for leg, run in runs.items()}
        return _legs(own, [questions[it] for it in names], encoder)

    by_language: dict[str, list[str]] = {}
    for name, text in collection.queries.items():
        by_language.setdefault(language_of(text) or "und", []).append(name)
    return RetrievalReport(legs(list(questions)), {lang: legs(names) for lang, names in sorted(by_language.items())})


def _legs(own: Mapping[str, Scores], asked: Sequence[Question], encoder: Encoder) -> Legs:
    """A leg that these questions do not have is left out, and so is meaning where the model cannot read them."""
    readable = covered(" ".join(it.text for it in asked), encoder.languages)
    translated = any(len(it.sparse) > 1 for it in asked)
    return Legs(
        queries=len(asked),
        lexical=own["lexical"],
        dense=own["dense"] if readable else None,
        glosses=own["glosses"] if translated else None,
        meaning_of_glosses=own["dense"] if translated and not readable else None,
        hybrid=own["hybrid"],
    )


def _run(index: VectorIndex, question: Question, choose: _Choice | None) -> list[str]:
    if choose is None:
        found = candidates(index, question, Filter(), _DEPTH)
    else:
        dense, sparse = choose(question)
        found = index.hybrid(dense=dense, sparse=sparse, where=Filter(), limit=_DEPTH)
    return [it.iri for it in sorted(found, key=lambda it: (-it.score, it.iri))]
