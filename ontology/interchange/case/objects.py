"""An object of CASE as statements, and the object that statements make.

Each member becomes the statements that mean it. Where these would not be written back as the member was, the member
itself stands beside them as JSON under CASE's name; it is written again as long as it means the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from ontology.interchange.case.forms import INDEX, STATEMENTS, Form, Member, name_of, own
from ontology.interchange.case.terms import Surroundings, as_json, from_json, is_json, json_text
from ontology.interchange.facts import Facts, Term, facts_of
from ontology.interchange.json_text import Json
from ontology.namespaces import RDF

TYPE = str(RDF.type)

#: Before the names of members of a package and of its definitions, which are kept with the document.
OF_PACKAGE = ("CFPackage.", "CFDefinitions.")

_NOT_MEMBERS = {name_of(INDEX), name_of(STATEMENTS)}


class Graph:
    """Statements by subject, and by object."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._about = facts_of(triples)
        self._to: dict[tuple[str, str], list[str]] = defaultdict(list)
        for node, facts in self._about.items():
            for told, terms in facts.items():
                for it in terms:
                    if isinstance(it, ox.NamedNode):
                        self._to[told, it.value].append(node)

    def about(self, node: str) -> Facts:
        """What is said of a thing, by property; empty for a thing of which nothing is said."""
        return self._about.get(node, {})

    def terms(self, node: str, property: str) -> Sequence[Term]:
        """The values of a property."""
        return self.about(node).get(property, ())

    def things(self, node: str, property: str) -> list[str]:
        """The things that a property leads to, in order."""
        return sorted({it.value for it in self.terms(node, property) if isinstance(it, ox.NamedNode)})

    def has(self, node: str, property: str, object: str) -> bool:
        """Whether a property leads from one thing to another."""
        return ox.NamedNode(object) in self.terms(node, property)

    def subjects(self, property: str, object: str) -> list[str]:
        """The things from which a property leads to `object`, in order of INDEX, then of IRI."""
        return sorted(set(self._to.get((property, object), ())), key=self.order)

    def order(self, node: str) -> tuple[int, str]:
        """Where a thing stands among its like; the things that CASE did not order come last."""
        places = [int(it.value) for it in self.terms(node, INDEX) if it.value.isdecimal()]
        return min(places, default=2**63), node

    def statements(self, node: str) -> Iterator[ox.Triple]:
        """Everything that is said of a thing."""
        for told, terms in self.about(node).items():
            yield from statements(node, told, terms)


def statements(node: str, property: str, terms: Iterable[Term]) -> Iterator[ox.Triple]:
    """One statement for each value."""
    return (ox.Triple(ox.NamedNode(node), ox.NamedNode(property), it) for it in terms)


def describe(node: str, form: Form, value: Mapping[str, Json], around: Surroundings) -> Iterator[ox.Triple]:
    """What an object says; its IRI and its lists are described elsewhere."""
    yield from statements(node, TYPE, map(ox.NamedNode, form.types))
    aside = form.aside | {it.name for it in form.parts} | {"uri"}
    for name, it in value.items():
        member = form.member(name)
        if member and it is not None and it != member.default:
            yield from _describe_member(node, member, it, around)
        elif not member and name not in aside and it is not None:
            yield from statements(node, own(name), [as_json(it)])


def _describe_member(node: str, member: Member, value: Json, around: Surroundings) -> Iterator[ox.Triple]:
    terms = member.kind.encode(value, around)
    yield from statements(node, member.property, terms)
    if json_text(member.kind.decode(terms, around)) != json_text(value):
        yield from statements(node, own(member.name), [as_json(value)])


def compose(graph: Graph, node: str, form: Form, around: Surroundings, version: str) -> dict[str, Json]:
    """The object that a thing is in CASE.

    Version 1.1 has only members and types of values that its schema allows. Version 1.0 is written as files of its day
    are, and as they came: with members of their own, and with the types of values that they gave.
    """
    closed = version > "1.0" or not form.open
    found: dict[str, Json] = {"uri": node}
    for member in form.members:
        value = None if closed and member.since > version else _value(graph, node, member, around, version > "1.0")
        if value is None and member.asked and member.asked <= version:
            value = member.default
        if value is not None:
            found[member.name] = value
    return found if closed else found | foreign(graph, node, form)


def foreign(graph: Graph, node: str, form: Form, prefix: str = "") -> dict[str, Json]:
    """The members that CASE does not have, under their names; only those that begin with `prefix`, without it."""
    known = {it.name for it in form.members} | {it.name for it in form.parts} | form.aside | _NOT_MEMBERS
    found: dict[str, Json] = {}
    for told in graph.about(node):
        name = name_of(told)
        if name and name not in known and name.startswith(prefix) and (prefix or not name.startswith(OF_PACKAGE)):
            written = kept(graph, node, name)
            if written is not None:
                found[name.removeprefix(prefix)] = written
    return found


def kept(graph: Graph, node: str, name: str) -> Json:
    """A member as it was written, where it is kept as JSON."""
    return next((from_json(it) for it in graph.terms(node, own(name)) if is_json(it)), None)


def _value(graph: Graph, node: str, member: Member, around: Surroundings, strict: bool) -> Json:
    meant = member.kind.decode(graph.terms(node, member.property), around)
    written = kept(graph, node, member.name)
    if written is not None and (member.kind.accepts(written, strict) or not strict):
        means = member.kind.encode(meant, around) if meant is not None else []
        if set(member.kind.encode(written, around)) == set(means):
            return written
    return meant if meant is None or member.kind.accepts(meant, strict) or not strict else None
