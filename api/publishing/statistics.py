"""What the public dataset holds, counted: its graphs, classes and properties, in one state of it."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from ontology.kinds import Iri

Labels = dict[str, str]


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """One named graph.

    Attributes:
        title: Name of the file that it came from; empty where none is known.
        modified: When it was last written (xsd:dateTime); empty where that is not known.
        licences: Addresses of the licences stated for it, when it came in or in its own statements; may be none.
    """

    iri: Iri
    statements: int
    title: str = ""
    modified: str = ""
    licences: tuple[Iri, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassCount:
    """A class that is in use.

    Attributes:
        things: Subjects that have it.
        labels: What the dataset calls it, by language.
    """

    iri: Iri
    things: int
    labels: Labels


@dataclass(frozen=True, slots=True)
class PropertyCount:
    """A property that is in use: in how many different statements, of how many subjects, with how many values."""

    iri: Iri
    statements: int
    subjects: int
    values: int
    labels: Labels


@dataclass(frozen=True, slots=True)
class Use:
    """How many things of a class have a property."""

    cls: Iri
    property: Iri
    things: int


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """One state of the public dataset, counted; a statement that several graphs make is one. Compared by identity.

    Attributes:
        sequence: Number of the last write that is in it: the name of the state.
        modified: When that was (xsd:dateTime); empty for a dataset that was never written.
        things: Subjects that have a class.
        classes: Most used first; so are properties, and the uses of each class.
    """

    sequence: int
    modified: str
    statements: int
    subjects: int
    values: int
    things: int
    graphs: tuple[GraphFacts, ...]
    classes: tuple[ClassCount, ...]
    properties: tuple[PropertyCount, ...]
    uses: tuple[Use, ...]


#: Statistics as JSON, and back.
STATISTICS = TypeAdapter(Statistics)
