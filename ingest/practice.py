"""The terms by which practice records are known, with their episodes, their consent and their clearance."""

from __future__ import annotations

import pyoxigraph as ox

from ontology.kinds import CLASS_OF, Kind
from ontology.namespaces import DCTERMS, KS, PROV, RDF

TYPE = ox.NamedNode(RDF.type)
PRACTICE = ox.NamedNode(CLASS_OF[Kind.PRACTICE])
#: From a record to the episode that it tells of.
EPISODE = ox.NamedNode(PROV.wasGeneratedBy)
#: From a record to what may be described beside it and tell of its persons: who gave it, what pupils believed.
COMPANIONS = frozenset(map(ox.NamedNode, (DCTERMS.contributor, KS.observedMisconception)))
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
