"""CTDL and CTDL-ASN read: what it says in the words of SKOS and Kesher, and the rest in its own."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from ontology.errors import UnreadableFile
from ontology.interchange.ctdl import terms
from ontology.interchange.ctdl.context import names_of
from ontology.interchange.ctdl.nodes import Member, Thing, Walk, unnamed
from ontology.interchange.ctdl.sieve import told
from ontology.interchange.facts import DAY
from ontology.interchange.hierarchy import closing
from ontology.interchange.json_text import Json, load_json
from ontology.interchange.naming import DEFINITION, PREFERRED, named
from ontology.interchange.outcome import Mapped, Tally
from ontology.namespaces import KS, RDF, SKOS, XSD

_TYPE, _DEVELOPS, _ORDINAL = map(ox.NamedNode, (RDF.type, KS.develops, KS.ordinal))
_BROADER, _IN_SCHEME, _TOP = map(ox.NamedNode, (SKOS.broader, SKOS.inScheme, SKOS.topConceptOf))
_AROUND = {"@context", "@graph", "decoded_resource"}
_TREE = {terms.CHILD_OF, terms.HAS_CHILD, terms.TOP_CHILD_OF, terms.HAS_TOP_CHILD, terms.PART_OF}


def read_ctdl(text: str, base: str, file: str) -> Mapped:
    """Everything that a CTDL document says.

    A `ceasn:CompetencyFramework` is a `ks:Framework` and a `ceasn:Competency` a `ks:Competency`; every other class
    stays as it is. `ceasn:competencyLabel` is the name and `ceasn:competencyText` the definition, or the name where
    there is no label. A child is one by `skos:broader` whichever end says so, its place in the list is `ks:ordinal`.
    Alignments are SKOS mappings. Properties without a counterpart keep their own address.

    Concepts are the objects described, links the values that are addresses. E163 marks a link that would close a
    circle, E150 an object with a text that is too long, W153 something in the tree that the file does not describe (the
    link stays), W192 an object of which nothing is said: it is no concept.

    Args:
        text: JSON-LD whose @context is Credential Engine's, by address, or stands in the document.
        base: Base IRI of this installation.
        file: Name for problems.

    Raises:
        UnreadableFile: E111 it is no JSON; E112 it names another context; E113 it says nothing; E115 it is too deep;
            E116 its context is none.
    """
    tally = Tally(file, base)
    nodes, context = _document(load_json(text, tally), tally)
    things = Walk(names_of(context), base, tally, _first_number(text, unnamed(base, file))).run(nodes)
    triples = _Reading(dict(told(things, tally)), tally).triples()
    if not triples and not tally.dropped.concepts:
        remedy = "Its @context must say what the keys mean."
        raise UnreadableFile("The file says nothing", place="document", problem="E113", remedy=remedy)
    return tally.outcome(triples)


def _first_number(text: str, prefix: str) -> int:
    """A number beyond those of things that had no name when this file was read before."""
    return 1 + max((int(it) for it in re.findall(re.escape(prefix) + r"(\d{1,9})", text)), default=0)


def _document(document: Json, tally: Tally) -> tuple[list[Json], Json]:
    """The objects that a document describes, out of the registry's envelope and out of graphs; and its context."""
    nodes: list[Json] = []
    context: Json = None
    waiting = deque([document])
    while waiting:
        part = waiting.popleft()
        inner = part
        if isinstance(part, dict):
            context = context or part.get("@context")
            inner = part.get("decoded_resource", part.get("@graph"))
        if isinstance(inner, list):
            waiting.extendleft(reversed(inner))
        elif isinstance(inner, dict):
            waiting.append(inner)
        else:
            nodes.append(part)
        left = set(part) - _AROUND if isinstance(part, dict) and isinstance(inner, dict | list) else ()
        if left:
            told = ", ".join(sorted(left))[:200]
            tally.note("W170", "document", f"What tells of the envelope alone was left out: {told}")
    return nodes, context


