"""Names that stand for a work, a theorem or an institution, and not for a person in a classroom.

"Shulman (1986)", "לפי בול, תיימס ופלפס (2008)", "Ohm's law", "מכון ויצמן".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from language.personal.cues import cues_of
from language.personal.lists import Sort, bare_sort_of, is_one_of, sort_of
from language.personal.reading import Reading
from ontology.model import LANGUAGES

_YEAR = re.compile(r"1[6-9]\d\d|20\d\d")
_OF = frozenset({"של", "עש", "בנ"})
_AND = frozenset({"and", "et", "al", "van", "de", "von", "der", "den", "&"})
#: Authors of one work before a year, in words; longer lists do not get longer here.
_MOST_WORDS = 40
_BEFORE_YEAR = re.compile(r"[.'\"]*,? ?[(\[]\s?")
_AFTER_COMMA = re.compile(r"[.'\"]*, ?")
_BETWEEN_AUTHORS = re.compile(r"[ ,&;'\"-]*|\.,? ?(?:& ?)?")


def cited(reading: Reading) -> set[int]:
    """Indexes of the tokens that name the authors of a work with its year."""
    years = (index for index, token in enumerate(reading.tokens) if _YEAR.fullmatch(token.word))
    return {author for index in years for author in _authors(reading, index)}


def _authors(reading: Reading, year: int) -> list[int]:
    """The authors before a year: in brackets always, after a comma only where none of them is a given name."""
    gap = reading.gap(year)
    if not (_BEFORE_YEAR.fullmatch(gap) or _AFTER_COMMA.fullmatch(gap) or _joint(reading, year)):
        return []
    found = list(_walk_back(reading, year - 1))
    if "(" in gap or "[" in gap or (found and _is_shown(reading, found[-1])):
        return found
    given = (sort_of(reading.tokens[it].word, reading.tokens[it].lang) is Sort.GIVEN for it in found)
    return [] if any(given) else found


def _joint(reading: Reading, year: int) -> bool:
    """True for a year right after two authors, as in "Smith & Stein 2011"."""
    return reading.gap(year) == " " and ("&" in reading.gap(year - 1) or reading.word(year - 2) in {"and", "et"})


def _is_shown(reading: Reading, first: int) -> bool:
    """True when the authors stand after "see", "according to", or an opening bracket."""
    before = {reading.word(first - 1), reading.word(first - 2)}
    return "(" in reading.gap(first) or any(not cues.see.isdisjoint(before) for cues in map(cues_of, LANGUAGES))


def _walk_back(reading: Reading, last: int) -> Iterator[int]:
    """From the last author to the first."""
    for index in range(last, max(-1, last - _MOST_WORDS), -1):
        if not _may_be_author(reading, index, last):
            return
        yield index
        if not _continues(reading, index):
            return


def _may_be_author(reading: Reading, index: int, last: int) -> bool:
    token = reading.tokens[index]
    if token.lang == "en":
        return token.capital or len(token.word) == 1 or token.word in _AND
    return bool(token.lang) and token.word not in cues_of(token.lang).see and (index == last or len(token.word) > 1)


def _continues(reading: Reading, index: int) -> bool:
    """True when the token before an author may be another author, or the given name of this one."""
    gap, token = reading.gap(index), reading.tokens[index]
    if not _BETWEEN_AUTHORS.fullmatch(gap):
        return False
    if "." in gap:
        return len(reading.word(index - 1)) == 1 or reading.word(index - 1) == "al"
    if token.lang == "en":
        return True
    attached = token.word[0] in "וو" or token.word in cues_of(token.lang).and_others
    return "," in gap or "&" in gap or attached or bare_sort_of(reading.word(index - 1), token.lang) is Sort.GIVEN


def stands_for_a_thing(reading: Reading, index: int, sort: Sort) -> bool:
    """True when a name belongs to an institution beside it, or to a theorem, law or the like.

    A given name belongs to institutions only: "Noa's rule" is a pupil's.
    """
    lang = reading.tokens[index].lang
    things = cues_of(lang).institutions if sort is Sort.GIVEN else cues_of(lang).institutions | cues_of(lang).eponyms
    if lang == "en":
        return any(word in things for word in _owned(reading, index))
    return any(is_one_of(word, lang, things) for word in _owners(reading, index, lang))


def _owned(reading: Reading, index: int) -> Iterator[str]:
    """What a name owns or is part of: law in "Newton's second law", college in "David Yellin College"."""
    possessive = reading.word(index + 1) == "s" and "'" in reading.gap(index + 1)
    for after in range(index + 1, index + (4 if possessive else 3)):
        if reading.starts_sentence(after):
            return
        yield reading.word(after)
        if not possessive and not reading.tokens[after].capital:
            return


def _owners(reading: Reading, index: int, lang: str) -> Iterator[str]:
    """The word before a name, or before "of" or a first name and it."""
    before = reading.word(index - 1)
    yield before
    if before in _OF or sort_of(before, lang) is not None:
        yield reading.word(index - 2)
