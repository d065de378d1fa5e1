"""The one door for writes. Every change of either dataset, whoever makes it, goes through here under its own number.

The order is what makes an acknowledged write safe: reserve a number, apply the change and its catalogue entry in one
transaction, acknowledge. What a store does not have on disk by then, the ledger has (`ingest.redo`).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

import pyoxigraph as ox

from graph.store import GraphStore
from ingest.catalog import CATALOG, Catalog, Facts
from ingest.draft import Draft, Filling, content, content_hash, entries_of, put, replacement
from ingest.ledger import Dataset, Intent, Ledger
from ingest.overlay import CURATION, OVERRIDDEN, Overlay
from ingest.recovery import recover
from ingest.standing import Standing
from ingest.turns import turns_of
from ontology.errors import ChangedOutside, InvalidParameter, Unavailable
from ontology.kinds import Iri, graph_iri

NO_FACTS = Facts()
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Commit:
    """The outcome of a write.

    Attributes:
        sequence: Its number; when nothing had to be written, that of the last write to the dataset.
        changed_triples: Statements removed plus statements added.
        touched: Subjects of those statements.
    """

    sequence: int
    changed_triples: int = 0
    touched: frozenset[Iri] = frozenset()


class Writer:
    """Writes to the public and the private dataset of one data folder.

    Args:
        graph: The public dataset.
        private: The private dataset.
        ledger: The ledger of both.
        base: Base IRI of this installation.

    Raises:
        FolderDamaged: the ledger acknowledges writes that a dataset does not hold.
    """

    def __init__(self, graph: GraphStore, private: GraphStore, ledger: Ledger, base: str) -> None:
        self.base = base
        self.ledger = ledger
        self.overlay = Overlay(base)
        self._stores = {Dataset.PUBLIC: graph, Dataset.PRIVATE: private}
        self._catalogs = {dataset: Catalog(store, base) for dataset, store in self._stores.items()}
        self._standings = {dataset: Standing(store, dataset, ledger) for dataset, store in self._stores.items()}
        self._lock = threading.RLock()
        self._in_doubt = True
        self._held = 0
        self._recover()

    @property
    def held(self) -> int:
        """Number of the last write that the public dataset holds; raised before that write is acknowledged."""
        return self._held

    def store(self, dataset: Dataset) -> GraphStore:
        """One of the two datasets, for reading."""
        return self._stores[dataset]

    def replace(  # noqa: PLR0913 - keywords that only the door of the write knows
        self,
        name: str,
        triples: Iterable[ox.Triple],
        *,
        door: str,
        agent: str,
        facts: Facts = NO_FACTS,
        dataset: Dataset = Dataset.PUBLIC,
        origin: str = "",
    ) -> Commit:
        """Make a graph hold exactly these triples; the same content and facts again are no write at all.

        Args:
            name: Name of the graph, such as `source/notes.md`.
            triples: Its whole content; none removes the graph and its catalogue entry.
            door: By which door it comes, for the ledger.
            agent: IRI of who or what makes the change.
            facts: Title and licence, for the catalogue.
            dataset: Where the graph stands.
            origin: Where the content came from on this machine, for the ledger only.

        Raises:
            InvalidParameter: the graph is one that only curation and the writer itself write.
        """
        if name in {CATALOG, CURATION, OVERRIDDEN}:
            message = f"The graph {name!r} is kept by the program; it is not replaced"
            raise InvalidParameter("graph", message, remedy="Curate the entity, or write a graph of your own.")
        triples = set(triples)
        facts = replace(facts, content_hash=content_hash(triples))
        intent = Intent(door, agent, dataset, (name,), facts.content_hash, origin)

        def plan() -> Draft | None:
            draft = self._replacement(name, triples, dataset)
            # The same hash is not enough: withdrawn consent may have taken statements out of the graph since.
            present = self._catalogs[dataset].facts(self.graph(name))
            return None if present == (facts if triples else None) and not draft.changed else draft

        return self.write(intent, plan, facts if triples else None)

    def preview(self, name: str, triples: Iterable[ox.Triple], dataset: Dataset = Dataset.PUBLIC) -> Draft:
        """What `replace` would change."""
        with self._lock:
            return self._replacement(name, triples, dataset)

    def content(self, name: str, dataset: Dataset = Dataset.PUBLIC) -> set[ox.Triple]:
        """What a source graph says, with the statements that curation set aside."""
        with self._lock:
            return content(self._stores[dataset], self.overlay, self.graph(name))

    def graph(self, name: str) -> ox.NamedNode:
        """Address of a named graph: below the base, unless its name is an address already."""
        return ox.NamedNode(name if _ADDRESS.match(name) else graph_iri(self.base, name))

    def name(self, graph: ox.NamedNode) -> str:
        """What `graph` takes: the short name of a graph below the base, else the whole address."""
        return graph.value.removeprefix(graph_iri(self.base, ""))

    def catalog(self, dataset: Dataset = Dataset.PUBLIC) -> Catalog:
        """The catalogue of a dataset, for reading."""
        return self._catalogs[dataset]

    def write(self, intent: Intent, plan: Callable[[], Draft | None], facts: Facts | None = NO_FACTS) -> Commit:
        """Make one write, as planned from what the stores hold at that moment.

        Args:
            intent: Who writes what, by which door; its first graph gets the catalogue entry. Without graphs they are
                those of the draft's entries.
            plan: Works out the draft; called while no other write can come between. None: nothing to do.
            facts: The graph's catalogue entry; None removes it.

        Raises:
            ChangedOutside: a remote store holds less than was written to it.
        """
        with self._lock:
            self._settle(intent.dataset)
            draft = plan()
            if draft is None:
                return Commit(self._catalogs[intent.dataset].sequence)
            if draft.entries and not intent.graphs:
                intent = replace(intent, graphs=tuple(sorted(map(self.name, draft.entries))))
            sequence = self.ledger.reserve(intent)
            self._apply(draft, intent, facts, sequence)
            return self._acknowledged(draft, intent.dataset, sequence)

    def fill(self, intent: Intent, plan: Callable[[], Filling | None]) -> Commit | None:
        """Fill a new graph while its statements are still being worked out: several times faster for a large one.

        Args:
            intent: Who writes what, by which door.
            plan: As for `write`; None: it must be written in the ordinary way.

        Returns:
            None if nothing was written.
        """
        with self._lock:
            self._settle(intent.dataset)
            filling = plan() if self._stores[intent.dataset].bulk else None
            if filling is None:
                return None
            sequence = self.ledger.reserve(intent)
            standing = self._standings[intent.dataset].filling(filling.graph, self.graph(CATALOG))
            with self._making(intent.dataset, sequence), standing:
                draft = filling.into(self._stores[intent.dataset], self._catalogs[intent.dataset], sequence)
            if draft is None:
                self.ledger.abandon(sequence)
                return None
            facts = draft.entries[filling.graph] or NO_FACTS
            return self._acknowledged(draft, intent.dataset, sequence, facts.content_hash)

    @contextmanager
    def paused(self) -> Iterator[int]:
        """No write is made, and everything is on disk; gives the number of the last one."""
        with self._lock:
            self.flush()
            yield self.ledger.last

    def flush(self) -> None:
        """Have the stores put everything on disk; the ledger keeps nothing of it any more."""
        with self._lock:
            for standing in self._standings.values():
                standing.flush()

    def _apply(self, draft: Draft, intent: Intent, facts: Facts | None, sequence: int) -> None:
        catalog = self._catalogs[intent.dataset]
        outdated, renewed = catalog.renewal(entries_of(draft, catalog, self.graph(intent.graphs[0]), facts), sequence)
        removed, added = {*draft.removed, *outdated}, {*draft.added, *renewed}
        self._standings[intent.dataset].prepare(sequence, removed - added, added)
        with self._making(intent.dataset, sequence):
            put(self._stores[intent.dataset], removed - added, added, alone=catalog.is_number(removed))

    def _acknowledged(self, draft: Draft, dataset: Dataset, sequence: int, content_hash: str = "") -> Commit:
        """What a store has taken counts once it is on disk, here or there."""
        self._held = sequence if dataset is Dataset.PUBLIC else self._held
        tally = self._standings[dataset].settle()
        public = draft.touched if dataset is Dataset.PUBLIC else frozenset[Iri]()
        turns = turns_of(draft, public, self._stores[dataset], self.base)
        self.ledger.acknowledge(sequence, draft.changed, public, content_hash=content_hash, tally=tally, turns=turns)
        return Commit(sequence, draft.changed, draft.touched)

    @contextmanager
    def _making(self, dataset: Dataset, sequence: int) -> Iterator[None]:
        """Around what changes a store: an error leaves the outcome in doubt."""
        catalog = self._catalogs[dataset]
        try:
            yield
        except BaseException:
            self._in_doubt = True
            with suppress(Unavailable):  # a store that cannot be asked now is asked before the next write
                if catalog.sequence != sequence:
                    self.ledger.abandon(sequence)
                    self._in_doubt = False
            raise

    def _replacement(self, name: str, triples: Iterable[ox.Triple], dataset: Dataset) -> Draft:
        return replacement(self._stores[dataset], self.overlay, self.graph(name), triples)

    def _recover(self) -> None:
        recover(self._stores, self._catalogs, self.ledger)
        self._held = self._catalogs[Dataset.PUBLIC].sequence
        self._in_doubt = False

    def _settle(self, dataset: Dataset) -> None:
        """Find out what became of a write whose outcome a store left open, and of what others wrote to it."""
        held, acknowledged = self._catalogs[dataset].sequence, self.ledger.last_of(dataset)
        if acknowledged > held:
            message = f"Write {acknowledged} was acknowledged, and the graph store ends with {held}"
            raise ChangedOutside(message, remedy="Stop this service, and put the store's newest copy back.")
        if self._in_doubt or held > acknowledged:
            self._recover()
