"""Kesher's own vocabulary: the terms of ontology/schema/, one block for each of its files."""

from __future__ import annotations

from rdflib.namespace import DefinedNamespace, Namespace
from rdflib.term import URIRef


class KS(DefinedNamespace):
    """Kesher's own terms: only what no standard vocabulary has."""

    _NS = Namespace("https://w3id.org/kesher/schema#")
    _fail = True

    # common.ttl: what every kind of entry shares
    Subject: URIRef
    Status: URIRef
    Illustrative: URIRef
    Proposed: URIRef
    Unverified: URIRef
    Published: URIRef
    GradeBand: URIRef
    Draft: URIRef
    Retired: URIRef
    Quarantined: URIRef
    status: URIRef
    basis: URIRef
    certainty: URIRef
    needsReview: URIRef
    drawnFrom: URIRef
    subject: URIRef
    gradeMin: URIRef
    gradeMax: URIRef
    gradeRange: URIRef
    gradeBand: URIRef
    iscedLevel: URIRef
    ordinal: URIRef
    nextReview: URIRef
    cost: URIRef

    # roles.ttl: roles and job definitions
    Role: URIRef
    JobDefinition: URIRef
    requires: URIRef
    hasStandard: URIRef
    role: URIRef
    roleGroup: URIRef
    duty: URIRef
    need: URIRef
    condition: URIRef
    weeklyHours: URIRef
    leadsTo: URIRef
    requiresCredential: URIRef

    # competencies.ttl: competencies, requirements and standards
    Competency: URIRef
    CompetencyRequirement: URIRef
    Framework: URIRef
    ProfessionalStandard: URIRef
    StandardItem: URIRef
    evidences: URIRef
    competency: URIRef
    importance: URIRef
    weight: URIRef
    level: URIRef
    depth: URIRef
    requiredLevel: URIRef
    respondents: URIRef
    importanceLow: URIRef
    importanceHigh: URIRef
    suppress: URIRef

    # tools.ttl: tools
    Tool: URIRef
    develops: URIRef
    toolKind: URIRef
    languageIndependent: URIRef
    languageStatus: URIRef

    # evidence.ttl: sources and claims
    ResearchSource: URIRef
    MethodSource: URIRef
    EvidenceClaim: URIRef
    supportedBy: URIRef
    researchGrade: URIRef
    fieldGrade: URIRef
    evidenceBasis: URIRef
    venue: URIRef
    verification: URIRef
    verifiedWhere: URIRef
    disputedBy: URIRef
    observedIn: URIRef
    fieldBasis: URIRef
    population: URIRef
    effectSize: URIRef
    effectSizeLow: URIRef
    effectSizeHigh: URIRef
    effectMeasure: URIRef

    # training.ttl: programmes, accreditation, credentials and pathways
    TrainingProgramme: URIRef
    Accreditation: URIRef
    ProgrammeOffering: URIRef
    Credential: URIRef
    Pathway: URIRef
    PathwayStep: URIRef
    offeringOf: URIRef
    covers: URIRef
    preparesFor: URIRef
    hours: URIRef
    places: URIRef
    budgetAmount: URIRef
    costPerParticipant: URIRef
    selectionCriterion: URIRef
    supervision: URIRef
    supervisedBy: URIRef
    awards: URIRef
    accredits: URIRef
    certifies: URIRef
    validFor: URIRef
    hasStep: URIRef
    fromRole: URIRef
    toRole: URIRef
    viaProgramme: URIRef
    viaCredential: URIRef

    # communities.ttl: communities and events
    Community: URIRef
    Event: URIRef
    Contributor: URIRef
    forRole: URIRef
    eventKind: URIRef
    meetingRhythm: URIRef

    # practice.ttl: practice records and misconceptions
    PracticeRecord: URIRef
    Misconception: URIRef
    TeachingEpisode: URIRef
    usedTool: URIRef
    consent: URIRef
    setting: URIRef
    observation: URIRef
    outcome: URIRef
    observedMisconception: URIRef
    consentPurpose: URIRef
    consentExpires: URIRef
    consentWithdrawn: URIRef
    guardianConsent: URIRef
    anonymisation: URIRef
    clearedText: URIRef
    correction: URIRef
    diagnosticTask: URIRef
    diagnosedBy: URIRef

    # links.ttl: statements held as nodes
    Link: URIRef
    linkState: URIRef
    grouping: URIRef

    # catalog.ttl: the catalogue of named graphs, and what curation overrides
    OverriddenStatement: URIRef
    contentHash: URIRef
    sequence: URIRef
    statedIn: URIRef
    overriddenBy: URIRef

    # search.ttl: search inside SPARQL
    query: URIRef
    limit: URIRef
    kind: URIRef
    contentLang: URIRef
    minEvidence: URIRef
    lang: URIRef
    score: URIRef
    rank: URIRef
    snippet: URIRef
    because: URIRef
    model: URIRef
    similarity: URIRef
