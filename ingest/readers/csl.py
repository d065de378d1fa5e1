"""CSL-JSON, which Zotero, Mendeley and pandoc write (Citation Style Language 1.0.2, csl-data.json)."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.readers.bibliography import Work, venue
from ingest.readers.json_works import Fields, objects, person, read_works, unmarked, word, words, year
from ingest.readers.types import type_of
from ingest.record import Context, Document, Record
from ontology.model import Problem


def read_csl(document: Document, _context: Context) -> Iterator[Record | Problem]:
    """Items of CSL-JSON.

    Raises:
        UnreadableFile: E111, E115, as for `read_works`.
    """
    return read_works(document, work_of)


def work_of(item: Fields) -> Work:
    """The work that an item is, in CSL's terms."""
    published = word(item, "container-title", "publisher")
    pmid = word(item, "PMID")
    return Work(
        key=word(item, "id", "citation-key"),
        title=unmarked(word(item, "title")),
        authors=tuple(filter(None, map(person, objects(item.get("author")) or objects(item.get("editor"))))),
        year=year(item, "issued"),
        venue=venue(published, word(item, "volume"), word(item, "issue"), word(item, "page")),
        doi=word(item, "DOI"),
        isbn=word(item, "ISBN"),
        issn=words(item.get("ISSN")),
        address=word(item, "URL"),
        language=word(item, "language"),
        abstract=unmarked(word(item, "abstract")),
        keywords=tuple(filter(None, (it.strip() for it in word(item, "keyword").replace(";", ",").split(",")))),
        note=word(item, "note"),
        type=type_of(word(item, "type")),
        publisher=word(item, "publisher"),
        identifiers=(f"pmid:{pmid}",) if pmid else (),
    )
