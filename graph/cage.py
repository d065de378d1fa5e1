"""The cage: where every query from outside runs, in worker processes that may die without harm.

There is no way to stop a query inside Oxigraph but to end its process. So a few workers, each on an immutable snapshot
and shut off from files and network, answer one query at a time; the cage ends one at the time limit and takes another
that waits. A query sees every write that was acknowledged before it began, or exactly the snapshot that it names.

An answer is whole, and its worker free again, before its first byte leaves: whatever can go wrong with a query is known
by then, and who reads slowly, or stops, keeps nobody waiting.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, field
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, Self

from graph.frames import Header, Incoming
from graph.gate import GateLimits
from graph.pool import Pool
from graph.process import Worker
from graph.query import QueryRequest, Stream
from graph.refusal import expect_none
from graph.results import Answer
from graph.snapshots import Snapshots
from graph.tables import Caps
from graph.turns import Turns
from graph.waiting import Gone, until_readable
from ontology.errors import KesherError, NoWorker, QueryTimeout
from ontology.namespaces import PREFIXES

#: This much of an answer is held in memory, and as much again of its rest; what is more waits in a file.
_AT_ONCE = 1 << 20
#: Seconds in which the next part of a longer answer must come.
_STALLED_S = 5.0


@dataclass(frozen=True, slots=True)
class CageLimits:
    """What one query may use.

    Attributes:
        seconds: Wall-clock time.
        memory: Bytes beyond what an open worker has.
        caps: Size of an answer; what is more is cut, and said to be.
        patience: Seconds to wait for a free worker.
        gate: What its text may hold; None lets everything through.
    """

    seconds: float = 10.0
    memory: int = 1 << 30
    caps: Caps = field(default_factory=Caps)
    patience: float = 5.0
    gate: GateLimits | None = field(default_factory=GateLimits)

    def told(self) -> Header:
        """The same, as a worker is told when it is opened (see `graph.worker`)."""
        gate = astuple(self.gate) if self.gate else None
        limits = {"seconds": self.seconds, "memory": self.memory, "caps": self.caps, "gate": gate}
        return {"prefixes": dict(PREFIXES), **limits}


class Cage:
    """Answers queries from outside; implements `graph.query.QueryDoor`.

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
        self._turns = Turns(workers)
        self._opening = ThreadPoolExecutor(workers, "query-openings")  # the loop's own may be busy with other things
        self._pool = Pool(snapshots, self._limits.told(), spares=spares, most=workers + spares)

    def run(self, request: QueryRequest) -> Answer:
        with _Loan(self._turns, self._pool) as loan:
            try:
                loan.turn.result(self._limits.patience)
                worker = self._pool.ready(request.snapshot) or self._pool.take(request.snapshot)
                loan.worker = worker
                reply, deadline = self._put(worker, request)
                worker.read_whole(reply, deadline)
            except TimeoutError:
                raise self._too_late(loan) from None
            return _answer(reply, worker)

    async def stream(self, request: QueryRequest, gone: Gone) -> Stream:
        with _Loan(self._turns, self._pool) as loan:
            try:
                if not loan.turn.done():
                    await asyncio.wait_for(asyncio.wrap_future(loan.turn), self._limits.patience)
                worker = self._pool.ready(request.snapshot)
                if worker is None:
                    worker = await self._taken(request.snapshot)
                loan.worker = worker
                reply, deadline = self._put(worker, request)
                while not (reply.whole or len(reply.body) >= _AT_ONCE):
                    await until_readable(worker.fileno(), deadline, gone)
                    worker.read(reply)
                length = reply.missing + len(reply.body)
                answer = _answer(reply, worker)
                rest = None if reply.whole else await _rest(worker, reply, gone)
            except TimeoutError:
                raise self._too_late(loan) from None
            return Stream(answer, length, rest)

    def close(self) -> None:
        """End the workers."""
        self._opening.shutdown()
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _taken(self, version: int | None) -> Worker:
        """A worker from the pool; it goes back there if nobody waits for it any more when it comes."""
        taking = asyncio.get_running_loop().run_in_executor(self._opening, self._pool.take, version)
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            taking.add_done_callback(self._unwanted)
            raise

    def _unwanted(self, taking: asyncio.Future[Worker]) -> None:
        if not (taking.cancelled() or taking.exception()):
            self._pool.give_back(taking.result())

    def _put(self, worker: Worker, request: QueryRequest) -> tuple[Incoming, float]:
        question: Header = {
            "query": request.text,
            "accept": request.accept,
            "gzip": request.gzip,
            "sent": request.sent,
            "similarity": request.comparisons.described() if request.comparisons else None,
            "default": request.default_graphs,
            "named": request.named_graphs,
            "strict": request.strict,
            "base": request.base,
        }
        return worker.put(question), time.monotonic() + self._limits.seconds

    def _too_late(self, loan: _Loan) -> KesherError:
        if loan.worker is None:
            return NoWorker("All query workers are busy.", remedy="Try again in a few seconds.")
        return QueryTimeout(
            f"The query was stopped after {self._limits.seconds:g} s, its time limit.",
            remedy="Make a pattern more specific, or add a LIMIT inside.",
        )


class _Loan:
    """A turn, and the worker that was taken on it."""

    def __init__(self, turns: Turns, pool: Pool) -> None:
        self.turn = turns.take()
        self.worker: Worker | None = None
        self._turns = turns
        self._pool = pool
        self._ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Give both back. Idempotent."""
        if self._ended:
            return
        self._ended = True
        if self.worker:
            self._pool.give_back(self.worker)
        if not self.turn.cancel():  # one that was still waited for is only given up
            self._turns.give()


def _answer(reply: Incoming, worker: Worker) -> Answer:
    head = reply.header or {}
    expect_none(head)
    snapshot = worker.snapshot.version if worker.snapshot else None
    return Answer(head["media_type"], reply.take(), head["truncated"], snapshot, head["gzip"])


async def _rest(worker: Worker, reply: Incoming, gone: Gone) -> IO[bytes]:
    rest = SpooledTemporaryFile(_AT_ONCE)  # noqa: SIM115 - closed by whoever has the Stream
    try:
        while not reply.whole:
            await until_readable(worker.fileno(), time.monotonic() + _STALLED_S, gone)
            worker.read(reply)
            rest.write(reply.take())
    except BaseException:
        rest.close()
        raise
    rest.seek(0)
    return rest
