"""The vocabularies Kesher speaks, closed: a misspelt term raises AttributeError instead of making a new one.

`KS` is this project's own vocabulary (ontology/schema/); tests hold the two to each other.
A term is an rdflib URIRef, which never equals a plain string: compare `ox.NamedNode(KS.role)` or `str(KS.role)`.
"""

from __future__ import annotations

from rdflib.namespace import DC, DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SH, SKOS, VOID, XSD

from ontology.namespaces.own import KS
from ontology.namespaces.reused import (
    ASN,
    BIBO,
    CASE,
    CEASN,
    CETERMS,
    LRMI,
    SCHEMA,
    SD,
    SEMAPV,
    SKOSXL,
    SPDX,
    SSSOM,
    XKOS,
)

__all__ = [
    "ASN", "BIBO", "CASE", "CEASN", "CETERMS", "DC", "DCAT", "DCTERMS", "FOAF", "KS", "LRMI", "ORG", "OWL", "PREFIXES",
    "PROV", "RDF", "RDFS", "SCHEMA", "SD", "SEMAPV", "SH", "SKOS", "SKOSXL", "SPDX", "SSSOM", "VOID", "XKOS", "XSD",
]  # fmt: skip

#: Prefixes for serialisation and for people's queries.
PREFIXES: dict[str, str] = {
    "asn": str(ASN),
    "bibo": str(BIBO),
    "case": str(CASE),
    "ceasn": str(CEASN),
    "ceterms": str(CETERMS),
    "dcat": str(DCAT),
    "dcterms": str(DCTERMS),
    "foaf": str(FOAF),
    "ks": str(KS),
    "lrmi": str(LRMI),
    "org": str(ORG),
    "owl": str(OWL),
    "prov": str(PROV),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "schema": str(SCHEMA),
    "semapv": str(SEMAPV),
    "sh": str(SH),
    "skos": str(SKOS),
    "skosxl": str(SKOSXL),
    "sssom": str(SSSOM),
    "void": str(VOID),
    "xkos": str(XKOS),
    "xsd": str(XSD),
}
