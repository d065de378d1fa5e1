"""The vocabularies of others that ours refines and its shapes ask for, and which of their terms."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ontology.documentation.model import Constraint, Term, Vocabulary

#: What each vocabulary is, and where it is published.
_KNOWN: Mapping[str, tuple[str, str]] = {
    "adms": ("ADMS, Asset Description Metadata Schema", "https://www.w3.org/TR/vocab-adms/"),
    "asn": (
        "ASN, Achievement Standards Network: rubrics and levels of progression",
        "http://purl.org/ASN/schema/core/",
    ),
    "bibo": ("BIBO, the Bibliographic Ontology", "https://www.dublincore.org/specifications/bibo/bibo/"),
    "ceasn": ("CTDL-ASN, competency frameworks", "https://credreg.net/ctdlasn/terms"),
    "ceterms": ("CTDL, Credential Transparency Description Language", "https://credreg.net/ctdl/terms"),
    "cito": ("CiTO, the Citation Typing Ontology", "https://sparontologies.github.io/cito/current/cito.html"),
    "dc": ("Dublin Core elements", "https://www.dublincore.org/specifications/dublin-core/dcmi-terms/"),
    "dcat": ("DCAT, Data Catalog Vocabulary", "https://www.w3.org/TR/vocab-dcat-3/"),
    "dcmitype": ("DCMI Type Vocabulary", "https://www.dublincore.org/specifications/dublin-core/dcmi-terms/"),
    "dcterms": ("DCMI Metadata Terms", "https://www.dublincore.org/specifications/dublin-core/dcmi-terms/"),
    "foaf": ("FOAF", "http://xmlns.com/foaf/0.1/"),
    "lrmi": ("LRMI, Learning Resource Metadata Innovation", "https://www.dublincore.org/specifications/lrmi/"),
    "org": ("ORG, the Organization Ontology", "https://www.w3.org/TR/vocab-org/"),
    "owl": ("OWL 2, Web Ontology Language", "https://www.w3.org/TR/owl2-overview/"),
    "prov": ("PROV-O, the Provenance Ontology", "https://www.w3.org/TR/prov-o/"),
    "rdf": ("RDF", "https://www.w3.org/TR/rdf11-concepts/"),
    "rdfs": ("RDF Schema", "https://www.w3.org/TR/rdf-schema/"),
    "schema": ("Schema.org", "https://schema.org/"),
    "semapv": ("SEMAPV, Semantic Mapping Vocabulary", "https://w3id.org/semapv/vocab/"),
    "skos": ("SKOS, Simple Knowledge Organization System", "https://www.w3.org/TR/skos-reference/"),
    "skosxl": ("SKOS-XL, SKOS eXtension for Labels", "https://www.w3.org/TR/skos-reference/skos-xl.html"),
    "sssom": ("SSSOM, Simple Standard for Sharing Ontological Mappings", "https://mapping-commons.github.io/sssom/"),
    "void": ("VoID, Vocabulary of Interlinked Datasets", "https://www.w3.org/TR/void/"),
    "xsd": ("XML Schema datatypes", "https://www.w3.org/TR/xmlschema11-2/"),
}


@dataclass(frozen=True, slots=True)
class Standard:
    """A vocabulary that is reused.

    Attributes:
        title: What it is called; its namespace where that is all we know.
        page: Where it is published.
        terms: Addresses of the terms that are used.
    """

    prefix: str
    namespace: str
    title: str
    page: str
    terms: tuple[str, ...]


def standards(vocabulary: Vocabulary) -> list[Standard]:
    """The vocabularies that are reused, by prefix."""
    used: dict[tuple[str, str], set[str]] = defaultdict(set)
    for iri in _mentioned(vocabulary):
        prefix, separator, _ = vocabulary.short(iri).partition(":")
        namespace = vocabulary.prefixes.get(prefix, "")
        if separator and namespace and namespace != vocabulary.namespace:
            used[prefix, namespace].add(iri)
    return [
        Standard(prefix, namespace, *_KNOWN.get(prefix, (namespace, namespace)), tuple(sorted(terms)))
        for (prefix, namespace), terms in sorted(used.items())
    ]


def _mentioned(vocabulary: Vocabulary) -> Iterator[str]:
    for term in vocabulary.terms.values():
        yield from _of_term(term)
    for doc in vocabulary.classes.values():
        yield doc.term.iri
        yield from (iri for it in doc.constraints for iri in _of_constraint(it))
    for module in vocabulary.modules:
        yield from (iri for doc in module.properties for it in doc.everywhere for iri in _of_constraint(it))
        yield from _of_text(module.introduction, vocabulary.prefixes)


def _of_term(term: Term) -> Iterator[str]:
    for iris in (term.parents, term.matches, term.domain, term.range, term.inverse):
        yield from iris


def _of_constraint(it: Constraint) -> Iterator[str]:
    for iris in (it.path, it.classes, it.datatypes, it.not_above):
        yield from iris


def _of_text(text: str, prefixes: Mapping[str, str]) -> Iterator[str]:
    """The terms that an introduction names with their prefix."""
    for prefix, name in re.findall(r"\b([a-z]+):([A-Za-z][\w-]*)", text):
        if prefix in prefixes:
            yield prefixes[prefix] + name
