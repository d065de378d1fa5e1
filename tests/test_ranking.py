import base64
import json
import re
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from uuid import UUID, uuid5

import pytest

from language.script import language_of
from ontology.errors import InvalidParameter
from ontology.kinds import Iri, Kind
from search.answers import Reason, ReasonKind
from search.cursor import fingerprint, read_cursor, write_cursor
from search.explain import facet, importance, isolate, listing, sentence
from search.index import Candidate
from search.question import ask
from search.ranking import facets, group, pin
from search.reasons import Called, reasons
from search.snippet import shared_words, snippet

SPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


def candidate(slug: str, score: float, lang: str = "en", **payload: object) -> Candidate:
    return Candidate(uuid5(SPACE, slug + lang), Iri(f"urn:{slug}"), Kind.TOOL, lang, slug, score, payload)


def test_an_entity_stands_where_its_best_passage_does():
    ranked = group([candidate("a", 0.2), candidate("b", 0.5), candidate("a", 0.9, "he")])
    assert [(it.iri, it.score, it.best.lang) for it in ranked] == [("urn:a", 0.9, "he"), ("urn:b", 0.5, "en")]


def test_ties_fall_the_same_way_whatever_the_order():
    tied = [candidate(it, 0.5) for it in "cab"] + [candidate("a", 0.5, "ar")]
    assert [it.iri for it in group(tied)] == [it.iri for it in group(tied[::-1])] == ["urn:a", "urn:b", "urn:c"]
    assert group(tied)[0].best.lang == group(tied[::-1])[0].best.lang == "ar"


def test_exact_matches_stand_above_whatever_fusion_says():
    ranked = pin(group([candidate("a", 1.9), candidate("b", 0.5)]), [candidate("b", 7), candidate("c", 3)])
    assert [it.iri for it in ranked] == ["urn:b", "urn:c", "urn:a"]
    assert [it.pinned for it in ranked] == [True, True, False]
    assert [it.score for it in ranked] == sorted((it.score for it in ranked), reverse=True)
    assert pin([], [candidate("b", 0.1)])[0].pinned


def test_facets_count_entities_not_passages():
    ranked = group([
        candidate("a", 0.9, content_lang=["he", "en"], subject=["*"], research_grade=2, statuses=["proposed"]),
        candidate("a", 0.8, "he", content_lang=["he", "en"], subject=["*"], research_grade=2),
        candidate("b", 0.7, content_lang=["he"], subject=["urn:maths"], statuses=[]),
    ])  # fmt: skip
    assert facets(ranked) == {
        "kind": {"tool": 2},
        "content_lang": {"he": 2, "en": 1},
        "subject": {"*": 1, "urn:maths": 1},
        "evidence": {"2": 1},
        "status": {"proposed": 1},
    }


def test_a_cursor_leads_to_its_place():
    ranking = fingerprint("query", 7)
    assert read_cursor(None, ranking) == read_cursor("", ranking) == 0
    assert read_cursor(write_cursor(ranking, 20), ranking) == 20


def forged(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "!!!",
        "שלום",
        write_cursor(fingerprint("query", 8), 20),
        forged(fingerprint("query", 7), -1),
        forged(fingerprint("query", 7), "20"),
        forged(fingerprint("query", 7)),
        base64.urlsafe_b64encode(b"7").decode(),
    ],
)
def test_a_foreign_cursor_is_refused(cursor):
    with pytest.raises(InvalidParameter) as refused:
        read_cursor(cursor, fingerprint("query", 7))
    assert refused.value.parameter == "cursor"


TEXT = "Video club. A group discusses short clips. It focuses on what students think. Grade 7."


def test_shared_words_are_those_of_the_text_and_tell_something():
    assert shared_words(TEXT, "clip of a student in grade 7, and what it is") == ["clips", "students", "Grade", "7"]
    assert shared_words("PLC and the Internet of Things", "plc and the of") == ["PLC"]
    assert shared_words(TEXT, "chemistry") == []


