"""The door for queries from outside where the graph is in a remote store: the store answers, and is not believed.

What comes back is read under a deadline and a cap of bytes, parsed to its end, and written anew in the format that the
asker accepts, cut where the cage would cut it. What the store sent never leaves here as it came.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from graph import gate
from graph.lexer import NOTHING, tokens
from graph.query import QueryRequest, Stream
from graph.remote.dialect import Dialect
from graph.remote.endpoint import Endpoint, Pairs, moved
from graph.remote.exchange import Allowance, Reply
from graph.remote.received import GRAPHS as ASKED_GRAPHS
from graph.remote.received import TABLE, broken, cut_by_itself, opened, shed, whole_rows
from graph.results import GRAPHS, Answer, negotiate, write, write_graph
from graph.tables import Caps
from graph.turns import Turns
from graph.waiting import Gone, HungUp
from ontology.errors import BadInput, KesherError, MalformedQuery, NotAcceptable, NoWorker
from ontology.namespaces import KS, PREFIXES

_GRACE_S = 1.0
_ACCEPT = ", ".join(
    (TABLE, *(f"{media_type};q=0.{9 - place}" for place, media_type in enumerate(ASKED_GRAPHS)))
)  # the query's form decides which it is
_SIMILARITY = {f"<{KS}similarity>", "ks:similarity"}


@dataclass(frozen=True, slots=True)
class RemoteLimits:
    """What one query may use.

    Attributes:
        seconds: Wall-clock time. The store should have a limit of its own, not above this: we wait a second longer, so
            that its own word comes first.
        caps: Size of an answer; what is more is cut, and said to be.
        together: How many queries may be with the store at once.
        patience: Seconds to wait for a turn.
    """

    seconds: float = 10.0
    caps: Caps = field(default_factory=Caps)
    together: int = 2
    patience: float = 5.0

    @property
    def most(self) -> int:
        """Bytes of an answer that are read: JSON is the longest of the formats, but not four times any other."""
        return 4 * self.caps.bytes + 65_536


class RemoteQueries:
    """Answers queries from outside at an endpoint; implements `graph.query.QueryDoor`.

    Args:
        endpoint: Where they are answered, over connections that nothing else needs; closed with this door.
        dialect: How this store is asked for the union of its graphs.
        limits: What one query may use.
        prefixes: Those that need no declaration.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        dialect: Dialect,
        limits: RemoteLimits | None = None,
        prefixes: Mapping[str, str] = PREFIXES,
    ) -> None:
        self._endpoint = endpoint
        self._dialect = dialect
        self._limits = limits or RemoteLimits()
        self._prefixes = prefixes
        self._turns = Turns(self._limits.together)
        self._threads = ThreadPoolExecutor(self._limits.together, "kesher-remote-query")

    def run(self, request: QueryRequest) -> Answer:
        """As in the port.

        Raises:
            MalformedQuery, BadInput: the store cannot read it, or refuses it; in its words.
            NotAcceptable: its answer cannot be written as the request accepts.
            QueryTimeout: it was stopped, by the store or by us.
            NoWorker: others were asking all the time.
            RemoteStoreFailed: the store does not answer, or with what is no whole answer.
        """
        turn = self._turns.take()
        try:
            turn.result(self._limits.patience)
            return self._evaluate(request)
        except TimeoutError:
            raise _busy() from None
        finally:
            self._end(turn)

    async def stream(self, request: QueryRequest, gone: Gone) -> Stream:
        """As in the port; the answer comes whole. One that nobody waits for any more ends at its deadline."""
        turn = self._turns.take()
        working: Future[Answer] | None = None
        try:
            if not turn.done():
                await asyncio.wait_for(asyncio.wrap_future(turn), self._limits.patience)
            working = self._threads.submit(self._evaluate, request)
            working.add_done_callback(lambda _: self._end(turn))
        except TimeoutError:
            raise _busy() from None
        finally:
            if working is None:
                self._end(turn)
        answer = await _unless(gone, working)
        return Stream(answer, len(answer.body))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._endpoint.close()

    def _end(self, turn: Future[None]) -> None:
        if not turn.cancel():  # one that was still waited for is only given up
            self._turns.give()

    def _evaluate(self, request: QueryRequest) -> Answer:
        if request.snapshot is not None:
            raise BadInput("The graph store of this service keeps no snapshots.", remedy="Ask without `snapshot`.")
        if not request.sent:
            gate.check(request.text)
        _refuse_similarity(request.text)
        try:
            return self._answer(self._ask(request), request.accept)
        except KesherError as error:
            raise shed(error) from None

    def _ask(self, request: QueryRequest) -> Reply:
        used = [it for it in self._prefixes.items() if f"{it[0]}:" in request.text]
        base = [f"BASE <{_iri(request.base)}>"] if request.base else []
        header = " ".join([*base, *(f"PREFIX {name}: <{namespace}>" for name, namespace in used)])
        allowance = Allowance(self._limits.seconds + _GRACE_S, self._limits.most, foreign=True)
        dataset = self._dataset(request)
        try:
            return self._endpoint.query(f"{header}\n{request.text}", _ACCEPT, dataset, allowance)
        except MalformedQuery as error:
            if request.sent:  # its lines are not those that its author sees
                raise BadInput(error.message) from error
            raise moved(error, -1) from error

    def _dataset(self, request: QueryRequest) -> Pairs:
        if request.default_graphs or request.named_graphs:
            parts = {"default-graph-uri": request.default_graphs, "named-graph-uri": request.named_graphs}
            return [(name, _iri(iri)) for name, iris in parts.items() for iri in iris]
        return () if request.strict or gate.names_dataset(request.text) else self._dialect.union()

    def _answer(self, reply: Reply, accept: str) -> Answer:
        try:
            answer = _written(whole_rows(reply), accept, self._limits.caps, self._prefixes)
        except SyntaxError as error:
            raise broken(reply, error) from error
        left_out = "bytes" if reply.cut else cut_by_itself(reply)
        return answer._replace(truncated=answer.truncated or left_out)


