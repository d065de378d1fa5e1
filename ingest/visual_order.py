"""Right-to-left text as a PDF shows it, put back into the order in which it is read.

A page of a PDF places glyphs; it does not say in which order they are read. Taken from left to right, a line of Hebrew
or Arabic comes out reversed ("visual order"), unless a program that knew nothing of direction wrote the page; then it
is right already ("logical order"). Which of the two a page is, its words tell: Hebrew final letters, the Arabic
ta marbuta and alef maqsura end a word, and the Arabic article begins one. A visual line is put right by the Unicode
bidirectional algorithm (UAX #9), which is its own inverse but for rare mixtures of directions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from bidi import get_display  # type: ignore[import-untyped] # python-bidi has no types of its own

#: What is seen on a line from left to right; each piece is one glyph, which a ligature makes several letters.
Seen: TypeAlias = Sequence[str]

_RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ENDS = "ךםןףץةى"
_WORD = re.compile(r"[\u05d0-\u05ea\u0621-\u064a]{2,}")
_LEAST_WITH_ARTICLE = 4  # letters: in shorter words alef and lam may stand in either order by chance
_MAJORITY = 0.6  # of a line's letters; with less, the page decides how its line runs
_OPENING = "([{<«"
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_BRACKET = re.compile(r"[()\[\]{}<>«»]")
# A mark goes where its letter goes: what stood after a bracket stands before it when the bracket was turned.
_TELLTALE = "\u034f"
_TURNED_BRACKET = re.compile(rf"({_BRACKET.pattern}){_TELLTALE}|{_TELLTALE}({_BRACKET.pattern})")


def is_right_to_left(text: str) -> bool:
    """Whether a text has a letter or a mark of Hebrew or Arabic."""
    return bool(_RTL.search(text))


def visual_votes(lines: Iterable[Seen]) -> int:
    """How many more words look reversed than do not; positive for visual order, negative for logical, 0 for neither."""
    return sum(_vote(word) for line in lines for word in _WORD.findall(_plain("".join(line))))


def logical_lines(lines: Sequence[Seen], *, visual: bool) -> list[str]:
    """The lines of a page in reading order, in NFKC: letters instead of ligatures and presentation forms.

    Args:
        lines: What is seen, from left to right, with its spaces.
        visual: Whether right-to-left words stand reversed (`visual_votes`).
    """
    if not visual:
        return [_plain("".join(line)) for line in lines]
    page_runs = _runs_right_to_left("".join(map("".join, lines)), otherwise=False)
    return [_turned(line, page_runs=page_runs) for line in _with_true_brackets(lines)]


def _turned(line: Seen, *, page_runs: bool) -> str:
    seen = "".join(_cluster(unicodedata.normalize("NFKC", glyph)) for glyph in line)
    if not is_right_to_left(seen):
        return _plain("".join(line))
    base = "R" if _runs_right_to_left(seen, otherwise=page_runs) else "L"
    turned = str(get_display(_BRACKET.sub(rf"\g<0>{_TELLTALE}", seen), base_dir=base))
    return _plain(_TURNED_BRACKET.sub(lambda it: it[1] or it[2].translate(_MIRRORED), turned))


def _cluster(glyph: str) -> str:
    """A glyph of several letters (lam with alef, a letter with its points) is read whole, so it must turn twice."""
    return glyph[::-1] if len(glyph) > 1 and is_right_to_left(glyph) else glyph


def _runs_right_to_left(text: str, *, otherwise: bool) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    share = sum(map(is_right_to_left, letters)) / len(letters) if letters else 0.5
    return share > 0.5 if share >= _MAJORITY or share <= 1 - _MAJORITY else otherwise


def _with_true_brackets(lines: Sequence[Seen]) -> list[Seen]:
    """Brackets by their shape: what opens stands to the left of what closes, whichever way the words run.

    A program that wrote a mirrored glyph may have named it by the character that it stands for, and then does so for
    every line that shows the glyph; so a line that leaves it open is taken as most of its page is.
    """
    mirrored = [[piece.translate(_MIRRORED) for piece in line] for line in lines]
    gains = [_faults(line) - _faults(other) for line, other in zip(lines, mirrored, strict=True)]
    page = sum(gains)
    return [other if (gain or page) > 0 else line for line, other, gain in zip(lines, mirrored, gains, strict=True)]


def _faults(line: Seen) -> int:
    """Brackets that close nothing, or are not closed, within their line."""
    faults = is_open = 0
    for char in "".join(line):
        if char in _OPENING:
            is_open += 1
        elif char.translate(_MIRRORED) in _OPENING:
            faults += is_open == 0
            is_open = max(is_open - 1, 0)
    return faults + is_open


def _vote(word: str) -> int:
    votes = (word[0] in _ENDS) - (word[-1] in _ENDS)
    if len(word) >= _LEAST_WITH_ARTICLE:
        votes += word.endswith("لا") - word.startswith("ال")
    return votes


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
