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

from ingest.glyphs import is_right_to_left

#: What is seen on a line from left to right; each piece is a letter with its points, or a ligature.
Seen: TypeAlias = Sequence[str]

_ENDS = "ךםןףץةى"
_WORD = re.compile(r"[\u05d0-\u05ea\u0621-\u064a]{2,}")
_LEAST_WITH_ARTICLE = 4  # letters: in shorter words alef and lam may stand in either order by chance
# 2026-27 after Arabic shows its years from right to left: here Arabic must stand before it, where nothing does.
_ARABIC_AFTER_NUMBER = re.compile(r"[^A-Za-z\u0590-\u08ff]*[0-9][^A-Za-z\u0590-\u08ff]*[\u0620-\u064a]")
_ARABIC_MARK = "\u061c"
_LATIN = re.compile("[A-Za-z]")
_MAJORITY = 0.6  # of a line's letters; with less, the page decides how its line runs
_OPENING = "([{<«"
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_BRACKET = re.compile(r"[()\[\]{}<>«»]")
# A mark goes with its letter: what stood after a bracket stands before it when the bracket was turned.
_TELLTALE = "\u034f"
_POINTS = re.compile(
    r"[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]+"
)
_TURNED_POINTS = re.compile(rf"({_POINTS.pattern})(.)")
_TURNED_BRACKET = re.compile(rf"({_BRACKET.pattern}){_TELLTALE}|{_TELLTALE}({_BRACKET.pattern})")


def visual_votes(lines: Iterable[Seen]) -> int:
    """How many more words look reversed than do not; positive for visual order, negative for logical, 0 for neither."""
    return sum(_vote(word) for line in lines for word in _WORD.findall(_POINTS.sub("", _plain("".join(line)))))


def logical_lines(lines: Sequence[Seen], *, visual: bool, aligned: Sequence[str] = ()) -> list[str]:
    """The lines of a page in reading order, in NFKC: letters instead of ligatures and presentation forms.

    Args:
        lines: What is seen, from left to right, with its spaces.
        visual: Whether right-to-left words stand reversed (`visual_votes`).
        aligned: For each line `L` or `R` when it stands at that margin alone, else "": how a line of two scripts runs.
    """
    if not visual:
        return [_plain("".join(line)) for line in lines]
    page_runs = _runs_right_to_left("".join(map("".join, lines)), otherwise=False)
    sides = aligned or ("",) * len(lines)
    return [
        _turned(line, side, page_runs=page_runs) for line, side in zip(_with_true_brackets(lines), sides, strict=True)
    ]


def _turned(line: Seen, side: str, *, page_runs: bool) -> str:
    seen = "".join(_cluster(unicodedata.normalize("NFKC", piece)) for piece in line)
    if not is_right_to_left(seen):
        return _plain("".join(line))
    if not side or not _LATIN.search(seen):
        side = "R" if _runs_right_to_left(seen, otherwise=page_runs) else "L"
    if _ARABIC_AFTER_NUMBER.match(seen):
        seen = _ARABIC_MARK + seen
    turned = str(get_display(_BRACKET.sub(rf"\g<0>{_TELLTALE}", seen), base_dir=side)).replace(_ARABIC_MARK, "")
    turned = _TURNED_BRACKET.sub(lambda it: it[1] or it[2].translate(_MIRRORED), turned)
    return _plain(_TURNED_POINTS.sub(lambda it: it[2] + it[1][::-1], turned))


def _cluster(piece: str) -> str:
    """A piece of several letters (lam with alef) is read whole, so they must turn twice; points stay after them."""
    if len(piece) < 2 or not is_right_to_left(piece):
        return piece
    letters = "".join(char for char in piece if not unicodedata.combining(char))
    return letters[::-1] + "".join(char for char in piece if unicodedata.combining(char))


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
