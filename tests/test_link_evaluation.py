"""`kesher eval links` reads a collection and gives the scores that the contract names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from language.concept_vectors import silent
from language.linking import Linker
from ontology.errors import UnreadableFile
from search.link_collection import LinkCollection
from search.link_evaluation import calibrate, evaluate_decisions, evaluate_links, find

GOOD = {
    "documents.jsonl": '{"_id": "d", "text": "Adding fractions"}',
    "concepts.jsonl": '{"_id": "a", "labels": {"en": ["Fraction"]}}',
    "qrels.tsv": "document\tconcept\tgrade\nd\ta\t1",
}


def scores(collection: LinkCollection) -> Mapping[str, Mapping[str, float]]:
    linker = Linker(collection.labels)
    return evaluate_links(find(collection.documents, linker, silent), linker)


def scores_of(folder: Path) -> Mapping[str, float]:
    return scores(LinkCollection.read(folder))["all"]


def test_one_right_and_one_missed_concept_give_their_scores(tmp_path: Path) -> None:
    (tmp_path / "documents.jsonl").write_text('{"_id": "d", "text": "Adding fractions", "lang": "en"}\n')
    concepts = ('{"_id": "a", "labels": {"en": ["Fraction"]}}', '{"_id": "b", "labels": {"en": ["Algebra"]}}')
    (tmp_path / "concepts.jsonl").write_text("\n".join(concepts))
    (tmp_path / "qrels.tsv").write_text("d\ta\t1\nd\tb\t1\n")
    found = scores_of(tmp_path)
    assert found["f1@5"] == pytest.approx(2 / 3)
    assert found["recall@20"] == 0.5
    assert 0 < found["ece"] < 1


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


def written(folder: Path, documents: int) -> LinkCollection:
    """Documents of which each names three concepts, the last of them is right."""
    names = ("Algebra", "Geometry", "Statistics")
    texts = {f"d{n}": " and ".join(names[n % 3 :] + names[: n % 3]) for n in range(documents)}
    right = {name: names[(n + 2) % 3] for n, name in enumerate(texts)}
    rows = [
        json.dumps({"_id": name, "text": text, "lang": ("en", "fr")[n % 2]})
        for n, (name, text) in enumerate(texts.items())
    ]
    (folder / "documents.jsonl").write_text("\n".join(rows))
    (folder / "concepts.jsonl").write_text("\n".join(json.dumps({"_id": it, "labels": {"en": [it]}}) for it in names))
    (folder / "qrels.tsv").write_text("".join(f"{name}\t{it}\t1\n" for name, it in right.items()))
    return LinkCollection.read(folder)


def test_decisions_improve_the_documents_that_are_not_decided(tmp_path: Path) -> None:
    collection = written(tmp_path, 300)
    linker = Linker(collection.labels)
    found, model = evaluate_decisions(find(collection.documents, linker, silent), linker, 100)
    assert list(found) == ["rest, without", "rest, with 100 decided"]
    assert found["rest, with 100 decided"]["ndcg@10"] > found["rest, without"]["ndcg@10"] + 0.2
    assert found["rest, with 100 decided"]["ece"] < 0.05
    assert model.decisions == 300


def test_languages_are_told_apart_and_each_half_is_there(tmp_path: Path) -> None:
    collection = written(tmp_path, 60)
    found = scores(collection)
    assert list(found) == ["all", "en", "fr", "fitted", "other"]


def test_the_calibration_is_fitted_on_one_half_alone(tmp_path: Path) -> None:
    collection = written(tmp_path, 60)
    linker = Linker(collection.labels)
    found = find(collection.documents, linker, silent)
    half = [it for it in found if sha256(it.document.name.encode()).digest()[0] % 2 == 0]
    assert calibrate(half, linker) == calibrate(found, linker)
