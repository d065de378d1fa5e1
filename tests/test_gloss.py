"""Words of Hebrew and Arabic in English: phrases before words, prefixes and suffixes off, nothing invented."""

from importlib.resources import files

import pytest

from language.affixes import AFFIXES
from language.folding import key
from language.function_words import FUNCTION_WORDS
from language.gloss import Lexicon, Row
from language.lexicons import shipped
from ontology.model import Certainty


@pytest.fixture(scope="module")
def small() -> Lexicon:
    rows = [
        ("תלמיד|תלמידים", "student; pupil", "sure"),
        ("שיעור", "lesson; class", "sure"),
        ("חשב|חושב", "think", "likely"),
        ("קהילה לומדת", "learning community", "sure"),
        ("קהילה", "community", "sure"),
    ]
    return Lexicon([row(*it) for it in rows], AFFIXES["he"])


def row(forms: str, english: str, certainty: str) -> Row:
    return Row(tuple(forms.split("|")), tuple(english.split("; ")), Certainty(certainty))


def english(lexicon: Lexicon, text: str) -> list[str]:
    return [gloss.english[0] for gloss in lexicon.gloss(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("תלמיד", ["student"]),
        ("ולתלמידים", ["student"]),
        ("שבשיעור חושבים", ["lesson", "think"]),
        ("קהילה", ["community"]),
        ("בקהילה הלומדת", ["learning community"]),
        ("קהילה של תלמידים", ["community", "student"]),
        ("גרביטציה", []),
        ("", []),
    ],
)
def test_words_are_glossed_through_their_affixes(small: Lexicon, text: str, expected: list[str]):
    assert english(small, text) == expected


def test_a_gloss_keeps_the_words_of_the_text_and_the_certainty(small: Lexicon):
    (gloss,) = small.gloss("וחושבים")
    assert gloss.words == ("וחושבימ",)
    assert gloss.certainty is Certainty.LIKELY


def test_what_is_not_known_is_told(small: Lexicon):
    assert small.unknown("התלמידים על גרביטציה") == ["גרביטציה"]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("he", "איך לעזור לעמיתים לראות מה התלמידים חושבים", {"help", "colleague", "see", "student", "think"}),
        ("he", "תלמידים שמפריעים במעבדה", {"disruptive student", "laboratory"}),
        ("ar", "كيف أساعد زملائي على ملاحظة ما يفكر به الطلاب", {"how to help", "colleague", "notice", "student"}),
        ("ar", "أخطاء الطلاب الشائعة في الكسور", {"student errors", "common", "fraction"}),
        ("he", "השאלה של השנה: איך מדברים על איכות", {"question", "year", "speak", "quality"}),
        ("ar", "مستوى الطلاب في السنة الأولى", {"level", "student", "year", "first"}),
    ],
)
def test_the_lexicons_that_ship_know_the_words_of_teaching(lang: str, text: str, expected: set[str]):
    assert expected <= set(english(shipped(lang), text))


@pytest.mark.parametrize("lang", sorted(AFFIXES))
def test_every_row_has_forms_glosses_and_a_certainty(lang: str):
    lines = (files("language") / "lexicon" / f"{lang}.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    assert len(rows) > 4000
    for forms, glosses, certainty in rows:
        assert all(key(form) for form in forms.split("|"))
        assert all(glosses.split("; "))
        assert Certainty(certainty) is not Certainty.UNCERTAIN


def test_rows_given_first_count_before_the_others(small: Lexicon):
    more = small.extended([row("שיעור", "rate", "sure"), row("קצב", "pace", "sure")])
    assert english(more, "קצב השיעור") == ["pace", "rate"]
    assert english(small, "קצב השיעור") == ["lesson"]
    assert english(more, "תלמידים") == ["student"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [("he", "האם כשאני אצלכם יותר מאשר אותו"), ("ar", "هل عندنا وكل ما فيها لكي يكون")],
)
def test_function_words_have_no_gloss_and_are_not_missing(lang: str, text: str):
    assert shipped(lang).read(text) == []
    assert FUNCTION_WORDS.issuperset(key(text).split())


@pytest.mark.parametrize(
    ("typed", "near"),
    [("קהילהה", ["קהילה"]), ("תלמיידימ", ["תלמידימ"]), ("חוגב", ["חושב"]), ("גרביטציה", [])],
)
def test_a_misspelt_word_is_near_to_the_one_that_is_meant(small: Lexicon, typed: str, near: list[str]):
    assert small.nearest(typed) == near


def test_a_word_that_is_as_near_to_two_others_is_none_of_them():
    two = Lexicon([row("מבחן", "test", "sure"), row("מבחר", "selection", "sure")], AFFIXES["he"])
    assert two.nearest("מבחק") == []
