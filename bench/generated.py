"""Made data for speed: people with competencies, labels in two languages, dates and links. The same for every run.

Nothing in it is about anybody. Each person has twelve statements of the kinds that a directory holds; every tenth text
is in Hebrew, so that lengths in bytes and in characters differ.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

BASE = "https://example.org/people/"
#: Statements about one person.
EACH = 12

_COMPETENCIES = 200
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_LABEL = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_DATE, _INTEGER = ox.NamedNode(f"{_XSD}date"), ox.NamedNode(f"{_XSD}integer")


def people(triples: int) -> Iterator[ox.Triple]:
    """So many statements, rounded down to whole people."""
    for number in range(triples // EACH):
        yield from _person(number)


def person(number: int) -> ox.NamedNode:
    """Address of one of the people."""
    return ox.NamedNode(f"{BASE}{number}")


def term(name: str) -> ox.NamedNode:
    """A property or class of the made vocabulary."""
    return ox.NamedNode(f"{BASE}terms#{name}")


def _person(number: int) -> Iterator[ox.Triple]:
    subject = person(number)
    born = f"{1950 + number % 50}-{1 + number % 12:02}-{1 + number % 28:02}"
    label = (
        ox.Literal(f"אדם מספר {number}", language="he")
        if number % 10 == 0
        else ox.Literal(f"Person {number}", language="en")
    )
    yield ox.Triple(subject, _TYPE, term("Person"))
    yield ox.Triple(subject, _LABEL, label)
    yield ox.Triple(
        subject, term("note"), ox.Literal(f"Joined as number {number}, after {number // 7} others of the region.")
    )
    yield ox.Triple(subject, term("born"), ox.Literal(born, datatype=_DATE))
    yield ox.Triple(subject, term("years"), ox.Literal(str(number % 41), datatype=_INTEGER))
    yield ox.Triple(subject, term("region"), ox.NamedNode(f"{BASE}region/{number % 97}"))
    for step in (1, 7, 31):
        yield ox.Triple(
            subject, term("has"), ox.NamedNode(f"{BASE}competency/{(number * step + step) % _COMPETENCIES}")
        )
    for step in (1, 13, 101):
        yield ox.Triple(subject, term("knows"), person(number // 2 + step))
