"""OAI-PMH 2.0 with Dublin Core (oai_dc): an answer to ListRecords or GetRecord, several in one file, or a record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from ingest.readers.bibliography import Work, normal_doi, record_of
from ingest.readers.types import type_of
from ingest.readers.xml_records import LANG, first, records, text_of, texts
from ingest.record import Context, Document, Record
from ontology.errors import UnreadableFile
from ontology.kinds import is_web_address
from ontology.model import Problem

_ISBN = re.compile(r"(?:urn:)?isbn[: ]\s*([0-9Xx -]{10,17})", re.IGNORECASE)
_ISSN = re.compile(r"(?:urn:)?issn[: ]\s*([0-9]{4}-[0-9]{3}[0-9Xx])", re.IGNORECASE)
_YEAR = re.compile(r"[12][0-9]{3}")


def read_oai(document: Document, _context: Context) -> Iterator[Record | Problem]:
    """Records in Dublin Core; one that was deleted at its source is told.

    Raises:
        UnreadableFile: E110, E111, E115, as for `xml_records.records`; E134 the repository answered with an error.
    """
    for number, it in enumerate(records(document, {"record", "error"}), 1):
        if it.tag.endswith("error"):
            message = f"The repository answered {it.get('code', '')}: {text_of(it)[:200]}"
            raise UnreadableFile(message, place="error", problem="E134", remedy="Ask it again, or for other records.")
        yield from _items(it, f"record {number}", document.name)


def _items(record: Element, place: str, file: str) -> Iterator[Record | Problem]:
    header = first(record, "header")
    name = text_of(first(header, "identifier"))
    place = f"{place} ({name[:120]})" if name else place
    described = first(record, "metadata", "dc")
    if header is not None and header.get("status") == "deleted":
        message = "This record was deleted at its source; what it said before is withdrawn with this file"
        yield Problem("W217", file, place, message, "Nothing needs to be done.")
    elif described is None:
        remedy = "Ask for metadataPrefix=oai_dc."
        yield Problem("E135", file, place, "The record has no Dublin Core (oai_dc)", remedy)
    else:
        yield from record_of(_work(described, name), place, file)


def _work(described: Element, name: str) -> Work:
    named = texts(described, "identifier")
    title = first(described, "title")
    years = (found[0] for it in texts(described, "date") if (found := _YEAR.search(it)))
    work = Work(
        key=name,
        title=text_of(title),
        authors=texts(described, "creator"),
        year=next(years, ""),
        venue=next(iter(texts(described, "source")), ""),
        language=(title.get(LANG, "") if title is not None else "") or next(iter(texts(described, "language")), ""),
        abstract=next(iter(texts(described, "description")), ""),
        keywords=tuple(dict.fromkeys(texts(described, "subject"))),
        type=type_of(next(iter(texts(described, "type")), "")),
        publisher=next(iter(texts(described, "publisher")), ""),
        identifiers=(name,) if name else (),
        licence=next(filter(is_web_address, texts(described, "rights")), ""),
        issn=tuple(found[1] for it in (*named, *texts(described, "source")) if (found := _ISSN.search(it))),
    )
    return replace(
        work,
        doi=next((it for it in named if normal_doi(it)), ""),
        isbn=next((found[1].strip() for it in named if (found := _ISBN.search(it))), ""),
        address=next(filter(is_web_address, named), ""),
    )
