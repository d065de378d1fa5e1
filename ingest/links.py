"""Links held as nodes (`ks:Link`, after SSSOM): how they are written, read, and told apart by who speaks of them.

What a program proposes stands in the graph `links`, and is worked out anew when its item is.
What a person has decided stands in the graph `review`, which no ingestion touches. Both graphs are there in the public
and in the private dataset; a link stands where the item that it begins at stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

import pyoxigraph as ox

from graph.store import GraphStore
from ontology.kinds import Iri
from ontology.namespaces import KS, OWL, RDF, SEMAPV, SSSOM, XSD

REVIEW = "review"
LINKS = "links"

TYPE, LINK = ox.NamedNode(RDF.type), ox.NamedNode(KS.Link)
SOURCE, PROPERTY = ox.NamedNode(OWL.annotatedSource), ox.NamedNode(OWL.annotatedProperty)
TARGET, STATE = ox.NamedNode(OWL.annotatedTarget), ox.NamedNode(KS.linkState)
CONFIDENCE, METHOD = ox.NamedNode(SSSOM.confidence), ox.NamedNode(SSSOM.mapping_tool)
_SPAN, _REVIEWER = ox.NamedNode(SSSOM.match_string), ox.NamedNode(SSSOM.reviewer_id)
_JUSTIFICATION = ox.NamedNode(SSSOM.mapping_justification)
_TEXT_HASH, _CONCEPT_HASH = ox.NamedNode(SSSOM.subject_source_version), ox.NamedNode(SSSOM.object_source_version)
_FEATURES = ox.NamedNode(SSSOM.other)
_DIGITS = 16

_Term: TypeAlias = ox.NamedNode | ox.Literal


class LinkState(StrEnum):
    """Where a link stands on its way from a program's proposal to a person's decision."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EDITED = "edited"
    STALE = "stale"
    SUPERSEDED = "superseded"


DECIDED = frozenset({LinkState.ACCEPTED, LinkState.REJECTED, LinkState.EDITED, LinkState.STALE})


@dataclass(frozen=True, slots=True)
class Link:
    """A link.

    Attributes:
        item: What it begins at: a practice record, a tool, a study.
        predicate: What it says of the item.
        concept: What it leads to.
        confidence: How likely a person accepts it, 0 to 1; None where nobody has said.
        method: What proposed it, with its version.
        span: The words of the item that caused it; empty where a person made it.
        reviewer: IRI of who decided; empty while nobody has.
        text_hash: Digest of what the item said when this was proposed, or decided.
        concept_hash: The same for the concept.
        features: What it was ranked by, as a JSON object; empty where nothing is known.
        name: Last part of its address, where that is given already.
    """

    item: Iri
    predicate: Iri
    concept: Iri
    state: LinkState
    confidence: float | None = None
    method: str = ""
    span: str = ""
    reviewer: str = ""
    text_hash: str = ""
    concept_hash: str = ""
    features: str = ""
    name: str = ""

    @property
    def id(self) -> str:
        """Its name, or sixteen hexadecimal digits: the same for an item and a concept whoever proposes them."""
        told = "\n".join((self.item, self.concept))
        return self.name or hashlib.sha256(told.encode()).hexdigest()[:_DIGITS]

    def becoming(self, state: LinkState) -> Link:
        """The same link in a state."""
        return replace(self, state=state)

    def read_as(self, text_hash: str, concept_hash: str) -> Link:
        """The same link with the digests of what its item and its concept say now."""
        return replace(self, text_hash=text_hash, concept_hash=concept_hash)

    def saying(self, predicate: Iri) -> Link:
        """The same link with another property."""
        return replace(self, predicate=predicate)

    def node(self, base: str) -> ox.NamedNode:
        """Its address."""
        return ox.NamedNode(f"{base}id/link/{self.id}")

    @property
    def statement(self) -> ox.Triple:
        """What holds once it is accepted."""
        return ox.Triple(ox.NamedNode(self.item), ox.NamedNode(self.predicate), ox.NamedNode(self.concept))


def triples_of(link: Link, base: str) -> Iterator[ox.Triple]:
    """A link as statements."""
    node = link.node(base)
    by_hand = link.state in DECIDED and not link.method
    said: list[tuple[ox.NamedNode, _Term]] = [
        (TYPE, LINK),
        (SOURCE, ox.NamedNode(link.item)),
        (PROPERTY, ox.NamedNode(link.predicate)),
        (TARGET, ox.NamedNode(link.concept)),
        (STATE, ox.Literal(link.state)),
        (_JUSTIFICATION, ox.NamedNode(SEMAPV.ManualMappingCuration if by_hand else SEMAPV.LexicalMatching)),
    ]
    if link.confidence is not None:
        said.append((CONFIDENCE, ox.Literal(f"{link.confidence:.3f}", datatype=ox.NamedNode(XSD.decimal))))
    texts = ((METHOD, link.method), (_SPAN, link.span), (_FEATURES, link.features))
    hashes = ((_TEXT_HASH, link.text_hash), (_CONCEPT_HASH, link.concept_hash))
    said += [(term, ox.Literal(value)) for term, value in (*texts, *hashes) if value]
    said += [(_REVIEWER, ox.NamedNode(link.reviewer))] if link.reviewer else []
    return (ox.Triple(node, term, value) for term, value in said)


def read_link(store: GraphStore, node: ox.NamedNode, graph: ox.NamedNode) -> Link | None:
    """The link of an address in a graph; None where there is no whole one."""
    said = {it.predicate: it.object for it in store.quads(node, None, None, graph)}
    ends = [said.get(it) for it in (SOURCE, PROPERTY, TARGET)]
    state = said.get(STATE)
    if not all(isinstance(it, ox.NamedNode) for it in ends) or text(state) not in set(LinkState):
        return None
    item, predicate, concept = (Iri(text(it)) for it in ends)
    confidence = text(said.get(CONFIDENCE))
    return Link(
        item,
        predicate,
        concept,
        LinkState(text(state)),
        float(confidence) if confidence else None,
        text(said.get(METHOD)),
        text(said.get(_SPAN)),
        text(said.get(_REVIEWER)),
        text(said.get(_TEXT_HASH)),
        text(said.get(_CONCEPT_HASH)),
        text(said.get(_FEATURES)),
        node.value.rpartition("/")[2],
    )


def text(term: object) -> str:
    """The text of an address or a literal; empty for anything else."""
    return term.value if isinstance(term, (ox.NamedNode, ox.Literal)) else ""
