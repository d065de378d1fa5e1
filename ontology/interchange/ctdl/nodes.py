"""The things that a JSON-LD document describes, and each of its members as one statement."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

import pyoxigraph as ox

from ontology.interchange.addresses import absolute, folder_of, is_absolute
from ontology.interchange.ctdl.context import Names
from ontology.interchange.facts import Term
from ontology.interchange.json_text import Json
from ontology.interchange.naming import spoken
from ontology.interchange.outcome import Tally
from ontology.kinds import genid, slug_of
from ontology.text import language_tag


@dataclass(frozen=True, slots=True)
class Member:
    """One value of one property, as the file has it.

    Attributes:
        position: Its place among the values of that member, from 1; 0 where they have no order.
        place: Where it stands, for problems.
    """

    subject: ox.NamedNode
    key: str
    value: Term
    position: int
    place: str


@dataclass(slots=True)
class Thing:
    """Something that the file describes.

    Attributes:
        named: Whether the file gives it a name of its own.
    """

    iri: ox.NamedNode
    types: set[str]
    place: str
    named: bool
    members: list[Member] = field(default_factory=list)


@dataclass(slots=True)
class Walk:
    """A document on its way to things; nested objects wait their turn, so that no depth is too deep.

    Attributes:
        first: The number that begins the names of what has none.
    """

    names: Names
    base: str
    tally: Tally
    first: int = 1
    things: dict[ox.NamedNode, Thing] = field(default_factory=dict)
    waiting: deque[tuple[ox.NamedNode, bool, dict[str, Json], str]] = field(default_factory=deque)
    unnamed: dict[str, ox.NamedNode] = field(default_factory=dict)
    relative: list[str] = field(default_factory=list)

    def run(self, nodes: list[Json]) -> dict[ox.NamedNode, Thing]:
        """Everything that the nodes of the document describe, by address."""
        for number, node in enumerate(nodes, 1):
            self._begin(node, f"node {number}")
        while self.waiting:
            self._describe(*self.waiting.popleft())
        if self.relative:
            shown = f"{len(self.relative)} addresses are relative, such as {self.relative[0][:60]!r}"
            self.tally.note("W165", "document", f"{shown}; they were resolved against {self._folder()}")
        return self.things

    def _begin(self, node: Json, place: str) -> None:
        if not isinstance(node, dict):
            self.tally.drop_concept("E164", place, f"A node is an object, not {str(node)[:40]!r}")
        else:
            self._name(node, place)

    def _name(self, node: dict[str, Json], place: str) -> ox.NamedNode | None:
        """The address of an object, which then waits to be described; None after it was dropped for want of one."""
        written = self._of(node, "@id")
        try:
            iri = self._nameless(f"#{len(self.unnamed) + 1}") if written in (None, "") else self.iri(written)
        except ValueError:
            self.tally.drop_concept("E151", place, f"No address can be made of {str(written)[:80]!r}")
            return None
        own = written not in (None, "") and not str(written).startswith("_:")
        self.waiting.append((iri, own, node, f"{place} ({str(written)[:80]})" if written else place))
        return iri

    def _of(self, node: dict[str, Json], keyword: str) -> Json:
        return next((value for key, value in node.items() if self.names.keyword(key) == keyword), None)

    def iri(self, written: Json) -> ox.NamedNode:
        """The node that an address names.

        Raises:
            ValueError: it can name none.
        """
        if isinstance(written, str) and written.startswith("_:"):
            return self._nameless(written)
        address = self.names.address(written) if is_absolute(written) else written
        node = absolute(address, self._folder())
        if not is_absolute(address):
            self.relative.append(str(written))
        return node

    def _folder(self) -> str:
        """Where relative addresses lie: as the context says, else below the graph of the file."""
        return urljoin(folder_of(self.base, self.tally.file), self.names.base)

    def _nameless(self, label: str) -> ox.NamedNode:
        number = self.first + len(self.unnamed)
        return self.unnamed.setdefault(label, ox.NamedNode(f"{unnamed(self.base, self.tally.file)}{number}"))

    def _describe(self, iri: ox.NamedNode, named: bool, node: dict[str, Json], place: str) -> None:
        if iri in self.things:
            self.tally.note("W166", place, f"{iri.value} is described twice; both descriptions were taken together")
        thing = self.things.setdefault(iri, Thing(iri, set(), place, named))
        for written, value in node.items():
            key = self.names.keyword(written)
            if key == "@type":
                thing.types |= set(self._classes(value, place))
            elif not key.startswith("@"):
                self._members(thing, written, value, f"{place} {written}")
            elif key not in ("@id", "@context"):
                self.tally.note("W141", place, f"{written[:40]} is not taken here; what it holds was left out")

    def _classes(self, value: Json, place: str) -> Iterator[str]:
        for word in _flat(value):
            try:
                yield ox.NamedNode(self.names.address(word) if isinstance(word, str) else "").value
            except ValueError:
                self.tally.note("W141", place, f"{str(word)[:60]!r} names no class and was left out")

    def _members(self, thing: Thing, written: str, value: Json, place: str) -> None:
        try:
            key = ox.NamedNode(self.names.address(written)).value
        except ValueError:
            message = "The @context does not say what this means; it was left out"
            self.tally.note("W141", place, message, "Give it a prefix, or an address under @context.")
            return
        ordered = key in self.names.ordered or (isinstance(value, dict) and "@list" in value)
        for number, item in enumerate(_flat(value), 1):
            for taken in self._values(key, item, place):
                thing.members.append(Member(thing.iri, key, taken, number if ordered else 0, place))

    def _values(self, key: str, item: Json, place: str) -> Iterator[Term]:
        kind = self.names.kinds.get(key, "")
        if isinstance(item, dict):
            yield from self._of_object(key, item, place)
        elif kind == "@id":
            yield from self._linked(item, place)
        elif isinstance(item, str):
            yield self._literal(item, kind, "" if kind else self.names.language, place)
        elif isinstance(item, bool | int | float):
            yield ox.Literal(item)

    def _linked(self, item: Json, place: str) -> Iterator[Term]:
        try:
            yield self.iri(item)
        except ValueError:
            self.tally.drop_link("E151", place, f"No address can be made of {str(item)[:80]!r}; the link was left out")

    def _of_object(self, key: str, item: dict[str, Json], place: str) -> Iterator[Term]:
        if "@value" in item:
            yield from self._valued(item, place)
        elif self._is_by_language(key, item):
            for tag, texts in item.items():
                yield from (
                    self._literal(text, "", "" if tag == "@none" else tag, place)
                    for text in _flat(texts)
                    if isinstance(text, str)
                )
        elif set(map(self.names.keyword, item)) == {"@id"}:
            yield from self._linked(self._of(item, "@id"), place)
        elif (iri := self._name(item, place)) is not None:
            yield iri
        else:
            self.tally.drop_link("E151", place, "What this links to has no address; the link was left out")

    def _is_by_language(self, key: str, item: dict[str, Json]) -> bool:
        texts = all(isinstance(text, str) for value in item.values() for text in _flat(value))
        tags = key in self.names.by_language or all(tag == "@none" or language_tag(tag) for tag in item)
        return texts and tags and not any(tag.startswith("@") and tag != "@none" for tag in item)

    def _valued(self, item: dict[str, Json], place: str) -> Iterator[Term]:
        value, kind, tag = item.get("@value"), item.get("@type"), item.get("@language")
        if isinstance(value, bool):
            value = str(value).lower()
        if isinstance(value, dict | list) or value is None:
            self.tally.note("W189", place, f"A @value is a text or a number, not {str(value)[:40]!r}; it was left out")
        else:
            datatype = self.names.address(kind) if isinstance(kind, str) else ""
            yield self._literal(str(value), datatype, tag if isinstance(tag, str) else "", place)

    def _literal(self, written: str, datatype: str, tag: str, place: str) -> ox.Literal:
        text = self.tally.text(written, place)
        if datatype and is_absolute(datatype):
            try:
                return ox.Literal(text, datatype=ox.NamedNode(datatype))
            except ValueError:
                self.tally.note("W151", place, f"{datatype[:60]!r} names no datatype; the text was kept without one")
        return spoken(text, tag, place, self.tally)


def unnamed(base: str, file: str) -> str:
    """What stands before the number of a thing without a name (RDF 1.1 Concepts, section 3.5)."""
    return genid(base, slug_of(file), "")


def _flat(value: Json) -> Iterator[Json]:
    """The values of a member, out of lists and `@list` and `@set`, in their order."""
    waiting: list[Json] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, dict) and ("@list" in item or "@set" in item):
            waiting.append(item.get("@list", item.get("@set")))
        else:
            yield item
