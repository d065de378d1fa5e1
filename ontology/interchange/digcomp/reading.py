"""DigComp read: its JSON-LD, or one of the CSV files in which it is translated."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import pyoxigraph as ox

from ontology.errors import UnreadableFile
from ontology.interchange.addresses import absolute, is_absolute
from ontology.interchange.digcomp.sheet import read_sheet
from ontology.interchange.digcomp.vocabulary import (
    BROADER,
    BROADLY,
    CLASSES,
    DIGCOMP,
    LANGUAGE,
    NAME,
    ORDINAL,
    OTHER,
    TYPE,
    Class,
    Holds,
    Level,
    Member,
    broad_level,
    folder,
    framework,
    implied,
    member,
    term,
)
from ontology.interchange.hierarchy import closing
from ontology.interchange.json_text import Json, load_json
from ontology.interchange.jsonld import NUMBER
from ontology.interchange.limits import SHORTEN, is_too_long
from ontology.interchange.naming import spoken
from ontology.interchange.outcome import Mapped, Tally
from ontology.namespaces import ASN, KS, SKOS
from ontology.text import clean


def read_digcomp(text: str, base: str, file: str) -> Mapped:
    """Everything that a file of DigComp 3.0 says.

    Areas, competences and competence statements are `ks:Competency` at depth 1, 2 and 3, learning outcomes and the
    glossary `skos:Concept`, levels `asn:ProgressionLevel`; each has DigComp's own class beside that, by which to tell
    them apart. Competences, statements and outcomes stand under what they belong to by `skos:broader`. The four broad
    levels, which the file points at and does not describe, are made of what its eight levels say of them. Codes and the
    names of glossary entries, which the file has in addresses only, are given as notations and names.

    Concepts are the nodes (of a CSV file: the things named), links the members that are addresses.

    Args:
        text: JSON-LD, or CSV with the columns location, context, source and target.
        base: Base IRI of this installation; the relative addresses of the file (W165) lie in `digcomp/` below it.
        file: Name for problems, and for the language of the column target.

    Raises:
        UnreadableFile: E111 it is no JSON; E113 it says nothing; E115 it is too deep; E125 it is not CSV; E126 its
            columns are others.
    """
    tally = Tally(file, base)
    if text.lstrip("\ufeff \t\r\n")[:1] not in ("{", "["):
        return tally.outcome(read_sheet(text, base, tally))
    document = load_json(text, tally)
    given: dict[str, Json] = document if isinstance(document, dict) else {"@graph": document}
    nodes = given.get("@graph", document)
    context = given.get("@context")
    language = context.get("@language") if isinstance(context, dict) else None
    reading = _Reading(base, tally, language if isinstance(language, str) else LANGUAGE)
    for number, node in enumerate(nodes if isinstance(nodes, list) else [nodes], 1):
        reading.node(node, f"node {number}")
    triples = reading.triples()
    if not triples and not tally.dropped.concepts:
        raise UnreadableFile("The file says nothing", place="document", problem="E113")
    return tally.outcome(triples)


@dataclass(slots=True)
class _Reading:
    """The nodes of one document on their way to triples."""

    base: str
    tally: Tally
    language: str
    found: list[ox.Triple] = field(default_factory=list)
    seen: set[ox.NamedNode] = field(default_factory=set)
    links: list[tuple[str, ox.NamedNode, str, ox.NamedNode]] = field(default_factory=list)
    levels: dict[ox.NamedNode, Level] = field(default_factory=dict)
    relative: int = 0

    def triples(self) -> list[ox.Triple]:
        """What the nodes said, their links, and what follows from both."""
        broad = set(self.levels) - self.seen
        self._link(broad)
        for rank, (level, known) in enumerate(sorted(self.levels.items(), key=lambda it: it[1].order()), 1):
            if level in broad:
                self._say(level, TYPE, ox.NamedNode(ASN.ProgressionLevel))
                self._say(level, NAME, known.name)
                self._say(level, ORDINAL, ox.Literal(rank))
                if known.text:
                    self._say(level, ox.NamedNode(SKOS.definition), known.text)
        if self.found:
            self._say(framework(self.base), TYPE, ox.NamedNode(KS.Framework))
            self._say(framework(self.base), NAME, ox.Literal("DigComp", language=LANGUAGE))
        if self.relative:
            shown = f"{self.relative} addresses are relative; they were resolved against {folder(self.base)}"
            self.tally.note("W165", "document", shown)
        return self.found

    def _say(self, subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> None:
        self.found.append(ox.Triple(subject, predicate, value))

    def _link(self, known: set[ox.NamedNode]) -> None:
        cut = closing((it.value, to.value) for _, it, predicate, to in self.links if predicate == BROADER.value)
        for place, child, predicate, parent in self.links:
            if predicate == BROADER.value and (child.value, parent.value) in cut:
                self.tally.drop_circle(child.value, parent.value, place)
                continue
            if parent not in self.seen and parent not in known:
                self.tally.miss(parent.value, place)
            self.tally.keep_link()
            self._say(child, ox.NamedNode(predicate), parent)

    def _iri(self, written: Json) -> ox.NamedNode:
        iri = absolute(written, folder(self.base))
        self.relative += not is_absolute(written)
        return iri

    def node(self, node: Json, place: str) -> None:
        """One thing that the document describes."""
        if not isinstance(node, dict):
            self.tally.drop_concept("E164", place, f"A node is an object, not {str(node)[:40]!r}")
            return
        written, types = node.get("@id"), node.get("@type")
        shown = str(written)[:80]
        words = [it for it in (types if isinstance(types, list) else [types]) if isinstance(it, str) and clean(it)]
        try:
            iri = self._iri(written)
        except ValueError:
            word = f"No address can be made of {shown!r}"
            self.tally.drop_concept("E151", place, word, "Give it an @id.")
            return
        if not words:
            self.tally.drop_concept("E165", place, f"{shown} has no @type, so it cannot be told what it is")
            return
        if iri in self.seen:
            self.tally.drop_concept("E173", place, f"{shown} stands twice; the first was taken")
            return
        self._take(iri, words, node, f"{place} ({shown})")

    def _take(self, iri: ox.NamedNode, words: list[str], node: dict[str, Json], place: str) -> None:
        """A thing with all that is said of it; nothing of it, after E150, where one of its texts is too long."""
        said, linked = len(self.found), len(self.links)
        kind = self._describe(iri, words, node, place)
        if long := next((it for it in self.found[said:] if _is_too_long(it)), None):
            del self.found[said:], self.links[linked:]
            message = f"A text of {long.predicate.value} is longer than is taken; the node was left out"
            self.tally.drop_concept("E150", place, message, SHORTEN)
            return
        self.seen.add(iri)
        self.tally.keep_concept()
        if kind is CLASSES["ProficiencyLevel"]:
            self._broad(iri, self.found[said:], place)

    def _describe(self, iri: ox.NamedNode, words: list[str], node: dict[str, Json], place: str) -> Class:
        kind = self._class(iri, words, place)
        before = len(self.found)
        for name, held in node.items():
            if clean(name) and not name.startswith("@"):
                self._member(iri, name, member(kind, name), held, f"{place} {name}")
            elif name not in ("@id", "@type", "@context"):
                self.tally.note("W141", place, f"{name[:40]!r} is not taken here; what it holds was left out")
        named = any(it.predicate == NAME for it in self.found[before:])
        if not named and kind is not CLASSES["Glossary"]:
            self.tally.note("W167", place, f"{iri.value} has no name")
        for predicate, value in implied(iri, kind, self.base, named=named):
            self._say(iri, predicate, value)
        return kind

    def _class(self, iri: ox.NamedNode, words: list[str], place: str) -> Class:
        """The class of a thing by its words, which are kept with it."""
        for word in words:
            self._say(iri, TYPE, ox.NamedNode(term(word)))
            if word not in CLASSES:
                self.tally.note("W169", place, f"DigComp has no class {word[:40]!r}; it was kept")
        return next((CLASSES[it] for it in words if it in CLASSES), OTHER)

    def _broad(self, iri: ox.NamedNode, said: list[ox.Triple], place: str) -> None:
        """The broad level that one of the eight belongs to, as far as that one knows it."""
        texts: dict[ox.NamedNode, list[ox.Literal]] = defaultdict(list)
        for it in said:
            if isinstance(it.object, ox.Literal):
                texts[it.predicate].append(it.object)
        if not (names := texts[NAME]):
            return
        name, text = min(names, key=str), min(texts[BROADLY], key=str, default=None)
        ranks = [int(it.value) for it in texts[ORDINAL] if NUMBER.fullmatch(it.value)]
        level = broad_level(name.value, self.base)
        known = Level(min(ranks, default=0), name, text)
        self.levels[level] = min(self.levels.get(level, known), known, key=Level.order)
        self.links.append((place, iri, BROADER.value, level))

    def _member(self, iri: ox.NamedNode, name: str, known: Member, value: Json, place: str) -> None:
        if known.predicate.startswith(DIGCOMP):
            self.tally.note("W169", place, f"DigComp has no member {name[:40]!r}; it was kept")
        for item in value if isinstance(value, list) else [value]:
            if known.holds is Holds.LINK:
                self._points(iri, known, item, place)
            elif isinstance(item, dict | list):
                self._valued(iri, known, item, place)
            elif item is not None and (literal := self._literal(known, item, place)).value:
                self._say(iri, ox.NamedNode(known.predicate), literal)

    def _literal(self, known: Member, item: str | float | bool, place: str) -> ox.Literal:
        if not isinstance(item, str):
            return ox.Literal(item)
        text = self.tally.text(item, place).strip()
        return spoken(text, self.language if known.holds is Holds.TEXT else "", place, self.tally)

    def _points(self, iri: ox.NamedNode, known: Member, item: Json, place: str) -> None:
        written = item.get("@id") if isinstance(item, dict) else item
        try:
            self.links.append((place, iri, known.predicate, self._iri(written)))
        except ValueError:
            self.tally.drop_link("E151", place, f"No address can be made of {str(item)[:80]!r}; the link was left out")

    def _valued(self, iri: ox.NamedNode, known: Member, item: dict[str, Json] | list[Json], place: str) -> None:
        """A text that says its language, or a value that says its datatype."""
        given = item if isinstance(item, dict) else {}
        value, tag, datatype = given.get("@value"), given.get("@language"), given.get("@type")
        if not isinstance(value, str):
            self.tally.note("W189", place, f"A value is a text or a number, not {str(item)[:40]!r}; it was left out")
            return
        literal = spoken(self.tally.text(value, place).strip(), tag if isinstance(tag, str) else "", place, self.tally)
        if isinstance(datatype, str):
            try:
                literal = ox.Literal(literal.value, datatype=ox.NamedNode(datatype))
            except ValueError:
                self.tally.note("W151", place, f"{datatype[:60]!r} names no datatype; the text was kept without one")
        if literal.value:
            self._say(iri, ox.NamedNode(known.predicate), literal)


def _is_too_long(triple: ox.Triple) -> bool:
    return isinstance(triple.object, ox.Literal) and is_too_long(triple.predicate.value, triple.object)
