"""Works as Crossref's REST API gives them (api.crossref.org, format of works 1.0): one, a list, or a whole message."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.readers.bibliography import Work, venue
from ingest.readers.json_works import Fields, objects, person, read_works, unmarked, word, words, year
from ingest.readers.types import type_of
from ingest.record import Context, Document, Record
from ontology.model import Problem


def read_crossref(document: Document, _context: Context) -> Iterator[Record | Problem]:
    """Works of Crossref.

    Raises:
        UnreadableFile: E111, E115, as for `read_works`.
    """
    return read_works(document, _work)


def _work(item: Fields) -> Work:
    published = word(item, "container-title", "publisher")
    titles = (unmarked(word(item, "title")), unmarked(word(item, "subtitle")))
    return Work(
        key=word(item, "DOI"),
        title=": ".join(filter(None, titles)),
        authors=tuple(filter(None, map(person, objects(item.get("author")) or objects(item.get("editor"))))),
        year=year(item, "published-print", "issued", "published", "published-online"),
        venue=unmarked(venue(published, word(item, "volume"), word(item, "issue"), word(item, "page"))),
        doi=word(item, "DOI"),
        isbn=word(item, "ISBN"),
        issn=words(item.get("ISSN")),
        address=word(item, "URL"),
        language=word(item, "language"),
        abstract=unmarked(word(item, "abstract")),
        keywords=words(item.get("subject")),
        note="; ".join(_notices(item)),
        type=type_of(word(item, "type")),
        publisher=word(item, "publisher"),
        licence=next((word(it, "URL") for it in objects(item.get("license")) if word(it, "URL")), ""),
        references=tuple(word(it, "DOI") for it in objects(item.get("reference"))),
    )


def _notices(item: Fields) -> Iterator[str]:
    """That this work corrects or retracts another, or is itself corrected or retracted."""
    for name, how in (("update-to", "of"), ("updated-by", "in")):
        for it in objects(item.get(name)):
            yield f"{word(it, 'label', 'type').capitalize()} {how} https://doi.org/{word(it, 'DOI')}"
