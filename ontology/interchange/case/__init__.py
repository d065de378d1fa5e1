"""CASE 1.0 and 1.1 (1EdTech Competencies and Academic Standards Exchange): packages in, packages out, without loss.

Entities keep their IRIs: the `uri`, or else `urn:uuid:` and the identifier. Properties named `case:` are Kesher's, in
https://w3id.org/kesher/case#: 1EdTech's own JSON-LD context could not be seen, and what others quote of it disagrees.

    CFDocument              ks:Framework             CFItem                  ks:Competency, skos:inScheme
    CFAssociation           ks:Link "declared"       CFRubric, -Criterion    asn:Rubric, asn:RubricCriterion
    CFLicense               dcterms:LicenseDocument  CFRubricCriterionLevel  asn:CriterionLevel
    CFConcept, CFSubject, CFItemType, CFAssociationGrouping: skos:Concept; these, links and rubrics dcterms:isPartOf

    identifier              dcterms:identifier       lastChangeDateTime      dcterms:modified
    title, category, quality skos:prefLabel          description             dcterms:description
    notes                   skos:note                language                dcterms:language
    subject, subjectURI     dc:subject, dcterms:subject    licenseURI        dcterms:license
    statusStartDate, -End   schema:validFrom, -Through     hierarchyCode     skos:notation
    creator, publisher      dc:creator, dc:publisher       officialSourceURL dcterms:source
    version                 owl:versionInfo          frameworkType           dc:type
    humanCodingScheme       skos:notation            listEnumeration         ceasn:listID
    alternativeLabel        skos:altLabel            educationLevel          lrmi:educationalLevel
    CFItemType              ceasn:competencyCategory CFItemTypeURI           dcterms:type
    conceptKeywords         ceasn:conceptKeyword     conceptKeywordsURI      ceasn:conceptTerm
    sequenceNumber, position ks:ordinal              CFAssociationGroupingURI ks:grouping
    originNodeURI           owl:annotatedSource, its title sssom:subject_label
    destinationNodeURI      owl:annotatedTarget, its title sssom:object_label
    CFItemURI               ks:competency            every other member      case: and its name

`fullStatement` is the name (skos:prefLabel) of an item that has no `abbreviatedStatement`; where there is one, that is
the name and the full statement the definition (skos:definition). Types of association mean skos:broader (a top item's
skos:topConceptOf), dcterms:isPartOf, skos:exactMatch, xkos:precedes, skos:related, dcterms:isReplacedBy,
schema:translationOfWork, and case:isPeerOf, case:exemplar, case:hasSkillLevel, which no vocabulary has; a direct edge
stands beside the link unless it would close a circle or name a parent that the file does not describe.

What RDF would not give back as it was (an order, "+00:00", "6" for 6, a title that is stale) and members that CASE does
not have stay as JSON under case:, and are written again as long as they agree with the statements. What CASE cannot say
travels as N-Triples in an extension of the document (`write_case`), and is read from there.

W169, W181 and W187 are told once for each member, with the first place and how often.
"""

from __future__ import annotations

from ontology.interchange.case.reading import read_case
from ontology.interchange.case.writing import VERSIONS, write_case

__all__ = ["VERSIONS", "read_case", "write_case"]
