"""Statements as writers look them up: by thing, then by property."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import pyoxigraph as ox

#: What can be said of a thing, once nameless nodes have addresses.
Term: TypeAlias = ox.NamedNode | ox.Literal
Statement: TypeAlias = tuple[ox.NamedNode, ox.NamedNode, Term]
#: What is said of one thing: values by the address of the property.
Facts: TypeAlias = Mapping[str, Sequence[Term]]

#: A day of the calendar as XML Schema writes it.
DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def facts_of(triples: Iterable[ox.Triple]) -> dict[str, dict[str, list[Term]]]:
    """What is said of each thing, by address, in an order of its own; statements with nameless nodes are left out."""
    about: dict[str, dict[str, list[Term]]] = {}
    for it in sorted(set(triples), key=str):
        if isinstance(it.subject, ox.NamedNode) and isinstance(it.object, ox.NamedNode | ox.Literal):
            about.setdefault(it.subject.value, {}).setdefault(it.predicate.value, []).append(it.object)
    return about


def values(facts: Facts, predicate: str) -> list[str]:
    """The values of a property as text: addresses and words."""
    return [it.value for it in facts.get(predicate, ())]


def reworded(literal: ox.Literal, text: str) -> ox.Literal:
    """Another text in the same language, or of the same datatype."""
    if text == literal.value:
        return literal
    return (
        ox.Literal(text, language=literal.language) if literal.language else ox.Literal(text, datatype=literal.datatype)
    )
