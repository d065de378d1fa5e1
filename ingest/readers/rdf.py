"""Turtle, TriG, N-Triples and N-Quads: RDF as text. JSON-LD and RDF/XML end here too, after checks of their own.

A document is taken as a whole or not at all, because its statements hang together. Named graphs are flattened into the
one graph that the file becomes. Blank nodes get an address, numbered by first occurrence, so that the same file gives
the same triples ("skolemisation", RDF 1.1 Concepts, section 3.5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import pyoxigraph as ox

from ingest.record import Context, Document, Statements
from ontology.errors import UnreadableFile
from ontology.kinds import genid, graph_iri

_MOST_FAULTS = 5


def read_turtle(document: Document, context: Context) -> Iterator[Statements]:
    """Turtle (W3C Recommendation 2014); relative IRIs are resolved against the address of the graph."""
    return parse(document, context, ox.RdfFormat.TURTLE)


def read_n_triples(document: Document, context: Context) -> Iterator[Statements]:
    """N-Triples (W3C Recommendation 2014)."""
    return parse(document, context, ox.RdfFormat.N_TRIPLES)


def read_n_quads(document: Document, context: Context) -> Iterator[Statements]:
    """N-Quads (W3C Recommendation 2014), without its graph names."""
    return parse(document, context, ox.RdfFormat.N_QUADS)


def read_trig(document: Document, context: Context) -> Iterator[Statements]:
    """TriG (W3C Recommendation 2014), without its graph names."""
    return parse(document, context, ox.RdfFormat.TRIG)


def parse(document: Document, context: Context, syntax: ox.RdfFormat) -> Iterator[Statements]:
    """Everything a document states, as one item.

    Raises:
        UnreadableFile: E111 it does not parse; E113 it states nothing; E114 it has triples inside triples; E150 a
            value is longer than the parser takes.
    """
    quads = parsed(document, graph_iri(context.base, context.graph), syntax)
    name_of = skolem_names(genid(context.base, context.graph, ""))
    triples = tuple(dict.fromkeys(named_throughout(quad, name_of) for quad in quads))
    if not triples:
        remedy = "If it is JSON, its @context must say what the keys mean."
        raise UnreadableFile("The file states nothing", place="document", problem="E113", remedy=remedy)
    yield Statements(triples)


def parsed(document: Document, base: str, syntax: ox.RdfFormat) -> list[ox.Quad]:
    """All statements of a document. See `statements`."""
    return list(statements(document, base, syntax))


def statements(document: Document, base: str, syntax: ox.RdfFormat) -> Iterator[ox.Quad]:
    """The statements of a document, relative IRIs resolved against `base`; blank nodes have labels of this call only.

    Raises:
        UnreadableFile: E111 it does not parse; E150 a value is longer than the parser takes; E151 `base` is no IRI.
    """
    try:
        parser = ox.parse(document.text, syntax, base_iri=base, rename_blank_nodes=True)
    except ValueError as error:
        raise UnreadableFile(f"No address can be made of this name: {error}", place="file", problem="E151") from error
    try:
        yield from parser
    except SyntaxError as error:
        raise _malformed(error, syntax, list(islice(_more_faults(parser), _MOST_FAULTS - 1))) from error
    except MemoryError as error:  # the parser's own cap on one token, 16 MiB; it is raised cleanly
        message = f"A value in this {syntax.name} is far too long: {error}"
        remedy = "Keep long texts elsewhere and link to them."
        raise UnreadableFile(message, place="document", problem="E150", remedy=remedy) from error


def _more_faults(parser: Iterator[ox.Quad]) -> Iterator[str]:
    """What else is wrong further down; the parser goes on after an error where the syntax allows it."""
    while True:
        try:
            if next(parser, None) is None:
                return
        except SyntaxError as error:
            yield str(error.msg)


def _malformed(error: SyntaxError, syntax: ox.RdfFormat, more: list[str]) -> UnreadableFile:
    place = f"line {error.lineno}, column {error.offset}" if error.lineno else "document"
    found = "; ".join(dict.fromkeys([str(error.msg), *more]))
    message = f"This is not {syntax.name}: {found[:1000]}"
    remedy = "Mend it there; nothing of the file was taken, and what was known from it stays."
    if "@vocab" in found:
        remedy = "Give the @context an @vocab, or an absolute IRI for each of its terms."
    return UnreadableFile(message, place=place, problem="E111", remedy=remedy)


def skolem_names(prefix: str) -> Callable[[ox.BlankNode], ox.NamedNode]:
    """Gives every blank node an address below `prefix`: a number, in the order in which they are asked for."""
    names: dict[ox.BlankNode, ox.NamedNode] = {}
    return lambda node: names.setdefault(node, ox.NamedNode(f"{prefix}{len(names) + 1}"))


def named_throughout(quad: ox.Quad, name_of: Callable[[ox.BlankNode], ox.NamedNode]) -> ox.Triple:
    """A statement, out of its graph, whose nodes have addresses.

    Raises:
        UnreadableFile: E114 a triple stands inside it.
    """
    subject, value = quad.subject, quad.object
    if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
        raise UnreadableFile(
            f"A triple stands inside a triple: {str(value)[:200]}",
            place="document",
            problem="E114",
            remedy="State it as a node of its own (rdf:subject, rdf:predicate, rdf:object).",
        )
    subject = name_of(subject) if isinstance(subject, ox.BlankNode) else subject
    value = name_of(value) if isinstance(value, ox.BlankNode) else value
    return ox.Triple(subject, quad.predicate, value)
