"""BibTeX, entry by entry: a broken entry is reported and its neighbours are read.

bibtexparser sets aside what it cannot take (broken blocks, keys or fields that stand twice). Every block set aside is
looked at again here, so that each entry of the file comes out as a record or as a problem.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import TypeAlias

from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares import (
    LatexDecodingMiddleware,
    NameParts,
    SeparateCoAuthors,
    SplitNameParts,
    default_parse_stack,
)
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    Field,
    ImplicitComment,
    MiddlewareErrorBlock,
    ParsingFailedBlock,
    String,
)

from ingest.readers.bibliography import Work, record_of, venue
from ingest.readers.types import type_of
from ingest.record import Context, Document, Record
from ontology.errors import UnreadableFile
from ontology.model import Problem

# What the libraries would log, the problems of this reader say with their place and remedy.
for _chatty in ("bibtexparser", "pylatexenc"):
    logging.getLogger(_chatty).setLevel(logging.CRITICAL)

Names: TypeAlias = "list[NameParts | str] | str"

_LATEX = LatexDecodingMiddleware()
_ENTRY_START = re.compile(r"@\s*(?!comment\b|string\b|preamble\b)\w+\s*[{(]", re.IGNORECASE)
_IS_LATEX = re.compile(r"[\\{}$~%&^]|--|``|''")
_REMEDY = "Look for an unclosed brace or quote, or a missing comma, in that entry."


def read_bibtex(document: Document, _context: Context) -> Iterator[Record | Problem]:
    """Entries as bibtexparser 2 finds them, with @string resolved and LaTeX accents and braces decoded.

    Raises:
        UnreadableFile: E130 there is no entry in the file at all.
    """
    blocks = parse_string(document.text, parse_stack=[]).blocks
    problems = [problem for block in blocks for problem in _problems(block, document.name)]
    entries = [entry for block in blocks if (entry := _entry(block))]
    if not entries and not problems:
        remedy = "A BibTeX entry looks like @article{key, title = {...}}."
        raise UnreadableFile("There is no BibTeX entry in the file", place="line 1", problem="E130", remedy=remedy)
    yield from problems
    keys = [entry.key for entry in entries]
    strings = [block for block in blocks if isinstance(block, String)]
    for key, block in zip(keys, _resolved(strings, entries), strict=True):
        place = f"line {(block.start_line or 0) + 1}"
        if isinstance(block, MiddlewareErrorBlock):
            message = f"The names in {key[:80]!r} could not be split and were taken as written"
            yield Problem("W135", document.name, place, message, "Write names as `Family, Given and Family, Given`.")
        yield from record_of(_work(key, _entry(block)), place, document.name)


def _entry(block: Block) -> Entry | None:
    """The entry that a block is, or that was set aside in it."""
    if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock | MiddlewareErrorBlock):
        block = block.ignore_error_block or block
    return block if isinstance(block, Entry) else None


def _problems(block: Block, file: str) -> Iterator[Problem]:
    place = f"line {(block.start_line or 0) + 1}"
    match block:
        case DuplicateBlockKeyBlock():
            message = f"The key {block.key[:80]!r} stands twice; both entries were taken"
            yield Problem("W131", file, place, message, "Give each entry a key of its own.")
        case DuplicateFieldKeyBlock():
            fields = ", ".join(sorted(block.duplicate_keys))
            yield Problem("W134", file, place, f"{fields} stands twice; the first was taken", "Keep one of them.")
        case ParsingFailedBlock() | ImplicitComment():
            for found in _ENTRY_START.findall(block.raw or ""):
                yield Problem("E131", file, place, f"The entry that begins {found[:40]!r} does not parse", _REMEDY)


def _resolved(strings: list[String], entries: list[Entry]) -> list[Block]:
    """The entries in their order, without enclosing braces, with @string resolved and names split."""
    for number, entry in enumerate(entries):
        entry.key = str(number)  # so that none hides another
    library = Library([*strings, *entries])
    for step in (*default_parse_stack(), SeparateCoAuthors(), SplitNameParts()):
        library = step.transform(library)
    return [block for block in library.blocks if _entry(block)]


def _work(key: str, entry: Entry | None) -> Work:
    fields = {field.key.lower(): field.value for field in reversed(entry.fields if entry else [])}

    def get(*names: str) -> str:
        return next((text for name in names if (text := _plain(name, fields.get(name)))), "")

    published = get("journal", "journaltitle", "booktitle", "institution", "school", "publisher", "howpublished")
    return Work(
        key=key,
        title=": ".join(filter(None, (get("title"), get("subtitle")))),
        authors=tuple(_people(fields.get("author") or fields.get("editor") or [])),
        year=get("year", "date"),
        venue=venue(published, get("volume"), get("number", "issue"), get("pages")),
        doi=get("doi"),
        isbn=get("isbn"),
        address=get("url"),
        language=get("langid", "language"),
        abstract=get("abstract"),
        keywords=tuple(filter(None, re.split(r"\s*[,;]\s*", get("keywords")))),
        note=get("note"),
        type=type_of(entry.entry_type if entry else ""),
        publisher=get("publisher"),
        issn=tuple(filter(None, (get("issn"),))),
        identifiers=tuple(f"pmid:{it}" for it in (get("pmid"),) if it),
    )


def _plain(name: str, value: object) -> str:
    """A field as text; addresses hold `%` and `~` that are no LaTeX."""
    if not isinstance(value, str):
        return ""
    return value.strip() if name in {"doi", "url"} else _decoded(value)


def _decoded(latex: str) -> str:
    r"""LaTeX as people read it. A bare `%` is a per cent sign here: BibTeX has no comments inside a field."""
    if not _IS_LATEX.search(latex):
        return " ".join(latex.split())
    entry = Entry("misc", "", [Field("text", re.sub(r"(?<!\\)%", r"\%", latex))])
    decoded = _LATEX.transform_entry(entry, Library())
    text = decoded.fields[0].value if isinstance(decoded, Entry) else latex
    return " ".join(str(text).split()) or latex.strip()


def _people(names: Names) -> Iterator[str]:
    for name in [names] if isinstance(names, str) else names:
        if isinstance(name, str):
            yield _decoded(name)
        else:
            yield from _person(name)


def _person(name: NameParts) -> Iterator[str]:
    parts = (" ".join((*name.von, *name.last)), " ".join(name.jr), " ".join(name.first))
    if known := [_decoded(part) for part in parts if part]:
        yield ", ".join(known)
