"""A text in pieces that an encoder reads whole, each with its place in the text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from language.linking import Span

#: Characters of a piece, about: a paragraph, well within what an encoder reads.
LONGEST = 600
_LINE = re.compile(r"[^\r\n]+")
#: As `search.passages` divides a text; not after an initial: "Ball, D. L."
_BETWEEN = re.compile(r"(?<=[.!?؟…])(?<!\b\w\.)\s+")


def sentences_of(text: str) -> tuple[Span, ...]:
    """The sentences and lines of a text, none longer than a piece, with their places."""
    return tuple(
        part for line in _LINE.finditer(text) for start, end in _split(line) for part in _cut(text, start, end)
    )


def pieces_of(text: str, longest: int = LONGEST) -> tuple[Span, ...]:
    """The text in pieces of whole sentences, with their places; none for a text without a character to show."""
    pieces: list[tuple[int, int]] = []
    for it in sentences_of(text):
        if pieces and it.end - pieces[-1][0] <= longest:
            pieces[-1] = (pieces[-1][0], it.end)
        else:
            pieces.append((it.start, it.end))
    return tuple(Span(start, end, text[start:end]) for start, end in pieces)


def within(sentences: Sequence[Span], piece: Span) -> list[Span]:
    """Those of the sentences that stand in a piece."""
    return [it for it in sentences if piece.start <= it.start and it.end <= piece.end]


def _split(line: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The places of the sentences of a line, in the text."""
    start = line.start()
    for it in _BETWEEN.finditer(line.string, *line.span()):
        yield start, it.start()
        start = it.end()
    yield start, line.end()


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """The same without blanks at its ends; in parts, between words, where it is longer than a piece."""
    start, end = end - len(text[start:end].lstrip()), start + len(text[start:end].rstrip())
    while end - start > LONGEST:
        space = text.rfind(" ", start + 1, start + LONGEST)
        at = space if space > 0 else start + LONGEST
        yield Span(start, at, text[start:at])
        start = end - len(text[at:end].lstrip())
    if start < end:
        yield Span(start, end, text[start:end])
