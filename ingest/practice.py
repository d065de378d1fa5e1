"""The terms by which practice records are known, with their parts, their consent and their clearance."""

from __future__ import annotations

import pyoxigraph as ox

from ontology.kinds import CLASS_OF, Kind
from ontology.namespaces import DCTERMS, KS, OWL, PROV, RDF, RDFS, SCHEMA, SKOS, SKOSXL

TYPE = ox.NamedNode(RDF.type)
SUBCLASS = ox.NamedNode(RDFS.subClassOf)
PRACTICE = ox.NamedNode(CLASS_OF[Kind.PRACTICE])
#: Classes of what is known for itself and belongs to no record.
THINGS = frozenset(map(ox.NamedNode, CLASS_OF.values())) - {PRACTICE} | {
    *map(ox.NamedNode, (SKOS.ConceptScheme, OWL.Class, RDFS.Class, OWL.Ontology))
}
#: From a record to the episode that it tells of.
EPISODE = ox.NamedNode(PROV.wasGeneratedBy)
#: From a record to what may be described beside it and tell of its persons: who gave it, what pupils believed.
COMPANIONS = frozenset(map(ox.NamedNode, (DCTERMS.contributor, KS.observedMisconception))) | {EPISODE}
#: From a record to its parts, whichever file describes them.
TO_PART = COMPANIONS | {*map(ox.NamedNode, (DCTERMS.hasPart, SKOSXL.prefLabel, SKOSXL.altLabel, SKOSXL.hiddenLabel))}
#: From a part to its record.
TO_WHOLE = frozenset(
    map(
        ox.NamedNode,
        (
            *(DCTERMS.isPartOf, PROV.generated, SCHEMA.about, OWL.annotatedSource, OWL.annotatedTarget),
            *(RDF.subject, RDF.object),
        ),
    )
)
#: Who may see a record.
AUDIENCE = ox.NamedNode(KS.consent)
#: Hashes of the texts that a curator has cleared.
CLEARED = ox.NamedNode(KS.clearedText)
STATUS = ox.NamedNode(KS.status)
QUARANTINED = ox.NamedNode(KS.Quarantined)
#: What decides together whether everybody may see a record.
CONSENT = frozenset(
    {AUDIENCE, *map(ox.NamedNode, (KS.consentExpires, KS.consentWithdrawn, KS.guardianConsent, KS.anonymisation))}
)
