"""The search side of the services: the index and the encoder, opened when first needed or in the background."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Lock, RLock, Thread

import structlog

from api.encoding import DeferredEncoder, dimension_of, open_encoder, vector_cache
from api.settings import Settings
from graph.store import GraphStore
from ingest.ledger import Ledger
from language.encoder import Encoder
from language.model import find_model
from ontology.errors import FolderDamaged, KesherError, ModelMismatch, NotReady
from ontology.kinds import Iri, slug_of
from search.edge import EdgeIndex
from search.engine import SearchEngine
from search.entities import read_entities
from search.index import VectorIndex
from search.indexing import Indexer
from search.passages import passages
from search.recommend import Recommender

Progress = Callable[[int, int], None]

log = structlog.get_logger("kesher.search")


def silent(_done: int, _total: int) -> None:
    """No progress is shown."""


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
        self._folder = folder
        self._graph = graph
        self._ledger = ledger
        self._cache = vector_cache(settings.data)
        self._model = None if encoder else find_model(settings.model)
        self._make = encoder or self._open_encoder
        self._encoder: Encoder | None = None
        self._index: VectorIndex | None = None
        self._engine: SearchEngine | None = None
        self._recommender: Recommender | None = None
        self._background = False
        self._read = 0  # number of the last write whose names and links were read
        self._failure: KesherError | None = None
        self._closed = False
        self._opening = RLock()  # short: opening the index, taking the encoder
        self._waiting, self._following = Lock(), Lock()
        self._writing = RLock()  # long: encoding; readers do not wait for it

    def start(self) -> None:
        """Open the index, then load the encoder and bring the index up in a thread of its own."""
        _ = self.engine
        self._background = True
        Thread(target=self._start, name="kesher-encoder", daemon=True).start()

    @property
    def index(self) -> VectorIndex:
        """The index, opened on first use."""
        with self._opening:
            if self._index is None:
                self._index = self._open()
            return self._index

    @property
    def engine(self) -> SearchEngine:
        """What searches the index; compares only words until the encoder is loaded."""
        with self._opening:
            if self._engine is None:
                self._read = self._ledger.last
                self._engine = SearchEngine(self._graph, self.index, self._encoder, self._settings.base_iri)
            return self._engine

    @property
    def recommender(self) -> Recommender:
        """What recommends tools; needs no encoder."""
        with self._opening:
            if self._recommender is None:
                base, engine = self._settings.base_iri, self.engine
                self._recommender = Recommender(self._graph, lambda: engine.labels, base)
            return self._recommender

    @property
    def watermark(self) -> int:
        """Last write that is wholly in the index."""
        return self.index.watermark

    def with_meaning(self) -> Encoder:
        """The encoder, for what words alone cannot answer. A command waits here for it, and for the index.

        Raises:
            NotReady: this is a server, and its encoder is still loading or could not be loaded.
        """
        if self._background and self._encoder is None:
            raise NotReady(f"Meaning cannot be compared: {self.waiting()['encoder']}.", remedy="Try again in a minute.")
        encoder = self.load()
        if not self._background:
            self.catch_up()
        return encoder

    def catch_up(self, progress: Progress = silent) -> int:
        """Index what was written since the last time; says how many passages were encoded."""
        with self._writing:
            if self._closed:
                return 0
            changes = list(self._ledger.changes_since(self.watermark))
            encoded = Indexer(self._graph, self.index, self._named_encoder(), self._cache.forget).catch_up(
                changes, progress
            )
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

    def follow_soon(self) -> None:
        """`follow`, for writes that come fast: while one call waits for another to end, others have no need to."""
        if not self._waiting.acquire(blocking=False):
            return
        with self._following:
            self._waiting.release()
            self.follow()

    def rebuild(self, progress: Progress = silent) -> int:
        """Encode everything again, into a new index where the present one is damaged; says how many passages."""
        encoder = self._named_encoder()
        with self._writing:
            try:
                index = self.index
            except (FolderDamaged, ModelMismatch):
                shutil.rmtree(self._folder / slug_of(encoder.name), ignore_errors=True)
                index = self.index
            return Indexer(self._graph, index, encoder, self._cache.forget).rebuild(self._ledger.last, progress)

    def disagreements(self) -> list[str]:
        """What is in the index but should not be, or the other way round; one sentence each."""
        entities, model = read_entities(self._graph), self.index.name
        wanted = {it.id: it.text_hash for entity in entities for it in passages(entity, model)}
        present = self.index.hashes()
        counts = {
            "missing from the index": len(wanted.keys() - present.keys()),
            "in it for nothing": len(present.keys() - wanted.keys()),
            "outdated in it": sum(present.get(it, text) != text for it, text in wanted.items()),
        }
        return [f"{count} passages are {what}." for what, count in counts.items() if count]

    def waiting(self) -> dict[str, str]:
        """What cannot serve yet, or not wholly, with the reason."""
        if self._failure is not None:
            return {"encoder": self._failure.message}
        if self._encoder is None:
            return {"encoder": "the model is still loading; searches compare only words"}
        if (behind := self._ledger.last - self.watermark) > 0:
            return {"index": f"the index is {behind} writes behind"}
        return {}

    def close(self) -> None:
        """Let go of the index; what is being encoded is left for the next time."""
        self._closed = True
        with self._writing, self._opening:
            if self._index is not None:
                self._index.close()
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
            self.load()
            self.catch_up(self._unless_closed)
        except KesherError as error:
            self._failure = error
            log.warning("search cannot start", reason=error.message, remedy=error.remedy)

    def _unless_closed(self, _done: int, _total: int) -> None:
        if self._closed:
            raise NotReady("Kesher is closing.")

    def load(self) -> Encoder:
        """The encoder; the first call takes seconds."""
        encoder = self._encoder or self._make()  # outside the lock: it takes seconds, and words can be searched
        with self._opening:
            self._encoder = self._encoder or encoder
            if self._engine is not None:
                self._engine.encoder = self._encoder
            return self._encoder

    def _open(self) -> VectorIndex:
        encoder = self._named_encoder()
        if self._settings.qdrant_url:
            from search.cluster import ClusterIndex  # noqa: PLC0415 - its library takes longer to import than all else

            return ClusterIndex(self._settings.qdrant_url, encoder.name, encoder.dimension)
        return EdgeIndex(self._folder / slug_of(encoder.name), encoder.name, encoder.dimension)

    def _open_encoder(self) -> Encoder:
        return open_encoder(self._model or find_model(self._settings.model), self._settings.data, self._cache)

    def _named_encoder(self) -> Encoder:
        """The encoder, where possible without loading it."""
        if self._encoder is None and self._model is not None and (dimension := dimension_of(self._model)) is not None:
            return DeferredEncoder(self._model, dimension, self.load)
        return self.load()
