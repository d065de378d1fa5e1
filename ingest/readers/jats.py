"""JATS, the article format of journals (ANSI/NISO Z39.96-2021): the metadata in the front of one article or of many."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ingest.readers.bibliography import Work, record_of, venue
from ingest.readers.types import type_of
from ingest.readers.xml_records import LANG, every, first, local, records, text_of, texts
from ingest.record import Context, Document, Record
from ontology.model import Problem

_HREF = "{http://www.w3.org/1999/xlink}href"


def read_jats(document: Document, _context: Context) -> Iterator[Record | Problem]:
    """Articles with their front matter.

    Raises:
        UnreadableFile: E110, E111, E115, as for `xml_records.records`.
    """
    for number, article in enumerate(records(document, {"article"}), 1):
        yield from record_of(_work(article), f"article {number}", document.name)


def _work(article: Element) -> Work:
    journal, meta = first(article, "front", "journal-meta"), first(article, "front", "article-meta")
    ids = {it.get("pub-id-type", ""): text_of(it) for it in every(meta, "article-id")}
    pages = "-".join(filter(None, (_one(meta, "fpage"), _one(meta, "lpage")))) or _one(meta, "elocation-id")
    name = _one(journal, "journal-title-group", "journal-title") or _one(journal, "journal-title")
    titles = (_one(meta, "title-group", "article-title"), _one(meta, "title-group", "subtitle"))
    return Work(
        key=ids.get("doi") or ids.get("publisher-id", ""),
        title=": ".join(filter(None, titles)),
        authors=tuple(filter(None, map(_author, _authors(meta)))),
        year=_year(meta),
        venue=venue(name, _one(meta, "volume"), _one(meta, "issue"), pages),
        doi=ids.get("doi", ""),
        issn=texts(journal, "issn"),
        language=article.get(LANG, ""),
        abstract=_spaced(first(meta, "abstract")),
        keywords=texts(meta, "kwd-group", "kwd"),
        type=type_of(article.get("article-type", "")),
        publisher=_one(journal, "publisher", "publisher-name"),
        identifiers=tuple(f"{it}:{ids[it]}" for it in ("pmid", "pmcid") if ids.get(it)),
        licence=next((it.get(_HREF, "") for it in every(meta, "permissions", "license")), ""),
        references=tuple(_cited(article)),
        note="; ".join(_notices(meta)),
    )


def _one(element: Element | None, *path: str) -> str:
    return text_of(first(element, *path))


def _spaced(abstract: Element | None) -> str:
    """An abstract with a space between its paragraphs."""
    return " ".join(" ".join(abstract.itertext()).split()) if abstract is not None else ""


def _authors(meta: Element | None) -> Iterator[Element]:
    yield from (it for it in every(meta, "contrib-group", "contrib") if it.get("contrib-type", "author") == "author")


def _author(contrib: Element) -> str:
    name = first(contrib, "name") or first(contrib, "name-alternatives", "name")
    parts = (_one(name, "surname"), _one(name, "suffix"), _one(name, "given-names"))
    return ", ".join(filter(None, parts)) or _one(contrib, "collab") or _one(contrib, "string-name")


def _year(meta: Element | None) -> str:
    """Of print where it was printed, else of the first date that has one."""
    dates = list(every(meta, "pub-date"))
    printed = [it for it in dates if "ppub" in it.get("pub-type", "") or it.get("publication-format") == "print"]
    return next((found for it in printed + dates if (found := _one(it, "year"))), "")


def _cited(article: Element) -> Iterator[str]:
    for it in every(article, "back", "ref-list"):
        yield from (text_of(id_) for id_ in it.iter() if local(id_) == "pub-id" and id_.get("pub-id-type") == "doi")


def _notices(meta: Element | None) -> Iterator[str]:
    for it in every(meta, "related-article"):
        kind = it.get("related-article-type", "")
        if kind.startswith(("retract", "correct")):
            yield f"{kind.replace('-', ' ').capitalize()}: {it.get(_HREF, '')}"
