"""The composition root: everything a command or the server works with, opened in order and closed in reverse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from threading import RLock

from api.agreement import Agreement
from api.graphs import PublicGraph, naming, open_door, open_graph, waiting_graph
from api.intake import Intake
from api.jobs.book import JobBook
from api.jobs.queue import Bounds, JobQueue
from api.jobs.running import Work
from api.jobs.spool import Spool
from api.publishing.publisher import Publisher
from api.saved import SavedQueries
from api.searching import Searching
from api.settings import Settings
from api.tokens import TokenStore
from graph.cage import CageLimits
from graph.closing import Opening, noted
from graph.embedded import EmbeddedGraph
from graph.explaining import Explainer
from graph.folder import DataFolder
from graph.query import QueryDoor
from graph.snapshots import Snapshots
from graph.vector_files import VectorFiles
from ingest.desk import Desk
from ingest.ledger import Ledger
from ingest.starter import load_schema
from ingest.writer import Writer
from language.encoder import Encoder
from ontology.errors import BadInput
from ontology.kinds import Iri
from search.connecting import Connector
from search.demand import DemandSignals


@dataclass
class Services(Intake):
    """What the routes and the commands call.

    Attributes:
        graph: The public dataset.
        private: The private dataset; only for readers with the scope for it.
        agreement: Whether ledger and graphs agree.
        search: The index and what searches it; may still be starting.
        saved: The queries that people gave an address.
        demand: What was asked for in vain.
        connector: What connects practice and research.
        vector_files: The vectors of entities, for query workers.
    """

    settings: Settings
    folder: DataFolder
    graph: PublicGraph
    private: EmbeddedGraph
    ledger: Ledger
    writer: Writer
    agreement: Agreement
    search: Searching
    tokens: TokenStore
    saved: SavedQueries
    vector_files: VectorFiles
    resources: ExitStack
    demand: DemandSignals = field(init=False)
    connector: Connector = field(init=False)
    _starting: RLock = field(default_factory=RLock)
    _snapshots: Snapshots | None = None
    _explainer: Explainer | None = None
    _door: QueryDoor | None = None
    _desk: Desk | None = None
    _publisher: Publisher | None = None
    _jobs: JobQueue | None = None

    def __post_init__(self) -> None:
        self.demand = DemandSignals(self.folder.demand)
        self.connector = Connector(self.graph, lambda: self.search.engine, self.settings.base_iri)

    @property
    def agent(self) -> Iri:
        """Who acts where no token says who: this program, at its command line."""
        return Iri(f"{self.settings.base_iri}agent/kesher")

    @property
    def snapshots(self) -> Snapshots:
        """The copies of the public dataset that other processes read."""
        with self._starting:
            if self._snapshots is None:
                self._snapshots = Snapshots(
                    self.graph,
                    self.folder.snapshots,
                    number=lambda: self.writer.held,
                    withdrawn=lambda: self.ledger.withdrawn,
                )
            return self._snapshots

    @property
    def cage(self) -> QueryDoor:
        """Where queries from outside are answered; its processes start when the first one comes."""
        with self._starting:
            if self._door is None:
                door = open_door(self.settings, self.graph, lambda: self.snapshots)
                self._door = self.resources.enter_context(closing(door))
            return self._door

    @property
    def explainer(self) -> Explainer:
        """What tells how queries from outside are answered.

        Raises:
            BadInput: the store is a remote one.
        """
        if self.settings.graph_query_url:
            raise BadInput("How a remote store answers a query cannot be told here.", remedy="Ask that store itself.")
        with self._starting:
            if self._explainer is None:
                self._explainer = Explainer(self.snapshots, self._limits)
            return self._explainer

    @property
    def _limits(self) -> CageLimits:
        return CageLimits(seconds=self.settings.sparql_timeout_s)

    @property
    def desk(self) -> Desk:
        """Where what comes from outside to be written is read; its processes start when the first one comes."""
        with self._starting:
            if self._desk is None:
                self._desk = self.resources.enter_context(
                    Desk(self.folder.updates, seconds=self.settings.sparql_timeout_s)
                )
            return self._desk

    @property
    def publisher(self) -> Publisher:
        """Where the public dataset is counted and written out for those who take it away."""
        with self._starting:
            if self._publisher is None:
                publisher = Publisher(self.graph, self.snapshots, self.folder.dumps, self.settings.base_iri)
                self._publisher = self.resources.enter_context(closing(publisher))
            return self._publisher

    @property
    def jobs(self) -> JobQueue:
        """Where what is sent to be ingested waits and is worked on, once `start` has been called or something comes."""
        with self._starting:
            if self._jobs is None:
                kept = self.settings
                work = Work(self.writer, self.follow, JobBook(self.folder.jobs), kept.max_upload_mb << 20)
                spool = Spool(self.folder.uploads, kept.disk_reserve_mb << 20)
                bounds = Bounds(kept.job_queue, kept.job_queue_client, kept.job_days)
                self._jobs = self.resources.enter_context(closing(JobQueue(work.book, spool, work, bounds)))
            return self._jobs

    def waiting(self) -> dict[str, str]:
        """The parts that cannot serve yet, or not wholly, each with the reason; empty when all is ready."""
        return self.agreement.waiting() | waiting_graph(self.graph) | self.search.waiting()


@contextmanager
def open_services(  # noqa: PLR0913 - keywords, each with a default that suits most callers
    settings: Settings,
    *,
    command: str = "kesher",
    url: str | None = None,
    encoder: Callable[[], Encoder] | None = None,
    background: bool = False,
    tolerant: bool = False,
) -> Iterator[Services]:
    """Open the data folder and everything over it; an empty one gets the schema.

    Args:
        settings: Where things are.
        command: What this process is, for whoever finds the folder in use.
        url: Where this process will answer, for the same.
        encoder: Makes the encoder; None: the model of the settings.
        background: Load the encoder in a thread of its own, for a server that answers meanwhile; else when the
            first call needs it.
        tolerant: Open a folder whose ledger and graphs disagree, too, for who wants to be told in what.

    Raises:
        FolderInUse: another process has the folder open.
        FolderDamaged: ledger and graphs disagree; a server opens, and is not ready.
        Misconfigured: the folder, the model, the remote store or a setting is not as it should be.
    """
    with ExitStack() as stack:
        folder, opening = _folder(settings, command, url, stack)
        graph, private, ledger, writer = _stores(settings, folder, stack)
        agreement = _agreement(writer, opening, stack, background=background, tolerant=tolerant)
        new = load_schema(writer)
        search = stack.enter_context(closing(Searching(settings, folder.index, graph, ledger, encoder)))
        if new:
            search.catch_up()
        if background:
            search.start()
        tokens, saved = TokenStore(folder.tokens, settings.base_iri), SavedQueries(folder.queries)
        vectors = VectorFiles(folder.index / "entity_vectors")  # no model's folder has a low line in its name
        yield Services(
            settings, folder, graph, private, ledger, writer, agreement, search, tokens, saved, vectors, stack
        )


def _folder(settings: Settings, command: str, url: str | None, stack: ExitStack) -> tuple[DataFolder, Opening]:
    """The data folder, held, and how it was found."""
    folder = stack.enter_context(DataFolder(settings.data, command))
    if url:
        folder.announce(url)
    return folder, stack.enter_context(noted(folder.path))


def _stores(
    settings: Settings, folder: DataFolder, stack: ExitStack
) -> tuple[PublicGraph, EmbeddedGraph, Ledger, Writer]:
    """Graphs, ledger and the door to them."""
    graph = stack.enter_context(closing(open_graph(settings, folder)))
    private = stack.enter_context(closing(EmbeddedGraph(folder.private)))
    ledger = stack.enter_context(closing(Ledger(folder.ledger)))
    with naming(graph):
        writer = Writer(graph, private, ledger, settings.base_iri)
    return graph, private, ledger, writer


def _agreement(writer: Writer, opening: Opening, stack: ExitStack, *, background: bool, tolerant: bool) -> Agreement:
    """Whether ledger and graphs agree, looked at as the caller wants; everything goes to disk at the end."""
    stack.callback((agreement := Agreement(writer, opening)).end)
    if background:
        agreement.look_soon()
    elif not tolerant:
        agreement.expect()
    return agreement
