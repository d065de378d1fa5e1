"""Refusals that are given in more than one place: where a document or an update is read, and where it is written."""

from __future__ import annotations

from ontology.errors import BadInput, Denied

#: Bytes that go to a draft worker, or come back, at once; a frame takes little more.
MOST_BYTES = (1 << 30) - (64 << 20)


def kept(graph: str) -> Denied:
    """A graph, as SPARQL writes it, that only the program itself writes."""
    told = f"The graph {graph} is kept by the program; nobody writes it."
    return Denied(told, remedy="Read it as you like, and write a graph of your own.")


def nested() -> BadInput:
    """A triple term (RDF 1.2)."""
    remedy = "State it as a node of its own (rdf:subject, rdf:predicate, rdf:object)."
    return BadInput("A triple stands inside a triple, which is not stored.", remedy=remedy)


def too_large(body: bytes) -> BadInput:
    """More than goes to or comes from a draft worker at once."""
    told = f"This write is {len(body) >> 20} MB of statements; at most {MOST_BYTES >> 20} can be made at once."
    return BadInput(f"{told} Nothing was written.", remedy="Make it in smaller parts.")
