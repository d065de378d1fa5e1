"""The sentences of a text with their places in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Ends at a mark of punctuation before space, at the ¤ that library records put between their parts, or at a line.
_PIECE = re.compile(r"[^\s¤].*?(?:[.!?؟…]+(?=\s)|(?=[¤\n])|$)", re.DOTALL)


def pieces_of(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence, in characters; every letter of the text is in one of them."""
    yield from (it.span() for it in _PIECE.finditer(text))
