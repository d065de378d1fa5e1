"""The lists of names that ship with Kesher (`language/lexicon/names-{lang}.txt`), asked word by word."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache, lru_cache

from language.affixes import without_prefix
from language.function_words import FUNCTION_WORDS
from language.lexicons import SHIPPED
from language.personal.sections import folded, sections


class Sort(StrEnum):
    """What a word is in the lists; the values are the headings of the files."""

    EMINENT = "eminent"
    GIVEN = "given"
    FAMILY = "family"
    GIVEN_WORD = "given words"
    FAMILY_WORD = "family words"
    SCHOOL = "schools"

    @property
    def is_given(self) -> bool:
        """A given name, also one that is a word too."""
        return self in {Sort.GIVEN, Sort.GIVEN_WORD}

    @property
    def is_name(self) -> bool:
        """A name of a person, of whatever sort."""
        return self in {Sort.GIVEN, Sort.GIVEN_WORD, Sort.FAMILY, Sort.FAMILY_WORD}


#: A word that is in several lists is taken for the first of these.
_ORDER = (Sort.EMINENT, Sort.GIVEN, Sort.FAMILY, Sort.GIVEN_WORD, Sort.FAMILY_WORD)
#: Names have no article; ה and ال before one belong to another word.
ARTICLES = ("ה", "ال")
ENGLISH_MONTHS = folded("""
    january february march april may june july august september october november december
""")
#: What Hebrew most often attaches to a name: to, and, that, of.
_USUAL = frozenset({"ל", "ו", "ש", "של", "ול"})
#: Common words that look like a prefix and a name: "we have", "she examined", "from my sons".
_NO_NAMES = folded("لدينا ولدينا فلدينا ولدان בחנה מבני שמירה בשמירה לשמירה שליה לבני ולבני שאנה לאנה במור ומור")


@lru_cache(maxsize=65536)
def sort_of(word: str, lang: str) -> Sort | None:
    """What a folded word is; prefixes that Hebrew and Arabic attach to names are taken off. None: not listed."""
    if not lang or not word or word in _NO_NAMES:
        return None
    stripped = (_without(word, rest, lang) for rest in forms(word, lang) if rest != word)
    return _listed(word, lang) or next(filter(None, stripped), None)


def _without(word: str, rest: str, lang: str) -> Sort | None:
    """What is left of a word without a prefix; nothing where the two more likely are one common word (מדינה, بعدي)."""
    prefix, sort = word[: -len(rest)], _listed(rest, lang)
    if prefix.endswith(ARTICLES):
        return None
    likely = lang == "he" and prefix in _USUAL
    return None if sort in {Sort.GIVEN, Sort.FAMILY} and not likely and is_common(word, lang) else sort


def is_common(word: str, lang: str) -> bool:
    """True for a word of everyday language, as far as the lexicon goes."""
    lexicon = SHIPPED.of(lang)
    return word in FUNCTION_WORDS or (lexicon is not None and not lexicon.unknown(word))


@lru_cache(maxsize=65536)
def bare_sort_of(word: str, lang: str) -> Sort | None:
    """What a folded word is as it stands."""
    return _listed(word, lang) if lang and word else None


def names_a_school(word: str, lang: str) -> bool:
    """True for a word that schools are typically called by."""
    return bool(lang) and word in _lists(lang)[Sort.SCHOOL]


@lru_cache(maxsize=65536)
def forms(word: str, lang: str) -> tuple[str, ...]:
    """A word, and what is left of it without the prefixes that may be attached to a name, if that is long enough."""
    rests = without_prefix(word, lang)
    return (word, *(rest for rest in rests if len(rest) > 2 or (len(rest) == 2 and word[0] in "לשו")))


def is_one_of(word: str, lang: str, words: frozenset[str]) -> bool:
    """True when a word, as it stands or without a prefix, is among some others."""
    return word in words or (lang in {"he", "ar"} and not words.isdisjoint(forms(word, lang)))


def _listed(word: str, lang: str) -> Sort | None:
    return next((sort for sort in _ORDER if word in _lists(lang)[sort]), None)


@cache
def _lists(lang: str) -> Mapping[str, frozenset[str]]:
    return sections(f"names-{lang}.txt", frozenset(Sort))
