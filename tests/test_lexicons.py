"""An institute's own words: read from its folder, in force at once, and every broken row named."""

from pathlib import Path

import pytest

from language.lexicons import SHIPPED, Lexicons
from ontology.errors import InvalidParameter, UnreadableFile
from ontology.model import Certainty


def english(lexicons: Lexicons, text: str) -> list[str]:
    return [gloss.english[0] for gloss in lexicons.gloss(text)]


@pytest.fixture
def own(tmp_path: Path) -> Lexicons:
    return Lexicons(tmp_path)


def test_a_word_that_is_added_is_in_force_at_once_and_again_in_another_process(own: Lexicons, tmp_path: Path):
    assert english(own, "בבלומפיל") == []
    own.add("he", ["בלומפיל", "בלומפילים"], ["blomfield", "bloom"], Certainty.LIKELY)
    assert english(own, "בבלומפיל") == ["blomfield"]
    own.add("he", ["בלומפיל"], ["bloom chart"], Certainty.SURE)
    assert english(own, "בבלומפיל") == ["bloom chart"]  # the last that was added counts
    assert english(Lexicons(tmp_path), "בלומפילים") == ["blomfield"]
    assert english(SHIPPED, "בלומפיל") == []


def test_own_rows_count_before_those_that_ship(own: Lexicons):
    own.add("ar", ["مركز"], ["hub"], Certainty.SURE)
    assert english(own, "مركز الطلاب")[0] == "hub"


def test_a_file_that_is_edited_by_hand_is_read_again(own: Lexicons, tmp_path: Path):
    file = tmp_path / "lexicon" / "he.tsv"
    own.add("he", ["בלומפיל"], ["bloom"], Certainty.SURE)
    file.write_text("# ours\n\nבלומפיל\tanother\tsure\n", "utf-8")
    assert english(own, "בלומפיל") == ["another"]
    file.unlink()
    assert english(own, "בלומפיל") == []


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("מילה\tword", "2 columns"),
        ("word\tword\tsure", "no word in the script"),
        ("كلمة\tword\tsure", "no word in the script"),
        ("|\tword\tsure", "no word in the script"),
        ("מילה\t\tsure", "no English"),
        ("מילה\tמילה\tsure", "no English"),
        ("מילה\tword\tperhaps", "the certainty is 'perhaps'"),
    ],
)
def test_a_broken_row_is_named_with_its_line_and_stops_no_search(own: Lexicons, tmp_path: Path, line: str, what: str):
    file = tmp_path / "lexicon" / "he.tsv"
    file.parent.mkdir()
    file.write_text(f"בלומפיל\tbloom\tsure\n{line}\n", "utf-8")
    with pytest.raises(UnreadableFile, match=what) as caught:
        own.own("he")
    assert "line 2" in caught.value.message
    assert caught.value.remedy
    assert english(own, "בלומפיל") == ["bloom"]
    with pytest.raises(UnreadableFile):
        own.add("he", ["בלומפילון"], ["x"], Certainty.SURE)  # nothing is written into a broken file
    assert file.read_text("utf-8").endswith(f"{line}\n")


def test_bytes_that_are_no_text_stop_no_search(own: Lexicons, tmp_path: Path):
    file = tmp_path / "lexicon" / "he.tsv"
    file.parent.mkdir()
    file.write_bytes(b"\xff\xfe\x00")
    assert english(own, "תלמיד") == ["student"]
    with pytest.raises(UnreadableFile, match="cannot be read"):
        own.own("he")


@pytest.mark.parametrize(
    ("forms", "senses"),
    [(["# מילה"], ["word"]), (["מי\tלה"], ["a\tb"]), (["מי\nלה"], ["a\nb"]), ([], []), (["abc"], ["x"])],
)
def test_what_is_added_stays_one_row_or_is_refused(own: Lexicons, forms: list[str], senses: list[str]):
    try:
        own.add("he", forms, senses, Certainty.SURE)
    except UnreadableFile:
        assert own.own("he") == []
    else:
        assert len(own.own("he")) == 1


def test_there_is_no_lexicon_for_other_languages(own: Lexicons):
    with pytest.raises(InvalidParameter, match="'fr'"):
        own.add("fr", ["mot"], ["word"], Certainty.SURE)
    assert own.of("fr") is None


def test_each_word_is_glossed_by_the_lexicon_of_its_script():
    assert english(SHIPPED, "שיעור על stoichiometry للطلاب") == ["lesson", "stoichiometry", "student"]
    assert english(SHIPPED, "a lesson on stoichiometry") == []  # English needs no gloss
    assert english(SHIPPED, "") == []
