"""The objects of a CASE package as they are taken in: each with its IRI, its identifier and its name."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyoxigraph as ox

from ontology.interchange.case.forms import Form, Part, own
from ontology.interchange.case.links import Edge
from ontology.interchange.case.members import ITEM, SHORT_ITEM
from ontology.interchange.case.objects import statements
from ontology.interchange.case.repair import as_text
from ontology.interchange.case.terms import Named, Surroundings, as_json, identifier_of, is_iri, is_uuid, usable_tag
from ontology.interchange.json_text import Json
from ontology.interchange.outcome import Tally

_WORDS = {
    "W181": "has a value of another type than CASE gives it; it was kept as it is",
    "W169": "is no member of CASE; it was kept as it is",
    "W187": "is no UUID; it was kept as it is",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """An object of a package.

    Attributes:
        place: Where it stands: `CFItems[2]`.
        part: The list that it stands in; None for the document.
        whole: IRI of what the list belongs to.
        index: Its place in the list, from 1.
        edge: What it states, where it is an association.
    """

    node: str
    form: Form
    value: dict[str, Json]
    place: str
    part: Part | None = None
    whole: str = ""
    index: int = 0
    edge: Edge | None = None

    @property
    def identifier(self) -> str:
        """Its identifier as CASE writes it."""
        return as_text(self.value["identifier"])


@dataclass(slots=True)
class Reading:
    """A package while it is read.

    Attributes:
        lang: Language of texts that have none of their own.
        document: IRI of the framework.
        spare: Statements that belong to no one object.
    """

    base: str
    tally: Tally
    lang: str = "en"
    document: str = ""
    things: list[Thing] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    known: dict[str, Named] = field(default_factory=dict)
    by_identifier: dict[str, str] = field(default_factory=dict)
    spare: list[ox.Triple] = field(default_factory=list)
    words: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def keep(self, thing: Thing) -> None:
        """Take the object in."""
        title = thing.form.title
        name = text_of(thing.value.get(title.name)) if title else ""
        self.things.append(thing)
        self.places[thing.node] = thing.place
        self.known[thing.node] = Named(name or thing.node, thing.identifier)
        self.by_identifier[thing.identifier.lower()] = thing.node
        if thing.edge:
            self.tally.keep_link()
        else:
            self.tally.keep_concept()

    def twin(self, thing: Thing) -> str | None:
        """Where an object with the same IRI or identifier stands."""
        node = thing.node if thing.node in self.known else self.by_identifier.get(thing.identifier.lower())
        return self.places[node] if node else None

    def around(self, value: dict[str, Json]) -> Surroundings:
        """What an object is read in."""
        return Surroundings(usable_tag(value.get("language")) or self.lang, self.known, self.by_identifier)

    def put_aside(self, name: str, value: Json, owner: str = "") -> None:
        """Keep a value as JSON with its owner, or else with the document."""
        self.spare += statements(owner or self.document, own(name), [as_json(value)])

    def word(self, code: str, name: str, place: str) -> None:
        """Something that may be said of many objects, and is told once."""
        self.words.setdefault((code, name), []).append(place)

    def tell(self) -> None:
        """Say what was to be told once, with its first place."""
        for (code, name), places in self.words.items():
            more = f" ({len(places)} times, first here)" if len(places) > 1 else ""
            self.tally.note(code, places[0], f"{name} {_WORDS[code]}{more}")


def thing_of(reading: Reading, value: dict[str, Json], form: Form, place: str) -> Thing | None:
    """An object with its IRI, its identifier and its name; None where it has neither of the first two."""
    uri, identifier = value.get("uri"), as_text(value.get("identifier"))
    if isinstance(uri, str) and is_iri(uri):
        node = uri
    elif identifier:
        node = f"urn:uuid:{identifier if is_uuid(identifier) else identifier_of(reading.base + identifier)}"
        reading.tally.note("W184", place, f"Without a uri the {form.name} has the address {node}")
    else:
        return None
    if not identifier or not isinstance(value.get("identifier"), str):
        identifier = identifier or identifier_of(node)
        reading.tally.note("W185", place, f"The {form.name} has no text identifier; {identifier!r} stands for it")
    if not is_uuid(identifier):
        reading.word("W187", f"The identifier of a {form.name}", place)
    found = {**value, "identifier": identifier}
    if form.named:
        found = _with_name(reading, found, form, place)
    short = form is ITEM and bool(text_of(found.get("abbreviatedStatement")))
    return Thing(node, SHORT_ITEM if short else form, found, place)


def _with_name(reading: Reading, value: dict[str, Json], form: Form, place: str) -> dict[str, Json]:
    """The object with the text that CASE asks for; W183 where another one takes its place."""
    asked = "fullStatement" if form is ITEM else "title"
    if text_of(value.get(asked)):
        return value
    others = ("abbreviatedStatement", "humanCodingScheme", "identifier")
    name = as_text(value.get(asked)) or next(text for it in others if (text := text_of(value.get(it))))
    reading.tally.note("W183", place, f"The {form.name} has no text {asked}; {name[:60]!r} stands for it")
    return {**value, asked: name}


def text_of(value: Json) -> str:
    """The value where it is a text with letters in it, or else ""."""
    return value if isinstance(value, str) and value.strip() else ""
