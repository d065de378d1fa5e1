import json
from math import log2
from pathlib import Path

import pytest

from language.hashing import HashEncoder
from ontology.errors import UnreadableFile
from search.collection import Collection
from search.evaluate import evaluate_retrieval
from search.metrics import mean, ndcg, overlap, recall, reciprocal_rank
from search.report import Ranking, Scores, scores


def test_ndcg_by_hand():
    judged = {"a": 1.0, "b": 1.0}
    assert ndcg(["a", "b", "x"], judged, 10) == 1
    assert ndcg(["x", "a"], judged, 10) == pytest.approx((1 / log2(3)) / (1 + 1 / log2(3)))
    assert ndcg(["x", "a"], judged, 1) == 0
    assert ndcg(["a"], judged, 1) == 1
    assert ndcg([], judged, 10) == 0
    assert ndcg(["a"], {}, 10) == 0
    assert ndcg(["a"], {"a": 0.0}, 10) == 0


def test_ndcg_with_grades_by_hand():
    judged = {"a": 2.0, "b": 1.0}
    assert ndcg(["b", "a"], judged, 10) == pytest.approx((1 + 3 / log2(3)) / (3 + 1 / log2(3)))


def test_recall_by_hand():
    judged = {"a": 1.0, "b": 2.0, "c": 0.0}
    assert recall(["a", "c", "x"], judged, 100) == 0.5
    assert recall(["x", "a", "b"], judged, 2) == 0.5
    assert recall(["a"], {"c": 0.0}, 100) == 0


def test_reciprocal_rank_by_hand():
    assert reciprocal_rank(["x", "a", "b"], {"a", "b"}, 10) == 0.5
    assert reciprocal_rank(["x", "a"], {"a"}, 1) == 0
    assert reciprocal_rank([], {"a"}, 10) == 0


def test_the_measures_of_rankings_are_means():
    found = scores([Ranking(["x", "a"], {"a": 1.0}), Ranking(["x"], {"a": 1.0, "x": 0.0})])
    assert (found.mrr, found.hit_at_10, found.recall_at_100) == (0.25, 0.5, 0.5)


def test_overlap_by_hand():
    assert overlap(["a", "b", "c"], ["b", "a", "d"], 2) == 1
    assert overlap(["a", "b"], ["b", "x"], 10) == 0.1


def test_mean():
    assert mean([1, 0]) == 0.5
    assert mean([]) == 0


DOCUMENTS = [
    {"_id": "d1", "title": "Video clubs", "text": "Teachers discuss clips of lessons."},
    {"_id": "d2", "title": "", "text": "Balancing chemical equations with models."},
    {"_id": "d3", "text": "מועדון וידאו של מורים."},
]
QUERIES = [
    {"_id": "q1", "text": "clips of lessons"},
    {"_id": "q2", "text": "chemical equations"},
    {"_id": "q3", "text": "x"},
]
JUDGEMENTS = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n"


def collection(
    folder: Path, documents: list[object] = DOCUMENTS, queries: list[object] = QUERIES, qrels: str = JUDGEMENTS
) -> Path:
    (folder / "corpus.jsonl").write_text("\n".join(json.dumps(it) for it in documents))
    (folder / "queries.jsonl").write_text("\n".join(json.dumps(it) for it in queries) + "\n\n")
    (folder / "qrels.tsv").write_text(qrels)
    return folder


def test_a_collection_is_read_with_or_without_a_header(tmp_path):
    read = Collection.read(collection(tmp_path))
    assert read.documents["d1"] == "Video clubs Teachers discuss clips of lessons."
    assert read.documents["d2"] == "Balancing chemical equations with models."
    assert list(read.queries) == ["q1", "q2"]
    assert read.judgements == {"q1": {"d1": 1.0}, "q2": {"d2": 1.0}}
    assert Collection.read(collection(tmp_path, qrels=JUDGEMENTS.partition("\n")[2])).judgements == read.judgements


