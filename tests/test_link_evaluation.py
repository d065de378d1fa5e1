"""`kesher eval links` reads a collection and gives the scores that the contract names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from language.concept_vectors import silent
from language.linking import Linker
from ontology.errors import UnreadableFile
from search.link_collection import LinkCollection
from search.link_evaluation import evaluate_links

GOOD = {
    "documents.jsonl": '{"_id": "d", "text": "Adding fractions"}',
    "concepts.jsonl": '{"_id": "a", "labels": {"en": ["Fraction"]}}',
    "qrels.tsv": "document\tconcept\tgrade\nd\ta\t1",
}


def scores_of(folder: Path) -> Mapping[str, float]:
    collection = LinkCollection.read(folder)
    return evaluate_links(collection.documents, Linker(collection.labels), silent)["all"]


def test_one_right_and_one_missed_concept_give_their_scores(tmp_path: Path) -> None:
    (tmp_path / "documents.jsonl").write_text('{"_id": "d", "text": "Adding fractions", "lang": "en"}\n')
    concepts = ('{"_id": "a", "labels": {"en": ["Fraction"]}}', '{"_id": "b", "labels": {"en": ["Algebra"]}}')
    (tmp_path / "concepts.jsonl").write_text("\n".join(concepts))
    (tmp_path / "qrels.tsv").write_text("d\ta\t1\nd\tb\t1\n")
    scores = scores_of(tmp_path)
    assert scores["f1@5"] == pytest.approx(2 / 3)
    assert scores["recall@20"] == 0.5
    assert 0 < scores["ece"] < 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("documents.jsonl", '{"_id": "d"}', "documents.jsonl, line 1"),
        ("documents.jsonl", '{"_id": "d", "text": "x"}\n[[[', "documents.jsonl, line 2"),
        ("concepts.jsonl", '{"_id": "a", "labels": {"en": "Fraction"}}', "concepts.jsonl, line 1"),
        ("qrels.tsv", "d\ta\t1\nd\ta", "qrels.tsv, line 2"),
        ("qrels.tsv", "x\ta\t1", "No document"),
        ("qrels.tsv", None, "qrels.tsv cannot be read"),
    ],
)
def test_a_broken_collection_says_where(tmp_path: Path, name: str, content: str | None, said: str) -> None:
    for file, text in (GOOD | {name: content}).items():
        if text is not None:
            (tmp_path / file).write_text(text)
    with pytest.raises(UnreadableFile, match=said):
        LinkCollection.read(tmp_path)


def test_a_header_among_judgements_is_no_judgement(tmp_path: Path) -> None:
    for file, text in GOOD.items():
        (tmp_path / file).write_text(text)
    assert scores_of(tmp_path)["recall@20"] == 1
