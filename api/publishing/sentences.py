"""Saying things in RDF: a growing list of statements, and how it is written for who asked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias, TypeVar

import pyoxigraph as ox

from graph.results import GRAPHS, negotiate, write_graph
from graph.tables import Caps
from ontology.errors import NotAcceptable
from ontology.namespaces import PREFIXES, RDF, SD, SPDX, XSD

Value: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | int
Subject: TypeAlias = ox.NamedNode | ox.BlankNode
Node = TypeVar("Node", ox.NamedNode, ox.BlankNode)

_INTEGER, _DATE_TIME = ox.NamedNode(XSD.integer), ox.NamedNode(XSD.dateTime)
_PREFIXES: Mapping[str, str] = MappingProxyType({**PREFIXES, "sd": str(SD), "spdx": str(SPDX)})
_WHOLE = Caps(rows=10**7, bytes=10**9)  # what we say ourselves is never cut


class Sentences:
    """Statements, subject by subject. Nodes without an address are numbered: the same every time."""

    def __init__(self) -> None:
        self._said: dict[Subject, list[ox.Triple]] = {}
        self._nodes = 0

    @property
    def triples(self) -> list[ox.Triple]:
        """Everything said so far; what is said of a subject stands together."""
        return [triple for said in self._said.values() for triple in said]

    def say(self, subject: Subject, predicate: str, *values: Value) -> None:
        """Each value is one statement."""
        for value in values:
            term = ox.Literal(str(value), datatype=_INTEGER) if isinstance(value, int) else value
            self._said.setdefault(subject, []).append(ox.Triple(subject, ox.NamedNode(predicate), term))

    def new(self, *classes: str) -> ox.BlankNode:
        """A node without an address."""
        self._nodes += 1
        return self.call(ox.BlankNode(f"n{self._nodes}"), *classes)

    def call(self, node: Node, *classes: str) -> Node:
        """Say what a node is."""
        self.say(node, str(RDF.type), *map(ox.NamedNode, classes))
        return node


def moment(text: str) -> list[ox.Literal]:
    """A time, where one is known."""
    return [ox.Literal(text, datatype=_DATE_TIME)] if text else []


def written(triples: list[ox.Triple], accept: str) -> tuple[str, bytes]:
    """Media type and body in the format that an Accept header wants most.

    Raises:
        NotAcceptable: it wants none of those there are.
    """
    media_type = negotiated(accept)
    body, _ = write_graph(triples, GRAPHS[media_type], _WHOLE, _PREFIXES)
    return media_type, body


def negotiated(accept: str) -> str:
    """The media type of a graph that an Accept header wants most.

    Raises:
        NotAcceptable: it wants none of those there are.
    """
    if media_type := negotiate(accept, GRAPHS):
        return media_type
    told = f"This description cannot be written as {accept[:200]!r}."
    raise NotAcceptable(told, remedy=f"It can be: {', '.join(GRAPHS)}.")
