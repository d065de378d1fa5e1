"""The search side of the services: the index and the encoder, opened when first needed or in the background."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread

import structlog

from api.encoding import deferred, open_encoder, vector_cache
from api.former import former_model, source_of
from api.settings import Settings
from graph.store import GraphStore
from ingest.ledger import Ledger
from language.encoder import Encoder
from language.model import Model, find_model
from ontology.errors import KesherError, NotReady
from ontology.kinds import Iri
from search.engine import SearchEngine
from search.engines import generations
from search.index import VectorIndex
from search.indexing import Progress, disagreements, silent
from search.live import LOOSE, LiveIndex
from search.recommend import Recommender

log = structlog.get_logger("kesher.search")


class Searching:
    """The index of one data folder, kept true to its graph.

    The encoder takes seconds to load. A command waits for it where it needs it; a server calls `start` and compares
    only words until it is there.

    Args:
        settings: Which model, and where the index is.
        folder: Folder of the indexes, one below it for each model.
        graph: The public dataset.
        ledger: Tells what changed.
        encoder: Makes the encoder; None: the model of the settings, which is verified at once.

    Raises:
        Misconfigured: there is no such model here.
        ModelMismatch: its weights are not those that were pinned.
    """

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        graph: GraphStore,
        ledger: Ledger,
        encoder: Callable[[], Encoder] | None = None,
    ) -> None:
        self._settings = settings
        self._graph = graph
        self._ledger = ledger
        self._cache = vector_cache(settings.data)
        self._model = None if encoder else find_model(settings.model)
        self._encoder_of: Callable[[Model], Encoder] = lambda model: open_encoder(model, settings.data, self._cache)
        self._make = encoder or (lambda: self._encoder_of(find_model(settings.model)))
        self._encoder: Encoder | None = None
        self._former: Encoder | None = None  # of the index that serves, while that of the model above is made
        self._engine: SearchEngine | None = None
        self._recommender: Recommender | None = None
        self._background = False
        self._waiting, self._following = Lock(), Lock()
        self._read = 0  # number of the last write whose names and links were read
        self._failure: KesherError | None = None
        kept = generations(folder, settings.index, settings.qdrant_url)
        self.live = LiveIndex(kept, graph, ledger, self._swapped, self._cache.forget)
        self._opening = self.live.opening  # one lock for both: an engine and its index change together

    def start(self) -> None:
        """Open the index, then load the encoder and bring the index up in a thread of its own."""
        _ = self.engine
        self._background = True
        Thread(target=self._start, name="kesher-encoder", daemon=True).start()

    @property
    def index(self) -> VectorIndex:
        """The index, opened on first use. Who asks more than once asks one `engine`: another may take its place."""
        with self._opening:
            return self.live.open(self._named_encoder(), source_of(self._settings.model))

    @property
    def engine(self) -> SearchEngine:
        """What searches the index; compares only words until the encoder is loaded."""
        with self._opening:
            if self._engine is None:
                self._read = self._ledger.last
                held = self._encoder if self._encoder and self._encoder.name == self.index.name else self._former
                self._engine = SearchEngine(self._graph, self.index, held, self._settings.base_iri, self._settings.data)
            return self._engine

    @property
    def recommender(self) -> Recommender:
        """What recommends tools; needs no encoder."""
        with self._opening:
            if self._recommender is None:
                self._recommender = Recommender(self._graph, lambda: self.engine.labels, self._settings.base_iri)
            return self._recommender

    @property
    def watermark(self) -> int:
        """Last write that is wholly in the index."""
        return self.index.watermark

    def with_meaning(self) -> SearchEngine:
        """An engine that has its encoder, for what words cannot answer. A command waits for it, and for the index.

        Raises:
            NotReady: this is a server, and its encoder is still loading, could not be loaded, or has no index yet.
        """
        if not self._background:
            self.load()
            self.catch_up()
        if self._at_hand is None:
            raise NotReady(f"Meaning cannot be compared: {self.waiting()['encoder']}.", remedy="Try again in a minute.")
        return self.engine

    def catch_up(self, progress: Progress = silent) -> int:
        """Index what was written since the last time; says how many passages were encoded.

        A command that finds the index of another model, or of another engine, makes one of its own first.
        """
        _ = self.index
        if not self._background and not self._fits():
            return self.rebuild(progress)
        encoded = self.live.catch_up(self._named_encoder() if self._fits() else self._former, progress)
        self._refresh()
        return encoded

    def follow(self) -> None:
        """Show an acknowledged write at once, and index it if the encoder is there; else that is done when it is."""
        self._refresh()
        if self._encoder is None:
            return
        try:
            self.catch_up()
        except KesherError as error:
            log.warning("the index is behind", reason=error.message)
        if self._background:
            Thread(target=self._optimise_if_due, name="kesher-order", daemon=True).start()

    def follow_soon(self) -> None:
        """`follow`, for writes that come fast: while one call waits for another to end, others have no need to."""
        if not self._waiting.acquire(blocking=False):
            return
        with self._following:
            self._waiting.release()
            self.follow()

    def rebuild(self, progress: Progress = silent) -> int:
        """Make another index from the graph and put it in this one's place; says how many passages were encoded."""
        encoded = self.live.renew(self.load(), source_of(self._settings.model), progress)
        self._refresh()
        return encoded

    def optimise(self) -> bool:
        """Put a copy of the index into order and that in its place; False where there was nothing to do."""
        _ = self.index
        return self.live.optimise(self._named_encoder())

    def disagreements(self) -> list[str]:
        """What `disagreements` says of this index."""
        return disagreements(self._graph, self.index)

    def waiting(self) -> dict[str, str]:
        """What cannot serve yet, or not wholly, with the reason."""
        if self._failure is not None:
            return {"encoder": self._failure.message}
        if self._at_hand is None:
            return {"encoder": f"{self._missing()}; searches compare only words"}
        if (behind := self._ledger.last - self.watermark) > 0:
            return {"index": f"the index is {behind} writes behind"}
        return {}

    @property
    def _at_hand(self) -> Encoder | None:
        """What encodes queries now."""
        return self._engine.encoder if self._engine else self._encoder

    def _missing(self) -> str:
        """Why there is no encoder for the index that serves."""
        if self._encoder is None or self._fits():
            return "the model is still loading"
        return f"the index for {self._encoder.name} is being made, and {self.index.name}, the former model, is not here"

    def close(self) -> None:
        """Let go of the index; what is being encoded is left for the next time."""
        self.live.close()
        self._cache.close()

    def _refresh(self) -> None:
        """Read names and links again where something was written since the last time."""
        with self._opening:
            engine, last = self.engine, self._ledger.last
            if changes := list(self._ledger.changes_since(self._read)):
                touched = [it.iris for it in changes if it.iris is not None]
                known = len(touched) == len(changes)
                engine.refresh(frozenset[Iri]().union(*touched) if known else None)
                self.recommender.refresh()
                self._read = last

    def _start(self) -> None:
        try:
            if former := former_model(self.live.generation, self._named_encoder().name):
                self._former = self.engine.encoder = self._encoder_of(former)
            self.load()
            self.catch_up()
            if not self._fits():
                self.rebuild()
            self._optimise_if_due()
        except KesherError as error:
            self._failure = error
            log.warning("search cannot start", reason=error.message, remedy=error.remedy)

    def _optimise_if_due(self) -> None:
        """Give the index its order where so much has come since the last time that searches feel it."""
        try:
            self.live.optimise(self._named_encoder(), LOOSE)
        except KesherError as error:
            log.warning("the index stays as it is", reason=error.message)

    def _fits(self) -> bool:
        """Is the index that serves one of the model and the engine of the settings?"""
        return self.live.fits(self._named_encoder())

    def _swapped(self, index: VectorIndex, encoder: Encoder) -> None:
        """Another index takes the place: from now on, searches begin with it."""
        with self._opening:
            self._former = None
            if self._engine is not None:
                self._engine = self._engine.over(index, encoder)

    def load(self) -> Encoder:
        """The encoder; the first call takes seconds."""
        encoder = self._encoder or self._make()  # outside the lock: it takes seconds, and words can be searched
        with self._opening:
            self._encoder = self._encoder or encoder
            if self._engine is not None and self._engine.model == self._encoder.name:
                self._engine.encoder = self._encoder
            return self._encoder

    def _named_encoder(self) -> Encoder:
        """The encoder, where possible without loading it."""
        return deferred(self._model, self.load) if self._encoder is None and self._model else self.load()
