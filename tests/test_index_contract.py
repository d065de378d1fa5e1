"""What every vector index must do: one suite for the embedded one and for the server's.

The server is stood in for by qdrant-client's own memory, which computes IDF and DBSF as the server does.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid5

import numpy as np
import pytest

from language.analyzer import sparse_document, sparse_query
from ontology.errors import FolderDamaged, FolderInUse, ModelMismatch, Unavailable
from ontology.kinds import Iri, Kind
from search.cluster import MEMORY, ClusterIndex
from search.edge import EdgeIndex
from search.exact import ExactIndex
from search.index import Filter, Leg, Point, VectorIndex

SPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
DIMENSION = 4
MODEL = "test@1"


def axis(*weights: float) -> np.ndarray:
    vector = np.array([*weights, *[0.0] * (DIMENSION - len(weights))], dtype=np.float32)
    return vector / np.linalg.norm(vector)


def point(slug: str, text: str, dense: np.ndarray | None = None, **more: object) -> Point:
    return Point(
        id=uuid5(SPACE, slug),
        iri=Iri(f"urn:{slug}"),
        kind=more.pop("kind", Kind.TOOL),
        lang="en",
        text=text,
        text_hash=f"hash of {text}",
        dense=dense,
        sparse=sparse_document(text, 3),
        **more,
    )


CLUB = point("club", "video club", axis(1, 0), content_languages=("he",), grades=(7, 12), research_grade=2)
CARDS = point(
    "cards", "exit cards", axis(0, 1), subjects=("urn:maths",), grades=(0, 6), research_grade=0, field_grade=3
)
STUDY = point("study", "lesson study video", axis(0.8, 0.6), kind=Kind.SOURCE, statuses=("unverified",))
HEBREW = point("hebrew", "מועדון וידאו")
ANYTHING = Filter()
POINTS = [CLUB, CARDS, STUDY, HEBREW]


INDEXES: dict[str, Callable[[Path], VectorIndex]] = {
    "edge": lambda folder: EdgeIndex(folder, MODEL, DIMENSION),
    "exact": lambda folder: ExactIndex(folder, MODEL, DIMENSION),
    "cluster": lambda folder: ClusterIndex(MEMORY, MODEL, DIMENSION, folder.name),
}


@pytest.fixture(params=INDEXES)
def index(request, tmp_path) -> Iterator[VectorIndex]:
    made = INDEXES[request.param](tmp_path / "index")
    yield made
    made.close()


def found(index: VectorIndex, dense: np.ndarray | None = None, query: str = "", where: Filter = ANYTHING) -> list[Iri]:
    sparse = [Leg(sparse_query(query))] if query else []
    return [it.iri for it in index.hybrid(dense=dense, sparse=sparse, where=where, limit=10)]


def test_a_new_index_is_empty(index):
    assert (index.name, index.watermark, index.average_length, index.count()) == (MODEL, 0, 0.0, 0)
    assert index.hashes() == {}
    assert found(index, axis(1), "video") == []


def test_points_come_back_whole(index):
    index.upsert(POINTS)
    [hit] = index.hybrid(dense=None, sparse=[Leg(sparse_query("lesson"))], where=Filter(), limit=10)
    assert (hit.id, hit.iri, hit.kind, hit.lang, hit.text) == (STUDY.id, STUDY.iri, Kind.SOURCE, "en", STUDY.text)
    assert hit.payload["statuses"] == ["unverified"]
    assert index.hashes()[STUDY.id] == STUDY.text_hash
    assert index.count() == len(POINTS)


def test_the_dense_vectors_can_be_read_with_their_entities(index):
    assert list(index.dense()) == []
    index.upsert([*POINTS, replace(CLUB, id=uuid5(SPACE, "second passage"), dense=axis(0, 0, 1))])
    read = sorted((iri, vector.tolist()) for iri, vector in index.dense())
    assert [iri for iri, _ in read] == [CARDS.iri, CLUB.iri, CLUB.iri, STUDY.iri]
    assert read[0][1] == pytest.approx(axis(0, 1).tolist())


def test_a_leg_can_ask_passages_of_one_language_only(index):
    index.upsert(POINTS)
    everywhere, hebrew = Leg(sparse_query("video lesson")), Leg(sparse_query("video lesson"), "he")
    assert index.hybrid(dense=None, sparse=[everywhere], where=Filter(), limit=10)
    assert index.hybrid(dense=None, sparse=[hebrew], where=Filter(), limit=10) == []
    both = index.hybrid(dense=None, sparse=[everywhere, hebrew], where=Filter(), limit=10)
    assert {it.lang for it in both} == {"en"}


def test_putting_the_same_points_in_twice_changes_nothing(index):
    index.upsert(POINTS)
    before = index.hybrid(dense=axis(1), sparse=[Leg(sparse_query("video"))], where=Filter(), limit=10)
    index.upsert(POINTS)
    assert index.count() == len(POINTS)
    after = index.hybrid(dense=axis(1), sparse=[Leg(sparse_query("video"))], where=Filter(), limit=10)
    assert [(it.id, round(it.score, 4)) for it in after] == [(it.id, round(it.score, 4)) for it in before]


def test_a_point_replaces_the_one_with_its_id(index):
    index.upsert(POINTS)
    index.upsert([replace(CLUB, text="reading circle", text_hash="new", sparse=sparse_document("reading circle", 3))])
    assert found(index, query="club") == []
    assert found(index, query="circle") == [CLUB.iri]
    assert index.hashes([CLUB.iri]) == {CLUB.id: "new"}


def test_deleting_is_idempotent_and_ignores_strangers(index):
    index.upsert(POINTS)
    for _ in range(2):
        index.delete([CLUB.id, uuid5(SPACE, "stranger")])
    index.delete([])
    assert index.hashes().keys() == {CARDS.id, STUDY.id, HEBREW.id}


def test_each_leg_alone_and_both(index):
    index.upsert(POINTS)
    assert found(index, axis(1)) == [CLUB.iri, STUDY.iri, CARDS.iri]
    assert found(index, query="video club") == [CLUB.iri, STUDY.iri]
    assert found(index, axis(0, 1), "video club")[0] in {CARDS.iri, CLUB.iri}
    assert set(found(index, axis(0, 1), "video club")) == {CLUB.iri, CARDS.iri, STUDY.iri}
    assert found(index) == []
    assert index.hybrid(dense=None, sparse=[Leg({})], where=Filter(), limit=10) == []
    assert found(index, axis(1), "😀") == found(index, axis(1))


def test_what_has_no_vector_is_found_by_its_words_only(index):
    index.upsert(POINTS)
    assert found(index, query="מועדון") == [HEBREW.iri]
    assert HEBREW.iri not in found(index, axis(1))
    assert index.vectors([CLUB.id, HEBREW.id]).keys() == {CLUB.id}
    np.testing.assert_allclose(index.vectors([CLUB.id])[CLUB.id], CLUB.dense, atol=1e-6)
    assert index.vectors([]) == {}


def test_rare_words_weigh_more(index):
    index.upsert([*(point(f"common{it}", f"video number{it}") for it in range(8)), point("rare", "zoetrope number9")])
    hits = index.hybrid(dense=None, sparse=[Leg(sparse_query("video zoetrope"))], where=Filter(), limit=10)
    assert hits[0].iri == "urn:rare"
    assert hits[0].score > 3 * hits[1].score


def test_the_best_of_both_legs_is_first(index):
    index.upsert([*POINTS, *(point(f"other{it}", f"thing{it}", axis(0, 0, 1, it)) for it in range(20))])
    assert found(index, axis(1), "video club")[0] == CLUB.iri


def test_every_index_gives_the_same_scores(tmp_path):
    """One rule of fusion: Qdrant Edge, numpy, and Qdrant as its client computes it."""
    chance = np.random.default_rng(11)
    vectors = [axis(*it) for it in chance.standard_normal((60, DIMENSION))]
    words = ["video", "club", "lesson", "study", "exit", "cards", "circle", "zoetrope"]
    texts = [" ".join(chance.choice(words[: 2 + it % 7], 5)) for it in range(60)]
    points = [point(f"p{it}", texts[it], vectors[it] if it % 3 else None) for it in range(60)]
    legs = [Leg(sparse_query("video lesson zoetrope")), Leg(sparse_query("cards"), "en")]
    told = {}
    for name, make in INDEXES.items():
        index = make(tmp_path / name)
        index.upsert(points)
        for where in (Filter(), Filter(iris=frozenset(it.iri for it in points[:40]))):
            found = index.hybrid(dense=axis(1, 0.5), sparse=legs, where=where, limit=30)
            told.setdefault(name, []).append({it.id: it.score for it in found})
        index.close()
    for scores, others in zip(told["exact"], zip(told["edge"], told["cluster"], strict=True), strict=True):
        for other in others:
            common = scores.keys() & other.keys()
            assert len(common) >= 29, "the last places may be tied"
            assert [scores[it] for it in common] == pytest.approx([other[it] for it in common], abs=1e-4)


def test_each_index_has_a_name_of_its_own_among_all_that_there_were(index):
    assert index.generation == "index"


def test_a_retired_index_answers_who_holds_it_until_they_let_go(tmp_path):
    for name, make in INDEXES.items():
        index = make(tmp_path / name)
        index.upsert(POINTS)
        index.commit(1)
        index.retire()
        assert found(index, query="lesson") == [STUDY.iri]
        assert name == "cluster" or (tmp_path / name).is_dir()
        del index
        assert not (tmp_path / name).exists()


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Filter(kinds=frozenset({Kind.SOURCE})), [STUDY]),
        (Filter(kinds=frozenset({Kind.SOURCE, Kind.TOOL})), [CLUB, CARDS, STUDY]),
        (Filter(kinds=frozenset()), []),
        (Filter(content_lang="he"), [CLUB, CARDS, STUDY]),
        (Filter(content_lang="ar"), [CARDS, STUDY]),
        (Filter(subject="urn:physics"), [CLUB, STUDY]),
        (Filter(subject="urn:maths"), [CLUB, CARDS, STUDY]),
        (Filter(grade=7), [CLUB, STUDY]),
        (Filter(grade=0), [CARDS, STUDY]),
        (Filter(grade=6, kinds=frozenset({Kind.TOOL})), [CARDS]),
        (Filter(min_research_grade=0), [CLUB, CARDS]),
        (Filter(min_research_grade=1), [CLUB]),
        (Filter(min_field_grade=2), [CARDS]),
        (Filter(iris=frozenset({CLUB.iri, HEBREW.iri})), [CLUB]),
        (Filter(iris=frozenset()), []),
    ],
)
def test_filters_hold_in_both_legs_and_in_counts(index, where, expected):
    index.upsert([CLUB, CARDS, STUDY])
    names = {it.iri for it in expected}
    assert set(found(index, axis(1, 1), where=where)) == names
    assert set(found(index, query="video exit cards club", where=where)) == names
    assert set(found(index, axis(1, 1), "video exit cards club", where)) == names
    assert index.count(where) == len(names)


def test_a_filter_does_not_eat_into_the_candidates(index):
    index.upsert([*(point(f"near{it}", "video", axis(1, it / 1000)) for it in range(150)), STUDY])
    assert found(index, axis(1), "video", Filter(kinds=frozenset({Kind.SOURCE}))) == [STUDY.iri]


def test_hashes_of_some_entities_and_of_more_than_a_page(index):
    index.upsert([point(f"p{it}", f"text{it}") for it in range(1203)])
    assert len(index.hashes()) == 1203
    assert index.hashes([Iri("urn:p7"), Iri("urn:nothing")]) == {uuid5(SPACE, "p7"): "hash of text7"}
    assert index.hashes([]) == {}


def test_the_watermark_moves_with_a_commit(index):
    index.upsert(POINTS)
    index.commit(7, 12.5)
    assert (index.watermark, index.average_length) == (7, 12.5)
    index.commit(8)
    assert (index.watermark, index.average_length) == (8, 12.5)


def test_closing_twice_is_harmless(index):
    index.close()
    index.close()


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "index"


@pytest.fixture(params=[EdgeIndex, ExactIndex])
def embedded(request) -> type[EdgeIndex] | type[ExactIndex]:
    """An index in a folder."""
    return request.param


def test_what_was_committed_is_there_after_reopening(embedded, folder):
    index = embedded(folder, MODEL, DIMENSION)
    index.upsert(POINTS)
    index.delete([CARDS.id])
    index.commit(3, 2.0)
    index.close()
    again = embedded(folder, MODEL, DIMENSION)
    assert (again.watermark, again.average_length, again.count()) == (3, 2.0, len(POINTS) - 1)
    assert found(again, axis(1), "video club")[0] == CLUB.iri
    again.close()


def test_an_index_is_open_once(embedded, folder):
    index = embedded(folder, MODEL, DIMENSION)
    with pytest.raises(FolderInUse, match="open in process"):
        embedded(folder, MODEL, DIMENSION)
    index.close()
    embedded(folder, MODEL, DIMENSION).close()


@pytest.mark.parametrize(("model", "dimension"), [("other@2", DIMENSION), (MODEL, 8)])
def test_vectors_of_another_model_are_refused_and_the_folder_let_go(embedded, folder, model, dimension):
    embedded(folder, MODEL, DIMENSION).close()
    with pytest.raises(ModelMismatch, match=MODEL):
        embedded(folder, model, dimension)
    embedded(folder, MODEL, DIMENSION).close()


def test_a_damaged_file_of_the_exact_index_is_reported_with_the_remedy(folder):
    index = ExactIndex(folder, MODEL, DIMENSION)
    index.upsert(POINTS)
    index.commit(3)
    index.close()
    (folder / "points.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(FolderDamaged, match="cannot be opened") as refused:
        ExactIndex(folder, MODEL, DIMENSION)
    assert "reindex" in refused.value.remedy
    (folder / "points.sqlite").unlink()
    again = ExactIndex(folder, MODEL, DIMENSION)
    assert (again.count(), again.watermark) == (0, 0), "what is gone is indexed again"
    again.close()


def test_rows_that_are_dead_are_left_out_when_they_are_many(folder):
    index = ExactIndex(folder, MODEL, DIMENSION)
    for round_ in range(4):
        index.upsert([point(f"p{it}", f"text{it} round{round_}", axis(it, round_)) for it in range(600)])
        index.commit(round_ + 1)
    assert index.count() == 600
    assert len(found(index, query="round3")) == 10
    assert found(index, query="round1") == []
    assert found(index, axis(3, 3)) == found(index, axis(1, 1))
    index.close()


def test_a_shard_that_was_lost_is_made_anew_and_the_watermark_forgotten(folder):
    index = EdgeIndex(folder, MODEL, DIMENSION)
    index.upsert(POINTS)
    index.commit(3)
    index.close()
    (folder / "shard").rename(folder / "elsewhere")
    again = EdgeIndex(folder, MODEL, DIMENSION)
    assert (again.watermark, again.count()) == (0, 0)
    again.close()


def test_damage_is_reported_with_the_remedy(folder):
    index = EdgeIndex(folder, MODEL, DIMENSION)
    index.upsert(POINTS)
    index.commit(3)
    index.close()
    (folder / "shard" / "edge_config.json").write_text("{")
    with pytest.raises(FolderDamaged, match="cannot be opened") as refused:
        EdgeIndex(folder, MODEL, DIMENSION)
    assert "reindex" in refused.value.remedy
    (folder / "state.json").write_text("{")
    with pytest.raises(FolderDamaged, match=r"state\.json"):
        EdgeIndex(folder, MODEL, DIMENSION)


def test_a_shard_whose_making_was_interrupted_is_made_again(folder):
    (folder / "shard").mkdir(parents=True)
    (folder / "shard" / "half").write_text("")
    index = EdgeIndex(folder, MODEL, DIMENSION)
    index.upsert(POINTS)
    assert index.count() == len(POINTS)
    index.close()


def test_a_server_that_does_not_answer_is_unavailable():
    with pytest.raises(Unavailable, match=r"http://127\.0\.0\.1:9") as refused:
        ClusterIndex("http://127.0.0.1:9", MODEL, DIMENSION)
    assert "KESHER_QDRANT_URL" in refused.value.remedy


WRITER = """
import sys
from pathlib import Path
from tests.test_index_contract import DIMENSION, INDEXES, axis, point

