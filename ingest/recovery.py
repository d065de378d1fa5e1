"""What a crash left between the steps of a write, found and settled when a folder is opened."""

from __future__ import annotations

from collections.abc import Mapping

from graph.embedded import EmbeddedGraph
from graph.store import GraphStore
from graph.tally import Tally
from ingest.catalog import Catalog
from ingest.ledger import Dataset, Ledger
from ontology.errors import FolderDamaged
from ontology.kinds import Iri

_REMEDY = "Part of the data folder is older than the rest: restore the whole folder from one backup (`kesher restore`)."


def recover(stores: Mapping[Dataset, GraphStore], catalogs: Mapping[Dataset, Catalog], ledger: Ledger) -> None:
    """Make stores and ledger agree on what was written.

    What a store has lost is made again from the ledger; what it holds and the ledger does not is written down there;
    what never reached it is forgotten.

    Raises:
        FolderDamaged: acknowledged writes are lost (E291), or rows of the ledger (E292).
    """
    for dataset, store in stores.items():
        _redo(store, catalogs[dataset], ledger, dataset)
        held, acknowledged = catalogs[dataset].sequence, ledger.last_of(dataset)
        if acknowledged > held:
            message = f"E291: The ledger acknowledges write {acknowledged}, and the {dataset} graph ends with {held}"
            raise FolderDamaged(message, remedy=_REMEDY)
        if isinstance(store, EmbeddedGraph) and held > ledger.highest + 1 and not ledger.is_new:
            message = f"E292: The {dataset} graph ends with write {held}, and the ledger with {ledger.highest}"
            raise FolderDamaged(message, remedy=_REMEDY)
        lost = [held] if held > acknowledged else []
        for sequence in sorted({*lost, *ledger.unfinished(dataset, held)}):
            _take_over(store, ledger, dataset, sequence)
    ledger.strike_unfinished()


def _redo(store: GraphStore, catalog: Catalog, ledger: Ledger, dataset: Dataset) -> None:
    """Make the writes again that a store has lost, if the ledger kept what they changed."""
    missing = ledger.acknowledged_after(catalog.sequence, dataset)
    differences = [ledger.difference_of(it) for it in missing]
    known = [it for it in differences if it is not None]
    if not missing or len(known) < len(differences) or not isinstance(store, EmbeddedGraph):
        return
    for difference in known:
        store.apply(difference.removed, difference.added)
    store.flush()


def _take_over(store: GraphStore, ledger: Ledger, dataset: Dataset, sequence: int) -> None:
    """Acknowledge a write that a store holds."""
    difference, before = ledger.difference_of(sequence), ledger.tally_of(dataset)
    if difference is not None and before:
        touched = map(Iri, difference.nodes)
        changed = len(difference.removed) + len(difference.added)
        ledger.acknowledge(sequence, changed, touched, tally=str(difference.over(Tally.read(before))))
    else:
        ledger.recover(sequence, dataset, str(store.tally()) if isinstance(store, EmbeddedGraph) else "")
