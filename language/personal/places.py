"""Where persons live and which school they are at: postal addresses, and schools by their names."""

from __future__ import annotations

from collections.abc import Iterator

from language.personal.cues import cues_of
from language.personal.finding import Category, Finding
from language.personal.lists import Sort, bare_sort_of, forms, is_one_of, names_a_school
from language.personal.reading import Reading
from language.personal.sections import folded
from ontology.model import Certainty

_STREET = {
    "en": folded("street st road rd avenue ave lane boulevard blvd drive crescent alley"),
    "he": folded("רחוב הרחוב רח שדרות סמטת שכונת"),
    "ar": folded("شارع زقاق حارة"),
}
#: What comes before a number in English too: "Herzl St. 12".
_BEFORE_NUMBER = folded("street st road rd avenue ave lane boulevard blvd")
#: Towns that end an address without the word for street.
_TOWNS = folded("""
    ירושלים חיפה אשדוד אשקלון נתניה חולון חדרה רחובות הרצליה רעננה רמלה לוד עכו נהריה כרמיאל טבריה צפת עפולה נצרת דימונה
    אילת מודיעין יבנה גבעתיים יקנעם שדרות נתיבות אופקים
""")
#: Words of the name of a street.
_MOST_WORDS = 4
_BOXES = (("ת", "ד"), ("ص", "ب"), ("o", "box"), ("po", "box"))

_SCHOOL = folded("school academy kindergarten yeshiva")
_SORTS_OF_SCHOOL = folded("""
    junior high middle primary elementary secondary senior comprehensive state public private regional our the this
    that boarding special summer sunday graduate professional lesson my your their his her a an each every one
    another in at from arab arabic hebrew jewish israeli druze bedouin christian muslim english american british
    german democratic waldorf montessori technological vocational religious secular national local old new home
    after before no any some other both next last first
""")
_HIGHER = folded("university college institute")
_HEBREW_SCHOOL = folded("חטיבת תיכון התיכון מקיף המקיף ישיבת אולפנת אולפנית אורט עמל אמית יסודי גן הספר ספר ביהס")
#: After the word for school itself, a word that is a given name too is its name.
_THE_WORD_SCHOOL = folded("ספר הספר ביהס")
_AFTER_SCHOOL = {Sort.FAMILY, Sort.EMINENT, Sort.GIVEN, Sort.GIVEN_WORD}
_MIDDLE = folded("הביניים ביניים")
_ARABIC_SCHOOL = folded("مدرسة إعدادية ثانوية ابتدائية روضة")
_ARABIC_LEVEL = folded("الإعدادية الابتدائية الثانوية الشاملة الأهلية")


def places(reading: Reading) -> Iterator[Finding]:
    """Addresses and schools, in no order."""
    for index in range(len(reading)):
        if (end := _address_end(reading, index)) is not None:
            yield _finding(reading, index, end, Category.ADDRESS)
        if (start := _school_start(reading, index)) is not None:
            yield _finding(reading, start, index, Category.SCHOOL)


def _finding(reading: Reading, first: int, last: int, kind: Category) -> Finding:
    span = reading.span(reading.tokens[first].start, reading.tokens[last].end)
    return Finding(*span, kind, Certainty.LIKELY)


# --- addresses ---


def _address_end(reading: Reading, index: int) -> int | None:
    """Index of the last token of an address that begins here."""
    word, lang = reading.word(index), reading.tokens[index].lang
    if (word, reading.word(index + 1)) in _BOXES and reading.word(index + 2).isdecimal():
        return index + 2
    if word.isdecimal() and len(word) < 5:
        return _english_street(reading, index)
    if lang in {"he", "ar"} and is_one_of(word, lang, _STREET[lang]):
        return _number_after(reading, index)
    return _number_with_street(reading, index) if lang == "en" else _number_with_town(reading, index)


def _number_with_street(reading: Reading, index: int) -> int | None:
    """The number of "Herzl St. 12"."""
    street = reading.word(index + 1) in _BEFORE_NUMBER and reading.joined(index + 1)
    written = street and reading.tokens[index].capital and reading.tokens[index + 1].capital
    numbered = _is_house_number(reading, index + 2) and reading.gap(index + 2) in {" ", ". "}
    return index + 2 if written and numbered else None


