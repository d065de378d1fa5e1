"""The cage: where every query from outside runs, in worker processes that may die without harm.

There is no way to stop a query inside Oxigraph but to end its process. So a few workers, each on an immutable snapshot
and shut off from files and network, answer one query at a time; the cage ends one at the time limit and takes another
from the spares it keeps warm. Workers on an outdated snapshot are retired: a query sees every write that was
acknowledged before it began.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from graph.diagnosis import explain
from graph.frames import Header
from graph.gate import names_dataset
from graph.pool import Pool
from graph.results import Answer, Caps
from graph.snapshots import Snapshots
from graph.vector_files import Comparisons
from ontology.errors import BadInput, KesherError, MalformedQuery, NotAcceptable, Unavailable
from ontology.namespaces import PREFIXES

_REFUSALS: Mapping[str, type[KesherError]] = {it.code: it for it in (BadInput, Unavailable, NotAcceptable)}


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query from outside, with the dataset that its protocol asks for.

    Attributes:
        accept: Media ranges of the answer, as in an Accept header; which formats fit depends on the query's form.
        default_graphs: IRIs of the graphs to query (SPARQL 1.1 Protocol, default-graph-uri).
        named_graphs: IRIs of the graphs that GRAPH may reach (named-graph-uri). With neither, and no FROM in the text,
            the default graph is the union of all graphs. A statement that stands in two of the graphs so joined gives
            two rows without DISTINCT: Oxigraph 0.5 does not merge them (its issue 1919).
        strict: Keep to W3C's dataset instead of that union: without FROM the default graph is the store's own.
        sent: The query as its author wrote it, where `text` is a rewriting of it: errors speak of its lines.
        comparisons: What ks:similarity needs; None where the query does not call it.
    """

    text: str
    accept: str = "*/*"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    strict: bool = False
    sent: str = ""
    comparisons: Comparisons | None = None

    @property
    def dataset(self) -> Header:
        """The dataset as a worker is told it."""
        if self.default_graphs or self.named_graphs:
            return {"default": self.default_graphs, "named": self.named_graphs}
        return {} if self.strict or names_dataset(self.sent or self.text) else {"union": True}


@dataclass(frozen=True, slots=True)
class CageLimits:
    """What one query may use.

    Attributes:
        seconds: Wall-clock time.
        memory: Bytes beyond what an open worker has.
        caps: Size of an answer; what is more is cut, and said to be.
        patience: Seconds to wait for a free worker.
    """

    seconds: float = 10.0
    memory: int = 1 << 30
    caps: Caps = field(default_factory=Caps)
    patience: float = 5.0


class Cage:
    """Answers queries from outside. Safe to share between threads; `run` blocks the calling one.

    Args:
        snapshots: Where the workers' copies of the graph come from.
        limits: What one query may use.
        workers: How many queries may run at once.
        spares: How many processes are kept warm beside them.
    """

    def __init__(
        self, snapshots: Snapshots, limits: CageLimits | None = None, *, workers: int = 2, spares: int = 1
    ) -> None:
        self._limits = limits or CageLimits()
        self._pool = Pool(snapshots, prefixes=PREFIXES, memory=self._limits.memory, workers=workers, spares=spares)

    def run(self, request: QueryRequest) -> Answer:
        """Answer a query. It should have passed the gate, but need not have.

        Raises:
            MalformedQuery: it does not parse.
            NotAcceptable: its answer cannot be written as the request accepts.
            BadInput: it calls an unknown function, or names a graph by what is no IRI.
            QueryTimeout, QueryMemoryLimit, QueryTooComplex: it was stopped at a limit.
            NoWorker: all workers stayed busy.
        """
        seconds = self._limits.seconds
        question = {
            "query": request.text,
            "accept": request.accept,
            "dataset": request.dataset,
            "caps": self._limits.caps._asdict(),
        }
        if request.comparisons:
            question["similarity"] = request.comparisons.described()
        with self._pool.lend(self._limits.patience) as worker:
            reply, body = worker.query(question, seconds)
            if reply.get("error") == MalformedQuery.code:
                raise explain(request.sent or request.text, lambda text: worker.parse(text, seconds), PREFIXES)
        if "error" in reply:
            raise _REFUSALS[reply["error"]](reply["message"], remedy=reply["remedy"])
        return Answer(reply["media_type"], body, reply["truncated"])

    def close(self) -> None:
        """End the workers."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
