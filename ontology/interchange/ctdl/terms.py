"""What CTDL calls things, and what Kesher calls them. Every table can be read in both directions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from ontology.namespaces import CEASN, CETERMS, DCTERMS, FOAF, KS, LRMI, PREFIXES, PROV, SCHEMA, SKOS

#: Addresses at which Credential Engine serves its context; what it would say is in the tables here, so none is fetched.
WELL_KNOWN = re.compile(r"https?://(?:www\.)?credreg\.net/(?:ctdl|ctdlasn|qdata)/schema/context/json(?:\?.*)?")

#: The prefixes that matter of that context.
CONTEXT_PREFIXES: Mapping[str, str] = MappingProxyType({**PREFIXES, "dct": str(DCTERMS), "dcterms": str(DCTERMS)})

#: Class of Kesher, and the CTDL class above it.
CLASSES: Mapping[str, str] = MappingProxyType(
    {
        str(KS.Framework): str(CEASN.CompetencyFramework),
        str(KS.Competency): str(CEASN.Competency),
        str(KS.StandardItem): str(CEASN.Competency),
        str(KS.TrainingProgramme): str(CETERMS.LearningProgram),
        str(KS.Accreditation): str(CETERMS.AccreditAction),
        str(KS.Credential): str(CETERMS.Credential),
        str(KS.Pathway): str(CETERMS.Pathway),
        str(KS.PathwayStep): str(CETERMS.PathwayComponent),
        str(KS.JobDefinition): str(CETERMS.Job),
    }
)
#: CTDL class, and what it means where nothing narrower is said.
BY_DEFAULT: Mapping[str, str] = MappingProxyType(
    {CLASSES[str(name)]: str(name) for name in (KS.Framework, KS.Competency)}
)
FRAMEWORK = str(KS.Framework)
COMPETENCIES = frozenset((str(KS.Competency), str(KS.StandardItem)))


_CEASN = {
    "description": SKOS.definition,
    "dateCreated": DCTERMS.created,
    "dateModified": DCTERMS.modified,
    "dateValidFrom": SCHEMA.validFrom,
    "dateValidUntil": SCHEMA.validThrough,
    "creator": DCTERMS.creator,
    "publisher": DCTERMS.publisher,
    "license": DCTERMS.license,
    "rights": DCTERMS.rights,
    "rightsHolder": DCTERMS.rightsHolder,
    "source": DCTERMS.source,
    "inLanguage": DCTERMS.language,
    "educationLevelType": LRMI.educationalLevel,
    "codedNotation": SKOS.notation,
    "comment": SKOS.note,
    "tableOfContents": DCTERMS.tableOfContents,
    "isVersionOf": DCTERMS.isVersionOf,
    "derivedFrom": PROV.wasDerivedFrom,
    "exactAlignment": SKOS.exactMatch,
    "broadAlignment": SKOS.broadMatch,
    "narrowAlignment": SKOS.narrowMatch,
    "majorAlignment": SKOS.closeMatch,
    "minorAlignment": SKOS.relatedMatch,
}
_CETERMS = {
    "name": SKOS.prefLabel,
    "alternateName": SKOS.altLabel,
    "description": SKOS.definition,
    "codedNotation": SKOS.notation,
    "inLanguage": DCTERMS.language,
    "subjectWebpage": FOAF.page,
    "ownedBy": DCTERMS.publisher,
}
_DATES = {"dateEffective": SCHEMA.validFrom, "expirationDate": SCHEMA.validThrough}
_ACTION_DATES = {"startDate": SCHEMA.validFrom, "endDate": SCHEMA.validThrough}


def _table(prefix: object, *parts: Mapping[str, object]) -> Mapping[str, str]:
    return MappingProxyType({f"{prefix}{name}": str(iri) for part in parts for name, iri in part.items()})


#: For competencies the name has rules of its own, see `reading`.
_OF_COMPETENCIES = _table(CEASN, {name: iri for name, iri in _CEASN.items() if iri != SKOS.definition})
_OF_THE_REST = _table(CETERMS, _CETERMS, _DATES)
_BY_CLASS: Mapping[str, Mapping[str, str]] = {
    str(KS.Framework): _table(CEASN, _CEASN, {"name": SKOS.prefLabel}),
    str(KS.Competency): _OF_COMPETENCIES,
    str(KS.StandardItem): _OF_COMPETENCIES,
    str(KS.Accreditation): _table(CETERMS, _CETERMS, _ACTION_DATES, {"object": KS.accredits}),
    str(CETERMS.AccreditAction): _table(CETERMS, _CETERMS, _ACTION_DATES),
    str(KS.Pathway): _table(CETERMS, _CETERMS, _DATES, {"hasPart": KS.hasStep}),
    str(CETERMS.Task): _table(CETERMS, {**_CETERMS, "description": DCTERMS.description}),
}


def properties_of(classes: Collection[str]) -> Mapping[str, str]:
    """CTDL property and ours, for a thing of these classes; properties that are not listed keep their own address."""
    for name, table in _BY_CLASS.items():
        if name in classes:
            return table
    known = any(name in CLASSES or name.startswith(str(CETERMS)) for name in classes)
    return _OF_THE_REST if known else MappingProxyType({})


def classes_of(types: Iterable[str]) -> set[str]:
    """The classes as Kesher says them: the narrower one alone where both are given."""
    stated = set(types)
    narrower = {CLASSES[name] for name in stated if name in CLASSES}
    return {BY_DEFAULT.get(name, name) for name in stated if name not in narrower}


def _terms(names: Mapping[str, str]) -> frozenset[str]:
    return frozenset(f"{PREFIXES[prefix]}{name}" for prefix, listed in names.items() for name in listed.split())


#: Properties whose values are addresses, as the context of Credential Engine types them.
LINKS = _terms(
    {
        "ceasn": """abilityEmbodied alignFrom alignTo broadAlignment complexityLevel comprisedOf conceptTerm creator
            crossSubjectReference derivedFrom educationLevelType exactAlignment hasChild hasPart hasTopChild
            identifier inferredCompetency isChildOf isPartOf isTopChildOf isVersionOf knowledgeEmbodied license
            majorAlignment minorAlignment narrowAlignment prerequisiteAlignment publicationStatusType publisher
            rightsHolder skillEmbodied source taskEmbodied""",
        "ceterms": """accreditedBy actingAgent approvedBy framework hasChild hasCondition hasDestinationComponent
            hasMember hasPart hasTask instrument isChildOf isDestinationComponentOf isMemberOf isPartOf isPreparationFor
            isRequiredFor object offeredBy ownedBy participant precededBy precedes proxyFor regulatedBy resultingAward
            sourceData subjectWebpage targetComponent targetCredential targetLearningOpportunity targetNode
            targetPathway""",
        "asn": "hasProgressionLevel hasProgressionModel inProgressionModel",
        "skos": """broadMatch broader closeMatch exactMatch hasTopConcept inScheme narrowMatch narrower related
            relatedMatch topConceptOf""",
    }
)

#: Properties whose values are texts by language, by the same context.
TEXTS = _terms(
    {
        "ceasn": """comment competencyCategory competencyLabel competencyText conceptKeyword description localSubject
            name publisherName tableOfContents""",
        "ceterms": "alternateName description frameworkName keyword name targetNodeDescription targetNodeName",
        "skos": "altLabel definition hiddenLabel note prefLabel scopeNote",
    }
)

#: Properties whose days are dates.
DATES = frozenset(map(str, (DCTERMS.created, DCTERMS.modified, SCHEMA.validFrom, SCHEMA.validThrough)))

#: A number as `ceasn:listID` gives the place of a thing in a list.
NUMBER = re.compile(r"[1-9]\d{0,8}")

CHILD_OF, HAS_CHILD = f"{CEASN}isChildOf", f"{CEASN}hasChild"
TOP_CHILD_OF, HAS_TOP_CHILD = f"{CEASN}isTopChildOf", f"{CEASN}hasTopChild"
PART_OF, LIST_ID = f"{CEASN}isPartOf", f"{CEASN}listID"
LABEL, TEXT = f"{CEASN}competencyLabel", f"{CEASN}competencyText"
TEACHES, TARGET_NODE = f"{CETERMS}teaches", f"{CETERMS}targetNode"
ALIGNMENT = f"{CETERMS}CredentialAlignmentObject"

#: Properties that are lists by Credential Engine's context; JSON-LD's arrays have no order otherwise.
ORDERED = frozenset((HAS_CHILD, HAS_TOP_CHILD))
