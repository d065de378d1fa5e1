"""Names of persons: shown by a title, a role or what the person does, or known from the lists.

A word that is a name and nothing else counts wherever it stands. A word that is also an ordinary word (אור, نور, Grace)
counts only where its sentence shows a person. A word that no list has counts after a title or "called".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from language.personal.cues import Cues, cues_of
from language.personal.finding import Category, Finding
from language.personal.lists import ARTICLES, ENGLISH_MONTHS, Sort, bare_sort_of, is_common, is_one_of, sort_of
from language.personal.reading import Reading, Token
from language.personal.scholarship import cited, stands_for_a_thing
from language.personal.sections import folded
from ontology.model import Certainty

#: What stands before a name, last word first: "name is", "קוראים לה".
_CALLED = frozenset({("is", "name"), ("was", "name"), ("לה", "קוראימ"), ("לו", "קוראימ")})
_WITHIN_PHRASE = frozenset({" ", "  ", ' "', " '", "' "})
#: A title and an initial may end in a dot.
_AFTER_TITLE = _WITHIN_PHRASE | {". ", "."}
_NO_NAME = ENGLISH_MONTHS | folded("""
    monday tuesday wednesday thursday friday saturday sunday the a an i we he she they it this that there mathematics
    physics chemistry biology science english hebrew arabic
