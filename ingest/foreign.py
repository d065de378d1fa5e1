"""What a file says of things that the starter knowledge describes: told, because readers will see both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pyoxigraph as ox

from graph.store import GraphStore
from ingest.account import Account
from ingest.record import Node
from ontology.kinds import Iri, graph_iri, local_name
from ontology.model import Problem
from ontology.namespaces import DCTERMS, KS, RDF, SKOS

#: What a thing is called, what it is, how far to rely on it, and what took its place.
_WEIGHTY = frozenset(map(ox.NamedNode, (SKOS.prefLabel, RDF.type, KS.status, DCTERMS.isReplacedBy)))


def foreign_claims(account: Account, store: GraphStore, base: str) -> Iterator[Problem]:
    """W230 for each thing of the starter knowledge of which a file says something weighty that the starter does not."""
    starter = graph_iri(base, "starter/")
    weighty: defaultdict[Node, set[ox.Triple]] = defaultdict(set)
    for it in account.triples:
        if it.predicate in _WEIGHTY:
            weighty[it.subject].add(it)
    for node in sorted(weighty, key=str):
        own = {it.triple for it in _own(node, store, starter)}
        if own and (told := weighty[node] - own):
            said = ", ".join(sorted({local_name(it.predicate.value) for it in told}))
            iri = Iri(node.value) if isinstance(node, ox.NamedNode) else Iri("")
            message = f"The file states {said} of {iri}, which the starter knowledge describes; readers see both"
            remedy = "Give your own thing its own address, or curate the entry."
            yield Problem("W230", account.file, account.places.get(iri, iri), message, remedy)


def _own(node: Node, store: GraphStore, starter: str) -> Iterator[ox.Quad]:
    if isinstance(node, ox.NamedNode):
        yield from (it for it in store.quads(node) if getattr(it.graph_name, "value", "").startswith(starter))