def test_shared_words_in_hebrew_and_arabic_match_by_their_parts():
    assert shared_words("הובלת צוות המקצוע", "רכזת מקצוע") == ["המקצוע"]
    assert shared_words("רכז/ת מקצוע", "מקצועי") == ["מקצוע"]
    assert shared_words("تقييم المعلّم المبتدئ", "المعلم") == ["المعلّم"]


def test_the_snippet_is_the_sentence_that_says_most_of_the_query():
    assert snippet(TEXT, "Video club", "student thinking").startswith("It focuses on what students think.")
    assert snippet(TEXT, "Video club", "chemistry").startswith("A group discusses short clips.")
    assert snippet("Video club.", "Video club", "chemistry") == "Video club."


def test_a_long_snippet_is_cut_at_a_word():
    cut = snippet("word " * 200, "label", "query")
    assert len(cut) <= 302
    assert cut.endswith("word …")


def why(
    text: str, query: str, names: Sequence[str] = (), cosine: float | None = None, lang: str = "en"
) -> tuple[Reason, ...]:
    found = Candidate(uuid5(SPACE, text), Iri("urn:a"), Kind.TOOL, language_of(text), text, 1.0)
    return reasons(found, ask(query, None), Called(names, "", ""), cosine, lang)


def test_reasons_name_what_ranked_the_hit():
    found = why(TEXT, "video clips", ["Video club"], 0.41234)
    assert [it.kind for it in found] == [ReasonKind.LABEL, ReasonKind.TERMS, ReasonKind.MEANING]
    assert found[0].label == "Video club"
    assert found[1].terms == ("Video", "clips")
    assert found[2].cosine == 0.412
    assert "\u2068Video club\u2069" in found[0].sentence


def test_a_faint_cosine_is_a_reason_only_where_there_is_no_other():
    assert [it.kind for it in why(TEXT, "clips", cosine=0.1)] == [ReasonKind.TERMS]
    assert [it.kind for it in why(TEXT, "chemistry", cosine=0.1)] == [ReasonKind.MEANING]
    assert why(TEXT, "chemistry") == ()


def test_a_part_of_a_word_explains_a_hit_of_the_lexical_leg():
    [reason] = why("מתמטיקה.", "שיח מתמטי", lang="he")
    assert (reason.kind, reason.terms) == (ReasonKind.TERMS, ("מתמטיקה",))


def test_a_word_that_was_glossed_explains_a_hit_in_english():
    [reason] = why(TEXT, "מועדון", lang="he")
    assert (reason.kind, reason.terms) == (ReasonKind.GLOSS, ("club",))
    assert "באנגלית" in reason.sentence


def test_every_sentence_stands_in_every_language_with_the_same_places():
    texts = tomllib.loads((files("search") / "sentences.toml").read_text("utf-8"))
    assert set(texts) == {"en", "he", "ar"}

    def places(lang: str) -> dict[str, set[str]]:
        plain = {name: text for name, text in texts[lang].items() if isinstance(text, str)}
        return {name: set(re.findall(r"{(\w+)}", text)) for name, text in plain.items()}

    assert places("en") == places("he") == places("ar")
    for table in ("facets", "links"):
        assert texts["en"][table].keys() == texts["he"][table].keys() == texts["ar"][table].keys()


def test_names_are_isolated_and_bring_no_bidi_of_their_own():
    assert isolate("\u202ea\u2069b.\u200f ") == "\u2068ab\u2069"
    assert str(listing(["a", "b"])) == "\u2068a\u2069, \u2068b\u2069"
    assert sentence("label", "he", label="A{x}") == "השם זהה לחיפוש: \u2068A{x}\u2069."
    assert sentence("label", "xx", label="A") == sentence("label", "en", label="A")
    assert str(importance(None, "he")) == ""
    assert str(importance(4, "ar-IL")) == " (الأهمية 4 من 5)"
    assert facet("grade", 7, "he") == "כיתה: 7"
