"""How what was said and its translation come together, over the real index."""

from collections.abc import Iterator
from uuid import NAMESPACE_OID, uuid5

import pytest

from language.analyzer import sparse_document
from language.hashing import HashEncoder
from language.script import covered, language_of
from ontology.kinds import Iri, Kind
from search.edge import EdgeIndex
from search.index import Filter, Point, VectorIndex
from search.question import ask
from search.retrieval import candidates, said_part

ENCODER = HashEncoder()
QUERY = "איך מורים מנתחים סרטוני וידאו של שיעורים"
HEBREW = "מורים מנתחים יחד סרטוני וידאו של שיעורים שצילמו"
ENGLISH = ("teachers analyse video clips of lessons", "video of a lesson for teachers", "lessons on video")


def point(name: str, text: str) -> Point:
    readable = covered(text, ENCODER.languages)
    return Point(
        id=uuid5(NAMESPACE_OID, name),
        iri=Iri(name),
        kind=Kind.TOOL,
        lang=language_of(text),
        text=text,
        text_hash="",
        dense=ENCODER.encode_documents([text])[0] if readable else None,
        sparse=sparse_document(text, 8),
    )


@pytest.fixture
def index(tmp_path) -> Iterator[VectorIndex]:
    made = EdgeIndex(tmp_path / "index", ENCODER.name, ENCODER.dimension)
    others = [point(f"other{it}", text) for it, text in enumerate(("חוג קריאה למבוגרים", "reading circle", "budget"))]
    made.upsert([point("hebrew", HEBREW), *(point(f"en{it}", text) for it, text in enumerate(ENGLISH)), *others])
    yield made
    made.close()


def test_what_is_written_in_the_user_s_language_alone_stands_above_translations_that_say_no_more(index):
    question = ask(QUERY, ENCODER)
    assert question.english
    found = [it.iri for it in candidates(index, question, Filter(), 10)]
    assert found[0] == "hebrew"
    assert {"en0", "en1", "en2"} <= set(found)
    plain = index.hybrid(dense=question.dense, sparse=question.sparse, where=Filter(), limit=10)
    assert plain[0].iri != "hebrew"  # the sum of all legs puts English above it


def test_a_name_in_the_user_s_language_lowers_nothing_where_its_entity_is_in_english_too(index):
    question = ask(QUERY, ENCODER)
    alone = {it.iri: it.score for it in candidates(index, question, Filter(), 10)}
    both = {it.iri: it.score for it in candidates(index, question, Filter(), 10, lambda _: True)}
    assert both["en0"] > alone["en0"] > 0
    assert both["hebrew"] == alone["hebrew"]


def test_a_question_without_glosses_is_fused_by_the_index_alone(index):
    question = ask("video of lessons", ENCODER)
    assert not question.english
    assert candidates(index, question, Filter(), 10) == index.hybrid(
        dense=question.dense, sparse=question.sparse, where=Filter(), limit=10
    )


def test_without_an_encoder_words_and_glosses_still_meet(index):
    found = [it.iri for it in candidates(index, ask(QUERY, None), Filter(), 10)]
    assert found[0] == "hebrew"
    assert "en0" in found


def test_filters_hold_on_both_sides(index):
    assert candidates(index, ask(QUERY, ENCODER), Filter(kinds=frozenset({Kind.SOURCE})), 10) == []
    only = Filter(iris=frozenset({Iri("en1")}))
    assert [it.iri for it in candidates(index, ask(QUERY, ENCODER), only, 10)] == ["en1"]


def test_the_part_of_a_question_that_a_text_says():
    assert said_part("video of lessons", "A lesson on video.") == 1
    assert said_part("video budget", "A lesson on video.") == 0.5
    assert said_part("of the", "of the") == 0
    assert 0 < said_part("תלמידים", "התלמיד") < 1
