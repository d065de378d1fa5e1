"""What a result offers beside its hits: better words, graph neighbours, broader concepts where nothing answers."""

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from api.cli.terminal import plain
from language.labels import LabelEntry, LabelIndex
from language.lexicons import SHIPPED
from ontology.errors import UnknownEntity
from ontology.kinds import Iri, Kind
from search.answers import ReasonKind, SearchRequest, SearchResult
from search.correction import corrected
from search.explain import statement
from tests.searching import Library, address, library, starter

CLUB = address(Kind.TOOL, "video-club")


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("offers")
    whole = library(folder, starter(folder / "graph"))
    whole.follow(None)
    yield whole
    whole.close()


def ask(knowledge: Library, query: str, **filters: object) -> SearchResult:
    return knowledge.engine.search(SearchRequest(query, **filters))


def test_neighbours_of_the_best_hits_stand_apart_with_the_statement_that_links_them(knowledge):
    result = ask(knowledge, "video club")
    hits = {it.iri for it in result.hits}
    assert result.answered
    assert result.related
    for it in result.related:
        assert it.entity.iri not in hits
        (link,) = it.path
        assert {link.subject, link.object} - {it.entity.iri} <= hits
        assert it.entity.label in plain(it.sentence)
    assert any(it.path[0].subject == CLUB or it.path[0].object == CLUB for it in result.related)


def test_only_the_first_page_has_offers(knowledge):
    first = ask(knowledge, "video club", limit=3)
    second = ask(knowledge, "video club", limit=3, cursor=first.next)
    assert first.related
    assert not second.related


def test_the_sentences_of_neighbours_are_in_the_language_asked_for(knowledge):
    for lang in ("en", "he", "ar"):
        for it in ask(knowledge, "video club", lang=lang).related:
            told = it.path[0]
            assert it.sentence == statement(
                knowledge.engine.labels.best(told.subject, lang).text,
                told.predicate,
                knowledge.engine.labels.best(told.object, lang).text,
                lang,
            )


def test_a_query_without_an_answer_says_so_and_offers_broader_concepts(knowledge):
    result = ask(knowledge, "sourdough bread recipe")
    assert not result.answered
    assert result.broader
    assert not result.related
    for it in result.broader:
        assert it.path[0].subject in {hit.iri for hit in result.hits}
        assert it.path[-1].object == it.entity.iri
        assert it.entity.kind in {Kind.COMPETENCY, Kind.CONCEPT, Kind.SUBJECT}


@pytest.mark.parametrize(
    "query", ["Video club", "רכז מקצוע", "professional noticing", "מתמטיקה", "الرياضيات", "بطاقات الخروج"]
)
def test_what_is_named_is_answered(knowledge, query):
    result = ask(knowledge, query)
    assert result.answered
    assert not result.broader
    assert result.did_you_mean is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("vidoe club", "video club"),
        ("profesional noticing", "professional noticing"),
        ("Video-club evning", "Video-club evening"),
        ("למתמטקה", "למתמטיקה"),
    ],
)
def test_a_misspelt_query_is_offered_in_words_that_are_known(knowledge, typed, meant):
    assert ask(knowledge, typed).did_you_mean == meant


LABELS = LabelIndex(
    [
        LabelEntry(CLUB, Kind.TOOL, "Video club", "en"),
        LabelEntry(CLUB, Kind.TOOL, "מועדון וידאו למורים", "he"),
        LabelEntry(CLUB, Kind.TOOL, "نادي فيديو للمعلّمين المبادرين", "ar"),
    ]
)


def test_words_that_are_known_are_left_as_they_are_typed():
    assert corrected("Vidoe club, 2nd: 12345", LABELS, SHIPPED, []) == "video club, 2nd: 12345"
    assert corrected("video clubs", LABELS, SHIPPED, []) is None  # a form of a word that is known
    assert corrected("a vidoes club", LABELS, SHIPPED, ["Old vidoes of lessons."]) is None  # a passage says it
    assert corrected("mathematics", LABELS, SHIPPED, []) is None  # the lexicons know it
    assert corrected("קלוב", LABELS, SHIPPED, []) is None  # nothing is near


def test_offered_words_have_their_final_letters():
    assert corrected("מועדוון", LABELS, SHIPPED, []) == "מועדון"
    assert corrected("المبادررين", LABELS, SHIPPED, []) == "المبادرين"


def test_scores_carry_their_parts(knowledge):
    first, *others = ask(knowledge, "video club").hits
    assert first.iri == CLUB
    assert first.parts.named
    assert first.parts.words > 0
    assert first.parts.gloss is None
    assert -1 <= first.parts.meaning <= 1
    assert not any(it.parts.named for it in others)
    glossed = ask(knowledge, "משוב אחרי תצפית בשיעור").hits
    assert any(it.parts.gloss for it in glossed)


