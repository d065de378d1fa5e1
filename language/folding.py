"""Folding: different ways to write the same word become one string.

For Hebrew and Arabic the letters that writers interchange are made one, as light stemmers for Arabic do (Larkey,
Ballesteros & Connell 2002): alef with and without hamza, ta marbuta and ha, alef maqsura and ya; in Hebrew the final
letters. Vowel points, tatweel, bidi marks and Latin accents go.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

#: Letters of which writers and keyboards use one for the other.
_SAME = {"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ"}
_DROPPED = frozenset("ـ׳״")  # tatweel, geresh, gershayim
_WORD = re.compile(r"[^\W_]+")
_SLASHED = re.compile(r"([\u0590-\u06ff]{2,})/([\u0590-\u06ff]{1,4})(?![\w/])")
_QUOTE_IN_WORD = re.compile(r"(?<=[\u0590-\u05ff])[\"'](?=[\u0590-\u05ff])")
_CONTROL = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")


def fold(text: str) -> str:
    """The text with case, marks and interchangeable letters folded; spaces and punctuation stay."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", _QUOTE_IN_WORD.sub("", text))
    return decomposed.casefold().translate(_FOLDED)


def words(text: str) -> list[str]:
    """The folded words of a text, in order. `_` separates; a Hebrew `רכז/ת` gives both of its forms."""
    return _WORD.findall(_SLASHED.sub(r"\1 \1\2", fold(text)))


def key(text: str) -> str:
    """What two spellings of one label share: the folded words, with single spaces."""
    return " ".join(_WORD.findall(fold(text)))


def split_keys(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """The words of the keys of many texts, none of which has a line break: sooner than one after the other."""
    return [tuple(_WORD.findall(line)) for line in fold("\n".join(texts)).split("\n")] if texts else []


def keys(text: str) -> frozenset[str]:
    """The keys of a label in every form that it abbreviates: `רכז/ת מקצוע` is matched without and with the ת."""
    folded = fold(text)
    forms = (text, _SLASHED.sub(r"\1", folded), _SLASHED.sub(r"\1\2", folded))
    return frozenset(filter(None, map(key, forms)))


def clean(text: str) -> str:
    """The text with control characters and runs of space as one space: what people meant to type."""
    return " ".join(text.translate(_CONTROL).split())


class _Folded(dict[int, str | None]):
    """Code point -> folded character, None to drop it; filled as characters are met."""

    def __missing__(self, code: int) -> str | None:
        self[code] = _folded(chr(code))
        return self[code]


def _folded(char: str) -> str | None:
    category = unicodedata.category(char)
    if category in {"Mn", "Cf"} or char in _DROPPED:
        return None
    return str(unicodedata.decimal(char)) if category == "Nd" else _SAME.get(char, char)


_FOLDED = _Folded()
