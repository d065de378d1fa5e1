"""Texts in old encodings come back as they were, or are refused; nothing becomes Hebrew that is not."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decoding import decode
from ingest.encodings import likely
from ingest.ledger import Dataset
from ingest.mojibake import mended
from ontology.errors import UnreadableFile
from ontology.namespaces import SKOS
from tests.ingesting import place

HEBREW = (
    "המורים למתמטיקה נפגשים בכל יום רביעי כדי לתכנן יחד את השיעור. "
    "הם מדברים על הטעויות של התלמידים ועל מה שאפשר ללמוד מהן. "
    "לאחר השיעור הם שואלים מה עבד ומה לא, ואילו שאלות עלו אצל הלומדים."
)
ARABIC = (
    "يجتمع معلمو الرياضيات كل أسبوع لتخطيط الدرس معا في المدرسة. يتحدثون عن أخطاء الطلاب وعما يمكن أن نتعلمه منها. "
    "بعد الدرس يسألون ما الذي نجح وما الذي لم ينجح، وأي الأسئلة طرحت في الصف."
)
FRENCH = "Les professeurs de mathématiques se réunissent chaque mercredi pour préparer la leçon, où l’élève est déjà."
OTHERS = [
    ("cp1250", "Učitelé matematiky se setkávají každé úterý ve škole, aby společně plánovali hodiny žáků."),
    ("cp1250", "Nauczyciele matematyki spotykają się w każdą środę, aby wspólnie zaplanować lekcję."),
    ("cp1251", "Учителя математики встречаются каждую среду, чтобы вместе планировать урок."),
    ("cp1251", "он и она не на ту сторону"),
    ("cp1253", "Οι καθηγητές μαθηματικών συναντιούνται κάθε Τετάρτη για να σχεδιάσουν μαζί το μάθημα."),
    ("cp1254", "Matematik öğretmenleri her çarşamba dersi birlikte planlamak için buluşur."),
    ("mac_roman", FRENCH),
    ("cp850", "Les professeurs de mathématiques se réunissent chaque mercredi pour préparer la leçon."),
    ("koi8-r", "Учителя математики встречаются каждую среду, чтобы вместе планировать урок."),
    ("shift_jis", "数学の先生は毎週水曜日に集まります。"),
]
ENCODINGS = [
    *((HEBREW, it) for it in ("windows-1255", "iso-8859-8", "utf-16-le", "utf-16-be")),
    *((ARABIC, it) for it in ("windows-1256", "utf-16-le", "utf-16-be")),
    *((FRENCH, it) for it in ("windows-1252", "utf-16-le")),
]
MAPPING = "kind: tool\nid: code\nlanguage: en\ncolumns:\n  name: label\n"
QUICK = settings(max_examples=60, deadline=None, derandomize=True)


def codes(document):
    return [it.code for it in document.told]


@pytest.mark.parametrize(("text", "encoding"), ENCODINGS)
def test_a_text_in_an_old_encoding_is_read_and_told(text, encoding):
    document = decode(text.encode(encoding), "a.txt", None)
    assert (document.text, codes(document)) == (text, ["W214"])
    assert "--encoding" in document.told[0].remedy


@QUICK
@given(st.sampled_from(ENCODINGS), st.data())
def test_any_order_of_the_words_comes_back_equal(case, data):
    text, encoding = case
    text = " ".join(data.draw(st.permutations(text.split())))
    text = text.replace(" ", "\r\n", data.draw(st.integers(0, 5)))
    assert decode(text.encode(encoding), "a.txt", None).text == text


@QUICK
@given(st.lists(st.sampled_from(FRENCH.split()), min_size=1, max_size=30), st.sampled_from(["windows-1252", "utf-8"]))
def test_french_is_french_or_refused(words, encoding):
    text = " ".join(words)
    try:
        assert decode(text.encode(encoding), "a.txt", None).text == text
    except UnreadableFile as error:
        assert "is not utf-8" in error.message  # noqa: PT017 - either answer is right, and this is the second


@QUICK
@given(st.text(min_size=1).filter(lambda it: "\x00" not in it and not it.startswith("\ufeff")))
def test_utf_8_is_never_anything_else(text):
    document = decode(text.encode("utf-8", "ignore"), "a.txt", None)
    assert (document.text, document.told) == (text.encode("utf-8", "ignore").decode(), ())


@pytest.mark.parametrize(("encoding", "text"), OTHERS)
def test_what_is_in_another_encoding_is_refused_and_not_guessed(encoding, text):
    with pytest.raises(UnreadableFile, match="is not utf-8"):
        decode(text.encode(encoding), "a.txt", None)


@QUICK
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content):
    found = likely(content)
    assert found is None or found.text.encode(found.encoding) == content


def test_one_byte_that_the_encoding_lacks_speaks_against_it():
    content = HEBREW.encode("windows-1255")
    assert likely(content)
    assert likely(content + b" \xff") is None


VISUAL = ".(14:30 העשב) התיכה לש GeoGebra Classic 6 תא דחי ןנכתל ידכ יעיבר םוי לכב םישגפנ הקיטמתמל םירומה"
LOGICAL = "המורים למתמטיקה נפגשים בכל יום רביעי כדי לתכנן יחד את GeoGebra Classic 6 של הכיתה (בשעה 14:30)."


@pytest.mark.parametrize("declared", [None, "iso-8859-8"])
def test_hebrew_in_visual_order_is_put_in_reading_order(declared):
    document = decode(VISUAL.encode("iso-8859-8"), "a.txt", declared)
    assert document.text == LOGICAL
    assert codes(document) == (["W215"] if declared else ["W214", "W215"])
    with pytest.raises(UnreadableFile, match="visual order"):
        decode(VISUAL.encode("iso-8859-8"), "a.csv", declared)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ('<meta charset="windows-1255"><p>שלום'.encode("cp1255"), "שלום"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><p>é</p>'.encode("latin-1"), "é"),
        ('<META http-equiv=a content="text/html; charset=windows-1256"><p>سلام'.encode("cp1256"), "سلام"),
        ('<meta charset="iso-8859-8-i"><p>שלום'.encode("iso-8859-8"), "שלום"),
        ('<meta charset="windows-1255"><p>שלום'.encode(), "שלום"),
    ],
)
def test_what_a_page_says_of_its_encoding_holds_unless_it_is_utf_8(content, text):
    document = decode(content, "a.html", None)
    assert text in document.text
    assert not document.told


@pytest.mark.parametrize("label", ["utf-7", "rot13", "klingon", "utf-16", "utf-8"])
def test_a_page_cannot_say_what_is_no_encoding_of_one_byte(label):
    with pytest.raises(UnreadableFile, match="is not utf-8"):
        decode(f'<meta charset="{label}"><p>'.encode() + b"\xf9\xec", "a.html", None)


# --- mojibake ---


@pytest.mark.parametrize("text", [HEBREW, ARABIC, "שלום עולם", "الرياضيات في المدرسة", "naïve café", "l’école"])
@pytest.mark.parametrize("layers", [1, 2])
def test_utf_8_that_was_read_as_something_else_is_mended(text, layers):
    broken = text
    for _ in range(layers):
        broken = broken.encode().decode("latin-1")
    assert mended(broken) == text


@pytest.mark.parametrize(("text", "encoding"), [(HEBREW, "cp1255"), (ARABIC, "cp1256"), ("תכנון שיעורים", "cp1255")])
def test_windows_hebrew_and_arabic_that_were_read_as_western_are_mended(text, encoding):
    assert mended(text.encode(encoding).decode("latin-1")) == text


@pytest.mark.parametrize(
    "text",
    [
        *(it for _, it in OTHERS),
        FRENCH,
        HEBREW,
        ARABIC,
        "Ã",
        "×",
        "5 × 3 = 15",
        "Þórður það",
        "où à é",
        "“a” – b",
        "AÑOS",
    ],
)
def test_what_is_right_stays(text):
    assert mended(text) == text


def test_what_cannot_be_undone_stays():
    lossy = "שלום".encode().decode("windows-1252", "replace")
    assert mended(lossy) == lossy


# --- through the journey ---


def test_the_report_says_what_was_read_and_what_was_mended(tmp_path):
    with place(tmp_path) as here:
        report = here.take("note.txt", f"תכנון שיעורים\n\n{HEBREW}".encode("windows-1255"))
        assert ("W214", 1) in {(it.code, report.committed) for it in report.problems}
        broken = "l’école est là".encode().decode("latin-1")  # its last character is a no-break space
        report = here.take("tools.csv", f"code,name\ntool,{broken}\n", mapping=here.file("map.yaml", MAPPING))
        (told,) = (it for it in report.problems if it.code == "W213")
        assert (told.place, "l’école" in told.message, "â" in told.message) == ("line 2", True, True)
        assert '"l’école est là"@en' in here.objects("tool/tool", str(SKOS.prefLabel))
        note = f"כותרת\n\n{HEBREW.encode().decode('latin-1')}"
        assert [it.place for it in here.take("twice.txt", note).problems if it.code == "W213"] == ["line 3"]
        assert any(HEBREW in it for it in here.said("source/twice.txt", Dataset.PRIVATE))
        work = {"type": "book", "id": "w", "title": "תורת המספרים".encode().decode("latin-1")}
        assert "W213" in {it.code for it in here.take("works.json", json.dumps([work])).problems}
        assert here.take("bad.txt", b"\xf9\xec").problems[0].code == "E105"