@dataclass(slots=True)
class _Reading:
    """The things of one document, on their way to triples."""

    things: Mapping[ox.NamedNode, Thing]
    tally: Tally
    found: list[ox.Triple] = field(default_factory=list)
    classes: dict[ox.NamedNode, set[str]] = field(default_factory=dict)
    parents: list[tuple[str, ox.NamedNode, ox.NamedNode]] = field(default_factory=list)
    ordinals: dict[ox.NamedNode, int] = field(default_factory=dict)

    def triples(self) -> list[ox.Triple]:
        """What the document says."""
        self.classes = {iri: terms.classes_of(thing.types) for iri, thing in self.things.items()}
        folded = {member.value for thing in self.things.values() for member in thing.members if self._folds(member)}
        for iri, thing in self.things.items():
            if iri not in folded:
                self._take(thing)
        self._climb()
        stated = {it.subject for it in self.found if it.predicate == _ORDINAL}
        for child, ordinal in self.ordinals.items():
            if child in self.things and child not in stated:
                self._say(child, _ORDINAL, ox.Literal(str(ordinal), datatype=ox.NamedNode(XSD.integer)))
        return self.found

    def _say(self, subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> None:
        self.found.append(ox.Triple(subject, predicate, value))

    def _take(self, thing: Thing) -> None:
        self.tally.keep_concept()
        for name in self.classes[thing.iri]:
            self._say(thing.iri, _TYPE, ox.NamedNode(name))
        table = terms.properties_of(self.classes[thing.iri])
        names: list[ox.Literal] = []
        statements: list[ox.Literal] = []
        for member in thing.members:
            predicate = table.get(member.key, member.key)
            if isinstance(member.value, ox.NamedNode):
                self._link(member, predicate, member.value)
            elif member.key == terms.TEXT:
                statements.append(member.value)
            elif member.key == terms.LABEL or predicate == PREFERRED.value:
                names.append(member.value)
            else:
                self._text(member, predicate, member.value)
        worded = list(_worded(names, statements, thing.place, self.tally))
        for property_, text in worded:
            self._say(thing.iri, property_, text)
        if not worded and (self._is_competency(thing.iri) or self._is_framework(thing.iri)):
            self.tally.note("W167", thing.place, f"{thing.iri.value} has no name", "Give it a text.")

    def _text(self, member: Member, predicate: str, value: ox.Literal) -> None:
        plain = not value.language and value.datatype.value == str(XSD.string)
        if member.key == terms.LIST_ID and self._is_competency(member.subject) and terms.NUMBER.fullmatch(value.value):
            predicate, value = _ORDINAL.value, ox.Literal(value.value, datatype=ox.NamedNode(XSD.integer))
        elif plain and predicate != member.key and predicate in terms.DATES and DAY.fullmatch(value.value):
            value = ox.Literal(value.value, datatype=ox.NamedNode(XSD.date))
        self._say(member.subject, ox.NamedNode(predicate), value)

    def _link(self, member: Member, predicate: str, value: ox.NamedNode) -> None:
        if member.key in _TREE and self._in_tree(member, value):
            self._place(member, value)
            return
        self.tally.keep_link()
        if member.key == terms.TEACHES and value in self.things:
            for target in self._targets(self.things[value]):
                self._say(member.subject, _DEVELOPS, target)
        if not self._folds(member):
            self._say(member.subject, ox.NamedNode(predicate), value)

    def _targets(self, alignment: Thing) -> list[ox.NamedNode]:
        values = [member.value for member in alignment.members if member.key == terms.TARGET_NODE]
        return [value for value in values if isinstance(value, ox.NamedNode) and terms.ALIGNMENT in alignment.types]

    def _folds(self, member: Member) -> bool:
        """Whether an alignment object says no more than what it points at, so that the direct link says it all."""
        if member.key != terms.TEACHES or not isinstance(member.value, ox.NamedNode):
            return False
        alignment = self.things.get(member.value)
        alone = alignment is not None and not alignment.named and alignment.types == {terms.ALIGNMENT}
        return alone and alignment is not None and len(alignment.members) == len(self._targets(alignment)) == 1

    def _is_competency(self, iri: ox.NamedNode) -> bool:
        return bool(self.classes.get(iri, set()) & terms.COMPETENCIES)

    def _is_framework(self, iri: ox.NamedNode) -> bool:
        return terms.FRAMEWORK in self.classes.get(iri, set())

    def _in_tree(self, member: Member, value: ox.NamedNode) -> bool:
        """Whether a link is of competencies and their framework; pathways use these properties too, for themselves."""
        child, parent = _ends(member, value)
        known = self._is_competency(parent) or self._is_framework(parent)
        return self._is_competency(child) or (known and not self.classes.get(child))

    def _place(self, member: Member, value: ox.NamedNode) -> None:
        """A link of the tree, from whichever end."""
        child, parent = _ends(member, value)
        below_framework = self._is_framework(parent)
        if member.position and (member.key == terms.HAS_TOP_CHILD or not below_framework):
            self.ordinals.setdefault(child, member.position)
        if member.key == terms.PART_OF or (member.key == terms.HAS_CHILD and below_framework):
            self._keep(member.place, child, _IN_SCHEME, parent)
        elif member.key in (terms.TOP_CHILD_OF, terms.HAS_TOP_CHILD) or below_framework:
            self._keep(member.place, child, _TOP, parent)
        else:
            self.parents.append((member.place, child, parent))

    def _keep(self, place: str, child: ox.NamedNode, predicate: ox.NamedNode, parent: ox.NamedNode) -> None:
        self.tally.keep_link()
        self._say(child, predicate, parent)
        for end in (child, parent):
            if end not in self.things:
                self.tally.miss(end.value, place)

    def _climb(self) -> None:
        """The tree, without circles."""
        cut = closing((child.value, parent.value) for _, child, parent in self.parents)
        for place, child, parent in self.parents:
            if (child.value, parent.value) in cut:
                self.tally.drop_circle(child.value, parent.value, place)
            else:
                self._keep(place, child, _BROADER, parent)


def _ends(member: Member, value: ox.NamedNode) -> tuple[ox.NamedNode, ox.NamedNode]:
    """Child and parent."""
    down = member.key in (terms.HAS_CHILD, terms.HAS_TOP_CHILD)
    return (value, member.subject) if down else (member.subject, value)


def _worded(
    names: list[ox.Literal], statements: list[ox.Literal], place: str, tally: Tally
) -> Iterator[tuple[ox.NamedNode, ox.Literal]]:
    """Names and definitions: a statement is the name in a language that has no label; empty ones are none."""
    names = [it for it in names if it.value.strip()]
    statements = [it for it in statements if it.value.strip()]
    labelled = {name.language for name in names}
    yield from named([*names, *(it for it in statements if it.language not in labelled)], place, tally)
    yield from ((DEFINITION, it) for it in statements if it.language in labelled)
