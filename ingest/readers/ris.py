"""RIS, the exchange format of reference managers (Research Information Systems, 2001).

rispy forgets a record that does not end with `ER`, and finds nothing in a file of another kind. So the file is cut into
records here, by line, and rispy reads them one at a time: whatever stands in the file comes out or is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import rispy  # type: ignore[import-untyped]  # rispy 0.10 ships no types
from rispy.config import TAG_KEY_MAPPING  # type: ignore[import-untyped]  # rispy 0.10 ships no types

from ingest.readers.bibliography import Work, record_of, venue
from ingest.readers.types import type_of
from ingest.record import Context, Document, Record
from ontology.errors import UnreadableFile
from ontology.model import Problem

_TAG = re.compile(r"([A-Z][A-Z0-9])  -( |$)")
_ERIC = re.compile(r"E[JD][0-9]{6,8}")
_BEGINS = re.compile(r"(?:^|[\r\n])TY  -")
_LINE = re.compile(r"[^\r\n]*(?=\r\n|\r|\n|\Z)(?:\r\n|\r|\n)?")


@dataclass(slots=True)
class _Block:
    """Lines that belong together: a record, or what stands between records."""

    line: int
    opened: bool
    closed: bool = False
    lines: list[str] = field(default_factory=list)


def read_ris(document: Document, _context: Context) -> Iterator[Record | Problem]:
    """Records as rispy reads them.

    Raises:
        UnreadableFile: E210 there is no record in the file at all.
    """
    if not _BEGINS.search(document.text):
        remedy = "A RIS record begins with `TY  - JOUR` (two spaces before the hyphen) and ends with `ER  - `."
        raise UnreadableFile("There is no RIS record in the file", place="line 1", problem="E210", remedy=remedy)
    for block in _blocks(document.text):
        yield from _items(block, document.name)


def _blocks(text: str) -> Iterator[_Block]:
    block = _Block(1, opened=False)
    for number, line in enumerate((it[0].rstrip("\r\n") for it in _LINE.finditer(text)), 1):
        found = _TAG.match(line)
        tag = found[1] if found else ""
        if tag == "TY" or (block.closed and line.strip()):
            yield block
            block = _Block(number, opened=tag == "TY")
        if tag == "ER" and block.opened:
            block.closed = True
        elif block.opened and block.lines and not tag:
            block.lines[-1] += f" {line.strip()}"  # a value goes on until the next tag
        elif line.strip():
            block.lines.append(line)
    yield block


def _items(block: _Block, file: str) -> Iterator[Record | Problem]:
    place = f"line {block.line}"
    if block.opened:
        if not block.closed:
            message = f"Record at {place} not closed: it was read to where the next one begins"
            yield Problem("W211", file, place, message, "Add `ER  - `.")
        if unknown := sorted({line[:2] for line in block.lines} - set(TAG_KEY_MAPPING) - {"TY", "ER"}):
            message = f"RIS has no tag {', '.join(unknown)[:80]}; what stands there was kept as a note"
            yield Problem("W218", file, place, message, "Use the tags of RIS, such as TI, AU, PY, JO, N2.")
        yield from record_of(_work(_parsed(block)), place, file)
    elif any(_TAG.match(line) for line in block.lines):
        yield Problem(
            "E211", file, place, "These lines belong to no record: there is no TY before them", "Begin with `TY  - `."
        )
    elif block.lines:
        message = f"This stands outside any record and was left out: {block.lines[0].strip()[:80]!r}"
        yield Problem("W212", file, place, message, "Remove it, or indent it into a record.")


def _parsed(block: _Block) -> Mapping[str, object]:
    text = "\n".join([*block.lines, "ER  - "])
    # Without enforced list tags a tag that stands twice becomes a list; with them its second value would be dropped.
    record: Mapping[str, object] = rispy.loads(text, enforce_list_tags=False, delimiter_tags_mapping={})[0]
    return record


def _work(record: Mapping[str, object]) -> Work:
    def every(*names: str) -> tuple[str, ...]:
        found = (record.get(name, []) for name in names)
        words = (word for value in found for word in (value if isinstance(value, list) else [value]))
        return tuple(" ".join(text.split()) for word in words if (text := str(word)).strip())

    def get(*names: str) -> str:
        return next(iter(every(*names)), "")

    published = get("journal_name", "alternate_title3", "alternate_title2", "secondary_title", "publisher")
    return Work(
        key=get("id", "label"),
        title=get("title", "primary_title", "translated_title", "short_title"),
        authors=every("authors", "first_authors") or every("secondary_authors"),
        year=get("year", "publication_year", "date"),
        venue=venue(
            published, get("volume"), get("number"), "-".join(filter(None, (get("start_page"), get("end_page"))))
        ),
        doi=get("doi"),
        isbn=get("issn"),
        address=get("urls"),
        language=get("language"),
        abstract=get("abstract", "notes_abstract"),
        keywords=every("keywords"),
        note="; ".join((*every("notes"), *_unknown(record))),
        type=type_of(get("type_of_reference")),
        publisher=get("publisher"),
        identifiers=tuple(f"eric:{it}" for it in every("accession_number") if _ERIC.fullmatch(it)),
    )


def _unknown(record: Mapping[str, object]) -> Iterator[str]:
    """What stands under tags that RIS does not have, as written."""
    tags = record.get("unknown_tag")
    for tag, values in tags.items() if isinstance(tags, Mapping) else ():
        yield from (f"{tag}: {it}" for it in (values if isinstance(values, list) else [values]))
