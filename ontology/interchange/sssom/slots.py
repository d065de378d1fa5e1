"""The slots of SSSOM 1.1: which property each is in RDF, and how its values are written.

Source: the SSSOM schema and its sections on TSV and RDF (https://mapping-commons.github.io/sssom/). One thing differs:
numbers are xsd:decimal here, as everywhere in Kesher, where SSSOM says xsd:double.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType

import pyoxigraph as ox

from ontology.interchange.curies import Curies
from ontology.interchange.facts import Term
from ontology.namespaces import KS, OWL, PREFIXES, RDF, RDFS, SKOS, SSSOM, XSD

#: The datatype of values that are written as compact addresses.
ENTITY_HINT = "https://w3id.org/linkml/uriOrCurie"


class Sort(StrEnum):
    """What the values of a slot are."""

    ENTITY = "entity"
    ADDRESS = "address"
    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    WORD = "word"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Slot:
    """One column, or one key of the header.

    Attributes:
        many: It may have several values.
        datatype: Datatype of its literals, for an extension.
    """

    name: str
    sort: Sort
    property: str
    many: bool = False
    datatype: str = str(XSD.string)


def typed_slot(name: str, meaning: str, datatype: str) -> Slot:
    """An extension whose values are of this datatype, or entities."""
    is_entity = datatype.lower() == ENTITY_HINT.lower()
    return Slot(name, Sort.ENTITY if is_entity else Sort.TYPED, meaning, datatype=datatype)


def _slots(written: str) -> Mapping[str, Slot]:
    """Slots by name, in their order, from lines of `name sort[*] [property]`; `*` stands for several values."""
    found = {}
    for line in written.split("\n"):
        if line.strip():
            name, sort, *given = line.split()
            prefix, _, local = (given[0] if given else f"sssom:{name}").partition(":")
            namespace = {**PREFIXES, "pav": "http://purl.org/pav/"}[prefix]
            found[name] = Slot(name, Sort(sort.rstrip("*")), namespace + local, sort.endswith("*"))
    return MappingProxyType(found)


ROW_SLOTS = _slots("""
    record_id entity
    subject_id entity owl:annotatedSource
    subject_label text
    subject_category text
    predicate_id entity owl:annotatedProperty
    predicate_label text
    predicate_modifier word
    object_id entity owl:annotatedTarget
    object_label text
    object_category text
    mapping_justification entity
    author_id entity* pav:authoredBy
    author_label text*
    reviewer_id entity*
    reviewer_label text*
    creator_id entity* dcterms:creator
    creator_label text*
    license address dcterms:license
    subject_type word
    subject_source entity
    subject_source_version text
    object_type word
    object_source entity
    object_source_version text
    predicate_type word
    mapping_provider address
    mapping_source entity
    mapping_cardinality text
    cardinality_scope text*
    mapping_tool text
    mapping_tool_id entity
    mapping_tool_version text
    mapping_date date dcterms:created
    publication_date date dcterms:issued
    review_date date
    confidence number
    reviewer_agreement number
    curation_rule entity*
    curation_rule_text text*
    subject_match_field entity*
    object_match_field entity*
    match_string text*
    subject_preprocessing entity*
    object_preprocessing entity*
    similarity_score number
    similarity_measure text
    see_also address* rdfs:seeAlso
    issue_tracker_item entity
    other text
    comment text rdfs:comment
""")

#: What a header says of all rows, when no row says it.
SHARED = (
    *("subject_type", "subject_source", "subject_source_version", "object_type", "object_source"),
    *("object_source_version", "predicate_type", "mapping_provider", "cardinality_scope", "mapping_tool"),
    *("mapping_tool_id", "mapping_tool_version", "mapping_date", "subject_match_field", "object_match_field"),
    *("subject_preprocessing", "object_preprocessing", "similarity_measure", "curation_rule", "curation_rule_text"),
)

_OWN_OF_SETS = _slots("""
    mapping_set_version text owl:versionInfo
    mapping_set_source address* prov:wasDerivedFrom
    mapping_set_title text dcterms:title
    mapping_set_description text dcterms:description
    mapping_set_confidence number
    creator_id entity* dcterms:creator
    creator_label text*
    license address dcterms:license
