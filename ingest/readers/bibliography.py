"""What bibliographic formats have in common: a published work, and how it becomes a record.

A work is recognised by its DOI, and without one by its title and year: keys such as `smith2010` name different works
in different files, and RIS has none.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from ingest.record import Record, Target, Value
from language.script import language_of
from ontology.kinds import Kind, is_web_address, slug_of
from ontology.model import Problem
from ontology.namespaces import BIBO, DCTERMS, FOAF, KS, SKOS, XSD
from ontology.text import language_tag

_LONGEST_SLUG = 80
_DOI_START = re.compile(r"^\s*(https?://(dx\.)?doi\.org/|doi:)\s*", re.IGNORECASE)
_DOI = re.compile(r"10\.[0-9]{4,9}(\.[0-9]+)*/\S+")
_DOI_IN_ADDRESS = re.compile(r"https?://[^\s?#]*\bdoi(?:\.org)?/(10\.[^\s?#]+)", re.IGNORECASE)
# Names that the babel package gives to languages, as `langid` holds them; a name of none of these stays untagged.
_BABEL = {
    "english": "en",
    "american": "en",
    "british": "en",
    "hebrew": "he",
    "arabic": "ar",
    "german": "de",
    "ngerman": "de",
    "french": "fr",
    "spanish": "es",
    "italian": "it",
    "portuguese": "pt",
    "dutch": "nl",
    "russian": "ru",
    "polish": "pl",
    "swedish": "sv",
    "finnish": "fi",
    "turkish": "tr",
}
_AND_OTHERS = {"others", "et al", "et al.", "al., et"}
_YEAR = re.compile(r"\s*([12][0-9]{3})[/\s]*")


@dataclass(frozen=True, slots=True)
class Work:
    """A published work as a bibliography gives it; every text may be empty.

    Attributes:
        authors: "Family, Given" in the order of the title page; a corporate author as it stands; "others" for the rest.
        venue: Where it appeared, with volume, issue and pages, as one would print it.
        key: What the file calls it, for messages.
        type: One of the words of `ingest.readers.types`, such as "article".
        identifiers: Of other registers, as `openalex:W2741809807`, `pmid:29456894`, `eric:EJ1163154`.
        references: DOIs of the works that it cites.
    """

    key: str
    title: str
    authors: tuple[str, ...] = ()
    year: str = ""
    venue: str = ""
    doi: str = ""
    isbn: str = ""
    address: str = ""
    language: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    note: str = ""
    type: str = ""
    publisher: str = ""
    issn: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    licence: str = ""
    references: tuple[str, ...] = ()


def record_of(work: Work, place: str, file: str) -> Iterator[Record | Problem]:
    """The record of a work, after a warning for each part that could not be taken as it is."""
    if not work.title.strip():
        message = f"The entry {work.key[:80]!r} has no title"
        yield Problem("E132", file, place, message, "Give it a title, so that people can recognise it.")
        return
    doi = normal_doi(work.doi) or _doi_in(work.address)
    if work.doi.strip() and not doi:
        message = f"{work.doi[:120]!r} is not a DOI and was kept as a note"
        yield Problem("W132", file, place, message, "A DOI looks like 10.1234/abcd.")
    if work.address and not is_web_address(work.address):
        message = f"{work.address[:120]!r} is not a web address and was kept as a note"
        yield Problem("W133", file, place, message, "Write it with https:// and without spaces.")
    yield Record(Kind.SOURCE, slug_of(doi) if doi else _slug(work), _fields(work, doi), place)


def normal_doi(written: str) -> str:
    """A DOI as `10.1234/abcd`, in lower case (DOIs are case-insensitive); "" when it is none."""
    doi = _DOI_START.sub("", written).strip().rstrip(".,;").lower()
    return doi if _DOI.fullmatch(doi) else ""


def _doi_in(address: str) -> str:
    found = _DOI_IN_ADDRESS.fullmatch(address.strip())
    return normal_doi(found[1]) if found else ""


def _slug(work: Work) -> str:
    year = _YEAR.fullmatch(work.year)
    words = slug_of(work.title)
    slug = "-".join(filter(None, (words, year and year[1])))
    if words and len(slug) <= _LONGEST_SLUG:
        return slug
    whole = slug if words else work.title
    return f"{slug[:_LONGEST_SLUG].rstrip('-')}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}".lstrip("-")


def _fields(work: Work, doi: str) -> dict[str, tuple[Value | Target, ...]]:
    title = _in_its_language(work.title, work)
    year = _YEAR.fullmatch(work.year)
    issued = Value(year[1], datatype=str(XSD.gYear)) if year else Value(work.year.strip())
    fields: dict[str, tuple[Value | Target, ...]] = {
        str(SKOS.prefLabel): (title,),
        str(DCTERMS.title): (title,),
        str(DCTERMS.creator): tuple(Value(name) for name in work.authors if name not in _AND_OTHERS),
        str(DCTERMS.issued): (issued,),
        str(KS.venue): (Value(work.venue),),
        str(DCTERMS.bibliographicCitation): (Value(citation(work)),),
        str(DCTERMS.subject): tuple(map(Value, work.keywords)),
        str(DCTERMS.abstract): (_in_its_language(work.abstract, work),),
        str(BIBO.isbn): (Value(work.isbn),),
        str(BIBO.doi): (Value(doi),),
        str(FOAF.page): tuple(map(Target, _pages(work, doi))),
        str(DCTERMS.type): (Value(work.type),),
        str(DCTERMS.publisher): (Value(work.publisher),),
        str(DCTERMS.identifier): tuple(map(Value, work.identifiers)),
        str(DCTERMS.license): (Target(work.licence if is_web_address(work.licence) else ""),),
        str(DCTERMS.references): tuple(Target(_doi_page(it)) for it in map(normal_doi, work.references) if it),
        str(BIBO.issn): tuple(map(Value, work.issn)),
        str(SKOS.note): tuple(map(Value, _notes(work, doi))),
    }
    return {iri: kept for iri, values in fields.items() if (kept := tuple(filter(_says_something, values)))}


def _in_its_language(text: str, work: Work) -> Value:
    """Text in the declared language; without one, in that which its script suggests."""
    declared = work.language.strip().lower()
    return Value(text, lang=_BABEL.get(declared, language_tag(declared)) if declared else language_of(text[:2000]))


def _says_something(value: Value | Target) -> bool:
    return bool(value.text.strip() if isinstance(value, Value) else value.name)


def _doi_page(doi: str) -> str:
    return "https://doi.org/" + quote(doi, safe="/:;().,-_~!$&'*+=@")


def _pages(work: Work, doi: str) -> Iterator[str]:
    if doi:
        yield _doi_page(doi)
    elif is_web_address(work.address):
        yield work.address


def _notes(work: Work, doi: str) -> Iterator[str]:
    if work.note:
        yield work.note
    if work.doi.strip() and not doi:
        yield f"DOI as given, not a valid one: {work.doi.strip()}"
    if work.address and not is_web_address(work.address):
        yield f"Address as given: {work.address}"


def citation(work: Work) -> str:
    """The work in one line: authors in order, year, title, venue."""
    people = "; ".join("et al." if name in _AND_OTHERS else name for name in work.authors)
    year = f"({work.year.strip(' /')})" if work.year.strip(" /") else ""
    head = " ".join(filter(None, (people, year)))
    parts = (part.strip().removesuffix(".") for part in (head, work.title, work.venue))
    return " ".join(part if part.endswith(("?", "!")) else f"{part}." for part in parts if part)


def venue(name: str, volume: str = "", issue: str = "", pages: str = "") -> str:
    """`Journal 59(5), 389-407`, of what there is of it."""
    issue = f"({issue})" if issue else ""
    numbered = " ".join(filter(None, (name, volume + issue)))
    return ", ".join(filter(None, (numbered, re.sub(r"--|–", "-", pages))))