def _written(reply: Reply, accept: str, caps: Caps, prefixes: Mapping[str, str]) -> Answer:
    found = opened(reply)
    if isinstance(found, ox.QuerySolutions | ox.QueryBoolean):
        return write(found, accept, caps, prefixes)
    media_type = negotiate(accept, GRAPHS)
    if media_type is None:
        raise NotAcceptable(
            f"This query's answer cannot be written as {accept!r}.", remedy=f"It can be: {', '.join(GRAPHS)}."
        )
    return Answer(media_type, *write_graph(_triples(found, reply), GRAPHS[media_type], caps, prefixes))


def _triples(quads: Iterator[ox.Quad], reply: Reply) -> Iterator[ox.Triple]:
    try:
        for quad in quads:
            yield quad.triple
    except SyntaxError as error:
        if not reply.cut:
            raise broken(reply, error) from error
        # We stopped reading: what came before is a beginning, and the answer is marked as cut.


def _busy() -> NoWorker:
    return NoWorker("As many queries as may be are with the graph store.", remedy="Try again in a moment.")


async def _unless(gone: Gone, working: Future[Answer]) -> Answer:
    """The answer, when it comes.

    Raises:
        HungUp: whoever asked has gone first.
    """
    answer, watch = asyncio.wrap_future(working), asyncio.ensure_future(gone())
    either: set[asyncio.Future[Any]] = {answer, watch}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.add_done_callback(lambda late: late.cancelled() or late.exception())  # nobody else looks at it
            raise HungUp
        return answer.result()
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch


def _iri(iri: str) -> str:
    """An IRI of the request, held to be one before the store sees it."""
    try:
        return ox.NamedNode(iri).value
    except ValueError as error:
        raise BadInput(f"{iri[:200]!r} is no IRI: {error}.") from error


def _refuse_similarity(text: str) -> None:
    """Some stores take an unknown function for one that gives nothing, which would be silently wrong."""
    previous = NOTHING
    for token in tokens(text):
        if token.text == "(" and (previous.text in _SIMILARITY):
            raise BadInput(
                "ks:similarity is computed by the embedded graph store; this service works over a remote one.",
                remedy="Ask SERVICE <urn:kesher:search>, which works over every store.",
            )
        previous = token
