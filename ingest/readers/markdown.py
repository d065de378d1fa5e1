"""Markdown: a note from the field, with what it is about in YAML front matter.

::

    ---
    kind: practice            # the default
    title: ...                # the first heading when absent
    language: he              # from the script when absent; Latin script is taken as English
    uses: [video-club]        # tools, competencies, sources...: slugs, codes, kind/slug or IRIs
    develops: OBS.2
    about: [OBS.2, concept/noticing]
    consent: public           # a practice record without it stays private
    ---

    # Heading

    What was tried, and what happened.

Any property of `ingest.properties` may stand in the front matter. A key that is none is named in a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.prose import Block, prose_items
from ingest.record import Context, Document, Record
from ontology.errors import UnreadableFile
from ontology.model import Problem
from ontology.yaml_text import Yaml, read_yaml

_FENCE = re.compile(r"---[ \t]*\r?\n(.*?)(?<=\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
# HTML stays the text that it is: it is neither rendered nor lost.
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def read_markdown(document: Document, context: Context) -> Iterator[Record | Problem]:
    """The one record that a Markdown file is.

    Raises:
        UnreadableFile: E140 the front matter does not parse or does not end; E150 the text is longer than 1 MiB.
    """
    front, text, first_line = _split(document)
    yield from prose_items(_blocks(text, first_line), document, context, front=front)


def _split(document: Document) -> tuple[Mapping[str, Yaml], str, int]:
    """Front matter, the text after it, and the line on which that begins."""
    if not re.match(r"---[ \t]*\r?\n", document.text):
        return {}, document.text, 1
    found = _FENCE.match(document.text)
    if found is None:
        remedy = "Close it with a line `---`."
        raise UnreadableFile("The front matter does not end", place="line 1", problem="E140", remedy=remedy)
    front = read_yaml(found[1], code="E140", name=document.name, first_line=2)
    return front, document.text[found.end() :], found[0].count("\n") + 1


def _blocks(text: str, first_line: int) -> Iterator[Block]:
    level = 0
    for token in _MARKDOWN.parse(text):
        if token.type == "heading_open":
            level = int(token.tag[1:])
        elif words := _words(token):
            line = first_line + (token.map[0] if token.map else 0)
            yield Block(words, f"line {line}", level)
            level = 0


def _words(token: Token) -> str:
    """The text of a block: what a reader sees, without marks."""
    if token.type in {"fence", "code_block"}:
        return token.content.strip()
    if token.type != "inline":
        return ""
    parts = (" " if part.type.endswith("break") else part.content for part in token.children or ())
    return " ".join("".join(parts).split())
