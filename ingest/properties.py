"""The properties that mappings and front matter may name, each with what its values are.

A name is one of `PROPERTIES`, or `prefix:local` of a vocabulary in `ontology.namespaces` (text unless it is listed).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from rdflib.namespace import DefinedNamespaceMeta

from ingest.record import Target, Value
from ontology import namespaces
from ontology.errors import InvalidParameter
from ontology.kinds import Kind, is_web_address
from ontology.namespaces import BIBO, DCTERMS, FOAF, KS, PREFIXES, SKOS, XSD
from ontology.text import language_tag

Convert: TypeAlias = Callable[[str, str], Value | Target]


def text(word: str, lang: str) -> Value:
    """Text in a language."""
    return Value(word, lang=lang)


def plain(word: str, _lang: str) -> Value:
    """A code or name without a language."""
    return Value(word)


def integer(word: str, _lang: str) -> Value:
    """A whole number."""
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", word):
        raise ValueError("a whole number")
    return Value(word, datatype=str(XSD.integer))


def grade(word: str, _lang: str) -> Value:
    """A school grade: K, or a whole number from 0 (kindergarten) to 20."""
    number = "0" if word.upper() == "K" else word
    if not number.isascii() or not number.isdigit() or int(number[:3]) > 20:
        raise ValueError("a school grade, K or 0 to 20")
    return Value(number, datatype=str(XSD.integer))


def evidence(word: str, _lang: str) -> Value:
    """A grade of evidence, 0 to 4."""
    if word not in {"0", "1", "2", "3", "4"}:
        raise ValueError("an evidence grade, 0 to 4")
    return Value(word, datatype=str(XSD.integer))


def boolean(word: str, _lang: str) -> Value:
    """True or false, also as yes and no."""
    known = {"true": "true", "yes": "true", "1": "true", "false": "false", "no": "false", "0": "false"}
    if word.lower() not in known:
        raise ValueError("true or false")
    return Value(known[word.lower()], datatype=str(XSD.boolean))


def date(word: str, _lang: str) -> Value:
    """A year or a day, `2026` or `2026-11-23`; anything else is kept as it is written."""
    if re.fullmatch(r"[12][0-9]{3}", word):
        return Value(word, datatype=str(XSD.gYear))
    day = re.fullmatch(r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", word)
    return Value(word, datatype=str(XSD.date)) if day else Value(word)


def content_language(word: str, _lang: str) -> Value:
    """The tag of a language that the thing itself is in."""
    if not (tag := language_tag(word)):
        raise ValueError("a language tag such as he or en")
    return Value(tag)


def web_address(word: str, _lang: str) -> Target:
    """An http or https address."""
    if not is_web_address(word):
        raise ValueError("an address that begins with https:// or http://")
    return Target(word)


def status(word: str, _lang: str) -> Target:
    """One of the statuses that readers are shown."""
    known = {
        "illustrative": KS.Illustrative,
        "proposed": KS.Proposed,
        "unverified": KS.Unverified,
        "published": KS.Published,
    }
    if word.lower() not in known:
        raise ValueError("one of " + ", ".join(known))
    return Target(str(known[word.lower()]))


def link(kind: Kind) -> Convert:
    """A link to a thing of a kind, by slug, code, `kind/slug` or IRI."""
    return lambda word, _lang: Target(word, kind)


def tool_kind(word: str, _lang: str) -> Target:
    """A kind of tool, by its name in the vocabulary or by IRI."""
    named = word if ":" in word or word.startswith("tool-kind-") else f"tool-kind-{word}"
    return Target(named, Kind.CONCEPT)


@dataclass(frozen=True, slots=True)
class Property:
    """A property and how the words of a file become its values."""

    name: str
    iri: str
    convert: Convert

    def value(self, word: str, lang: str) -> Value | Target:
        """The value that a word means.

        Raises:
            InvalidParameter: it means none; names the property and what it wants.
        """
        try:
            return self.convert(word.strip(), lang)
        except ValueError as wanted:
            raise InvalidParameter(self.name, f"{self.name}: {word.strip()[:60]!r} is not {wanted}") from wanted


_LISTED: tuple[tuple[str, object, Convert], ...] = (
    ("label", SKOS.prefLabel, text),
    ("alternative", SKOS.altLabel, text),
    ("definition", SKOS.definition, text),
    ("description", DCTERMS.description, text),
    ("note", SKOS.note, text),
    ("notation", SKOS.notation, plain),
    ("identifier", DCTERMS.identifier, plain),
    ("title", DCTERMS.title, text),
    ("creator", DCTERMS.creator, plain),
    ("issued", DCTERMS.issued, date),
    ("created", DCTERMS.created, date),
    ("licence", DCTERMS.license, web_address),
    ("keyword", DCTERMS.subject, plain),
    ("homepage", FOAF.page, web_address),
    ("doi", BIBO.doi, plain),
    ("isbn", BIBO.isbn, plain),
    ("venue", KS.venue, plain),
    ("language", DCTERMS.language, content_language),
    ("language_independent", KS.languageIndependent, boolean),
    ("status", KS.status, status),
    ("consent", KS.consent, plain),
    ("consent_purpose", KS.consentPurpose, text),
    ("consent_expires", KS.consentExpires, date),
    ("consent_withdrawn", KS.consentWithdrawn, date),
    ("guardian_consent", KS.guardianConsent, boolean),
    ("anonymisation", KS.anonymisation, plain),
    ("uses", KS.usedTool, link(Kind.TOOL)),
    ("develops", KS.develops, link(Kind.COMPETENCY)),
    ("requires", KS.requires, link(Kind.COMPETENCY)),
    ("evidences", KS.evidences, link(Kind.COMPETENCY)),
    ("about", DCTERMS.subject, link(Kind.COMPETENCY)),
    ("supported_by", KS.supportedBy, link(Kind.SOURCE)),
    ("has_standard", KS.hasStandard, link(Kind.STANDARD)),
    ("subject", KS.subject, link(Kind.SUBJECT)),
    ("broader", SKOS.broader, link(Kind.CONCEPT)),
    ("tool_kind", KS.toolKind, tool_kind),
    ("grade_min", KS.gradeMin, grade),
    ("grade_max", KS.gradeMax, grade),
    ("grade_range", KS.gradeRange, plain),
    ("research_grade", KS.researchGrade, evidence),
    ("field_grade", KS.fieldGrade, evidence),
    ("evidence_basis", KS.evidenceBasis, text),
    ("duty", KS.duty, text),
    ("need", KS.need, text),
    ("depth", KS.depth, integer),
)

PROPERTIES: Mapping[str, Property] = MappingProxyType(
    {name: Property(name, str(iri), convert) for name, iri, convert in _LISTED}
)
_BY_IRI = {known.iri: known for known in reversed(list(PROPERTIES.values())) if known.name not in {"keyword", "about"}}


def property_of(name: str) -> Property:
    """The property that a mapping or front matter names.

    Raises:
        InvalidParameter: there is none of that name; proposes the closest.
    """
    if name in PROPERTIES:
        return PROPERTIES[name]
    prefix, _, local = name.partition(":")
    vocabulary: DefinedNamespaceMeta | None = getattr(namespaces, prefix.upper()) if prefix in PREFIXES else None
    if vocabulary is not None and local and local in vocabulary:
        iri = str(vocabulary[local])
        return Property(name, iri, _BY_IRI[iri].convert if iri in _BY_IRI else text)
    terms = (
        [f"{prefix}:{term.removeprefix(PREFIXES[prefix])}" for term in dir(vocabulary)]
        if vocabulary is not None
        else []
    )
    raise InvalidParameter(name, f"There is no property {name[:60]!r}", remedy=closest(name, PROPERTIES, terms))


def closest(name: str, known: Iterable[str], rest: Iterable[str] = ()) -> str:
    """A remedy that proposes the closest name of both lists, or else shows the first list."""
    known = list(map(str, known))
    near = difflib.get_close_matches(name, [*known, *rest], n=1)
    return f"Did you mean {near[0]!r}?" if near else "Known: " + ", ".join(known) + "."
