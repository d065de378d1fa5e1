"""The parts of other vocabularies that Kesher uses and rdflib does not bring."""

from __future__ import annotations

from rdflib.namespace import DefinedNamespace, Namespace
from rdflib.term import URIRef


class ASN(DefinedNamespace):
    """The part of the Achievement Standards Network that Kesher uses: rubrics and levels of proficiency."""

    _NS = Namespace("http://purl.org/ASN/schema/core/")
    _fail = True

    CriterionLevel: URIRef
    ProgressionLevel: URIRef
    ProgressionModel: URIRef
    Rubric: URIRef
    RubricCriterion: URIRef
    hasCriterion: URIRef
    hasLevel: URIRef
    hasProgressionLevel: URIRef


class BIBO(DefinedNamespace):
    """The part of the Bibliographic Ontology (DCMI) that Kesher uses."""

    _NS = Namespace("http://purl.org/ontology/bibo/")
    _fail = True

    Document: URIRef
    AcademicArticle: URIRef
    Book: URIRef
    doi: URIRef
    isbn: URIRef
    issn: URIRef


#: What CASE says and no vocabulary has, under CASE's names; open, because files bring names of their own.
CASE = Namespace("https://w3id.org/kesher/case#")


class CEASN(DefinedNamespace):
    """The part of CTDL-ASN (Credential Engine) that Kesher uses: competencies in frameworks."""

    _NS = Namespace("https://purl.org/ctdlasn/terms/")
    _fail = True

    Competency: URIRef
    CompetencyFramework: URIRef
    competencyCategory: URIRef
    conceptKeyword: URIRef
    conceptTerm: URIRef
    listID: URIRef


class CETERMS(DefinedNamespace):
    """The part of CTDL (Credential Engine) that Kesher uses: jobs, programmes, credentials, pathways."""

    _NS = Namespace("https://purl.org/ctdl/terms/")
    _fail = True

    AccreditAction: URIRef
    Credential: URIRef
    Job: URIRef
    LearningProgram: URIRef
    Pathway: URIRef
    PathwayComponent: URIRef
    Task: URIRef
    actingAgent: URIRef
    hasTask: URIRef
    object: URIRef


class LRMI(DefinedNamespace):
    """The part of the Learning Resource Metadata terms (DCMI) that Kesher uses."""

    _NS = Namespace("http://purl.org/dcx/lrmi-terms/")
    _fail = True

    LearningResource: URIRef
    educationalLevel: URIRef
    timeRequired: URIRef


class SCHEMA(DefinedNamespace):
    """The part of schema.org that Kesher uses: dates, places, what something is about, and what examples are for."""

    _NS = Namespace("https://schema.org/")
    _fail = True

    CourseInstance: URIRef
    about: URIRef
    endDate: URIRef
    keywords: URIRef
    location: URIRef
    organizer: URIRef
    priceCurrency: URIRef
    startDate: URIRef
    superEvent: URIRef
    target: URIRef
    translationOfWork: URIRef
    validFrom: URIRef
    validThrough: URIRef


class SD(DefinedNamespace):
    """The part of SPARQL 1.1 Service Description (W3C) that Kesher uses."""

    _NS = Namespace("http://www.w3.org/ns/sparql-service-description#")
    _fail = True

    Dataset: URIRef
    Function: URIRef
    Graph: URIRef
    NamedGraph: URIRef
    SPARQL11Query: URIRef
    SPARQL11Update: URIRef
    Service: URIRef
    UnionDefaultGraph: URIRef
    availableGraphs: URIRef
    defaultDataset: URIRef
    defaultEntailmentRegime: URIRef
    defaultGraph: URIRef
    endpoint: URIRef
    extensionFunction: URIRef
    feature: URIRef
    graph: URIRef
    languageExtension: URIRef
    name: URIRef
    namedGraph: URIRef
    resultFormat: URIRef
    supportedLanguage: URIRef


class SEMAPV(DefinedNamespace):
    """The part of the Semantic Mapping Vocabulary that Kesher uses: how a link was found."""

    _NS = Namespace("https://w3id.org/semapv/vocab/")
    _fail = True

    LexicalMatching: URIRef
    ManualMappingCuration: URIRef
    SemanticSimilarityThresholdMatching: URIRef
    UnspecifiedMatching: URIRef


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


class SPDX(DefinedNamespace):
    """The part of SPDX (Linux Foundation) that Kesher uses: checksums of files, as DCAT 3 gives them."""

    _NS = Namespace("http://spdx.org/rdf/terms#")
    _fail = True

    Checksum: URIRef
    algorithm: URIRef
    checksum: URIRef
    checksumAlgorithm_sha256: URIRef
    checksumValue: URIRef


class SSSOM(DefinedNamespace):
    """The part of the Simple Standard for Sharing Ontological Mappings that Kesher uses; a mapping is an owl:Axiom."""

    _NS = Namespace("https://w3id.org/sssom/")
    _fail = True

    MappingSet: URIRef
    comment: URIRef
    confidence: URIRef
    mapping_justification: URIRef
    mapping_tool: URIRef
    mapping_tool_version: URIRef
    match_string: URIRef
    object_label: URIRef
    object_source_version: URIRef
    other: URIRef
    predicate_modifier: URIRef
    review_date: URIRef
    reviewer_id: URIRef
    subject_label: URIRef
    subject_source_version: URIRef


class XKOS(DefinedNamespace):
    """The part of XKOS (DDI Alliance: SKOS for classifications) that Kesher uses: what comes before what."""

    _NS = Namespace("http://rdf-vocabulary.ddialliance.org/xkos#")
    _fail = True

    precedes: URIRef
