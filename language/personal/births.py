"""Days of birth, and ages together with one class among parallel ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from language.personal.finding import Category, Finding
from language.personal.lists import ENGLISH_MONTHS, is_one_of
from language.personal.reading import Reading, language_of
from language.personal.sections import folded
from ontology.model import Certainty

_CUES = folded("""
    born birth birthday birthdate dob נולד נולדה יליד ילידת לידה לידתו לידתה הלידה הולדת הולדתו הולדתה ولد ولدت
    مولود مولودة مواليد ميلاد ميلاده ميلادها الميلاد ولادة ولادته ولادتها الولادة
""")
_MONTHS = ENGLISH_MONTHS | folded("""
    jan feb mar apr jun jul aug sep sept oct nov dec ינואר פברואר מרץ מרס אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר
    נובמבר דצמבר يناير فبراير مارس أبريل ابريل نيسان مايو أيار يونيو حزيران يوليو تموز أغسطس آب سبتمبر أيلول أكتوبر
    تشرين نوفمبر ديسمبر كانون شباط آذار
""")
#: Characters after "born" in which its date stands.
_WINDOW = 60
_DATE = re.compile(
    r"(?<!\d)(?:\d{1,2} ?[./-] ?\d{1,2} ?[./-] ?(?P<a>\d{4}|\d\d)|(?P<b>\d{4})-\d{1,2}-\d{1,2}"
    r"|\d{1,2}(?:st|nd|rd|th)? (?:of )?(?P<m>[^\W\d]{3,12})(?:,? (?P<c>\d{4}))?"
    r"|(?P<n>[^\W\d]{3,12}) \d{1,2}(?:st|nd|rd|th)?(?:,? (?P<d>\d{4}))?)(?!\d)"
)
#: Nobody who was born earlier can be harmed by this.
_FIRST_YEAR = 1900

_AGED = {
    "en": folded("aged age"),
    "he": folded("בן בת שבן שבת הבן הבת גילו גילה"),
    "ar": folded("عمره عمرها وعمره وعمرها ابن ابنة يبلغ تبلغ"),
}
_OLD = folded("years year yrs")
_RANGE = folded("to until till and עד ועד إلى حتى or")
_CLASS = {
    "en": folded("class grade form year"),
    "he": folded("כיתה מכיתה בכיתה לכיתה הכיתה כתה בכתה מכתה"),
    "ar": folded("الصف صف بالصف للصف"),
}


def births(reading: Reading) -> Iterator[Finding]:
    """Days of birth, and ages with a class, in no order."""
    for token in reading.tokens:
        shortened = reading.plain[token.start : token.end] == 'ת"ל'
        if shortened or is_one_of(token.word, token.lang, _CUES):
            yield from _day_after(reading, token.end)
    for sentence in reading.sentences():
        ages = [index for index in sentence if _is_age(reading, index)]
        classes = [index for index in sentence if ages and _is_one_class(reading, index)]
        if classes:
            first, last = min(ages[0], classes[0]), max(ages[0], classes[0] + 1)
            span = reading.span(reading.tokens[first].start, reading.tokens[last].end)
            yield Finding(*span, Category.BIRTH, Certainty.LIKELY)


def _day_after(reading: Reading, start: int) -> Iterator[Finding]:
    window = reading.plain[start : start + _WINDOW].partition("\n")[0]
    for found in _DATE.finditer(window):
        month = found["m"] or found["n"]
        if month and not is_one_of(month.casefold(), language_of(month.casefold()), _MONTHS):
            continue
        year = found["a"] or found["b"] or found["c"] or found["d"] or ""
        if len(year) < 4 or int(year) >= _FIRST_YEAR:
            span = reading.span(start + found.start(), start + found.end())
            yield Finding(*span, Category.BIRTH, Certainty.SURE)
            return


def _is_age(reading: Reading, index: int) -> bool:
    """True for the number in "aged 13", "בן 13", "عمره 13", but not in "aged 13 to 14"."""
    word, before, after = reading.word(index), reading.word(index - 1), reading.word(index + 1)
    if not word.isdecimal() or not 2 < int(word[:4]) < 120 or (after in _RANGE and reading.word(index + 2).isdecimal()):
        return False
    is_told = before in {"is", "was", "turned"} and reading.word(index - 2) in {"he", "she", "who"}
    return is_told or after in _OLD or any(before in cues for cues in _AGED.values())


def _is_one_class(reading: Reading, index: int) -> bool:
    """True for "8B", "class 8-B", "כיתה ח'2", "الصف الثامن ب": a class that is one of several."""
    word, after = reading.word(index), reading.word(index + 1)
    lang, gap = reading.tokens[index].lang, reading.gap(index + 1)
    announced = any(reading.word(index - 1) in words for words in _CLASS.values())
    if word.isdecimal() and len(word) < 3 and len(after) == 1 and after.isalpha():
        return (announced and gap in {"", " ", "-", "'"}) or (gap in {"", "-"} and after in "abcdef")
    if not announced:
        return False
    if lang == "ar":
        return len(word) > 2 and (len(after) == 1 or after.isdecimal()) and gap in {" ", " (", "-", " '", ' "'}
    return len(word) <= 3 and after.isdecimal() and len(after) < 3 and gap in {"", "'", "-", "' ", " ", '"'}
