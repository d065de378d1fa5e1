"""A difference between two states of a dataset, as one SPARQL update: one update is one transaction of the store."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from string import Template

import pyoxigraph as ox

#: The name of the function that turns the address of a node without a name into the node.
NODE = ox.NamedNode("urn:kesher:node")
_XML_NAME = re.compile(r"[^\W\d][\w.-]*$")
_ADDRESS = "urn:kesher:blank:"
_NAMELESS = Template(files("graph").joinpath("nameless.ru").read_text("utf-8"))
_NAMED, _DEFAULT = "GRAPH ?graph { ?s ?predicate ?o }", "?s ?predicate ?o"

Term = ox.NamedNode | ox.BlankNode | ox.Literal


def update_of(emptied: Iterable[ox.NamedNode], removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> str:
    """The text of the update; whoever runs it offers `node_of` as the function `NODE`.

    Args:
        emptied: Graphs that go as a whole, before anything is added.
        removed: Other statements to take out; one that is not there is no error.
        added: Statements to put in.
    """
    parts = [f"DROP SILENT GRAPH {graph}" for graph in emptied]
    for verb, quads in (("DELETE", removed), ("INSERT", added)):
        parts.extend(_operations(verb, list(quads)))
    return "\n;\n".join(parts)


def node_of(term: Term) -> Term:
    """The blank node that an address stands for; every other term is itself."""
    return named_or_blank(term.value) if isinstance(term, ox.NamedNode) else term


def named_or_blank(address: str) -> ox.NamedNode | ox.BlankNode:
    """What has an address that `address_of` gave."""
    blank = address.startswith(_ADDRESS)
    return ox.BlankNode(address.removeprefix(_ADDRESS)) if blank else ox.NamedNode(address)


def address_of(node: object) -> str:
    """The address of a node; a blank one goes by one that `node_of` reads."""
    if isinstance(node, ox.BlankNode):
        return f"{_ADDRESS}{node.value}"
    if isinstance(node, ox.NamedNode):
        return node.value
    raise TypeError("no triple stands inside another")


def expect_storable(quads: Iterable[ox.Quad]) -> None:
    """Raise ValueError for what is not stored: a triple inside a triple, a graph without a name of its own."""
    for quad in quads:
        if isinstance(quad.subject, ox.Triple) or isinstance(quad.object, ox.Triple):
            raise ValueError("a triple stands inside a triple")  # noqa: TRY004 - the term is legal RDF 1.2, not a wrong type
        if isinstance(quad.graph_name, ox.BlankNode):
            raise ValueError("a graph has a blank node for its name")  # noqa: TRY004 - legal as well


def expect_xml_names(quads: Iterable[ox.Quad]) -> None:
    """Raise ValueError for a predicate that RDF/XML cannot write; pyoxigraph writes broken XML instead."""
    for predicate in {quad.predicate.value for quad in quads}:
        if not _XML_NAME.search(predicate):
            raise ValueError(f"the predicate <{predicate}> ends with no name that XML can hold")


def _operations(verb: str, quads: list[ox.Quad]) -> Iterator[str]:
    nameless = [it for it in quads if ox.BlankNode in {type(it.subject), type(it.object)}]
    if plain := [it for it in quads if ox.BlankNode not in {type(it.subject), type(it.object)}]:
        yield f"{verb} DATA {{ {' '.join(map(_block, plain))} }}"
    for pattern, kind in ((_NAMED, ox.NamedNode), (_DEFAULT, ox.DefaultGraph)):
        if rows := " ".join(_row(it) for it in nameless if isinstance(it.graph_name, kind)):
            yield _NAMELESS.substitute(verb=verb, pattern=pattern, rows=rows, node=NODE.value)


def _block(quad: ox.Quad) -> str:
    """A quad as SPARQL data; each term is written, and escaped, by pyoxigraph."""
    triple = str(quad.triple)
    return f"GRAPH {quad.graph_name} {{ {triple} }}" if isinstance(quad.graph_name, ox.NamedNode) else f"{triple} ."


def _row(quad: ox.Quad) -> str:
    graph = str(quad.graph_name) if isinstance(quad.graph_name, ox.NamedNode) else "UNDEF"
    return f"({_written(quad.subject)} {quad.predicate} {_written(quad.object)} {graph})"


def _written(term: object) -> str:
    return f"<{address_of(term)}>" if isinstance(term, ox.BlankNode) else str(term)