def test_highlights_are_the_words_that_the_reasons_name(knowledge):
    for query in ("feedback after observing a lesson", "משוב אחרי תצפית בשיעור", "تغذية راجعة بعد مشاهدة درس"):
        marked = 0
        for hit in ask(knowledge, query, limit=20).hits:
            terms = {term for it in hit.because for term in it.terms}
            found = {hit.snippet[start:end] for start, end in hit.highlights}
            assert {it.lower() for it in found} <= {it.lower() for it in terms}
            assert list(hit.highlights) == sorted(hit.highlights)
            marked += len(found)
        assert marked


def test_a_reason_names_the_label_that_has_words_of_the_query(knowledge):
    hits = ask(knowledge, "participation in a video club", lang="he").hits
    named = [(hit, it) for hit in hits for it in hit.because if it.kind is ReasonKind.NAME]
    assert named
    for hit, it in named:
        labels = {knowledge.engine.labels.best(hit.iri, lang).text for lang in ("en", "he", "ar")}
        assert it.label in labels
        assert all(term in it.label for term in it.terms)


# --- the neighbourhood of an entity ---


def reached(knowledge: Library, question: str, **given: Iri) -> set[str]:
    rows = knowledge.graph.select(question, **{name: ox.NamedNode(iri) for name, iri in given.items()})
    return {it["entity"].value for it in rows}


@pytest.mark.parametrize("near", ["tool/video-club", CLUB, "Video club", "video-club"])
def test_a_search_near_an_entity_finds_only_what_is_two_links_away(knowledge, near):
    whole = {it.iri for it in ask(knowledge, "noticing student thinking", limit=100).hits}
    narrow = {it.iri for it in ask(knowledge, "noticing student thinking", limit=100, near=near).hits}
    assert narrow
    assert len(narrow) < len(whole)
    assert {it.iri for it in ask(knowledge, "video club", near=near).hits} >= {CLUB}
    assert narrow <= reached(knowledge, "entity-neighbourhood", near=CLUB)


@pytest.mark.parametrize(
    "near",
    ["competency/obs-2", "subject/physics", "source/karsenty2017", "framework/kesher-competencies", "standard/std-05"],
)
def test_any_kind_of_entity_has_a_neighbourhood(knowledge, near):
    assert ask(knowledge, "teaching", near=near).hits


def test_near_and_role_hold_together(knowledge):
    coach = address(Kind.ROLE, "video-coach")
    both = {it.iri for it in ask(knowledge, "video", role="video-coach", near=CLUB, limit=100).hits}
    assert both
    assert both <= reached(knowledge, "role-neighbourhood", role=coach)
    assert both <= reached(knowledge, "entity-neighbourhood", near=CLUB)


def test_an_unknown_place_is_named_with_the_nearest(knowledge):
    with pytest.raises(UnknownEntity, match="no entity 'tool/vidoe-club'"):
        ask(knowledge, "x", near="tool/vidoe-club")
    with pytest.raises(UnknownEntity) as error:
        ask(knowledge, "x", near="vidoe club")
    assert "tool/video-club" in error.value.remedy


# --- similar ---

ONLY_HEBREW = """
    t:circle a ks:Tool ; skos:prefLabel "מעגל הקשבה"@he ; skos:definition "שיחה במעגל על מה ששמענו בשיעור."@he .
    t:listening a ks:Tool ; skos:prefLabel "שיחת הקשבה"@he ; skos:definition "שיחה על מה ששמענו בשיעור."@he .
    t:quiet a ks:Tool ; skos:prefLabel "حلقة إصغاء"@ar ; skos:definition "محادثة عمّا سمعناه في الدرس."@ar .
    t:loud a ks:Tool ; skos:prefLabel "حلقة حديث"@ar ; skos:definition "محادثة عمّا قلناه في الدرس."@ar .
    t:code a ks:Tool ; skos:prefLabel "X-7" .
"""


def test_entities_without_a_vector_have_similar_ones_by_their_words(tmp_path):
    few = library(tmp_path)
    few.write(ONLY_HEBREW)
    first = {it: few.engine.similar(address(Kind.TOOL, it), "he")[0].iri for it in ("circle", "quiet")}
    assert first == {"circle": address(Kind.TOOL, "listening"), "quiet": address(Kind.TOOL, "loud")}
    assert address(Kind.TOOL, "code") not in {it.iri for it in few.engine.similar(address(Kind.TOOL, "code"), "en")}
    with pytest.raises(UnknownEntity):
        few.engine.similar(Iri("urn:nothing"), "en")
    few.close()