""")


def names(reading: Reading) -> Iterator[Finding]:
    """The names in a text, each with what follows of it, in order."""
    works = cited(reading)
    index = 0
    while index < len(reading):
        certainty = _certainty(reading, index, index in works)
        end = index + 1
        if certainty:
            while end < len(reading) and _goes_on(reading, end):
                end += 1
            span = reading.span(reading.tokens[index].start, reading.tokens[end - 1].end)
            yield Finding(*span, Category.NAME, certainty)
        index = end


def _certainty(reading: Reading, index: int, in_work: bool) -> Certainty | None:
    """How sure it is that a name begins here; None where none does."""
    token = reading.tokens[index]
    if not token.lang:
        return None
    if _run_together(reading, token):
        return Certainty.LIKELY
    cues, sort = cues_of(token.lang), sort_of(token.word, token.lang)
    if _introduced(reading, index, cues, sort):
        return Certainty.SURE
    if in_work or sort is None or _of_a_scholar(reading, index, sort) or stands_for_a_thing(reading, index, sort):
        return None
    return _listed(reading, index, cues, sort)


def _listed(reading: Reading, index: int, cues: Cues, sort: Sort) -> Certainty | None:
    """The same for a word of the lists that nothing introduces."""
    if _full_name(reading, index, sort):
        return Certainty.SURE
    if sort in {Sort.GIVEN, Sort.FAMILY}:
        return Certainty.LIKELY if _stands_alone(reading.tokens[index], sort) else None
    shown = sort is Sort.GIVEN_WORD and _shows_person(reading, index, cues)
    return Certainty.UNCERTAIN if shown else None


def _run_together(reading: Reading, token: Token) -> bool:
    """True for a given name and a family name written as one word: NoaLevi."""
    parts = re.fullmatch("([A-Z][a-z]+)([A-Z][a-z]+)", reading.plain[token.start : token.end])
    if not parts:
        return False
    given, family = (bare_sort_of(it.lower(), "en") for it in parts.groups())
    return given is not None and given.is_given and family is not None and family.is_name


# --- introduced ---


def _introduced(reading: Reading, index: int, cues: Cues, sort: Sort | None) -> bool:
    """True after a title, a role or "called": a name need not be in a list there."""
    token, before, gap = reading.tokens[index], reading.word(index - 1), reading.gap(index)
    if gap in _AFTER_TITLE and _after_title(reading, index, cues):
        return _may_be_name(token, sort)
    if gap not in _WITHIN_PHRASE:
        return False
    if before in cues.named or (before, reading.word(index - 2)) in _CALLED:
        return _may_be_name(token, sort)
    role = is_one_of(before, token.lang, cues.roles) and not reading.tokens[index - 1].capital
    return (role and _may_follow_role(reading, index, sort, cues)) or _after_some_role(reading, index, cues, sort)


def _after_title(reading: Reading, index: int, cues: Cues) -> bool:
    """True right after a title, or after a title and an initial."""
    initial = _is_initial(reading, index - 1)
    return _is_title(reading, index - 1, cues) or (initial and _is_title(reading, index - 2, cues))


def _is_title(reading: Reading, index: int, cues: Cues) -> bool:
    """True for a title; one that is a word too must be written as an abbreviation."""
    word = reading.word(index)
    if index < 0 or not is_one_of(word, reading.tokens[index].lang, cues.titles):
        return _is_lettered(reading, index)
    token = reading.tokens[index]
    raw = reading.plain[token.start : token.end]
    return word not in {"דר", "לדר"} or '"' in raw or "'" in raw


def _is_lettered(reading: Reading, index: int) -> bool:
    """True for a title of one letter and a dot: د. أ. م."""
    return reading.word(index) in {"د", "ا", "م"} and reading.gap(index + 1).startswith(".")


def _is_initial(reading: Reading, index: int) -> bool:
    return len(reading.word(index)) == 1 and reading.gap(index + 1)[:1] in {".", "'"}


def _may_be_name(token: Token, sort: Sort | None) -> bool:
    """True for a listed name, and for a word that is no common one, with a capital where its script has them."""
    if sort is not None:
        return token.lang != "en" or token.capital
    if token.lang == "en":
        return token.capital and token.word not in _NO_NAME
    article = token.word.startswith(ARTICLES)
    return len(token.word) > 1 and not article and not is_common(token.word, token.lang)


def _may_follow_role(reading: Reading, index: int, sort: Sort | None, cues: Cues) -> bool:
    token = reading.tokens[index]
    if token.lang == "en":
        return token.capital and token.word not in _NO_NAME
    goes_on = bare_sort_of(reading.word(index + 1), token.lang) in {Sort.FAMILY, Sort.FAMILY_WORD}
    return _is_bare_name(token, sort) and (token.word not in cues.never or goes_on)


def _after_some_role(reading: Reading, index: int, cues: Cues, sort: Sort | None) -> bool:
    """After "a pupil" only what is nothing but a name."""
    token, before = reading.tokens[index], reading.word(index - 1)
    some = is_one_of(before, token.lang, cues.some_role)
    return some and sort in {Sort.GIVEN, Sort.FAMILY} and _is_bare_name(token, sort)


def _is_bare_name(token: Token, sort: Sort | None) -> bool:
    """True for a listed name without anything attached to it."""
    return sort is not None and bare_sort_of(token.word, token.lang) is sort


# --- known from the lists ---


def _full_name(reading: Reading, index: int, sort: Sort) -> bool:
    """True for a given name before a family name, in whatever case, and for an initial before a family name."""
    token, after = reading.tokens[index], index + 1
    if _is_initial(reading, index - 1) and reading.gap(index) in {". ", ".", "' "}:
        return sort in {Sort.FAMILY, Sort.FAMILY_WORD} and _cased(token)
    if not (sort.is_given and after < len(reading) and reading.joined(after)):
        return False
    family = bare_sort_of(reading.word(after), token.lang)
    if family is None or not family.is_name:
        return False
    sure = Sort.GIVEN in {sort, family} or family is Sort.FAMILY
    written_so = _cased(token) and _cased(reading.tokens[after])
    return sure and (written_so or (sort is Sort.GIVEN and family is Sort.FAMILY))


def _of_a_scholar(reading: Reading, index: int, sort: Sort) -> bool:
    """True for an eminent name, and for the given name before one."""
    lang = reading.tokens[index].lang
    before_one = reading.joined(index + 1) and bare_sort_of(reading.word(index + 1), lang) is Sort.EMINENT
    return sort is Sort.EMINENT or before_one


def _stands_alone(token: Token, sort: Sort) -> bool:
    """True for a name that is no other word, written as names are; Arabic family names alone are trades too."""
    return _cased(token) and (sort is Sort.GIVEN or token.lang != "ar")


def _cased(token: Token) -> bool:
    return token.lang != "en" or token.capital


def _goes_on(reading: Reading, index: int) -> bool:
    """True when a token continues a name."""
    if index >= len(reading) or not reading.joined(index):
        return False
    token = reading.tokens[index]
    sort = bare_sort_of(token.word, token.lang)
    return sort is Sort.FAMILY or (sort is not None and sort.is_name and _cased(token))


# --- words that may be names ---


def _shows_person(reading: Reading, index: int, cues: Cues) -> bool:
    """True when the sentence treats a word as a person: it speaks, owns, is thanked, or has a capital inside."""
    token, before = reading.tokens[index], reading.word(index - 1)
    if token.lang == "en":
        no_name = token.word in _NO_NAME or token.word in cues.never
        inside = token.capital and not reading.starts_sentence(index) and not no_name and '"' not in reading.gap(index)
        return inside or (token.capital and _acts(reading, index, cues))
    if token.word.startswith(ARTICLES) and bare_sort_of(token.word, token.lang) is None:
        return False
    if before in cues.thanks or (reading.word(index - 2) in cues.thanks and before == "ל"):
        return True
    if token.lang == "he":
        of = before == "של" and is_one_of(reading.word(index - 2), "he", cues.owned)
        return of or _acts(reading, index, cues)
    return (before in cues.verbs or before in cues.owned) and bare_sort_of(token.word, "ar") is not None


def _acts(reading: Reading, index: int, cues: Cues) -> bool:
    after = reading.word(index + 1)
    owns = after == "s" and "'" in reading.gap(index + 1)
    return owns or (reading.gap(index + 1) == " " and after in cues.verbs)
