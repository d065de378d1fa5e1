"""Statements of strangers with texts as they may be stored, and Turtle of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from ontology.interchange.facts import Statement, reworded
from ontology.interchange.limits import SHORTEN, is_too_long
from ontology.interchange.outcome import Tally
from ontology.kinds import genid, is_genid


def mended(triples: Iterable[ox.Triple], tally: Tally) -> Iterator[Statement]:
    """Each statement once, with its text as it may be stored; nameless nodes, which no reader gives, are left out.

    E150 drops a thing with a text that is too long, and everything that is said of it.
    """
    given = list(_cleaned(triples, tally))
    long = {subject: predicate for subject, predicate, value in given if is_too_long(predicate.value, value)}
    for subject, predicate in long.items():
        message = f"A text of {predicate.value} is longer than is taken; the thing was left out"
        tally.drop_concept("E150", subject.value, message, SHORTEN)
    yield from (it for it in given if it[0] not in long)


def _cleaned(triples: Iterable[ox.Triple], tally: Tally) -> Iterator[Statement]:
    for it in dict.fromkeys(triples):
        if isinstance(it.subject, ox.NamedNode) and isinstance(it.object, ox.Literal):
            text = tally.text(it.object.value, it.subject.value)
            yield it.subject, it.predicate, reworded(it.object, text)
        elif isinstance(it.subject, ox.NamedNode) and isinstance(it.object, ox.NamedNode):
            yield it.subject, it.predicate, it.object


def dump_turtle(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> str:
    """Turtle in order of subject; what had no name of its own has none again."""
    ordered = sorted(map(_freed, triples), key=str)
    return (ox.serialize(ordered, format=ox.RdfFormat.TURTLE, prefixes=dict(prefixes)) or b"").decode()


def _freed(triple: ox.Triple) -> ox.Triple:
    subject, value = _nameless(triple.subject), triple.object
    if not isinstance(value, ox.Literal):
        value = _nameless(value)
    return ox.Triple(subject, triple.predicate, value)


def _nameless(
    node: ox.NamedNode | ox.BlankNode | ox.Triple,
) -> ox.NamedNode | ox.BlankNode | ox.Triple:
    if isinstance(node, ox.NamedNode) and is_genid(node.value):
        return ox.BlankNode("n" + node.value.partition(genid("/"))[2].encode().hex())
    return node
