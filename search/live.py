"""The index that is searched now: kept true to the graph, and replaced by another while it is searched.

Whatever replaces it (another model's index, one made anew, an optimised copy) is built beside it. Meanwhile writes go
on into the one that is searched; those that the new one lacks are put into it before it takes the place, and then
nothing is written until it has: no write is lost, and no search finds an index that is not whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Lock, RLock
from typing import Protocol, cast

import structlog

from graph.store import GraphStore
from language.encoder import Encoder
from ontology.errors import FolderDamaged, NotReady, Unavailable
from ontology.model import Change
from search.generations import Generation, Generations
from search.index import Optimisable, VectorIndex
from search.indexing import Forget, Indexer, Progress, silent
from search.optimising import optimise_apart

#: Points with a vector that are compared one by one before a server puts a copy into order by itself.
LOOSE = 20_000
#: Writes that a new index may lack when it takes the place: they are put into it while other writes wait.
_FEW = 3

log = structlog.get_logger("kesher.search")


class Journal(Protocol):
    """What was written, in order: the ledger."""

    @property
    def last(self) -> int:
        """Number of the last write."""

    def changes_since(self, sequence: int) -> Iterator[Change]:
        """What later writes touched."""


class LiveIndex:
    """The current index of a service.

    Args:
        generations: Where indexes are.
        graph: What is indexed.
        journal: What changed in it.
        swapped: Told of a new index and the encoder of its vectors at the moment when it takes the place.

    Attributes:
        opening: Held while the index is opened or another takes its place; whoever holds it sees no change.
    """

    def __init__(
        self,
        generations: Generations,
        graph: GraphStore,
        journal: Journal,
        swapped: Callable[[VectorIndex, Encoder], None],
        forget: Forget = lambda _keys: None,
    ) -> None:
        self.opening = RLock()  # short: opening the index, putting another in its place
        self._generations = generations
        self._graph = graph
        self._journal = journal
        self._swapped = swapped
        self._forget = forget
        self._index: VectorIndex | None = None
        self._closed = False
        self._writing = RLock()  # long: encoding; readers do not wait for it
        self._replacing = Lock()  # longer: building another index; writers do not wait for it

    def open(self, encoder: Encoder, source: str = "") -> VectorIndex:
        """The current index, opened on first use; where there is none, a new one for this encoder.

        Args:
            encoder: Only its name and the length of its vectors are asked for.
            source: Where the encoder is found again.

        Raises:
            FolderDamaged: it cannot be opened; `renew` makes another.
        """
        with self.opening:
            if self._index is None:
                generation = self._generations.current
                if generation is None:
                    generation = self._generations.begin(encoder.name, encoder.dimension, source)
                    self._generations.adopt(generation)
                self._index = self._generations.open(generation)
                self._sweep()
            return self._index

    @property
    def generation(self) -> Generation | None:
        """What is current; None: nothing that can be used here. Raises FolderDamaged where that cannot be told."""
        return self._generations.current

    def fits(self, encoder: Encoder) -> bool:
        """Is the current index of this model and of the chosen engine? Where there is none, the first one will be."""
        found = self.generation
        wanted = (encoder.name, encoder.dimension, self._generations.chosen)
        return found is None or (found.model, found.dimension, found.engine) == wanted

    def catch_up(self, encoder: Encoder | None, progress: Progress) -> int:
        """Index what was written since the last time (see `Indexer`); says how many passages were encoded."""
        with self._writing:
            if self._closed or self._index is None:
                return 0
            follower = Indexer(self._graph, self._index, encoder, self._forget)
            return follower.catch_up(self._journal.changes_since(self._index.watermark), self._unless_closed(progress))

    def renew(self, encoder: Encoder, source: str, progress: Progress) -> int:
        """Make another index from the graph alone and put it in the place of the current one, damaged or not.

        Returns:
            How many passages were encoded.
        """
        with self._replacing:
            made = self._generations.begin(encoder.name, encoder.dimension, source)
            watermark = self._journal.last  # what the graph holds at least when it is read
            return self._replace(
                made,
                encoder,
                lambda it: it.fill(watermark, self._unless_closed(progress)),
                self._unless_closed(progress),
            )

    def optimise(self, encoder: Encoder, least: int = 1) -> bool:
        """Put a copy into order, and that in the place of the current index.

        Args:
            encoder: Of the settings.
            least: Nothing is done where fewer points than these are compared one by one.

        Returns:
            Whether it was done; it is not either where the index is of another model or engine, or needs no order.
        """
        if not self._replacing.acquire(blocking=False):
            return False  # another index is being built
        try:
            current, index = self.generation, cast("object", self._index)
            if current is None or not isinstance(index, Optimisable) or not self.fits(encoder) or index.loose < least:
                return False
            made = self._ordered_copy(current, index)
            self._replace(made, encoder, lambda _: 0, self._unless_closed())
            return True
        finally:
            self._replacing.release()

    def _ordered_copy(self, current: Generation, index: Optimisable) -> Generation:
        made = self._generations.begin(current.model, current.dimension, current.source)
        folder = self._generations.folder_of(made)
        try:
            with self._writing:
                index.copy(folder)
            optimise_apart(folder / "shard", self._expect_open)
        except BaseException:
            self._generations.remove(made)
            raise
        return made

    def _replace(self, made: Generation, encoder: Encoder, fill: Callable[[Indexer], int], progress: Progress) -> int:
        index = self._generations.open(made)
        follower = Indexer(self._graph, index, encoder, self._forget)
        try:
            encoded = fill(follower)
            while self._journal.last - index.watermark > _FEW:
                encoded += follower.catch_up(self._journal.changes_since(index.watermark), progress)
            with self._writing:
                encoded += follower.catch_up(self._journal.changes_since(index.watermark), progress)
                self._expect_open()
                self._swap(made, index, encoder)
        except BaseException:
            index.close()
            self._generations.remove(made)
            raise
        return encoded

    def _swap(self, made: Generation, index: VectorIndex, encoder: Encoder) -> None:
        with self.opening:
            self._generations.adopt(made)
            former, self._index = self._index, index
            self._swapped(index, encoder)
        if former is not None:
            former.retire()
        else:
            self._sweep()

    def _sweep(self) -> None:
        try:
            self._generations.sweep()
        except (Unavailable, FolderDamaged) as error:
            log.warning("what is left of former indexes stays until the next start", reason=error.message)

    def _unless_closed(self, progress: Progress = silent) -> Progress:
        """This progress, which ends the work when the service closes."""

        def told(done: int, total: int) -> None:
            self._expect_open()
            progress(done, total)

        return told

    def _expect_open(self) -> None:
        if self._closed:
            raise NotReady("Kesher is closing.")

    def close(self) -> None:
        """Let go of the index; what is being encoded or built is left for the next time."""
        self._closed = True
        with self._replacing, self._writing, self.opening:
            if self._index is not None:
                self._index.close()
