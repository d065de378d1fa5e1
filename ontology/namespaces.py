"""The vocabularies Kesher speaks, closed: a misspelt term raises AttributeError instead of making a new one.

`KS` is this project's own vocabulary (ontology/schema.ttl); tests hold the two to each other.
A term is an rdflib URIRef, which never equals a plain string: compare `ox.NamedNode(KS.role)` or `str(KS.role)`.
"""

from __future__ import annotations

from rdflib.namespace import (
    DC,
    DCAT,
    DCTERMS,
    FOAF,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SH,
    SKOS,
    VOID,
    XSD,
    DefinedNamespace,
    Namespace,
)
from rdflib.term import URIRef

__all__ = [
    "BIBO", "DC", "DCAT", "DCTERMS", "FOAF", "KS", "ORG", "OWL", "PREFIXES", "PROV",
    "RDF", "RDFS", "SH", "SKOS", "SKOSXL", "VOID", "XSD",
]  # fmt: skip


class KS(DefinedNamespace):
    """Kesher's own terms: only what no standard vocabulary has."""

    _NS = Namespace("https://w3id.org/kesher/schema#")
    _fail = True

    # classes of entities
    Role: URIRef
    JobDefinition: URIRef
    Competency: URIRef
    CompetencyRequirement: URIRef
    ProfessionalStandard: URIRef
    Tool: URIRef
    ResearchSource: URIRef
    MethodSource: URIRef
    EvidenceClaim: URIRef
    TrainingProgramme: URIRef
    Accreditation: URIRef
    Community: URIRef
    Event: URIRef
    PracticeRecord: URIRef
    Misconception: URIRef
    Subject: URIRef
    Framework: URIRef
    Status: URIRef
    OverriddenStatement: URIRef

    # the links between entities
    requires: URIRef
    develops: URIRef
    supportedBy: URIRef
    evidences: URIRef
    hasStandard: URIRef
    subject: URIRef
    toolKind: URIRef
    usedTool: URIRef

    # a requirement, apart from its direct edge
    role: URIRef
    competency: URIRef
    importance: URIRef
    weight: URIRef

    # properties of roles, competencies and standards
    roleGroup: URIRef
    duty: URIRef
    need: URIRef
    level: URIRef
    drawnFrom: URIRef

    # properties of tools
    languageIndependent: URIRef
    gradeMin: URIRef
    gradeMax: URIRef
    gradeRange: URIRef
    researchGrade: URIRef
    fieldGrade: URIRef
    evidenceBasis: URIRef
    languageStatus: URIRef

    # properties of sources
    venue: URIRef
    verification: URIRef
    verifiedWhere: URIRef

    # status and certainty: what every reader must be shown
    status: URIRef
    Illustrative: URIRef
    Proposed: URIRef
    Unverified: URIRef
    Published: URIRef
    basis: URIRef
    certainty: URIRef
    needsReview: URIRef
    consent: URIRef

    # the catalogue of named graphs, and what curation overrides
    contentHash: URIRef
    sequence: URIRef
    statedIn: URIRef
    overriddenBy: URIRef


class SKOSXL(DefinedNamespace):
    """SKOS eXtension for Labels (W3C Recommendation 2009, appendix B): labels as resources, here with a certainty."""

    _NS = Namespace("http://www.w3.org/2008/05/skos-xl#")
    _fail = True

    Label: URIRef
    prefLabel: URIRef
    altLabel: URIRef
    hiddenLabel: URIRef
    literalForm: URIRef
    labelRelation: URIRef


class BIBO(DefinedNamespace):
    """The part of the Bibliographic Ontology (DCMI) that Kesher uses."""

    _NS = Namespace("http://purl.org/ontology/bibo/")
    _fail = True

    Document: URIRef
    AcademicArticle: URIRef
    Book: URIRef
    doi: URIRef
    isbn: URIRef


#: Prefixes for serialisation and for people's queries.
PREFIXES: dict[str, str] = {
    "bibo": str(BIBO),
    "dcat": str(DCAT),
    "dcterms": str(DCTERMS),
    "foaf": str(FOAF),
    "ks": str(KS),
    "org": str(ORG),
    "owl": str(OWL),
    "prov": str(PROV),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "sh": str(SH),
    "skos": str(SKOS),
    "skosxl": str(SKOSXL),
    "void": str(VOID),
    "xsd": str(XSD),
}
