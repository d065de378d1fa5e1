"""Things that no shape can tell apart: one of them is judged for all.

Of ten thousand works of a bibliography, most differ in their words only, and hardly a shape looks at words. What shapes
do look at is read from them: the properties that they name, and for each whether its values matter (a class, a list, a
bound), or only how many there are, of which datatype and language, and which patterns they match.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import pyoxigraph as ox

from ontology import turtle
from ontology.namespaces import RDF, SH, XSD

Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Statements: TypeAlias = Iterable[ox.Quad | ox.Triple]
#: What a shape sees of something: each property that it looks at, with what it sees of a value.
Sight: TypeAlias = tuple[tuple[str, ...], ...]

_PATH, _PATTERN, _FLAGS = (ox.NamedNode(it) for it in (SH.path, SH.pattern, SH.flags))
#: Constraints that look at no more of a value than its kind, datatype, language, number and patterns.
_SHALLOW = frozenset(
    ox.NamedNode(it)
    for it in (
        *(SH.path, SH.minCount, SH.maxCount, SH.datatype, SH.nodeKind, SH.uniqueLang, SH.pattern, SH.flags),
        *(SH.languageIn, SH.qualifiedValueShape, SH.qualifiedMinCount, SH.qualifiedMaxCount),
        *(SH["or"], SH["not"], SH.message, SH.severity, RDF.type, RDF.first, RDF.rest),
    )
)
_WORDS = frozenset({str(XSD.string), str(RDF.langString)})


@dataclass(frozen=True, slots=True)
class _Seen:
    """How shapes look at a property: at its values (deep), or at these patterns of them."""

    deep: bool
    patterns: tuple[re.Pattern[str], ...] = ()

    def of(self, value: Node) -> tuple[str, ...]:
        if self.deep or not isinstance(value, ox.NamedNode | ox.Literal):
            return (str(value),)
        matched = "".join("01"[bool(it.search(value.value))] for it in self.patterns)
        if isinstance(value, ox.NamedNode):
            return ("address", matched)
        form = value.datatype.value
        # Whether a number or a day is well formed is part of its datatype.
        return (form, value.language or "", matched, "" if form in _WORDS else value.value)


def groups(statements: Statements, subjects: Iterable[Node]) -> list[list[Node]]:
    """The subjects, those together that no shape tells apart.

    Args:
        statements: All that is known of them.
        subjects: What is to be judged; a node without a name is like no other.
    """
    seen = _properties()
    asked = set(subjects)
    said: dict[Node, list[tuple[str, ...]]] = {it: [] for it in asked}
    for it in statements:
        if it.subject in asked and (how := seen.get(it.predicate.value)):
            said[it.subject].append((it.predicate.value, *how.of(it.object)))
    alike: dict[Sight, list[Node]] = defaultdict(list)
    for node, sight in said.items():
        own = () if isinstance(node, ox.NamedNode) else ((str(node),),)
        alike[(*own, *sorted(sight))].append(node)
    return list(alike.values())


@cache
def _properties() -> Mapping[str, _Seen]:
    """Every property that a shape names, and how it looks at it."""
    said: defaultdict[Node, list[tuple[ox.NamedNode, Node]]] = defaultdict(list)
    for it in ox.parse(turtle.shapes(), format=ox.RdfFormat.TURTLE):
        said[it.subject].append((it.predicate, it.object))
    constraints: defaultdict[str, list[tuple[ox.NamedNode, Node, Node]]] = defaultdict(list)
    for shape, about in list(said.items()):
        for path in (value for name, value in about if name == _PATH):
            constraints[getattr(path, "value", "")] += _reached(shape, said)
    found = {path: _seen(asked, said) for path, asked in constraints.items()}
    compared = (it for about in said.values() for it in about if it[0].value.startswith(str(SH)))
    for name, value in compared:  # the other side of a comparison, and what makes something a target
        if isinstance(value, ox.NamedNode) and name.value in {str(SH.lessThanOrEquals), str(SH.targetSubjectsOf)}:
            deep = name.value == str(SH.lessThanOrEquals)
            found[value.value] = _Seen(deep=True) if deep else found.get(value.value, _Seen(deep=False))
    return found | {str(RDF.type): _Seen(deep=True)}


def _reached(
    shape: Node, said: Mapping[Node, list[tuple[ox.NamedNode, Node]]]
) -> Iterator[tuple[ox.NamedNode, Node, Node]]:
    """What a property shape asks of its values, also inside `sh:or` and `sh:not`."""
    for name, value in said[shape]:
        yield name, value, shape
        if isinstance(value, ox.BlankNode):
            yield from _reached(value, said)


def _seen(asked: list[tuple[ox.NamedNode, Node, Node]], said: Mapping[Node, list[tuple[ox.NamedNode, Node]]]) -> _Seen:
    if any(name not in _SHALLOW for name, _, _ in asked):
        return _Seen(deep=True)
    patterns = []
    for name, value, shape in asked:
        if name == _PATTERN and isinstance(value, ox.Literal):
            flags = "".join(getattr(it, "value", "") for other, it in said[shape] if other == _FLAGS)
            patterns.append(re.compile(value.value, re.IGNORECASE if "i" in flags else 0))
    return _Seen(deep=False, patterns=tuple(patterns))