index = INDEXES[sys.argv[2]](Path(sys.argv[1]))
while True:
    number = index.watermark + 1
    index.upsert([point(f"{number}-{it}", f"text{number} part{it}", axis(number, it)) for it in range(50)])
    index.delete([point(f"{number - 1}-{it}", "").id for it in range(25)])
    index.commit(number)
"""


@pytest.mark.soak
@pytest.mark.parametrize("made_by", ["edge", "exact"])
def test_a_killed_writer_loses_nothing_that_was_committed(folder, made_by):
    """Ten kills; the points of every committed batch are whole, and those whose deletion was committed are gone.

    The batch after the last committed one may be there in part: it is written again.
    """
    for moment in range(10):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(folder), made_by], cwd=Path(__file__).parents[1])
        time.sleep(3 + moment * 0.17)
        writer.kill()
        writer.wait()
        index = INDEXES[made_by](folder)
        last, present = index.watermark, index.hashes()
        index.close()
        for number in range(1, last + 1):
            kept = [point(f"{number}-{it}", f"text{number} part{it}") for it in range(25, 50)]
            assert all(present.get(it.id) == it.text_hash for it in kept), (number, last)
        gone = {point(f"{number}-{it}", "").id for number in range(1, last) for it in range(25)}
        assert not present.keys() & gone
    assert last > 10
