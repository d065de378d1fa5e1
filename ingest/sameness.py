"""What may be one thing is proposed as a link of sameness, for people to decide; nothing else changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pyoxigraph as ox

from ingest.ledger import Dataset
from ingest.patch import Patch, patch
from ingest.work import Likeness
from ingest.writer import Writer
from ontology.namespaces import KS, OWL, RDF, RDFS, SKOS, SSSOM, XSD

SAMENESS = "links/sameness"
_STATE = ox.NamedNode(KS.linkState)


def propose(writer: Writer, likenesses: Iterable[Likeness], *, door: str, agent: str) -> int:
    """Store each likeness that has not been proposed, nor decided, before; counts the statements that this added."""
    found = list(likenesses)
    if not found:
        return 0
    store, graph = writer.store(Dataset.PUBLIC), writer.graph(SAMENESS)

    def plan() -> Patch:
        new = (it for it in found if not any(True for _ in store.quads(_node(writer, it), _STATE)))
        return Patch(added=frozenset(quad for it in new for quad in _quads(_node(writer, it), it, graph)))

    return patch(writer, plan, door=door, agent=agent).changed_triples


def _node(writer: Writer, like: Likeness) -> ox.NamedNode:
    """The same for the two in either order."""
    told = hashlib.sha256("\n".join(sorted((like.one, like.other))).encode()).hexdigest()[:16]
    return ox.NamedNode(f"{writer.base}id/link/same-{told}")


def _quads(link: ox.NamedNode, like: Likeness, graph: ox.NamedNode) -> Iterable[ox.Quad]:
    said: tuple[tuple[str, ox.NamedNode | ox.Literal], ...] = (
        (str(RDF.type), ox.NamedNode(KS.Link)),
        (str(OWL.annotatedSource), ox.NamedNode(like.one)),
        (str(OWL.annotatedProperty), ox.NamedNode(SKOS.exactMatch)),
        (str(OWL.annotatedTarget), ox.NamedNode(like.other)),
        (str(KS.linkState), ox.Literal("proposed")),
        (str(SSSOM.confidence), ox.Literal(str(like.confidence), datatype=ox.NamedNode(XSD.decimal))),
        (str(RDFS.comment), ox.Literal(like.reason, language="en")),
    )
    return (ox.Quad(link, ox.NamedNode(predicate), value, graph) for predicate, value in said)
