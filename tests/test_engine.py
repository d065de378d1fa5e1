"""Search through the real stores: a graph on disk, the embedded index, and an encoder."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from language.analyzer import sparse_names
from language.hashing import HashEncoder
from ontology.errors import InvalidParameter, UnknownEntity
from ontology.kinds import DEFAULT_BASE, Iri, Kind
from ontology.model import Change
from search.answers import ReasonKind, SearchRequest
from search.cluster import MEMORY, ClusterIndex
from search.engine import SearchEngine
from search.entities import read_entities
from search.index import Filter, Leg
from search.indexing import Indexer, disagreements
from tests.searching import Library, address, library, load, starter

CLUB = """
    t:video-club a ks:Tool ; skos:prefLabel "Video club"@en , "מועדון וידאו"@he ; ks:status ks:Proposed ;
        skos:definition "Teachers discuss short clips from each other's lessons."@en .
"""
CARDS = """
    t:exit-cards a ks:Tool ; skos:prefLabel "Exit cards"@en ;
        skos:definition "A short question at the end of a lesson."@en .
"""


@pytest.fixture
def empty(tmp_path) -> Iterator[Library]:
    made = library(tmp_path)
    yield made
    made.close()


def slugs(result: object) -> list[str]:
    return [it.iri.rpartition("/")[2] for it in result.hits]


# --- following the graph ---


def test_what_is_written_is_found_and_what_is_taken_away_is_not(empty):
    assert empty.write(CLUB) == 2
    assert empty.write(CARDS, "source/cards") == 1
    assert slugs(empty.engine.search(SearchRequest("clips")))[0] == "video-club"
    assert empty.write("", "source/test") == 0
    assert "video-club" not in slugs(empty.engine.search(SearchRequest("clips")))
    assert empty.index.count() == 1
    assert empty.index.watermark == 3


def test_only_what_changed_is_encoded_again(empty):
    empty.write(CLUB + CARDS)
    assert empty.write(CLUB + CARDS) == 0
    assert empty.write(CLUB + CARDS.replace("short question", "brief question")) == 1
    assert empty.write(CLUB.replace("ks:Proposed", "ks:Illustrative") + CARDS) == 2 + 1
    hit = empty.engine.search(SearchRequest("video club")).hits[0]
    assert hit.statuses == ("illustrative",)


def test_a_change_that_knows_not_what_it_touched_means_all(empty):
    empty.write(CLUB)
    empty.write(CARDS, "source/cards")
    assert empty.follow(None) == 0
    assert empty.index.count() == 3


def test_changes_that_were_seen_are_passed_over(empty):
    empty.write(CLUB)
    assert empty.indexer.catch_up([Change(1, None), Change(0, None)]) == 0
    assert empty.indexer.catch_up([]) == 0
    assert empty.index.watermark == 1


def test_several_changes_are_followed_at_once(empty):
    empty.write(CLUB)
    iris = [frozenset({address(Kind.TOOL, "video-club")}), frozenset({Iri("urn:gone")})]
    assert empty.indexer.catch_up([Change(2, iris[0]), Change(9, iris[1])]) == 0
    assert empty.index.watermark == 9


def test_progress_is_told_to_the_end(empty):
    told: list[tuple[int, int]] = []
    load(empty.graph, "".join(f't:t{it} a ks:Tool ; skos:prefLabel "Tool {it}"@en .' for it in range(300)))
    assert empty.indexer.fill(1, progress=lambda done, of: told.append((done, of))) == 300
    assert told == [(128, 300), (256, 300), (300, 300)]


def test_an_interrupted_indexing_continues_where_it_was(empty, monkeypatch):
    load_all = "".join(f't:t{it} a ks:Tool ; skos:prefLabel "Tool {it}"@en .' for it in range(300))
    encode, calls = HashEncoder.encode_documents, []

    def failing(self: HashEncoder, texts: list[str]) -> object:
        calls.append(len(texts))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return encode(self, texts)

    monkeypatch.setattr(HashEncoder, "encode_documents", failing)
    with pytest.raises(KeyboardInterrupt):
        empty.write(load_all)
    assert empty.index.watermark == 0
    assert empty.indexer.catch_up([Change(1, None)]) == 300 - 256
    assert empty.index.count() == 300


def test_filling_brings_in_what_is_missing_and_takes_out_what_is_no_more(empty):
    load(empty.graph, CLUB + CARDS)
    assert empty.indexer.fill(5) == 3
    assert (empty.index.count(), empty.index.watermark) == (3, 5)
    empty.index.delete(list(empty.index.hashes())[:2])
    load(empty.graph, CLUB)
    assert empty.indexer.fill(6) <= 2
    assert disagreements(empty.graph, empty.index) == []


def test_what_is_new_is_found_by_its_words_where_the_model_is_gone_and_encoded_when_it_is_back(empty):
    empty.write(CLUB)
    load(empty.graph, CARDS, "source/later")
    later = [Change(2, frozenset({address(Kind.TOOL, "exit-cards")}))]
    for _ in range(2):
        assert Indexer(empty.graph, empty.index, None).catch_up(later) == 1
        empty.engine.refresh()
        assert empty.index.watermark == 1
    words_only = empty.engine.over(empty.index, None).search(SearchRequest("cards"))
    assert slugs(words_only)[0] == "exit-cards"
    assert empty.indexer.catch_up(later) == 1
    assert empty.index.watermark == 2
    assert len(empty.index.vectors(empty.index.hashes())) == 2


def test_only_languages_that_the_model_covers_get_vectors(empty):
    empty.write(CLUB)
    assert len(empty.index.vectors(empty.index.hashes())) == 1
    assert empty.index.count() == 2


def test_the_server_s_index_follows_the_same_way(tmp_path):
    made = library(tmp_path)
    made.write(CLUB + CARDS)
    server = ClusterIndex(MEMORY, made.encoder.name, made.encoder.dimension)
    assert Indexer(made.graph, server, made.encoder).catch_up([Change(1, None)]) == 3
    assert server.hashes() == made.index.hashes()
    engine = SearchEngine(made.graph, server, made.encoder, DEFAULT_BASE)
    request = SearchRequest("clips of lessons")
    ours, theirs = made.engine.search(request), engine.search(request)
    assert slugs(ours) == slugs(theirs)
    assert [it.score for it in ours.hits] == pytest.approx([it.score for it in theirs.hits], abs=1e-3)
    made.close()


def test_searches_and_writes_may_run_at_once(empty):
    empty.write(CLUB + CARDS)
    with ThreadPoolExecutor(4) as pool:
        writes = pool.submit(lambda: [empty.write(CLUB + CARDS.replace("short", f"short{it}")) for it in range(5)])
        found = list(pool.map(lambda _: slugs(empty.engine.search(SearchRequest("video clips"))), range(40)))
        writes.result()
    assert all(it[0] == "video-club" for it in found)


# --- asking ---


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory) -> Iterator[Library]:
    folder: Path = tmp_path_factory.mktemp("knowledge")
    made = library(folder, starter(folder / "graph"))
    made.follow(None)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("query", "slug", "lang"),
    [
        ("LEA.1", "lea-1", "en"),
        ("video-lm", "video-lm", "en"),
        ("https://w3id.org/kesher/id/tool/video-lm", "video-lm", "en"),
        ("School subject coordinator", "subject-coordinator", "en"),
        ("רכזת מקצוע", "subject-coordinator", "he"),
        ("רכז מקצוע", "subject-coordinator", "he"),
        ("مركز الموضوع", "subject-coordinator", "ar"),
        ("std-01", "std-01", "en"),
    ],
)
def test_an_exact_name_or_address_comes_first_and_says_so(knowledge, query, slug, lang):
    first = knowledge.engine.search(SearchRequest(query, lang=lang)).hits[0]
    assert first.iri.rpartition("/")[2] == slug
    assert first.because[0].kind is ReasonKind.LABEL
    assert first.lang == lang


def test_hebrew_and_arabic_questions_are_answered_through_names_and_glosses(knowledge):
    hebrew = knowledge.engine.search(SearchRequest("כלים לניתוח עבודות של תלמידים", lang="he"))
    assert address(Kind.COMPETENCY, "obs-3") in [it.iri for it in hebrew.hits[:3]]
    assert "en" in {it.snippet_lang for it in hebrew.hits}  # found through the glosses
    assert all(it.because for it in hebrew.hits)
    arabic = knowledge.engine.search(SearchRequest("تحليل أعمال الطلاب مع المعلمين", lang="ar"))
    assert address(Kind.COMPETENCY, "obs-3") in [it.iri for it in arabic.hits[:3]]
    assert ReasonKind.GLOSS in {reason.kind for it in arabic.hits for reason in it.because}


def test_a_misspelt_word_is_read_as_the_nearest_and_the_reasons_say_so(knowledge):
    for query, lang, read in (("photosynthsis", "en", "photosynthesis"), ("بروتوكل نقاش", "ar", "بروتوكول")):
        result = knowledge.engine.search(SearchRequest(query, lang=lang))
        told = [reason for reason in result.hits[0].because if reason.kind is ReasonKind.READ]
        assert told[0].terms[1] == read
        assert read in told[0].sentence
        assert result.query == query


def test_an_exact_name_is_never_read_otherwise(knowledge):
    for query in ("video-lm", "Bansho (planned board work)", "רכז מקצוע", "PeTeL"):
        hits = knowledge.engine.search(SearchRequest(query)).hits
        assert all(reason.kind is not ReasonKind.READ for it in hits for reason in it.because)


def test_an_english_term_among_hebrew_words_is_searched_for_with_their_glosses(knowledge):
    for query in ("שיעור עם GeoGebra", "GeoGebra في الدرس"):
        assert "geogebra" in slugs(knowledge.engine.search(SearchRequest(query)))


def test_a_name_in_another_script_is_a_field_of_the_english_passage(empty):
    empty.write(CLUB + CARDS)
    english = [
        it.text
        for it in empty.index.hybrid(dense=None, sparse=[Leg(sparse_names(["וידאו"]), "en")], where=Filter(), limit=5)
    ]
    assert [it.startswith("Video club") for it in english] == [True]
    empty.write(CLUB.replace("מועדון וידאו", "חוג צפייה") + CARDS)
    assert not empty.index.hybrid(dense=None, sparse=[Leg(sparse_names(["וידאו"]), "en")], where=Filter(), limit=5)


def test_every_hit_says_why_and_in_the_language_asked_for(knowledge):
    for lang, word in (("en", "query"), ("he", "חיפוש"), ("ar", "بحث")):
        result = knowledge.engine.search(SearchRequest("noticing student thinking in lesson videos", lang=lang))
        assert len(result.hits) == 10
        assert all(word in reason.sentence for it in result.hits for reason in it.because)
        assert all(it.because for it in result.hits)
    scores = [it.score for it in result.hits]
    assert scores == sorted(scores, reverse=True)


def test_names_without_a_source_are_marked(knowledge):
    hits = knowledge.engine.search(SearchRequest("מסגרת שש העדשות", lang="he")).hits
    assert hits[0].iri == address(Kind.TOOL, "video-lm")
    assert hits[0].needs_review


@pytest.mark.parametrize(
    ("filters", "check"),
    [
        ({"kinds": frozenset({Kind.TOOL})}, lambda it: it.kind is Kind.TOOL),
        ({"kinds": frozenset({Kind.ROLE, Kind.STANDARD})}, lambda it: it.kind in {Kind.ROLE, Kind.STANDARD}),
        ({"kinds": frozenset({Kind.TOOL}), "content_lang": "ar"}, lambda it: "ar" in (it.content_languages or ["ar"])),
        ({"subject": "chemistry"}, lambda it: not it.subjects or address(Kind.SUBJECT, "chemistry") in it.subjects),
        ({"subject": "כימיה"}, lambda it: not it.subjects or address(Kind.SUBJECT, "chemistry") in it.subjects),
        ({"grade": 3}, lambda it: it.grades is None or it.grades[0] <= 3 <= it.grades[1]),
        ({"min_evidence": 3}, lambda it: it.research_grade is not None and it.research_grade >= 3),
        ({"min_field_evidence": 1}, lambda it: it.field_grade is not None and it.field_grade >= 1),
    ],
)  # fmt: skip
def test_filters_are_kept(knowledge, filters, check):
    result = knowledge.engine.search(SearchRequest("lesson student learning tasks", limit=100, **filters))
    assert result.hits
    assert all(check(it) for it in read_entities(knowledge.graph, [it.iri for it in result.hits]))


def test_a_role_narrows_to_what_belongs_to_it(knowledge):
    result = knowledge.engine.search(SearchRequest("feedback", role="subject-coordinator", limit=100))
    assert address(Kind.COMPETENCY, "obs-4") in [it.iri for it in result.hits]
    belonging = {
        *(Kind.ROLE, Kind.COMPETENCY, Kind.STANDARD, Kind.TOOL, Kind.SOURCE),
        *(Kind.JOB, Kind.PROGRAMME, Kind.CREDENTIAL, Kind.COMMUNITY, Kind.EVENT),
    }
    assert {it.kind for it in result.hits} <= belonging
    every = knowledge.engine.search(SearchRequest("feedback", limit=100))
    assert {it.iri for it in every.hits} - {it.iri for it in result.hits}


def test_a_source_narrows_to_what_it_describes(knowledge):
    tools = knowledge.engine.search(SearchRequest("feedback", source="starter/tools", limit=100))
    assert {it.kind for it in tools.hits} == {Kind.TOOL}
    whole = SearchRequest("feedback", source=f"{DEFAULT_BASE}graph/starter/tools", limit=100)
    assert slugs(knowledge.engine.search(whole)) == slugs(tools)
    both = SearchRequest("feedback", source="starter/tools", role="subject-coordinator", limit=100)
    role = SearchRequest("feedback", role="subject-coordinator", kinds=frozenset({Kind.TOOL}), limit=100)
    assert set(slugs(knowledge.engine.search(both))) <= set(slugs(knowledge.engine.search(role)))


@pytest.mark.parametrize("source", ["starter/none", "a b", "<x>", "https://example.org/none", "\u202e"])
def test_a_source_that_describes_nothing_is_named(knowledge, source):
    with pytest.raises(InvalidParameter) as refused:
        knowledge.engine.search(SearchRequest("feedback", source=source))
    assert refused.value.parameter == "source"
    assert "source/notes.md" in refused.value.remedy


def test_variety_keeps_the_hits_and_the_name_that_was_asked_for(knowledge):
    plain = knowledge.engine.search(SearchRequest("video club", limit=100))
    varied = knowledge.engine.search(SearchRequest("video club", limit=100, diversity=0.5))
    assert set(slugs(varied)) == set(slugs(plain))
    assert slugs(varied) != slugs(plain)
    assert slugs(varied)[0] == slugs(plain)[0]
    assert varied.facets == plain.facets
    paged, cursor = [], None
    while True:
        page = knowledge.engine.search(SearchRequest("video club", limit=9, diversity=0.5, cursor=cursor))
        paged += slugs(page)
        if (cursor := page.next) is None:
            break
    assert paged == slugs(varied)


def test_facets_count_every_hit_that_can_be_paged_to(knowledge):
    everything = knowledge.engine.search(SearchRequest("lesson", limit=100))
    assert everything.next is None
    for kind, count in everything.facets["kind"].items():
        assert count == sum(it.kind == kind for it in everything.hits)
    assert knowledge.engine.search(SearchRequest("lesson", limit=1)).facets == everything.facets


def test_an_exact_name_does_not_pass_a_filter(knowledge):
    result = knowledge.engine.search(SearchRequest("video-lm", kinds=frozenset({Kind.SOURCE})))
    assert address(Kind.TOOL, "video-lm") not in [it.iri for it in result.hits]
    outside = knowledge.engine.search(SearchRequest("video-lm", content_lang="ar"))
    assert address(Kind.TOOL, "video-lm") not in [it.iri for it in outside.hits]


def test_an_unknown_role_or_subject_is_named_with_the_nearest(knowledge):
    with pytest.raises(UnknownEntity, match="subject-cordinator") as unknown:
        knowledge.engine.search(SearchRequest("feedback", role="subject-cordinator"))
    assert "subject-coordinator" in unknown.value.remedy
    with pytest.raises(InvalidParameter, match="alchemy") as invalid:
        knowledge.engine.search(SearchRequest("feedback", subject="alchemy"))
    assert invalid.value.parameter == "subject"
    assert "chemistry" in invalid.value.remedy


def test_pages_give_every_hit_once(knowledge):
    request = SearchRequest("lesson", limit=100)
    everything = slugs(knowledge.engine.search(request))
    paged: list[str] = []
    cursor = None
    while True:
        page = knowledge.engine.search(SearchRequest("lesson", limit=7, cursor=cursor))
        paged += slugs(page)
        if (cursor := page.next) is None:
            break
    assert paged == everything
    assert len(paged) == len(set(paged)) > 7


def test_a_cursor_of_another_query_is_refused(knowledge):
    cursor = knowledge.engine.search(SearchRequest("lesson", limit=2)).next
    with pytest.raises(InvalidParameter):
        knowledge.engine.search(SearchRequest("lessons", limit=2, cursor=cursor))


def test_a_cursor_does_not_outlive_the_index_it_was_made_on(empty):
    empty.write(CLUB + CARDS)
    cursor = empty.engine.search(SearchRequest("lesson", limit=1)).next
    assert empty.engine.search(SearchRequest("lesson", limit=1, cursor=cursor)).hits
    empty.write(CARDS, "source/cards")
    with pytest.raises(InvalidParameter, match="has changed"):
        empty.engine.search(SearchRequest("lesson", limit=1, cursor=cursor))


@pytest.mark.parametrize(
    ("request_", "parameter"),
    [
        (SearchRequest(""), "q"),
        (SearchRequest(" \x00\t\n "), "q"),
        (SearchRequest("x" * 2001), "q"),
        (SearchRequest("x", limit=0), "limit"),
        (SearchRequest("x", limit=101), "limit"),
        (SearchRequest("x", grade=-1), "grade"),
        (SearchRequest("x", min_evidence=5), "min_evidence"),
        (SearchRequest("x", min_field_evidence=-1), "min_field_evidence"),
        (SearchRequest("x", diversity=1.5), "diversity"),
        (SearchRequest("x", diversity=float("nan")), "diversity"),
        (SearchRequest("x", cursor="x"), "cursor"),
    ],
)
def test_bad_parameters_are_named(knowledge, request_, parameter):
    with pytest.raises(InvalidParameter) as refused:
        knowledge.engine.search(request_)
    assert refused.value.parameter == parameter
    assert refused.value.remedy


@pytest.mark.parametrize("query", ["😀", "???", "\u202e\u2066", "()[]{}"])
def test_what_has_no_words_has_no_hits_and_is_no_error(knowledge, query):
    result = knowledge.engine.search(SearchRequest(query))
    assert (result.hits, result.next) == ((), None)


@pytest.mark.parametrize(
    "query", ["x" * 2000, "a\x00b video\x07", "' OR 1=1 --", "<script>alert(1)</script>", "ש" * 500]
)
def test_odd_queries_are_only_queries(knowledge, query):
    result = knowledge.engine.search(SearchRequest(query))
    assert "\x00" not in result.query


def test_without_an_encoder_words_still_find_and_the_result_says_so(knowledge):
    engine = SearchEngine(knowledge.graph, knowledge.index, None, DEFAULT_BASE)
    result = engine.search(SearchRequest("professional noticing"))
    assert result.degraded
    assert result.hits[0].iri == address(Kind.COMPETENCY, "dia-2")
    assert all(reason.kind is not ReasonKind.MEANING for it in result.hits for reason in it.because)
    engine.encoder = knowledge.encoder
    assert not engine.search(SearchRequest("professional noticing")).degraded


def test_the_result_says_which_index_answered_and_counts_facets(knowledge):
    result = knowledge.engine.search(SearchRequest("video", limit=5))
    assert (result.index.name, result.index.watermark) == (knowledge.encoder.name, 1)
    assert sum(result.facets["kind"].values()) > 5
    assert not result.degraded


def test_suggestions_and_similar_entities(knowledge):
    assert knowledge.engine.suggest("profesional notc", "en")[0].iri == address(Kind.COMPETENCY, "dia-2")
    near = knowledge.engine.similar(address(Kind.TOOL, "video-club"), "en", 5)
    assert len(near) == 5
    assert address(Kind.TOOL, "video-club") not in [it.iri for it in near]
    assert any("video" in it.label.lower() for it in near)
    with pytest.raises(UnknownEntity):
        knowledge.engine.similar(Iri("urn:nothing"), "en")


def test_an_index_without_points_answers_nothing(empty):
    result = empty.engine.search(SearchRequest("anything"))
    assert result.hits == ()
    assert empty.index.count(Filter()) == 0


def test_the_model_answers_a_question_that_shares_no_word_with_its_answer(tmp_path, encoder):
    made = library(tmp_path, encoder=encoder)
    made.write("""
        t:a a ks:Tool ; skos:prefLabel "Noticing frame"@en ;
            skos:definition "Prompts for attending to students' ideas and interpreting them."@en .
        t:b a ks:Tool ; skos:prefLabel "Balance scale simulation"@en ; skos:definition "Solving equations."@en .
        t:c a ks:Tool ; skos:prefLabel "Consent form"@en ; skos:definition "Permission of parents for filming."@en .
        t:d a ks:Tool ; skos:prefLabel "Budget sheet"@en ; skos:definition "Costs of laboratory materials."@en .
    """)
    first = made.engine.search(SearchRequest("helping colleagues see what pupils are thinking")).hits[0]
    assert first.label == "Noticing frame"
    assert [it.kind for it in first.because] == [ReasonKind.MEANING]
    made.close()
