"""Does knowledge have the shape it should? SHACL (W3C Recommendation, 2017) over `shapes/`, by pySHACL.

Nothing is fetched and nothing is inferred: what a statement points at must be among the statements or their context.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import TypeAlias

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Identifier
from rdflib.term import Node as RdflibNode

from ontology import turtle
from ontology.alike import Node, groups
from ontology.errors import BadInput
from ontology.model import LANGUAGES, Text
from ontology.namespaces import RDF, RDFS, SH, XSD

Statement: TypeAlias = ox.Quad | ox.Triple
_RdflibTriple: TypeAlias = tuple[Identifier, Identifier, Identifier]


class Severity(StrEnum):
    """How much a violation matters; the words of SHACL."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is not as its shape asks.

    Attributes:
        focus: Address of the entry.
        path: Address of the property; None where several properties together are wrong.
        value: The offending value as text; None where one is missing.
        messages: What to do, once in each of Kesher's languages.
        severity: Whether it must be mended.
    """

    focus: str
    path: str | None
    value: str | None
    messages: tuple[Text, ...]
    severity: Severity

    def message(self, lang: str) -> str:
        """What to do, in `lang` or else in the first language there is."""
        return min(self.messages, key=lambda it: it.lang != lang).text


def validate(statements: Iterable[Statement], *, context: Iterable[Statement] = ()) -> list[Violation]:
    """What is wrong with the entries that `statements` describe, the gravest first.

    Args:
        statements: The entries to look at; the graph of a quad makes no difference.
        context: What else is known, such as the classes of entities that the entries point at.
            Only looked things up in, never judged.
    """
    judged, known = list(statements), list(context)
    return sorted(_found(judged, known), key=_gravity)


def _found(judged: list[Statement], context: list[Statement]) -> Iterator[Violation]:
    """Violations: one of those alike is looked at first, the others only if what is wrong there has a value."""
    subjects = {it.subject for it in judged}
    alike = {str(_term(them[0])): them for them in groups((*judged, *context), subjects)}
    others = set()
    for it in _violations(judged, context, {them[0] for them in alike.values()}):
        yield it
        if it.value in {None, it.focus}:  # a shape of several properties gives the thing itself as the value
            twins = map(str, map(_term, alike[it.focus][1:]))
            yield from (replace(it, focus=twin, value=it.value and twin) for twin in twins)
        else:
            others |= set(alike[it.focus][1:])
    for it in _violations(judged, context, others) if others else ():
        if it.value not in {None, it.focus}:
            yield it


def _violations(judged: list[Statement], context: list[Statement], chosen: set[Node]) -> Iterator[Violation]:
    """What is wrong with some of the subjects, with all of what they lead to around them."""
    import pyshacl  # noqa: PLC0415 - it brings SPARQL and HTML parsers, which a process that only reads can do without

    about: dict[Node, list[Statement]] = defaultdict(list)
    for it in (*judged, *context):
        about[it.subject].append(it)
    reached: set[Node] = set(chosen)
    new = set(reached)
    while new:
        led: set[Node] = {it.object for node in new for it in about.get(node, ())}
        new = led - reached
        reached |= new
    known = _graph(itertools.chain((_triple(it) for node in reached for it in about.get(node, ())), _subclasses()))
    _, results, _ = pyshacl.validate(known, shacl_graph=_shapes(), inference="none", do_owl_imports=False)
    focused = {str(_term(it)) for it in chosen}
    found = (_violation(results, it) for it in results.subjects(RDF.type, SH.ValidationResult))
    yield from (it for it in found if it.focus in focused)


@cache
def targets() -> tuple[frozenset[str], frozenset[str]]:
    """Addresses of the classes whose instances are held against shapes, and of the properties whose subjects are.

    Whatever is of none of these classes, by the class tree of the schema, and has none of these properties is never
    found wrong.
    """
    said: dict[str, set[str]] = defaultdict(set)
    for it in ox.parse(turtle.shapes(), format=ox.RdfFormat.TURTLE):  # much sooner than rdflib has them
        if isinstance(it.object, ox.NamedNode):
            said[it.predicate.value].add(it.object.value)
    found = said[str(SH.targetClass)]
    while below := {str(it) for it, _, above in _subclasses() if str(above) in found} - found:
        found |= below
    return frozenset(found), frozenset(said[str(SH.targetSubjectsOf)])


def _gravity(violation: Violation) -> tuple[int, str, str, str]:
    rank = list(Severity).index(violation.severity)
    return rank, violation.focus, violation.path or "", violation.value or ""


def _violation(results: Graph, result: RdflibNode) -> Violation:
    path = results.value(result, SH.resultPath)
    value = results.value(result, SH.value)
    severity = str(results.value(result, SH.resultSeverity)).removeprefix(str(SH)).lower()
    return Violation(
        focus=str(results.value(result, SH.focusNode)),
        path=str(path) if isinstance(path, URIRef) else None,
        value=None if value is None else str(value),
        messages=_messages(results, result),
        severity=Severity(severity),
    )


def _messages(results: Graph, result: RdflibNode) -> tuple[Text, ...]:
    found = [
        Text(str(it), it.language or "") for it in results.objects(result, SH.resultMessage) if isinstance(it, Literal)
    ]
    order = {lang: position for position, lang in enumerate(LANGUAGES)}
    return tuple(sorted(found, key=lambda it: (order.get(it.lang, len(order)), it.text)))


@cache
def _shapes() -> Graph:
    return Graph().parse(data=turtle.shapes(), format="turtle")


@cache
def _subclasses() -> tuple[_RdflibTriple, ...]:
    """The class tree of the schema, so that a shape's class is met by its subclasses too."""
    parsed = ox.parse(turtle.schema(), format=ox.RdfFormat.TURTLE)
    return tuple(_triple(it) for it in parsed if it.predicate.value == str(RDFS.subClassOf))


def _graph(triples: Iterable[_RdflibTriple]) -> Graph:
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add(triple)
    return graph


def _triple(statement: Statement) -> _RdflibTriple:
    return _term(statement.subject), _term(statement.predicate), _term(statement.object)


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Identifier:
    """The rdflib twin of a term, its lexical form untouched.

    Raises:
        BadInput: for a triple term (RDF 1.2), which SHACL does not know.
    """
    match term:
        case ox.NamedNode():
            return URIRef(term.value)
        case ox.BlankNode():
            return BNode(term.value)
        case ox.Literal() if term.language:
            return Literal(term.value, lang=term.language)
        case ox.Literal() if term.datatype.value == str(XSD.string):
            return Literal(term.value)  # rdflib tells "a" from "a"^^xsd:string; RDF 1.1 does not
        case ox.Literal():
            return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
        case _:
            raise BadInput(f"{term} is a statement about a statement", remedy="Give the statement a node of its own.")
