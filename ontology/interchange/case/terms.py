"""The small change of CASE: JSON as a literal, references between things, UUIDs, addresses and language tags."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import pyoxigraph as ox

from ontology.interchange.facts import Term
from ontology.interchange.json_text import Json
from ontology.namespaces import RDF
from ontology.text import language_tag

_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_JSON = ox.NamedNode(RDF.JSON)


@dataclass(frozen=True, slots=True)
class Named:
    """How CASE refers to a thing, beside its IRI."""

    title: str
    identifier: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a value is read and written in.

    Attributes:
        lang: Language of the texts.
        known: The things of the package by IRI.
        by_identifier: Their IRIs by identifier, in lower case.
    """

    lang: str
    known: Mapping[str, Named]
    by_identifier: Mapping[str, str]

    def resolve(self, reference: Json) -> str | None:
        """The IRI that `{title, identifier, uri}`, or an address alone, refers to."""
        uri, identifier = reference, None
        if isinstance(reference, dict):
            uri, identifier = reference.get("uri"), reference.get("identifier")
        if isinstance(uri, str) and uri in self.known:
            return uri
        if isinstance(identifier, str) and identifier.lower() in self.by_identifier:
            return self.by_identifier[identifier.lower()]
        if isinstance(uri, str) and is_iri(uri):
            return uri
        return f"urn:uuid:{identifier}" if isinstance(identifier, str) and is_uuid(identifier) else None

    def reference(self, iri: str) -> dict[str, Json]:
        """How CASE refers to a thing."""
        identifier = identifier_of(iri)
        if self.by_identifier.get(identifier.lower(), iri) != iri:
            identifier = str(uuid.uuid5(uuid.NAMESPACE_URL, iri))  # the one at its end is that of something else
        named = self.known.get(iri) or Named(iri, identifier)
        return {"title": named.title, "identifier": named.identifier, "uri": iri}


def as_json(value: Json) -> ox.Literal:
    """The value as it is, its keys in order."""
    return ox.Literal(json_text(value), datatype=_JSON)


def from_json(term: Term) -> Json:
    """The value of an rdf:JSON literal."""
    return cast("Json", json.loads(term.value))


def is_json(term: Term) -> bool:
    """Whether the term is an rdf:JSON literal."""
    return isinstance(term, ox.Literal) and term.datatype == _JSON


def json_text(value: Json) -> str:
    """JSON in one form, so that texts are equal where values are (and 1 is not 1.0, nor true)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def is_reference(value: Json, more: frozenset[str] = frozenset()) -> bool:
    """Whether the value is `{title, identifier, uri}` and nothing else but `more`, all of it text."""
    asked = {"title", "identifier", "uri"}
    return (
        isinstance(value, dict)
        and asked <= set(value) <= asked | more
        and all(isinstance(it, str) for it in value.values())
    )


def is_iri(text: str) -> bool:
    """Whether the text is an IRI with a scheme."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID and nothing else."""
    return bool(_UUID.fullmatch(text))


def identifier_of(iri: str) -> str:
    """The UUID at the end of an IRI, or else the one that the IRI determines (version 5)."""
    return iri[-36:] if is_uuid(iri[-36:]) else str(uuid.uuid5(uuid.NAMESPACE_URL, iri))


def usable_tag(written: Json) -> str:
    """The language tag of today, or "" where it is none that a literal can have."""
    tag = language_tag(written) if isinstance(written, str) else ""
    try:
        return ox.Literal("", language=tag).language or "" if tag else ""
    except ValueError:
        return ""
