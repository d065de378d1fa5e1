"""`kesher eval links` reads a collection and gives the scores that the contract names."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.link_evaluation import evaluate_links


def test_one_right_and_one_missed_concept_give_their_scores(tmp_path: Path) -> None:
    (tmp_path / "documents.jsonl").write_text('{"_id": "d", "text": "Adding fractions", "lang": "en"}\n')
    concepts = ('{"_id": "a", "labels": {"en": ["Fraction"]}}', '{"_id": "b", "labels": {"en": ["Algebra"]}}')
    (tmp_path / "concepts.jsonl").write_text("\n".join(concepts))
    (tmp_path / "qrels.tsv").write_text("d\ta\t1\nd\tb\t1\n")
    scores = evaluate_links(tmp_path)["all"]
    assert scores["f1@5"] == pytest.approx(2 / 3)
    assert scores["recall@20"] == 0.5
    assert 0 < scores["ece"] < 1
