"""What DigComp's classes and members mean. The tables can be read in both directions.

DigComp 3.0 gives neither its classes nor its members an address (its @context maps some words to themselves and leaves
out others, `name` among them), so those that no standard has a term for get one of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from urllib.parse import quote, unquote, urljoin

import pyoxigraph as ox

from ontology.interchange.addresses import absolute
from ontology.namespaces import ASN, CEASN, DCTERMS, KS, RDF, SKOS
from ontology.text import clean

DIGCOMP = "https://w3id.org/kesher/digcomp#"
#: The language of DigComp's own words; a translation says its own by @language.
LANGUAGE = "en"

TYPE, IN_SCHEME, BROADER = map(ox.NamedNode, (RDF.type, SKOS.inScheme, SKOS.broader))
BROADLY = ox.NamedNode(SKOS.scopeNote)
NAME, NOTATION, DEPTH, ORDINAL = map(ox.NamedNode, (SKOS.prefLabel, SKOS.notation, KS.depth, KS.ordinal))


class Holds(Enum):
    """What a member holds."""

    TEXT = "a text in the language of the document"
    PLAIN = "a word or number of no language"
    LINK = "the @id of something"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a class."""

    predicate: str
    holds: Holds = Holds.TEXT


@dataclass(frozen=True, slots=True)
class Class:
    """A class of DigComp.

    Attributes:
        types: Our classes for it, beside its own.
        members: Its members by name.
        depth: In the tree of competencies; 0 for what is not in it.
        coded: Whether the last part of its @id is its code: `1.1`, `CS1.1.01`.
    """

    types: tuple[str, ...]
    members: Mapping[str, Member]
    depth: int = 0
    coded: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """One of the four broad levels, as one of the eight below it tells of it."""

    number: int
    name: ox.Literal
    text: ox.Literal | None

    def order(self) -> tuple[int, str, str]:
        """For sorting: by the lowest of the eight."""
        return self.number, str(self.name), str(self.text)


_NAMED = {"name": Member(str(SKOS.prefLabel)), "description": Member(str(SKOS.definition))}
_STATED = {
    "description": Member(str(SKOS.prefLabel)),
    "ai_label": Member(str(CEASN.conceptKeyword), Holds.PLAIN),
    "competence_area_id": Member(str(DCTERMS.isPartOf), Holds.LINK),
    "competence_id": Member(str(SKOS.broader), Holds.LINK),
    "four_levels_proficiency_name": Member(str(ASN.hasProgressionLevel), Holds.LINK),
}
_LEVEL = {
    "four_levels_name": Member(str(SKOS.prefLabel)),
    "eight_levels_mapping": Member(str(KS.ordinal), Holds.PLAIN),
    "six_levels_mapping": Member(str(SKOS.notation), Holds.PLAIN),
    "four_levels_description": Member(str(SKOS.scopeNote)),
    "eight_levels_description": Member(str(SKOS.definition)),
    "applies_to": Member(str(SKOS.note)),
}
_AREA = Member(str(SKOS.broader), Holds.LINK)

#: Statements and outcomes are different things, although 196 of them share their words: an outcome is no competency.
CLASSES: Mapping[str, Class] = MappingProxyType(
    {
        "CompetenceArea": Class((str(KS.Competency),), _NAMED, depth=1, coded=True),
        "Competence": Class((str(KS.Competency),), {**_NAMED, "competence_area_id": _AREA}, depth=2, coded=True),
        "CompetenceStatement": Class((str(KS.Competency),), _STATED, depth=3, coded=True),
        "LearningOutcome": Class(
            (str(SKOS.Concept),),
            {**_STATED, "type": Member(str(CEASN.competencyCategory), Holds.PLAIN)},
            coded=True,
        ),
        "ProficiencyLevel": Class((str(ASN.ProgressionLevel),), _LEVEL),
        "Glossary": Class(
            (str(SKOS.Concept),),
            {"name": Member(str(SKOS.prefLabel)), "explanation": Member(str(SKOS.definition))},
        ),
    }
)
OTHER = Class((str(SKOS.Concept),), _NAMED)


def member(kind: Class, name: str) -> Member:
    """What a member of a class means; one that is not listed keeps its name, under an address of ours."""
    return kind.members.get(name) or Member(term(name), Holds.PLAIN)


def term(name: str) -> str:
    """Our address for a class or member of DigComp."""
    return DIGCOMP + quote(clean(name), safe="")


def folder(base: str) -> str:
    """Where the relative addresses of DigComp lie."""
    return urljoin(base, "digcomp/")


def framework(base: str) -> ox.NamedNode:
    """The framework that everything in a file belongs to; the file itself does not describe it."""
    return absolute("framework", folder(base))


def broad_level(name: str, base: str) -> ox.NamedNode:
    """One of the four levels, which statements point at and no node describes."""
    return absolute("ProficiencyLevel/" + quote(name.strip(), safe=""), folder(base))


def implied(
    iri: ox.NamedNode, kind: Class, base: str, *, named: bool
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]:
    """What the class and the address of a thing say of it: classes, framework, depth, code, a glossary entry's name."""
    last = clean(unquote(iri.value.rpartition("/")[2]))
    yield from ((TYPE, ox.NamedNode(name)) for name in kind.types)
    yield IN_SCHEME, framework(base)
    if kind.depth:
        yield DEPTH, ox.Literal(kind.depth)
    if kind.coded and last:
        yield NOTATION, ox.Literal(last)
    if kind is CLASSES["Glossary"] and not named and last:
        yield NAME, ox.Literal(last, language=LANGUAGE)
