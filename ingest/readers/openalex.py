"""Works of OpenAlex (docs.openalex.org, "Work object"): one, a page of results, or one a line as in its snapshot."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.readers.bibliography import Work, venue
from ingest.readers.json_works import Fields, inner, objects, read_works, unmarked, word, words
from ingest.readers.types import type_of
from ingest.record import Context, Document, Record
from ontology.interchange.json_text import Json
from ontology.model import Problem

_MOST_WORDS = 50_000


def read_openalex(document: Document, _context: Context) -> Iterator[Record | Problem]:
    """Works of OpenAlex.

    Raises:
        UnreadableFile: E111, E115, as for `read_works`.
    """
    return read_works(document, _work)


def _work(item: Fields) -> Work:
    place, source, printed = (
        inner(item, "primary_location"),
        inner(item, "primary_location", "source"),
        inner(item, "biblio"),
    )
    pages = "-".join(dict.fromkeys(filter(None, (word(printed, "first_page"), word(printed, "last_page")))))
    published = word(source, "display_name") or word(place, "raw_source_name")
    return Work(
        key=word(item, "id"),
        title=unmarked(word(item, "title", "display_name")),
        authors=tuple(filter(None, map(_author, objects(item.get("authorships"))))),
        year=word(item, "publication_year"),
        venue=venue(published, word(printed, "volume"), word(printed, "issue"), pages),
        doi=word(item, "doi"),
        issn=words(source.get("issn")),
        address=word(place, "landing_page_url"),
        language=word(item, "language"),
        abstract=_abstract(item.get("abstract_inverted_index")),
        keywords=tuple(filter(None, (word(it, "display_name", "keyword") for it in objects(item.get("keywords"))))),
        note="Retracted, as OpenAlex has it" if item.get("is_retracted") is True else "",
        type=type_of(word(item, "type")),
        publisher=word(source, "host_organization_name"),
        identifiers=tuple(_identifiers(item)),
        licence=word(place, "license_id"),
    )


def _author(authorship: Fields) -> str:
    """`Family, Given`: OpenAlex writes the whole name in the order of the title page, mostly given name first."""
    name = word(inner(authorship, "author"), "display_name") or word(authorship, "raw_author_name")
    given, _, family = name.rpartition(" ")
    return name if "," in name or not given else f"{family}, {given}"


def _abstract(index: Json) -> str:
    """The text whose words stand here each with its positions."""
    if not isinstance(index, dict):
        return ""
    placed = ((at, it) for it, found in index.items() for at in (found if isinstance(found, list) else ()))
    known = sorted((at, it) for at, it in placed if isinstance(at, int))[:_MOST_WORDS]
    return unmarked(" ".join(it for _, it in known))


def _identifiers(item: Fields) -> Iterator[str]:
    ids = inner(item, "ids")
    for scheme, written in (("openalex", word(item, "id")), ("pmid", word(ids, "pmid")), ("pmcid", word(ids, "pmcid"))):
        if number := written.rstrip("/").rpartition("/")[2]:
            yield f"{scheme}:{number}"