""")
_ENDS_OF_SETS = _slots("""
    publication_date date dcterms:issued
    see_also address* rdfs:seeAlso
    issue_tracker address
    other text
    comment text rdfs:comment
""")
SET_SLOTS: Mapping[str, Slot] = MappingProxyType(
    {**_OWN_OF_SETS, **{name: ROW_SLOTS[name] for name in SHARED}, **_ENDS_OF_SETS}
)

#: Extensions of ours, which need no definition when read: how a link stands, and a predicate that waits for review.
OWN_SLOTS: Mapping[str, Slot] = MappingProxyType(
    {
        "ext_link_state": Slot("ext_link_state", Sort.TEXT, str(KS.linkState)),
        "ext_stated_predicate": typed_slot("ext_stated_predicate", f"{SSSOM}predicate_id", ENTITY_HINT),
    }
)

#: The four that a row must have.
MANDATORY = ("subject_id", "predicate_id", "object_id", "mapping_justification")

#: A small exponent only: a large one would be written out in as many digits.
_NUMBER = re.compile(r"(\d+(\.\d*)?|\.\d+)([eE][+-]?\d)?")
_NOT = f"{SSSOM}NegatedPredicate"
_TYPES = {
    "owl class": str(OWL.Class),
    "owl object property": str(OWL.ObjectProperty),
    "owl data property": f"{OWL}DataProperty",
    "owl annotation property": str(OWL.AnnotationProperty),
    "owl named individual": str(OWL.NamedIndividual),
    "skos concept": str(SKOS.Concept),
    "rdfs resource": str(RDFS.Resource),
    "rdfs class": str(RDFS.Class),
    "rdfs literal": str(RDFS.Literal),
    "rdfs datatype": str(RDFS.Datatype),
    "rdf property": str(RDF.Property),
    "composed entity expression": f"{SSSOM}ComposedEntityExpression",
}
_WORDS = {
    "predicate_modifier": {"Not": _NOT},
    **dict.fromkeys(("subject_type", "object_type", "predicate_type"), _TYPES),
}


def term_of(slot: Slot, word: str, curies: Curies) -> Term:
    """A value as RDF.

    Raises:
        ValueError: it is no value of this slot; says why and what would be one.
    """
    if slot.sort is Sort.ENTITY:
        return curies.expand(word)
    if slot.sort is Sort.ADDRESS:
        return ox.NamedNode(word) if "://" in word else ox.Literal(word)
    if slot.sort is Sort.WORD:
        meanings = _WORDS[slot.name]
        if word not in meanings:
            raise ValueError(f"{word[:80]!r} is none of: {', '.join(meanings)}")
        return ox.NamedNode(meanings[word])
    if slot.sort is Sort.DATE:
        return ox.Literal(date.fromisoformat(word).isoformat(), datatype=ox.NamedNode(XSD.date))
    if slot.sort is Sort.NUMBER:
        return ox.Literal(_number(word), datatype=ox.NamedNode(XSD.decimal))
    return ox.Literal(word, datatype=ox.NamedNode(slot.datatype))


def word_of(slot: Slot, term: Term, curies: Curies) -> str:
    """A value as the file writes it: what `term_of` reads as this term."""
    if slot.sort is Sort.ENTITY:
        return curies.contract(term.value)
    if slot.sort is Sort.WORD:
        return next((word for word, iri in _WORDS[slot.name].items() if iri == term.value), term.value)
    return term.value


def _number(word: str) -> str:
    """A number from 0 to 1 in its shortest form."""
    if not _NUMBER.fullmatch(word) or Decimal(word) > 1:
        raise ValueError(f"{word[:80]!r} is no number from 0 to 1")
    return format(Decimal(word).normalize(), "f")


def link_digest(of: ox.NamedNode, said: Mapping[str, Sequence[Term]], number: int = 1) -> str:
    """What a link without an address of its own is called: the same mapping of the same set has the same name.

    Args:
        of: Its mapping set.
        said: Its values by property.
        number: 2 for the second link of the set that says the same in these, and so on.
    """
    told = ("subject_id", "predicate_id", "object_id", "mapping_justification", "predicate_modifier")
    words = (it.value for name in told for it in said.get(ROW_SLOTS[name].property, ()))
    return sha256("\n".join((of.value, *words, str(number))).encode()).hexdigest()[:24]
