"""A text as the detectors read it: without marks, in one kind of digit and quote, cut into words and numbers.

Vowel points, bidi marks, tatweel, entities and tags cannot hide anything, and every place leads back to the text as it
was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from language.folding import fold
from language.personal.encoded import characters

_QUOTES = dict.fromkeys("'’‘ʼ׳`´", "'") | dict.fromkeys('"“”„״«»', '"') | dict.fromkeys("-‐‑–—־−", "-")
_WORD_OR_NUMBER = re.compile(r"[^\W\d_]+(?:['\"](?=[א-ת])[א-ת]+)*|\d+")
_ENDS_SENTENCE = frozenset(".!?؟…\n\r:;؛•|")
#: The name Ali, as which the word for "on" is folded; only the way it is written tells them apart.
_ALI = "علي"
#: Letters of the longest word that may be a name or a cue.
_LONGEST = 30


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a number.

    Attributes:
        word: Folded, without quotes; empty when it is too long to be a word of a list.
        start: Its first character in the plain text.
        end: Behind its last one.
        capital: It begins with a capital letter, and is no short abbreviation.
    """

    word: str
    start: int
    end: int
    capital: bool

    @property
    def lang(self) -> str:
        """The language that its first letter suggests."""
        return language_of(self.word)


def language_of(word: str) -> str:
    """The language that the first letter of a word suggests: en, he, ar, or empty for a number or another script."""
    first = word[:1]
    if "א" <= first <= "ת":
        return "he"
    if "\u0620" <= first <= "\u06d3":
        return "ar"
    return "en" if first.isalpha() and first < "\u0250" else ""


class Reading:
    """A text ready for detectors.

    Attributes:
        plain: The text without marks.
        tokens: Its words and numbers, in order.
    """

    def __init__(self, text: str) -> None:
        letters: list[str] = []
        self._places: list[tuple[int, int]] = []
        for start, end, char in characters(text):
            kept = _PLAIN[char]
            letters.append(kept)
            self._places.extend([(start, end)] * len(kept))
        self.plain = "".join(letters)
        found = _WORD_OR_NUMBER.finditer(self.plain)
        self.tokens = tuple(_token(it, text[slice(*self.span(*it.span()))]) for it in found)

    def __len__(self) -> int:
        return len(self.tokens)

    def word(self, index: int) -> str:
        """The word at an index; empty beyond either end."""
        return self.tokens[index].word if 0 <= index < len(self.tokens) else ""

    def gap(self, index: int) -> str:
        """What stands between a token and the one before it; at both ends of the text a line break."""
        if not 0 < index < len(self.tokens):
            return "\n"
        return self.plain[self.tokens[index - 1].end : self.tokens[index].start]

    def joined(self, index: int) -> bool:
        """True when only a space or a hyphen stands before a token."""
        return self.gap(index) in {" ", "-", "  "}

    def starts_sentence(self, index: int) -> bool:
        """True when nothing before a token belongs to its sentence."""
        return not _ENDS_SENTENCE.isdisjoint(self.gap(index))

    def sentences(self) -> list[range]:
        """Indexes of the tokens of each sentence."""
        starts = [index for index in range(len(self)) if index == 0 or self.starts_sentence(index)]
        return [range(start, end) for start, end in pairwise((*starts, len(self)))]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the plain text, not empty, stands in the text as it was written."""
        return self._places[start][0], self._places[end - 1][1]


def _token(found: re.Match[str], written: str) -> Token:
    raw = found[0]
    known = len(raw) <= _LONGEST and not (raw == _ALI and written.endswith("ى"))
    word = raw.casefold().replace("'", "").replace('"', "") if known else ""
    return Token(word, found.start(), found.end(), _is_capitalised(raw))


def _is_capitalised(raw: str) -> bool:
    """True for Noa, NOAM and McDonald, not for STEM and STeLLA."""
    abbreviation = 1 < len(raw) <= 4 and raw.isupper()
    return raw[0].isupper() and not abbreviation and (raw.isupper() or sum(map(str.isupper, raw)) < 3)


class _Plain(dict[str, str]):
    """Character -> what the detectors see of it; filled as characters are met."""

    def __missing__(self, char: str) -> str:
        kept = _QUOTES.get(char) or fold(char)
        self[char] = kept.upper() if char.isupper() and len(kept) == 1 else kept
        return self[char]


_PLAIN = _Plain()
