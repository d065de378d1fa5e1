"""BibTeX, entry by entry: a broken entry is reported and its neighbours are read.

bibtexparser sets aside what it cannot take (broken blocks, keys or fields that stand twice). Every block set aside is
looked at again here, so that each entry of the file comes out as a record or as a problem.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from itertools import pairwise
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
_PIECE = re.compile(r"^[ \t]*(?=@\s*\w+\s*[{(])", re.MULTILINE)
_STRING = re.compile(r"\s*@\s*string\b", re.IGNORECASE)
_KEY = re.compile(r"\s*@\s*\w+\s*[{(]\s*([^\s,{}]+)\s*,")
_CROSSREF = re.compile(r"\bcrossref\s*=", re.IGNORECASE)
# What an entry never inherits: its own title and address are not those of the book that it stands in.
_OWN = frozenset({"title", "subtitle", "doi", "url", "abstract", "keywords", "crossref", "pages"})
_IS_LATEX = re.compile(r"[\\{}$~%&^]|--|``|''")
_REMEDY = "Look for an unclosed brace or quote, or a missing comma, in that entry."


def read_bibtex(document: Document, _context: Context) -> Iterator[Record | Problem]:
    """Entries as bibtexparser 2 finds them, with @string resolved and LaTeX accents and braces decoded.

    Raises:
        UnreadableFile: E130 there is no entry in the file at all.
    """
    pieces = list(_pieces(document.text))
    read = (parse_string(piece, parse_stack=[]).strings for _, piece in pieces if _STRING.match(piece))
    strings = list({it.key: it for some in read for it in reversed(some)}.values())
    parents = _Parents(document.text, pieces, strings)
    seen: set[str] = set()
    met = False
    for line, piece in pieces:
        for item in _items(piece, line, document.name, parents, seen):
            met = True
            yield item
    if not met:
        remedy = "A BibTeX entry looks like @article{key, title = {...}}."
        raise UnreadableFile("There is no BibTeX entry in the file", place="line 1", problem="E130", remedy=remedy)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The file cut where a line begins an entry, each piece with the number of lines before it."""
    starts = [0, *(found.start() for found in _PIECE.finditer(text)), len(text)]
    line = 0
    for start, end in pairwise(starts):
        yield line, text[start:end]
        line += text.count("\n", start, end)


class _Parents:
    """Entries that others inherit from with `crossref`, found when one asks for them."""

    def __init__(self, text: str, pieces: list[tuple[int, str]], strings: list[String]) -> None:
        self.strings = strings
        self._pieces: dict[str, str] = {}
        if _CROSSREF.search(text):
            found = ((_KEY.match(piece), piece) for _, piece in pieces)
            self._pieces = {key[1].lower(): piece for key, piece in reversed(list(found)) if key}

    def of(self, key: str) -> Entry | None:
        """The entry with a key, its strings resolved."""
        blocks = parse_string(self._pieces.get(key.lower(), ""), parse_stack=[]).blocks
        entry = next((it for block in blocks if (it := _entry(block))), None)
        return _entry(_resolved(self.strings, [entry])[0]) if entry else None


def _items(piece: str, line: int, file: str, parents: _Parents, seen: set[str]) -> Iterator[Record | Problem]:
    blocks = parse_string(piece, parse_stack=[]).blocks
    for block in blocks:
        block._start_line_in_file = (block.start_line or 0) + line  # noqa: SLF001 - there is no public way to say it
        yield from _problems(block, file)
    entries = [entry for block in blocks if (entry := _entry(block))]
    for entry in entries:
        entry._start_line_in_file = max(line, entry.start_line or 0)  # noqa: SLF001 - as above, inside what was set aside
    for key, block in zip([entry.key for entry in entries], _resolved(parents.strings, entries), strict=True):
        place = f"line {(block.start_line or 0) + 1}"
        if key in seen:
            message = f"The key {key[:80]!r} stands twice; both entries were taken"
            yield Problem("W131", file, place, message, "Give each entry a key of its own.")
        seen.add(key)
        if isinstance(block, MiddlewareErrorBlock):
            message = f"The names in {key[:80]!r} could not be split and were taken as written"
            yield Problem("W135", file, place, message, "Write names as `Family, Given and Family, Given`.")
        entry = _entry(block)
        yield from _inherited(entry, key, place, file, parents)
        yield from record_of(_work(key, entry), place, file)


def _inherited(entry: Entry | None, key: str, place: str, file: str, parents: _Parents) -> Iterator[Problem]:
    """Give an entry what it lacks and the entry of its `crossref` has, as BibTeX does; W219 when there is none."""
    fields = {field.key.lower(): field.value for field in entry.fields} if entry else {}
    named = str(fields.get("crossref", "")).strip()
    if not entry or not named:
        return
    parent = parents.of(named)
    if parent is None:
        message = f"{key[:80]!r} refers to {named[:80]!r}, which is not in the file"
        yield Problem("W219", file, place, message, "Add that entry, or take `crossref` away.")
        return
    given = {field.key.lower(): field for field in parent.fields}
    if "title" in given and "booktitle" not in given:
        given["booktitle"] = Field("booktitle", given["title"].value)
    left = (it for name, it in given.items() if name not in fields and name not in _OWN)
    entry.fields = [*entry.fields, *left]


def _entry(block: Block) -> Entry | None:
    """The entry that a block is, or that was set aside in it."""
    if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock | MiddlewareErrorBlock):
        block = block.ignore_error_block or block
    return block if isinstance(block, Entry) else None


def _problems(block: Block, file: str) -> Iterator[Problem]:
    place = f"line {(block.start_line or 0) + 1}"
    match block:
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
    fresh = [String(it.key, it.value) for it in strings]  # the steps change what they are given
    library = Library([*fresh, *entries])
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
