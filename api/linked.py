"""An entity as linked data: its own statements, the labels of label nodes and requirements included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import pyoxigraph as ox

from api.statements import Statement, Statements
from graph.difference import named_or_blank
from graph.results import GRAPHS, write_graph
from graph.tables import Caps
from ontology.kinds import Iri
from ontology.namespaces import PREFIXES, SKOSXL

#: Short names of the formats, for `?format=`.
FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "turtle": "text/turtle",
        "jsonld": "application/ld+json",
        "ntriples": "application/n-triples",
        "rdfxml": "application/rdf+xml",
    }
)
_LABEL_LINKS = {str(SKOSXL.prefLabel), str(SKOSXL.altLabel), str(SKOSXL.hiddenLabel)}


def describe(statements: Statements, iri: Iri, media_type: str) -> bytes:
    """What is said of an entity and what points at it, in one of the media types of `graph.results.GRAPHS`."""
    body, _ = write_graph(_triples(statements, iri), GRAPHS[media_type], Caps(), PREFIXES)
    return body


def _triples(statements: Statements, iri: Iri) -> Iterator[ox.Triple]:
    own = statements.about(iri)
    for it in own:
        yield _triple(it)
        if it.predicate in _LABEL_LINKS and it.object:
            yield from map(_triple, statements.about(it.object))
    yield from map(_triple, statements.pointing_at(iri))


def _triple(it: Statement) -> ox.Triple:
    return ox.Triple(named_or_blank(it.subject), ox.NamedNode(it.predicate), _object(it))


def _object(it: Statement) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if it.datatype is None:
        return named_or_blank(it.value)
    if it.lang:
        return ox.Literal(it.value, language=it.lang)
    return ox.Literal(it.value, datatype=ox.NamedNode(it.datatype))
