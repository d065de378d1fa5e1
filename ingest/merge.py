"""Two addresses of one thing become one: the losing address leads on to the other, and nothing that was said is lost.

Each source's statements stay in its own graph, now under the address that stays. That the losing address was merged is
one statement, dcterms:isReplacedBy, in the graph `merged`; taking it out there and ingesting the files again undoes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from graph.store import GraphName, GraphStore
from ingest.ledger import Dataset
from ingest.patch import Patch, kept_graphs, patch
from ingest.writer import Commit, Writer
from ontology.kinds import Iri, graph_iri
from ontology.namespaces import DCTERMS

MERGED = "merged"
_REPLACED = ox.NamedNode(DCTERMS.isReplacedBy)
_MOST_STEPS = 100


def redirects(store: GraphStore, base: str) -> dict[Iri, Iri]:
    """Every merged address, and the one that stands for it now."""
    graph = ox.NamedNode(graph_iri(base, MERGED))
    return {
        Iri(it.subject.value): standing(store, base, Iri(it.subject.value))
        for it in store.quads(None, _REPLACED, None, graph)
        if isinstance(it.subject, ox.NamedNode)
    }


def standing(store: GraphStore, base: str, iri: Iri) -> Iri:
    """The address that stands for a thing: its own, or where merging has led."""
    graph = ox.NamedNode(graph_iri(base, MERGED))
    for _ in range(_MOST_STEPS):  # a circle can only come from a hand that wrote it
        found = next(iter(store.quads(ox.NamedNode(iri), _REPLACED, None, graph)), None)
        if found is None or not isinstance(found.object, ox.NamedNode):
            return iri
        iri = Iri(found.object.value)
    return iri


def redirected(triples: Iterable[ox.Triple], to: Mapping[Iri, Iri]) -> set[ox.Triple]:
    """Statements in terms of the addresses that stand."""
    if not to:
        return set(triples)
    nodes = {ox.NamedNode(old): ox.NamedNode(new) for old, new in to.items()}
    return {_renamed(it, nodes) for it in triples}


def merge(writer: Writer, loser: Iri, winner: Iri, *, door: str, agent: str) -> Commit:
    """Make one address stand for two; both stay good, and no statement goes.

    Args:
        writer: Writes both datasets; only the public one is changed.
        loser: Leads on to `winner` from now on.
        winner: Stays.
        door: By which door it comes, for the ledger.
        agent: IRI of who or what has it done.
    """
    store = writer.store(Dataset.PUBLIC)
    old, new = ox.NamedNode(loser), ox.NamedNode(winner)
    spared = kept_graphs(writer) | {writer.graph(MERGED)}

    def plan() -> Patch:
        if standing(store, writer.base, winner) == loser:  # it is so the other way round
            return Patch()
        said = {it for it in (*store.quads(old), *store.quads(None, None, old)) if it.graph_name not in spared}
        moved = {_in(it.graph_name, _renamed(it.triple, {old: new})) for it in said}
        note = ox.Quad(old, _REPLACED, new, writer.graph(MERGED))
        return Patch(removed=frozenset(said - moved), added=frozenset(moved | {note}))

    return patch(writer, plan, door=door, agent=agent)


def _in(graph: GraphName | ox.BlankNode, triple: ox.Triple) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _renamed(triple: ox.Triple, nodes: Mapping[ox.NamedNode, ox.NamedNode]) -> ox.Triple:
    subject = nodes.get(triple.subject, triple.subject) if isinstance(triple.subject, ox.NamedNode) else triple.subject
    obj = nodes.get(triple.object, triple.object) if isinstance(triple.object, ox.NamedNode) else triple.object
    return ox.Triple(subject, triple.predicate, obj)
