"""Which graphs are plain: nothing in them asks for a judgement, so that they can be written without one.

Only what is new and touches no practice record, nothing private and nothing that a curator has spoken of is plain;
whatever cannot be told of lines alone is not. A file must also say nothing that has a shape, that speaks Kesher's own
language or that of a format that is mapped, or that the starter knowledge describes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from ingest.belonging import Known
from ingest.catalog import CATALOG
from ingest.draft import kept_nodes
from ingest.elsewhere import Elsewhere
from ingest.ledger import Dataset
from ingest.lines import Lines, line_of
from ingest.overlay import CURATION, OVERRIDDEN, spoken_slots
from ingest.writer import Writer
from ontology.interchange.oak import CURRIC
from ontology.kinds import graph_iri
from ontology.namespaces import KS
from ontology.validate import targets

_KEPT = (CATALOG, CURATION, OVERRIDDEN)
_OWN_LANGUAGES = (b"<" + str(KS).encode(), b"<" + CURRIC.encode())


@dataclass(frozen=True, slots=True)
class Plain:
    """Whether one graph is plain, as the datasets are when this is made."""

    private: frozenset[bytes]
    record_classes: frozenset[bytes]
    curated: frozenset[bytes]

    def holds(self, lines: Lines) -> bool:
        """True for statements that touch nothing private and nothing curated."""
        return (
            lines.classes.isdisjoint(self.record_classes)
            and lines.subjects.isdisjoint(self.curated)
            and lines.subjects.isdisjoint(self.private)
            and not lines.point_at(self.private)
        )


def plain(writer: Writer) -> Plain:
    """What a plain graph must not touch."""
    known = Known(set(), Elsewhere(writer, ""))
    records = (it for kind in known.classes for it in known.elsewhere.instances(kind))
    nodes = {*known.with_parts(records), *(it.subject for it in writer.store(Dataset.PRIVATE).quads())}
    curation = writer.overlay.curation
    slots = (slot for it in Dataset for slot in spoken_slots(writer.store(it).quads(graph=curation)))
    return Plain(
        frozenset(line_of(it) for it in nodes if isinstance(it, ox.NamedNode)),
        frozenset(line_of(it) for it in known.classes if isinstance(it, ox.NamedNode)),
        frozenset(line_of(it.subject) for it in slots if isinstance(it.subject, ox.NamedNode)),
    )


def is_new(writer: Writer, name: str) -> bool:
    """True for a graph of which neither dataset knows anything."""
    return name not in _KEPT and not any(True for it in Dataset for _ in _traces(writer, writer.graph(name), it))


def _traces(writer: Writer, graph: ox.NamedNode, dataset: Dataset) -> Iterator[ox.Quad]:
    store = writer.store(dataset)
    yield from writer.catalog(dataset).entry(graph)
    yield from store.quads(graph=graph)
    yield from kept_nodes(store, writer.overlay, graph)


def speaks_for_itself(lines: Lines) -> bool:
    """True while no statement has a shape to be held against, or a term of a language that is understood here."""
    classes, predicates = targets()
    terms = lines.classes | lines.predicates
    if terms & {line_of(it) for it in classes | predicates}:
        return False
    return not any(term.startswith(_OWN_LANGUAGES) for term in terms)


def shipped(writer: Writer) -> frozenset[bytes]:
    """What the starter knowledge describes."""
    prefix = graph_iri(writer.base, "starter/")
    graphs = [it for it in writer.catalog().graphs() if it.value.startswith(prefix)]
    subjects = {quad.subject for it in graphs for quad in writer.store(Dataset.PUBLIC).quads(graph=it)}
    return frozenset(line_of(it) for it in subjects if isinstance(it, ox.NamedNode))