def _number_with_town(reading: Reading, index: int) -> int | None:
    """The town of "הרצל 12, חיפה": a word that streets are called by before it, and nothing but a number between."""
    words = forms(reading.word(index), "he")
    named = any(bare_sort_of(it, "he") is not None or names_a_school(it, "he") for it in words)
    numbered = _is_house_number(reading, index + 1) and reading.gap(index + 1) == " "
    town = reading.gap(index + 2) in {" ", ", "} and is_one_of(reading.word(index + 2), "he", _TOWNS)
    return index + 2 if named and numbered and town else None


def _is_house_number(reading: Reading, index: int) -> bool:
    return reading.word(index).isdecimal() and len(reading.word(index)) < 4


def _english_street(reading: Reading, index: int) -> int | None:
    """The word Street of "12 Olive Street"."""
    for after in range(index + 1, min(index + 1 + _MOST_WORDS, len(reading))):
        token = reading.tokens[after]
        if not (reading.joined(after) and token.capital):
            return None
        if after > index + 1 and token.word in _STREET["en"]:
            return after
    return None


def _number_after(reading: Reading, index: int) -> int | None:
    """The number of "רחוב הזית 12"; a word at least stands between."""
    for after in range(index + 1, min(index + 2 + _MOST_WORDS, len(reading))):
        if reading.gap(after) not in {" ", "' ", ". ", "-", ' "', '" ', ", "}:
            return None
        if reading.word(after).isdecimal():
            return after if after > index + 1 and len(reading.word(after)) < 5 else None
    return None


# --- schools ---


def _school_start(reading: Reading, index: int) -> int | None:
    """Index of the first token of the name of a school that ends here."""
    match reading.tokens[index].lang:
        case "en":
            return _english_school(reading, index)
        case "he":
            return _hebrew_school(reading, index)
        case "ar":
            return _arabic_school(reading, index)
    return None


def _english_school(reading: Reading, index: int) -> int | None:
    """Where "Greenhill Junior High School" begins; "our school" and "Arab school" are no names."""
    if reading.word(index) not in _SCHOOL or reading.word(index + 1) == "of":
        return None
    first = index
    while first > max(0, index - 6) and reading.joined(first) and reading.tokens[first - 1].capital:
        first -= 1
    words = {reading.word(it) for it in range(first, index)}
    inside = reading.tokens[index].capital or not reading.starts_sentence(first)
    named = words - _SORTS_OF_SCHOOL
    return first if named and inside and words.isdisjoint(_HIGHER) else None


def _hebrew_school(reading: Reading, index: int) -> int | None:
    """Where a school begins whose name is this word: by a list, in quotes, or after "named for"."""
    before, word = reading.word(index - 1), reading.word(index)
    honoured = before == "עש" or (before == "שמ" and reading.word(index - 2) == "על")
    cue = index - 1 - honoured - (before == "שמ")
    if reading.word(cue) in _MIDDLE and reading.word(cue - 1).endswith("חטיבת"):
        cue -= 1
    elif not is_one_of(reading.word(cue), "he", _HEBREW_SCHOOL):
        return None
    if reading.word(cue) in {"ספר", "הספר"} and not reading.word(cue - 1).endswith("בית"):
        return None
    quoted = reading.gap(index) in {' "', " '"}
    sorts = _AFTER_SCHOOL if reading.word(cue) in _THE_WORD_SCHOOL else {Sort.FAMILY, Sort.EMINENT}
    named = names_a_school(word, "he") or bare_sort_of(word, "he") in sorts
    return cue if honoured or quoted or (named and reading.joined(index)) else None


def _arabic_school(reading: Reading, index: int) -> int | None:
    """Where a school begins: a typical name after the word, or a definite level that ends a name."""
    for cue in range(index - 1, max(-1, index - 4), -1):
        if not reading.joined(cue + 1) and reading.gap(cue + 1) not in {' "', " '"}:
            return None
        if is_one_of(reading.word(cue), "ar", _ARABIC_SCHOOL):
            named = cue == index - 1 and names_a_school(reading.word(index), "ar")
            quoted = cue == index - 1 and reading.gap(index) != " "
            levelled = cue < index - 1 and reading.word(index) in _ARABIC_LEVEL
            person = reading.word(cue + 1) in cues_of("ar").roles
            return cue if (named or quoted or levelled) and not person else None
    return None
