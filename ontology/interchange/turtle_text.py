"""Turtle from strangers, as statements without nameless nodes, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from ontology.errors import UnreadableFile
from ontology.interchange.facts import Statement, reworded
from ontology.interchange.outcome import Tally
from ontology.kinds import genid, is_genid, slug_of


def load_turtle(text: str, base: str, tally: Tally) -> list[Statement]:
    """What the text states, each statement once and in its order, with texts as they may be stored.

    Nodes without a name get an address under `base`, numbered by first occurrence in this file.

    Raises:
        UnreadableFile: E111 it does not parse; E113 it states nothing; E114 a triple stands inside a triple.
    """
    names: dict[ox.BlankNode, ox.NamedNode] = {}
    slug = slug_of(tally.file)

    def named(node: ox.NamedNode | ox.BlankNode | ox.Triple) -> ox.NamedNode:
        if isinstance(node, ox.BlankNode):
            return names.setdefault(node, ox.NamedNode(genid(base, slug, str(len(names) + 1))))
        if isinstance(node, ox.Triple):
            raise UnreadableFile("A triple stands inside a triple", place=str(node)[:200], problem="E114")
        return node

    found: dict[Statement, None] = {}
    try:
        for it in ox.parse(text, ox.RdfFormat.TURTLE, base_iri=base):
            subject, value = named(it.subject), it.object
            if isinstance(value, ox.Literal):
                value = reworded(value, tally.text(value.value, subject.value))
            found[subject, it.predicate, value if isinstance(value, ox.Literal) else named(value)] = None
    except SyntaxError as error:
        place = f"line {error.lineno}, column {error.offset}"
        raise UnreadableFile(f"This is not Turtle: {error.msg}", place=place, problem="E111") from error
    if not found:
        raise UnreadableFile("The file states nothing", place="document", problem="E113")
    return list(found)


def dump_turtle(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> str:
    """Turtle in order of subject; what `load_turtle` named has no name again."""
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
