"""The lines of a page of glyphs: what stands on one baseline, from left to right, with the spaces that are seen."""

from __future__ import annotations

import statistics
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_SAME_LINE = 0.35  # of the size of type: how far an index, an exponent or a vowel point is off the baseline
_SPACE = 0.17  # of the size of type: a wider gap is a space, though none was written


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph where it stands; lengths in points, `baseline` counted down from the top of the page."""

    text: str
    left: float
    right: float
    baseline: float
    size: float


@dataclass(frozen=True, slots=True)
class Line:
    """Glyphs of one line from left to right, spaces between words included."""

    seen: tuple[str, ...]
    left: float
    right: float
    baseline: float
    size: float


def lines_of(glyphs: Sequence[Glyph]) -> list[Line]:
    """The lines of a page from top to bottom."""
    return [line for row in _rows(glyphs) if (line := _line(row)).seen]


def _rows(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    row: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda it: it.baseline):
        if row and glyph.baseline - row[-1].baseline > _SAME_LINE * min(glyph.size, row[-1].size):
            yield row
            row = []
        row.append(glyph)
    if row:
        yield row


def _line(row: Sequence[Glyph]) -> Line:
    written = [it for it in row if it.text.strip()]
    if not written:
        return Line((), 0, 0, 0, 0)
    size = statistics.median(it.size for it in written)
    letters = sorted((it for it in row if not _is_mark(it.text)), key=lambda it: (it.left + it.right) / 2)
    marked = _with_marks(letters, [it for it in row if _is_mark(it.text)])
    seen = list(_spaced(letters, marked, size))
    baseline = statistics.median(it.baseline for it in written)
    return Line(tuple(seen), min(it.left for it in written), max(it.right for it in written), baseline, size)


def _is_mark(text: str) -> bool:
    return bool(text) and all(unicodedata.combining(char) for char in text)


def _with_marks(letters: Sequence[Glyph], marks: Sequence[Glyph]) -> list[str]:
    """The letters' texts, each mark after the letter over or under which it stands."""
    texts = [it.text for it in letters]
    places = [at for at, it in enumerate(letters) if it.text.strip()]
    for mark in marks:
        middle = (mark.left + mark.right) / 2
        if places:
            texts[min(places, key=lambda at: abs((letters[at].left + letters[at].right) / 2 - middle))] += mark.text
    return texts


def _spaced(letters: Sequence[Glyph], texts: Sequence[str], size: float) -> Iterator[str]:
    """The texts with a space wherever one is seen; a written space that lies upon a letter is none."""
    right, written = None, None
    for glyph, text in zip(letters, texts, strict=True):
        if not text.strip():
            written = (glyph.left + glyph.right) / 2
            continue
        if right is not None and (
            glyph.left - right > _SPACE * size or (written is not None and right <= written <= glyph.left)
        ):
            yield " "
        yield text
        right = glyph.right if right is None else max(right, glyph.right)
        written = None
