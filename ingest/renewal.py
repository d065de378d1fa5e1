"""Terms that a release of the vocabulary retired, written anew wherever knowledge still uses them.

What curation has set aside stays as its source wrote it: it is shown as what was, and not used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox

from graph.store import GraphName
from ingest.catalog import CATALOG, Catalog, Facts
from ingest.draft import Draft, content_hash, subjects
from ingest.ledger import Dataset, Intent
from ingest.overlay import OVERRIDDEN, named, unnamed
from ingest.writer import Writer
from ontology.kinds import Iri, graph_iri

DOOR = "migrate"
_KEPT = {"schema", CATALOG, OVERRIDDEN}


@dataclass(frozen=True, slots=True)
class Renewal:
    """One statement to come: what it says now and what it will say, in a graph of one of the datasets."""

    dataset: Dataset
    graph: str
    before: ox.Triple
    after: ox.Triple


def renewals(writer: Writer, retired: Mapping[Iri, Iri]) -> list[Renewal]:
    """Every statement that uses a retired term, with what takes its place; changes nothing."""
    found = (it for dataset in Dataset for it in _renewals(writer, dataset, retired))
    return sorted(found, key=lambda it: (it.dataset, it.graph, str(it.before)))


def renew(writer: Writer, retired: Mapping[Iri, Iri], *, agent: str) -> list[Renewal]:
    """Make the renewals, one write for each graph, and return what was made."""
    wanted = renewals(writer, retired)
    for dataset, graph in sorted({(it.dataset, it.graph) for it in wanted}):
        here = [it for it in wanted if (it.dataset, it.graph) == (dataset, graph)]
        draft = _draft(here, unnamed(writer.graph(graph)))
        intent = Intent(DOOR, agent, dataset, (graph,))
        writer.write(intent, lambda draft=draft: draft, _facts(writer, dataset, graph, here))  # type: ignore[misc] # bound now
    return wanted


def renewed(triple: ox.Triple, retired: Mapping[Iri, Iri]) -> ox.Triple:
    """A statement with each retired term replaced; itself where it uses none."""
    predicate = retired.get(Iri(triple.predicate.value))
    value = retired.get(Iri(triple.object.value)) if isinstance(triple.object, ox.NamedNode) else None
    if not predicate and not value:
        return triple
    return ox.Triple(
        triple.subject,
        ox.NamedNode(predicate) if predicate else triple.predicate,
        ox.NamedNode(value) if value else triple.object,
    )


def _renewals(writer: Writer, dataset: Dataset, retired: Mapping[Iri, Iri]) -> Iterator[Renewal]:
    prefix = graph_iri(writer.base, "")
    for quad in writer.store(dataset).quads():
        after = renewed(quad.triple, retired)
        if after != quad.triple:
            graph = named(quad.graph_name).value.removeprefix(prefix)
            if graph not in _KEPT:
                yield Renewal(dataset, graph, quad.triple, after)


def _draft(renewals: list[Renewal], graph: GraphName) -> Draft:
    removed, added = (
        frozenset(ox.Quad(it.subject, it.predicate, it.object, graph) for it in triples)
        for triples in ([it.before for it in renewals], [it.after for it in renewals])
    )
    return Draft(removed, added, len(removed) + len(added), subjects(removed))


def _facts(writer: Writer, dataset: Dataset, graph: str, renewals: list[Renewal]) -> Facts:
    """The graph's catalogue entry, with the hash of what it will hold where it had one."""
    facts = Catalog(writer.store(dataset), writer.base).facts(writer.graph(graph)) or Facts()
    if not facts.content_hash:
        return facts
    content = writer.content(graph, dataset) - {it.before for it in renewals} | {it.after for it in renewals}
    return replace(facts, content_hash=content_hash(content))
