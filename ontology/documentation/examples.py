"""One real entry of each class, as Turtle: what the starter knowledge says, never something made up for the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from ontology.documentation.triples import Term, Triples
from ontology.kinds import DEFAULT_BASE
from ontology.namespaces import RDF, RDFS, SKOS, SKOSXL

_MOST_VALUES = 3
_MOST_STATEMENTS = 20
_FIRST = (str(RDF.type), str(SKOS.prefLabel), str(RDFS.label), str(SKOS.definition))
#: The labels with their certainty are entries of their own; the plain ones beside them say the same.
_LEFT_OUT = frozenset(map(str, (SKOSXL.prefLabel, SKOSXL.altLabel, SKOSXL.hiddenLabel)))
_KIND = re.compile(re.escape(DEFAULT_BASE) + r"id/([a-z]+)/")


def examples(starter: Triples, classes: Iterable[str], prefixes: Mapping[str, str]) -> dict[str, str]:
    """The first entry of each class, in order of address, as Turtle; no text for a class that has none."""
    found = {}
    for iri in classes:
        entries = starter.subjects(str(RDF.type), ox.NamedNode(iri))
        if named := sorted(it.value for it in entries if isinstance(it, ox.NamedNode)):
            found[iri] = _turtle(starter, ox.NamedNode(named[0]), prefixes)
    return found


def _turtle(starter: Triples, subject: ox.NamedNode, prefixes: Mapping[str, str]) -> str:
    said = [ox.Triple(subject, ox.NamedNode(predicate), value) for predicate, value in _statements(starter, subject)]
    kept = _trimmed(it for it in said if it.predicate.value not in _LEFT_OUT)
    body = (ox.serialize(kept, format=ox.RdfFormat.TURTLE, prefixes=_known(kept, prefixes)) or b"").decode()
    head, text = _split(body)
    more = len(said) - len(kept)
    return "\n".join([*head, "", text, *([f"# ... and {more} more statements"] if more else [])])


def _split(turtle: str) -> tuple[list[str], str]:
    """The declarations of the prefixes that the text uses, sorted, and the text."""
    lines = turtle.replace("\t", "    ").splitlines()
    text = "\n".join(it for it in lines if not it.startswith("@prefix "))
    declared = sorted(it for it in lines if it.startswith("@prefix "))
    return [it for it in declared if re.search(rf"(?<![\w-]){it.split()[1]}", text)], text


def _statements(starter: Triples, subject: ox.NamedNode) -> list[tuple[str, Term]]:
    """What is said of the subject: its class, name and meaning first, then by predicate and value."""
    order = {predicate: place for place, predicate in enumerate(_FIRST)}
    said = [(predicate, value) for predicate, values in starter.about(subject).items() for value in values]
    return sorted(set(said), key=lambda it: (order.get(it[0], len(order)), it[0], _not_english(it[1]), str(it[1])))


def _not_english(value: Term) -> bool:
    """Whether a value is a text in another language than English: those come after."""
    return isinstance(value, ox.Literal) and value.language not in {None, "en"}


def _trimmed(said: Iterable[ox.Triple]) -> list[ox.Triple]:
    kept: list[ox.Triple] = []
    for it in said:
        alike = sum(other.predicate == it.predicate for other in kept)
        if alike < _MOST_VALUES and len(kept) < _MOST_STATEMENTS and not isinstance(it.object, ox.BlankNode):
            kept.append(it)
    return kept


def _known(said: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    """The prefixes of the vocabulary, and one for each kind of entry that these statements name."""
    kinds = sorted(set(_KIND.findall("".join(map(str, said)))) - prefixes.keys())
    return {**prefixes, **{kind: f"{DEFAULT_BASE}id/{kind}/" for kind in kinds}}
