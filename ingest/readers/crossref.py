"""Works as Crossref's REST API gives them (api.crossref.org, format of works 1.0): one, a list, or a whole message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ingest.readers.bibliography import Work
from ingest.readers.csl import work_of
from ingest.readers.json_works import Fields, objects, read_works, unmarked, word, words, year
from ingest.record import Context, Document, Record
from ontology.model import Problem


def read_crossref(document: Document, _context: Context) -> Iterator[Record | Problem]:
    """Works of Crossref.

    Raises:
        UnreadableFile: E111, E115, as for `read_works`.
    """
    return read_works(document, _work)


def _work(item: Fields) -> Work:
    """The work, most of it in the terms of CSL, which Crossref shares."""
    shared = work_of(item)
    titles = (shared.title, unmarked(word(item, "subtitle")))
    return replace(
        shared,
        key=shared.doi,
        title=": ".join(filter(None, titles)),
        year=year(item, "published-print", "issued", "published", "published-online"),
        venue=unmarked(shared.venue),
        keywords=words(item.get("subject")),
        note="; ".join(_notices(item)),
        licence=next((word(it, "URL") for it in objects(item.get("license")) if word(it, "URL")), ""),
        references=tuple(word(it, "DOI") for it in objects(item.get("reference"))),
    )


def _notices(item: Fields) -> Iterator[str]:
    """That this work corrects or retracts another, or is itself corrected or retracted."""
    for name, how in (("update-to", "of"), ("updated-by", "in")):
        for it in objects(item.get(name)):
            yield f"{word(it, 'label', 'type').capitalize()} {how} https://doi.org/{word(it, 'DOI')}"
