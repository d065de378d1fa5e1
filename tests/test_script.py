import pytest

from language.script import Script, covered, direction, language_of, primary, script_of, script_of_language, shares


@pytest.mark.parametrize(
    ("text", "script", "lang"),
    [
        ("Noticing student thinking", Script.LATIN, "en"),
        ("רכז/ת מקצוע", Script.HEBREW, "he"),
        ("שִׁעוּר בְּמָתֵמָטִיקָה", Script.HEBREW, "he"),
        ("مركّز/ة الموضوع", Script.ARABIC, "ar"),
        ("Наблюдение урока", Script.CYRILLIC, ""),
        ("数学の授業", Script.OTHER, ""),
        ("כלי VIDEO-LM לצפייה", Script.MIXED, "he"),
        ("ﬁnding", Script.LATIN, "en"),
        ("12.5 % 😀 ...", Script.NONE, ""),
        ("", Script.NONE, ""),
    ],
)
def test_script_and_the_language_it_suggests(text, script, lang):
    assert script_of(text) is script
    assert language_of(text) == lang


def test_shares_add_up_and_ignore_what_is_no_letter():
    found = shares("אב cd 12 !")
    assert found == {Script.HEBREW: 0.5, Script.LATIN: 0.5}


def test_the_dense_leg_is_asked_only_in_scripts_the_model_knows():
    english = frozenset({"en"})
    assert covered("how do I see what pupils think", english)
    assert covered("the Hebrew word רכז in an English sentence of some length", english)
    assert not covered("מה זה VIDEO-LM בעצם", english)
    assert not covered("كيف أساعد زملائي", english)
    assert covered("كيف أساعد زملائي", frozenset({"en", "ar"}))
    assert not covered("😀 12", english)
    assert not covered("anything", frozenset())


@pytest.mark.parametrize(
    ("lang", "expected"), [("he", "rtl"), ("iw", "rtl"), ("ar-IL", "rtl"), ("en", "ltr"), ("", "ltr")]
)
def test_direction(lang, expected):
    assert direction(lang) == expected


def test_language_tags_are_compared_by_their_language():
    assert primary("en-US") == primary("EN_us") == "en"
    assert primary("iw") == "he"
    assert primary("") == ""
    assert script_of_language("fa") is Script.ARABIC
    assert script_of_language("de") is Script.LATIN
