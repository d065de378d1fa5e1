"""Counting a snapshot. It takes seconds for a million statements, so it runs in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from api.publishing.statistics import ClassCount, GraphFacts, Labels, PropertyCount, Statistics, Use
from ingest.catalog import CATALOG
from ontology.kinds import Iri, graph_iri
from ontology.model import LANGUAGES
from ontology.namespaces import DCTERMS, KS, OWL, RDF, RDFS, SKOS, SSSOM
from ontology.questions import question

_LICENCE, _TITLE, _MODIFIED = map(ox.NamedNode, (DCTERMS.license, DCTERMS.title, DCTERMS.modified))
_TYPE, _LABEL, _SEQUENCE = map(ox.NamedNode, (RDF.type, RDFS.label, KS.sequence))
#: What a graph may hold whose own licence is that of the graph.
_LICENSED = tuple(map(ox.NamedNode, (OWL.Ontology, KS.Framework, SKOS.ConceptScheme, SSSOM.MappingSet)))


def count(store: ox.Store, base: str) -> Statistics:
    """Everything that is told of a dataset, from a snapshot of it.

    Args:
        store: The snapshot.
        base: Base IRI of the installation, by which its catalogue is found.
    """
    totals = next(rows(store, "dataset-counts"))
    properties = tuple(
        PropertyCount(
            iri=Iri(it["property"]),
            statements=int(it["statements"]),
            subjects=int(it["subjects"]),
            values=int(it["values"]),
            labels=_labels(store, it["property"]),
        )
        for it in rows(store, "property-counts")
    )
    graphs = graph_facts(store, base)
    return Statistics(
        sequence=sequence_of(store, base),
        modified=modified_of(graphs),
        statements=sum(it.statements for it in properties),
        subjects=int(totals["subjects"]),
        values=int(totals["values"]),
        things=int(totals["things"]),
        graphs=graphs,
        classes=tuple(
            ClassCount(Iri(it["class"]), int(it["things"]), _labels(store, it["class"]))
            for it in rows(store, "class-counts")
        ),
        properties=properties,
        uses=tuple(
            Use(Iri(it["class"]), Iri(it["property"]), int(it["things"])) for it in rows(store, "class-property-counts")
        ),
    )


def graph_facts(store: ox.Store, base: str) -> tuple[GraphFacts, ...]:
    """The named graphs, by address, with what the catalogue says of them."""
    return tuple(
        GraphFacts(Iri(it["graph"]), int(it["statements"]), *_facts(store, it["graph"], base))
        for it in rows(store, "graph-counts")
    )


def sequence_of(store: ox.Store, base: str) -> int:
    """Number of the last write in the snapshot; 0 when there is none."""
    catalog = ox.NamedNode(graph_iri(base, CATALOG))
    found = (it.object for it in store.quads_for_pattern(catalog, _SEQUENCE, None, catalog))
    return max((int(it.value) for it in found if isinstance(it, ox.Literal)), default=0)


def modified_of(graphs: tuple[GraphFacts, ...]) -> str:
    """When the newest of the graphs was written; empty when that is not known."""
    return max((it.modified for it in graphs), default="")


def _facts(store: ox.Store, graph: str, base: str) -> tuple[str, str, tuple[Iri, ...]]:
    """Title, date and licences of a graph."""
    catalog = ox.NamedNode(graph_iri(base, CATALOG))
    said = list(store.quads_for_pattern(ox.NamedNode(graph), None, None, catalog))
    values = {it.predicate: it.object.value for it in said if isinstance(it.object, ox.Literal | ox.NamedNode)}
    licences = {it.object for it in said if it.predicate == _LICENCE} | set(_own_licences(store, ox.NamedNode(graph)))
    stated = sorted(it.value for it in licences if isinstance(it, ox.NamedNode))
    return values.get(_TITLE, ""), values.get(_MODIFIED, ""), tuple(map(Iri, stated))


def _own_licences(
    store: ox.Store, graph: ox.NamedNode
) -> Iterator[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]:
    for cls in _LICENSED:
        for holder in list(store.quads_for_pattern(None, _TYPE, cls, graph)):
            yield from (it.object for it in store.quads_for_pattern(holder.subject, _LICENCE, None, graph))


def _labels(store: ox.Store, term: str) -> Labels:
    """What a class or a property is called; the first name in order, where a language has several."""
    names = [it.object for it in store.quads_for_pattern(ox.NamedNode(term), _LABEL, None)]
    pairs = sorted(((it.language or "", it.value) for it in names if isinstance(it, ox.Literal)), reverse=True)
    return {lang: name for lang, name in pairs if lang in LANGUAGES}


def rows(store: ox.Store, name: str) -> Iterator[dict[str, str]]:
    """Rows of a named question over the union of a snapshot's graphs; what is unbound is absent."""
    solutions = store.query(question(name), use_default_graph_as_union=True)
    if not isinstance(solutions, ox.QuerySolutions):
        raise TypeError(f"the named question {name!r} is no SELECT")
    names = [it.value for it in solutions.variables]
    for solution in solutions:
        found = zip(names, solution, strict=True)
        yield {key: it.value for key, it in found if isinstance(it, ox.NamedNode | ox.Literal)}
