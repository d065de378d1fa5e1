"""The knowledge that ships with Kesher, loaded through the same door as everything else.

Its addresses are written under the default base; an installation with a base of its own gets them under that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

import pyoxigraph as ox

from ingest.catalog import Facts
from ingest.readers.rdf import parse
from ingest.record import Context, Document
from ingest.writer import Writer
from ontology import turtle
from ontology.kinds import DEFAULT_BASE

Term = TypeVar("Term")

DOOR = "starter"
#: Of the starter knowledge; the vocabulary says for itself that it stands under that of the program.
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_ENTITIES = f"{DEFAULT_BASE}id/"


def load_schema(writer: Writer) -> int:
    """Load the vocabulary into the graph `schema`; counts changed statements."""
    return _load(writer, "schema", turtle.schema(), Facts("schema.ttl"))


def load_starter(writer: Writer) -> int:
    """Load the vocabulary, and the starter knowledge into a graph `starter/...` per file; counts changed statements."""
    facts = {name: Facts(f"{name.rpartition('/')[2]}.ttl", LICENCE) for name in turtle.starter()}
    return load_schema(writer) + sum(_load(writer, name, text, facts[name]) for name, text in turtle.starter().items())


def _load(writer: Writer, name: str, text: str, facts: Facts) -> int:
    documents = parse(Document(facts.title, text), Context(writer.base, name), ox.RdfFormat.TURTLE)
    triples = [triple for document in documents for triple in _rebased(document.triples, writer.base)]
    # The program itself is the agent: it brings this knowledge, and no person does.
    commit = writer.replace(name, triples, door=DOOR, agent=writer.base, facts=facts)
    return commit.changed_triples


def _rebased(triples: Iterable[ox.Triple], base: str) -> Iterator[ox.Triple]:
    if base == DEFAULT_BASE:
        yield from triples
        return
    for triple in triples:
        yield ox.Triple(_moved(triple.subject, base), triple.predicate, _moved(triple.object, base))


def _moved(term: Term, base: str) -> Term | ox.NamedNode:
    if isinstance(term, ox.NamedNode) and term.value.startswith(_ENTITIES):
        return ox.NamedNode(f"{base}id/{term.value.removeprefix(_ENTITIES)}")
    return term
