"""Glyphs where a PDF places them, and the letters that they make together: points are glyphs of their own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import hypot

#: Of a glyph whose font does not say which text it is.
UNKNOWN = "\ufffd"

_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_NO_WIDTH = 0.01  # of the size of type
_FARTHEST = 1.5  # of the size of type: a mark that is farther from a letter is not on it


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph where it stands; lengths in points, `baseline` counted down from the top of the page."""

    text: str
    left: float
    right: float
    baseline: float
    size: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def has_width(self) -> bool:
        return self.right - self.left > _NO_WIDTH * self.size


def is_right_to_left(text: str) -> bool:
    """Whether a text has a letter or a mark of Hebrew or Arabic."""
    return bool(_RIGHT_TO_LEFT.search(text))


def clusters(glyphs: Sequence[Glyph], *, visual: bool) -> list[Glyph]:
    """Letters with their marks, in NFKC; what has no known text is left out.

    Args:
        glyphs: Those of a page, in the order in which the file draws them.
        visual: Whether right-to-left words are drawn from left to right, and a mark so before its letter.
    """
    named = _named_once([it if it.text.isascii() else replace(it, text=_normal(it.text)) for it in glyphs])
    letters = [at for at, it in enumerate(named) if it.text not in {"", UNKNOWN} and not _is_marks(it.text)]
    marks: dict[int, str] = {}
    for at, mark in enumerate(named):
        if _is_marks(mark.text) and (owner := _owner(named, at, visual=visual)) is not None:
            marks[owner] = marks.get(owner, "") + mark.text
    return [replace(named[at], text=named[at].text + _once(marks[at])) if at in marks else named[at] for at in letters]


def unknown(glyphs: Sequence[Glyph]) -> int:
    """How many glyphs have no known text."""
    return sum(it.text == UNKNOWN for it in _named_once(glyphs))


def drawn_once(glyphs: Iterable[Glyph]) -> Iterator[Glyph]:
    """Without the second strokes of a letter that is drawn twice, a hair apart, to look bold."""
    drawn: dict[tuple[str, int, int], Glyph] = {}
    for glyph in glyphs:
        x, y = int(glyph.left), int(glyph.baseline)
        near = (drawn.get((glyph.text, x + right, y + down)) for right in (-1, 0, 1) for down in (-1, 0, 1))
        if glyph.has_width and any(it and hypot(it.left - glyph.left, it.baseline - glyph.baseline) < 1 for it in near):
            continue
        if glyph.has_width:
            drawn[glyph.text, x, y] = glyph
        yield glyph


def _named_once(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Some programs name the first glyph of a letter with points, or each, by all of them: each is named by its own."""
    if not any(it.text and not it.has_width and len(it.text) > 1 and is_right_to_left(it.text) for it in glyphs):
        return list(glyphs)
    named, told, letter = [], False, ""
    for glyph in glyphs:
        text = glyph.text
        if glyph.has_width:
            text = _letters(letter if text == UNKNOWN and letter else text) if is_right_to_left(text + letter) else text
            told, letter = False, ""
        elif text == UNKNOWN:
            text = "" if told else text
        elif is_right_to_left(text):
            told = told or len(text) > 1
            text, letter = _marks(text), _letters(text) or letter
        named.append(replace(glyph, text=text))
    return named


def _owner(glyphs: Sequence[Glyph], at: int, *, visual: bool) -> int | None:
    """The letter under a mark: the next that is drawn, or the last, as its line is drawn; else the nearest."""
    after = next(_letters_near(glyphs, range(at + 1, len(glyphs))), None)
    before = next(_letters_near(glyphs, range(at - 1, -1, -1)), None)
    if after is None or before is None:
        return before if after is None else after
    mark = glyphs[at]
    on_line = abs(glyphs[after].baseline - mark.baseline) < mark.size
    drawn_rightwards = glyphs[after].left >= glyphs[before].left or glyphs[before].baseline != glyphs[after].baseline
    first, second = (after, before) if visual and is_right_to_left(mark.text) and drawn_rightwards else (before, after)
    if first == after and not on_line:
        return second
    return first if abs(glyphs[first].middle - mark.middle) < _FARTHEST * mark.size else second


def _letters_near(glyphs: Sequence[Glyph], places: range) -> Iterator[int]:
    for at in places:
        if glyphs[at].text.strip() and not _is_marks(glyphs[at].text):
            yield at


def _normal(text: str) -> str:
    """In NFKC; a mark that stands on a space there stands alone here."""
    normal = unicodedata.normalize("NFKC", text)
    return normal.strip() if _is_marks(normal.strip()) else normal


def _is_marks(text: str) -> bool:
    return bool(text) and not text.isascii() and not _letters(text)


def _letters(text: str) -> str:
    return "".join(char for char in text if not unicodedata.combining(char))


def _marks(text: str) -> str:
    return "".join(char for char in text if unicodedata.combining(char))


def _once(marks: str) -> str:
    return "".join(dict.fromkeys(marks))
