"""How one dataset stands: its tally after each write, and which of its writes only the ledger has on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pyoxigraph as ox

from graph.embedded import EmbeddedGraph
from graph.store import GraphStore
from graph.tally import Tally
from ingest.ledger import Dataset, Ledger
from ingest.redo import MOST, Difference

#: After so many writes the store puts them on disk; until then the ledger can make them again.
_WAITING = 256


class Standing:
    """The state of a dataset, followed through its writes. What a remote store holds is its own affair.

    Args:
        store: The dataset.
        dataset: Which one it is. The ledger keeps nothing of what is private, so that goes to disk at once.
        ledger: The ledger.
    """

    def __init__(self, store: GraphStore, dataset: Dataset, ledger: Ledger) -> None:
        self._store = store
        self._local = store if isinstance(store, EmbeddedGraph) else None
        self._dataset = dataset
        self._ledger = ledger
        self._waiting = 0
        self._at_once = True
        self._tally = ""

    def prepare(self, sequence: int, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        """Take note of what a write is about to change."""
        if self._local is None:
            return
        gone, new = self._local.difference(removed, added)
        difference = Difference(tuple(gone), tuple(new))
        self._tally = str(difference.over(self._before(self._local)))
        self._at_once = self._dataset is Dataset.PRIVATE or len(gone) + len(new) > MOST
        if not self._at_once:
            self._ledger.keep(sequence, difference)

    @contextmanager
    def filling(self, graph: ox.NamedNode, catalog: ox.NamedNode) -> Iterator[None]:
        """Around what fills a new graph and changes the catalogue."""
        if self._local is None:
            yield
            return
        before = self._before(self._local) - self._local.tally_of(catalog) - self._local.tally_of(graph)
        yield
        self._tally = str(before + self._local.tally_of(catalog) + self._local.tally_of(graph))
        self._at_once = True

    def settle(self) -> str:
        """Make the write that was prepared safe up to its acknowledgement; gives the tally after it."""
        self._waiting += 1
        if self._at_once or self._waiting >= _WAITING:
            self.flush()
        return self._tally

    def flush(self) -> None:
        """Have the store put everything on disk; then the ledger need not keep it."""
        self._store.flush()
        self._waiting = 0
        if self._dataset is Dataset.PUBLIC:
            self._ledger.forget_differences()

    def _before(self, store: EmbeddedGraph) -> Tally:
        known = self._ledger.tally_of(self._dataset)
        return Tally.read(known) if known else store.tally()
