"""Texts cut into pieces that a page marks up: names in sentences, words of a query in snippets. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

#: What Unicode sets apart in a sentence: from FIRST STRONG ISOLATE to POP DIRECTIONAL ISOLATE.
_ISOLATED = re.compile("\u2068([^\u2068\u2069]*)\u2069")


class Piece(NamedTuple):
    """A part of a text, and whether it is one to mark."""

    text: str
    marked: bool


def parts(sentence: str) -> Iterator[Piece]:
    """A sentence as its own words and the names that are isolated in it, which are marked."""
    for place, text in enumerate(_ISOLATED.split(sentence)):
        if text:
            yield Piece(text, marked=place % 2 == 1)


def pieces(text: str, highlights: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """A text as what is highlighted in it, which is marked, and what is not."""
    at = 0
    for start, end in highlights:
        yield Piece(text[at:start], marked=False)
        yield Piece(text[start:end], marked=True)
        at = end
    yield Piece(text[at:], marked=False)
