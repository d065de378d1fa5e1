"""Plain text (.txt): one record, a paragraph where a line is empty.

Lines `heading: value` at the very beginning are its front matter, when every heading is one that `ingest.headings`
knows, in English, Hebrew or Arabic; the first line after them is the title, when it is short and stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ingest.headings import front_of
from ingest.prose import Block, prose_items
from ingest.record import Context, Document, Record
from ontology.model import Problem
from ontology.yaml_text import Yaml

_PARAGRAPH = re.compile(r"(?:^[^\S\n]*\S.*(?:\n|$))+", re.MULTILINE)
_ANSWER = re.compile(r"([^:\n]{1,40}):[^\S\n]*(.*)")
#: A first line as long as this is a paragraph, not a title.
_LONGEST_TITLE = 120


def read_plain_text(document: Document, context: Context) -> Iterator[Record | Problem]:
    """The one record that a text is.

    Raises:
        UnreadableFile: E140 the YAML beside it does not parse; E150 the text is longer than 1 MiB.
    """
    text = document.text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = [Block(" ".join(it[0].split()), f"line {_line(text, it.start())}") for it in _PARAGRAPH.finditer(text)]
    front = _front(text)
    if front:
        blocks = blocks[1:]
    if blocks and len(blocks) > 1 and len(blocks[0].text) <= _LONGEST_TITLE:
        blocks[0] = Block(blocks[0].text, blocks[0].place, level=1)
    yield from prose_items(blocks, document, context, front=front)


def _front(text: str) -> Mapping[str, Yaml] | None:
    """The first paragraph as front matter; None where a line of it is something else."""
    first = _PARAGRAPH.search(text)
    lines = [_ANSWER.fullmatch(it.strip()) for it in first[0].splitlines()] if first else []
    return front_of((it[1], it[2]) for it in lines if it) if lines and all(lines) else None


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
