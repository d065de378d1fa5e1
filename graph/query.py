"""A query from outside and its answer: the port that the cage fulfils for the embedded store, and others for theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Protocol, Self

from graph.results import Answer
from graph.vector_files import Comparisons
from graph.waiting import Gone


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
        base: What relative IRIs are resolved against; "": there are none.
        snapshot: Number of the snapshot to ask; None: the graph as it is when the query begins.
        gzip: Whether the body may come compressed.
        sent: The query as its author wrote it, where the gate has read it already and `text` is what came of it: errors
            speak of its lines.
        comparisons: What ks:similarity needs; None where the query does not call it.
    """

    text: str
    accept: str = "*/*"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    strict: bool = False
    base: str = ""
    snapshot: int | None = None
    gzip: bool = False
    sent: str = ""
    comparisons: Comparisons | None = None


#: What is read at once of an answer that waits in a file.
_PART = 1 << 18


@dataclass(frozen=True, slots=True)
class Stream:
    """A whole answer that is passed on in parts; to be closed in the end, as by `with`.

    Attributes:
        answer: Its body is the first part, which for most answers is all.
        length: Bytes of the whole body.
        rest: What comes after the first part, at its beginning; None where nothing does.
    """

    answer: Answer
    length: int
    rest: IO[bytes] | None = None

    def parts(self) -> Iterator[bytes]:
        """The parts after the first, once."""
        while self.rest and (part := self.rest.read(_PART)):
            yield part

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.rest:
            self.rest.close()


class QueryDoor(Protocol):
    """Answers queries from outside. Safe to share between threads and event loops."""

    def run(self, request: QueryRequest) -> Answer:
        """Answer a query; blocks the calling thread until the answer is whole.

        Raises:
            MalformedQuery: it does not parse.
            ForbiddenQuery, QueryTooComplex: the gate refuses it.
            NotAcceptable: its answer cannot be written as the request accepts.
            BadInput: it calls an unknown function, or names a graph by what is no IRI.
            QueryTimeout, QueryMemoryLimit, QueryTooComplex: it was stopped at a limit.
            UnknownSnapshot: the snapshot that it names is not kept.
            NoWorker, Unavailable: nobody can answer it now.
        """

    async def stream(self, request: QueryRequest, gone: Gone) -> Stream:
        """Answer a query in an event loop, which is never blocked for more than a moment.

        Args:
            request: The query.
            gone: Returns when whoever asked has gone; the query is then stopped.

        Raises:
            HungUp: whoever asked has gone.
            KesherError: as for `run`.
        """

    def close(self) -> None:
        """Let go of everything."""