def test_each_leg_is_measured_alone_and_both(tmp_path):
    told: list[tuple[int, int]] = []
    report = evaluate_retrieval(collection(tmp_path), HashEncoder(), lambda done, of: told.append((done, of)))
    perfect = {"ndcg@10": 1.0, "mrr": 1.0, "hit@10": 1.0, "recall@100": 1.0}
    legs = {"queries": 2, "lexical": perfect, "dense": perfect, "hybrid": perfect}
    assert report.as_json() == {**legs, "languages": {"en": legs}}
    assert told == [(3, 3)]


def test_the_dense_leg_is_left_out_where_the_model_is_blind(tmp_path):
    queries, qrels = [{"_id": "q", "text": "מועדון וידאו"}], "q\td3\t1\n"
    report = evaluate_retrieval(collection(tmp_path, queries=queries, qrels=qrels), HashEncoder())
    assert report.as_json()["dense"] is None
    assert report.every.lexical == Scores(1, 1, 1, 1)
    assert report.every.hybrid.recall_at_100 == 1.0  # its translation finds the English passage beside it


def test_each_language_has_figures_of_its_own(tmp_path):
    queries = [*QUERIES[:2], {"_id": "he", "text": "מועדון וידאו"}, {"_id": "none", "text": "12 34"}]
    qrels = JUDGEMENTS + "he\td3\t1\nnone\td1\t1\n"
    report = evaluate_retrieval(collection(tmp_path, queries=queries, qrels=qrels), HashEncoder())
    assert {lang: legs.queries for lang, legs in report.languages.items()} == {"en": 2, "he": 1, "und": 1}
    hebrew, every = report.languages["he"], report.every
    assert hebrew.dense is None
    assert hebrew.glosses is not None
    assert hebrew.as_json().keys() >= {"glosses", "meaning_of_glosses"}
    assert every.lexical.hit_at_10 == 0.75
    assert every.best_alone >= every.lexical.ndcg_at_10


@pytest.mark.parametrize(
    ("documents", "queries", "qrels", "place"),
    [
        ([*DOCUMENTS, "no object"], QUERIES, JUDGEMENTS, "line 4"),
        ([{"_id": "d"}], QUERIES, JUDGEMENTS, "line 1"),
        (DOCUMENTS, [7], JUDGEMENTS, "line 1"),
        (DOCUMENTS, QUERIES, "query-id\tcorpus-id\tscore\nq1 d1 1\n", "line 2"),
        (DOCUMENTS, QUERIES, "q1\td1\t1\nq1\td1\tmuch\n", "line 2"),
    ],
)
def test_a_broken_line_is_named(tmp_path, documents, queries, qrels, place):
    with pytest.raises(UnreadableFile) as refused:
        Collection.read(collection(tmp_path, documents, queries, qrels))
    assert refused.value.place == place


def test_a_folder_that_is_no_collection_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match=r"qrels\.tsv"):
        evaluate_retrieval(tmp_path, HashEncoder())
    with pytest.raises(UnreadableFile, match="no documents"):
        evaluate_retrieval(collection(tmp_path, queries=[]), HashEncoder())
    (tmp_path / "corpus.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(UnreadableFile, match="cannot be read"):
        Collection.read(tmp_path)


def test_arabic_questions_find_their_paragraphs(shared):
    """XQuAD in Arabic, whole: 240 paragraphs, 1,190 questions. No model takes part."""
    report = evaluate_retrieval(shared / "data" / "retrieval" / "xquad_ar", HashEncoder())
    assert report.every.dense is None
    assert report.every.hybrid.ndcg_at_10 >= 0.95


@pytest.mark.soak
@pytest.mark.parametrize("name", ["scifact", "xquad_en"])
def test_both_legs_together_are_worth_either(shared, encoder, name):
    """SciFact whole takes five minutes to encode on two cores."""
    legs = evaluate_retrieval(shared / "data" / "retrieval" / name, encoder).every
    assert legs.hybrid.ndcg_at_10 >= 0.99 * legs.best_alone
    assert legs.hybrid.ndcg_at_10 >= {"scifact": 0.69, "xquad_en": 0.97}[name]
