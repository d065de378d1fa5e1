"""What CASE 1.0 and 1.1 can say, as tables: its classes, the property that each member means, its types of association.

Names are those of 1EdTech's JSON Schemas. A member for which no vocabulary has a property keeps its name, in
the namespace `CASE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ontology.interchange.case.forms import NAME, UNKNOWN_TIME, Form, Member, Part, own
from ontology.interchange.case.values import Address, Anything, Language, Moment, Number, Reference, Text
from ontology.namespaces import ASN, CEASN, DC, DCTERMS, KS, LRMI, OWL, SCHEMA, SKOS, XKOS

_TEXT, _PLAIN, _TEXTS, _PLAINS = Text(tagged=True), Text(), Text(tagged=True, many=True), Text(many=True)
_LINK, _LINKS, _DAY = Reference(), Reference(many=True), Moment()

_ALWAYS = (
    Member("identifier", _PLAIN, str(DCTERMS.identifier)),
    Member("lastChangeDateTime", Moment(time=True), str(DCTERMS.modified), default=UNKNOWN_TIME, asked="1.0"),
    Member("extensions", Anything(), own("extensions"), since="1.1"),
)
_DESCRIPTION = Member("description", _TEXT, str(DCTERMS.description))
_HIERARCHY = Member("hierarchyCode", _PLAIN, str(SKOS.notation), default="", asked="1.0")
_CLASSIFIED = (
    Member("subject", _PLAINS, str(DC.subject)),
    Member("subjectURI", _LINKS, str(DCTERMS.subject)),
    Member("language", Language(), str(DCTERMS.language)),
    Member("statusStartDate", _DAY, str(SCHEMA.validFrom)),
    Member("statusEndDate", _DAY, str(SCHEMA.validThrough)),
    Member("licenseURI", _LINK, str(DCTERMS.license)),
    Member("notes", _TEXT, str(SKOS.note)),
)
_OF_DOCUMENT = Member("CFDocumentURI", _LINK, own("CFDocumentURI"), since="never")

_LISTS = (
    *("CFItems", "CFRubrics", "CFAssociations", "CFDefinitions", "CFConcepts", "CFSubjects", "CFLicenses"),
    *("CFItemTypes", "CFAssociationGroupings"),
)

DOCUMENT = Form(
    "CFDocument",
    (str(KS.Framework),),
    (
        *_ALWAYS,
        *_CLASSIFIED,
        Member("title", _TEXT, NAME),
        Member("creator", _PLAIN, str(DC.creator), default="unknown", asked="1.0"),
        Member("publisher", _PLAIN, str(DC.publisher)),
        _DESCRIPTION,
        Member("officialSourceURL", Address(), str(DCTERMS.source)),
        Member("version", _PLAIN, str(OWL.versionInfo)),
        Member("adoptionStatus", _PLAIN, own("adoptionStatus")),
        Member("frameworkType", _PLAIN, str(DC.type), since="1.1"),
        Member("caseVersion", _PLAIN, own("caseVersion"), since="1.1"),
        Member("CFPackageURI", _LINK, own("CFPackageURI"), since="never"),
    ),
    named=True,
    open=True,
    aside=frozenset(_LISTS),
)

#: An item with its full statement alone.
ITEM = Form(
    "CFItem",
    (str(KS.Competency),),
    (
        *_ALWAYS,
        *(replace(it, since="1.1") if it.name.startswith("subject") else it for it in _CLASSIFIED),
        Member("fullStatement", _TEXT, NAME),
        Member("abbreviatedStatement", _TEXT, own("abbreviatedStatement")),
        Member("alternativeLabel", _TEXT, str(SKOS.altLabel)),
        Member("humanCodingScheme", _PLAIN, str(SKOS.notation)),
        Member("listEnumeration", _PLAIN, str(CEASN.listID)),
        Member("CFItemType", _PLAIN, str(CEASN.competencyCategory)),
        Member("CFItemTypeURI", _LINK, str(DCTERMS.type)),
        Member("conceptKeywords", _TEXTS, str(CEASN.conceptKeyword)),
        Member("conceptKeywordsURI", _LINK, str(CEASN.conceptTerm)),
        Member("educationLevel", _PLAINS, str(LRMI.educationalLevel)),
        _OF_DOCUMENT,
    ),
    named=True,
    open=True,
)

_SHORT = {"fullStatement": str(SKOS.definition), "abbreviatedStatement": NAME}

#: An item with a short statement too: that is its name, the full one its definition.
SHORT_ITEM = replace(ITEM, members=tuple(replace(it, property=_SHORT.get(it.name, it.property)) for it in ITEM.members))

#: The two ends and the type of an association are described in links.py.
ASSOCIATION = Form(
    "CFAssociation",
    (str(KS.Link),),
    (
        *_ALWAYS,
        Member("sequenceNumber", Number(whole=True), str(KS.ordinal)),
        Member("CFAssociationGroupingURI", _LINK, str(KS.grouping)),
        Member("notes", _TEXT, str(SKOS.note), since="1.1"),
        _OF_DOCUMENT,
    ),
    open=True,
    aside=frozenset(("associationType", "originNodeURI", "destinationNodeURI")),
)


def _definition(name: str, *members: Member, type: str = str(SKOS.Concept)) -> Form:
    title = Member("title", _TEXT, NAME)
    return Form(name, (type, own(name)), (*_ALWAYS, title, *members), named=True)


_POSITION = Member("position", Number(whole=True), str(KS.ordinal))
_CRITERIA = Part("CFRubricCriteria", "CFRubricCriterion", str(ASN.hasCriterion), outward=True)
_LEVELS = Part("CFRubricCriterionLevels", "CFRubricCriterionLevel", str(ASN.hasLevel), outward=True)

_DEFINITIONS = (
    _definition("CFConcept", _DESCRIPTION, _HIERARCHY, Member("keywords", _PLAIN, own("keywords"))),
    _definition("CFSubject", _DESCRIPTION, _HIERARCHY),
    _definition(
        "CFLicense",
        _DESCRIPTION,
        Member("licenseText", _TEXT, own("licenseText"), default="", asked="1.0"),
        type=str(DCTERMS.LicenseDocument),
    ),
    _definition(
        "CFItemType",
        replace(_DESCRIPTION, default="", asked="1.1"),
        _HIERARCHY,
        Member("typeCode", _PLAIN, own("typeCode")),
    ),
    _definition("CFAssociationGrouping", _DESCRIPTION),
)
_RUBRICS = (
    Form("CFRubric", (str(ASN.Rubric),), (*_ALWAYS, Member("title", _TEXT, NAME), _DESCRIPTION), (_CRITERIA,)),
    Form(
        "CFRubricCriterion",
        (str(ASN.RubricCriterion),),
        (
            *_ALWAYS,
            Member("category", _TEXT, NAME),
            _DESCRIPTION,
            _POSITION,
            Member("CFItemURI", _LINK, str(KS.competency)),
            Member("weight", Number(), own("weight")),
            Member("rubricId", _PLAIN, own("rubricId")),
        ),
        (_LEVELS,),
    ),
    Form(
        "CFRubricCriterionLevel",
        (str(ASN.CriterionLevel),),
        (
            *_ALWAYS[:2],
            Member("extensions", Anything((list,)), own("extensions"), since="1.1"),
            Member("quality", _TEXT, NAME),
            _DESCRIPTION,
            _POSITION,
            Member("score", Number(), own("score")),
            Member("feedback", _TEXT, own("feedback")),
            Member("rubricCriterionId", _PLAIN, own("rubricCriterionId")),
        ),
    ),
)

FORMS: Mapping[str, Form] = {it.name: it for it in (DOCUMENT, ITEM, ASSOCIATION, *_DEFINITIONS, *_RUBRICS)}

#: The lists of a package, by the object that has them; CFAssociations is read last, when the things it joins are known.
PARTS: Mapping[str, tuple[Part, ...]] = {
    "CFPackage": (
        Part("CFItems", "CFItem", str(SKOS.inScheme)),
        Part("CFRubrics", "CFRubric", str(DCTERMS.isPartOf)),
        Part("CFAssociations", "CFAssociation", str(DCTERMS.isPartOf)),
    ),
    "CFDefinitions": tuple(Part(f"{it.name}s", it.name, str(DCTERMS.isPartOf)) for it in _DEFINITIONS),
}

#: The property that each type of association means; `isChildOf` the framework itself is skos:topConceptOf.
ASSOCIATION_TYPES: Mapping[str, str] = {
    "isChildOf": str(SKOS.broader),
    "isPeerOf": own("isPeerOf"),
    "isPartOf": str(DCTERMS.isPartOf),
    "exactMatchOf": str(SKOS.exactMatch),
    "precedes": str(XKOS.precedes),
    "isRelatedTo": str(SKOS.related),
    "replacedBy": str(DCTERMS.isReplacedBy),
    "exemplar": own("exemplar"),
    "hasSkillLevel": own("hasSkillLevel"),
    "isTranslationOf": str(SCHEMA.translationOfWork),
}
