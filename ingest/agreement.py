"""Do the ledger and the graphs tell the same story? Every way in which they may not, with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from graph.embedded import EmbeddedGraph
from graph.tally import RESTORE, Tally
from ingest.draft import content, content_hash
from ingest.ledger import Dataset
from ingest.writer import Writer
from ontology.errors import FolderDamaged


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One thing in which the parts of a data folder differ.

    Attributes:
        code: E290 to E298: see docs/operations.md.
        place: Which part.
    """

    code: str
    place: str
    message: str
    remedy: str


def disagreements(writer: Writer) -> Iterator[Disagreement]:
    """What ledger and graphs differ in; reads all of both while no write is made. That neither is older is known.

    A remote store is not read: only its numbers are compared, when it is opened and at every write.
    """
    with writer.paused():
        if told := writer.ledger.file.broken():
            yield Disagreement("E290", "ledger", f"The ledger is damaged: {told}.", RESTORE)
        for dataset in Dataset:
            if isinstance(writer.store(dataset), EmbeddedGraph):
                yield from _of_dataset(writer, dataset)


def _of_dataset(writer: Writer, dataset: Dataset) -> Iterator[Disagreement]:
    store, known = writer.store(dataset), writer.ledger.tally_of(dataset)
    try:
        held = store.tally() if isinstance(store, EmbeddedGraph) else Tally()
    except FolderDamaged as error:
        yield Disagreement("E293", f"{dataset} graph", error.message, error.remedy)
        return
    if known and str(held) != known:
        expected = Tally.read(known).statements
        told = f"It holds {held.statements} statements that are not the {expected} of the last acknowledged write"
        places = [f" <{it.value}> is not what came in." for it in _changed(writer, dataset)]
        yield Disagreement("E293", f"{dataset} graph", f"{told}.{''.join(places[:5])}", RESTORE)
    yield from _of_catalog(writer, dataset)


def _changed(writer: Writer, dataset: Dataset) -> Iterator[ox.NamedNode]:
    """The graphs whose content does not have the hash that the catalogue says."""
    catalog = writer.catalog(dataset)
    for graph in sorted(catalog.graphs(), key=str):
        facts = catalog.facts(graph)
        if facts and facts.content_hash:
            said = content(writer.store(dataset), writer.overlay, graph)
            if content_hash(said) != facts.content_hash:
                yield graph


def _of_catalog(writer: Writer, dataset: Dataset) -> Iterator[Disagreement]:
    """Numbers in the catalogue that the ledger does not know."""
    known = set(writer.ledger.acknowledged_after(0, dataset))
    oldest, catalog = min(known, default=0), writer.catalog(dataset)
    for graph in sorted(catalog.graphs(), key=str):
        number = catalog.number(graph)
        if number >= oldest and number not in known:  # a ledger that was begun anew does not go back to the beginning
            message = f"The {dataset} catalogue says that write {number} made it, which the ledger does not have."
            yield Disagreement("E298", graph.value, message, RESTORE)
