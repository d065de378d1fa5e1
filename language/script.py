"""Which script a text is in, the language that suggests, and the direction it runs."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType


class Script(StrEnum):
    """The scripts that are told apart; everything else is `OTHER`, and a text without letters is `NONE`."""

    LATIN = "latin"
    HEBREW = "hebrew"
    ARABIC = "arabic"
    CYRILLIC = "cyrillic"
    GREEK = "greek"
    OTHER = "other"
    MIXED = "mixed"
    NONE = "none"


#: A text belongs to a script that has at least this share of its letters; below it, the text is mixed.
MAJORITY = 0.75

#: Languages (ISO 639-1) that are not written in Latin letters.
_NOT_LATIN: Mapping[str, Script] = MappingProxyType(
    {
        **dict.fromkeys(("he", "iw", "yi", "ji"), Script.HEBREW),
        **dict.fromkeys(("ar", "fa", "ur", "ps", "ckb", "ug"), Script.ARABIC),
        **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "sr", "kk", "ky", "mn", "tg"), Script.CYRILLIC),
        "el": Script.GREEK,
        **dict.fromkeys(("am", "bn", "gu", "hi", "hy", "ja", "ka", "km", "kn", "ko", "lo"), Script.OTHER),
        **dict.fromkeys(("ml", "mr", "my", "ne", "pa", "si", "ta", "te", "th", "ti", "zh"), Script.OTHER),
    }
)

_LANGUAGE: Mapping[Script, str] = MappingProxyType({Script.LATIN: "en", Script.HEBREW: "he", Script.ARABIC: "ar"})


def script_of_language(lang: str) -> Script:
    """The script of a BCP 47 language tag; a tag that is not known to be another's is Latin."""
    return _NOT_LATIN.get(primary(lang), Script.LATIN)


@lru_cache(maxsize=4096)
def primary(lang: str) -> str:
    """The language of a BCP 47 tag without region and script: `en-US` is `en`; the old `iw` is `he`."""
    subtag = lang.lower().replace("_", "-").partition("-")[0]
    return "he" if subtag == "iw" else subtag


def shares(text: str) -> Mapping[Script, float]:
    """The share of each script among the letters of a text, greatest first; empty without letters."""
    counts: Counter[Script] = Counter()
    for letter, count in Counter(unicodedata.normalize("NFKC", text)).items():
        if letter.isalpha():
            counts[_script_of_letter(letter)] += count
    total = counts.total()
    return {script: count / total for script, count in counts.most_common()}


def script_of(text: str) -> Script:
    """The script that three quarters of the letters are in, else `MIXED`; `NONE` without letters."""
    found = shares(text)
    if not found:
        return Script.NONE
    first, share = next(iter(found.items()))
    return first if share >= MAJORITY else Script.MIXED


def language_of(text: str) -> str:
    """The language that the script of most letters suggests: `en`, `he`, `ar`, or empty when it suggests none."""
    found = shares(text)
    return _LANGUAGE.get(next(iter(found)), "") if found else ""


def covered(text: str, languages: Iterable[str]) -> bool:
    """Whether three quarters of a text's letters are in scripts that these languages are written in.

    This is the gate of the dense leg: a model is blind to scripts it was not trained on, and worse than silent.
    """
    scripts = {script_of_language(it) for it in languages}
    found = shares(text)
    return bool(found) and sum(share for script, share in found.items() if script in scripts) >= MAJORITY


def direction(lang: str) -> str:
    """`rtl` or `ltr`, the value of HTML's `dir` for a language tag."""
    return "rtl" if script_of_language(lang) in {Script.HEBREW, Script.ARABIC} else "ltr"


@lru_cache(maxsize=4096)
def _script_of_letter(letter: str) -> Script:
    word = unicodedata.name(letter, "").partition(" ")[0].lower()
    return Script(word) if word in {"latin", "hebrew", "arabic", "cyrillic", "greek"} else Script.OTHER
