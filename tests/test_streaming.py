"""Answers in an event loop: large ones in parts, snapshots by number, and clients that go away."""

import asyncio
import json
import os
import signal
import threading
import time
import zlib
from collections.abc import Awaitable, Callable, Iterator

import pyoxigraph as ox
import pytest
import uvloop

from graph.cage import Cage, CageLimits
from graph.embedded import EmbeddedGraph
from graph.frames import Incoming
from graph.process import Worker
from graph.query import QueryRequest, Stream
from graph.snapshots import Snapshots
from graph.tables import Caps
from graph.waiting import Gone, HungUp
from ontology.errors import KesherError, NoWorker, QueryTimeout, UnknownSnapshot
from ontology.namespaces import SKOS

EX = "https://example.org/"
EVERYTHING = "SELECT * { ?s ?p ?o }"
#: 4,096 rows of about 4 kB each.
LARGE = "SELECT * { ?s ?p ?o . ?s2 ?p2 ?o2 }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"


def quad(name: str) -> ox.Quad:
    label = ox.Literal(f"{name} {'x' * 2_000}")
    return ox.Quad(ox.NamedNode(EX + name), ox.NamedNode(SKOS.prefLabel), label, ox.NamedNode(f"{EX}graph"))


@pytest.fixture(scope="module")
def graph(tmp_path_factory) -> Iterator[EmbeddedGraph]:
    store = EmbeddedGraph(tmp_path_factory.mktemp("streaming") / "graph")
    store.apply([], [quad(f"q{number}") for number in range(64)])
    yield store
    store.close()


@pytest.fixture
def cage(graph, tmp_path) -> Iterator[Cage]:
    with Cage(
        Snapshots(graph, tmp_path / "snapshots", number=lambda: graph.version),
        CageLimits(seconds=20, caps=Caps(bytes=40_000_000)),
    ) as it:
        yield it


async def stays() -> None:
    await asyncio.sleep(60)


def streamed(cage: Cage, request: QueryRequest, gone: Gone = stays) -> tuple[Stream, bytes]:
    async def ask() -> tuple[Stream, bytes]:
        with await cage.stream(request, gone) as stream:
            return stream, b"".join([stream.answer.body, *stream.parts()])

    return uvloop.run(ask())  # as the server does


def count(cage: Cage, **asked: object) -> int:
    return int(json.loads(cage.run(QueryRequest(COUNT, **asked)).body)["results"]["bindings"][0]["n"]["value"])


def test_a_large_answer_comes_in_parts_and_whole(cage):
    stream, body = streamed(cage, QueryRequest(LARGE, "text/csv"))
    assert 1 << 20 <= len(stream.answer.body) < 2 << 20, "the first part is all that is ever held at once"
    assert len(body) == stream.length > 16_000_000
    assert body == cage.run(QueryRequest(LARGE, "text/csv")).body


def test_a_worker_is_free_again_once_a_small_answer_is_here(cage):
    async def ask() -> None:
        with await cage.stream(QueryRequest(EVERYTHING), stays) as stream:
            assert stream.length == len(stream.answer.body)
            assert cage._turns.free == 2

    asyncio.run(ask())


def test_a_query_may_be_longer_than_a_pipe_is_wide(graph, tmp_path):
    limits = CageLimits(gate=None)
    with Cage(Snapshots(graph, tmp_path / "snapshots", number=lambda: graph.version), limits, spares=0) as cage:
        for size in (1, 3_000_000, 1_000_000):  # the same worker, whose pipe an event loop has waited for
            stream, _ = streamed(cage, QueryRequest(f"{EVERYTHING} LIMIT 1 # {'x' * size}"))
            assert stream.length > 1_000


def test_an_answer_may_come_compressed(cage):
    stream, body = streamed(cage, QueryRequest(LARGE, gzip=True))
    assert stream.answer.gzip
    assert len(body) == stream.length < 4_000_000
    assert zlib.decompress(body, 31) == cage.run(QueryRequest(LARGE)).body
    small, _ = streamed(cage, QueryRequest("ASK {}", gzip=True))
    assert not small.answer.gzip, "a few bytes are not worth it"


def test_who_goes_away_stops_the_query_and_frees_its_worker(cage):
    async def leaves() -> None:
        await asyncio.sleep(0.05)

    started = time.monotonic()
    with pytest.raises(HungUp):
        streamed(cage, QueryRequest(ENDLESS), leaves)
    assert time.monotonic() - started < 10
    assert cage._turns.free == 2
    assert count(cage) == 64


def test_who_reads_slowly_or_stops_keeps_no_worker(cage):
    async def ask() -> None:
        with await cage.stream(QueryRequest(LARGE), stays) as stream:
            assert cage._turns.free == 2
            for _ in stream.parts():
                break

    asyncio.run(ask())
    assert cage._turns.free == 2
    assert count(cage) == 64


def test_an_answer_that_breaks_off_is_an_error_before_its_first_byte(cage, monkeypatch):
    async def ask() -> None:
        await cage.stream(QueryRequest(LARGE), stays)

    read = Worker.read

    def ends(worker: Worker, reply: Incoming) -> None:
        read(worker, reply)
        if len(reply.body) > 100_000:
            os.kill(worker._process.pid, signal.SIGKILL)

    with monkeypatch.context() as patched:
        patched.setattr(Worker, "read", ends)
        with pytest.raises(KesherError):
            asyncio.run(ask())
    assert cage._turns.free == 2
    assert count(cage) == 64


def test_who_is_stopped_while_a_worker_opens_leaves_none_behind(graph, tmp_path, monkeypatch):
    opened: list[Worker] = []
    into = Worker.open

    def slowly(worker: Worker, *opening: object) -> None:
        into(worker, *opening)
        opened.append(worker)
        time.sleep(0.2)

    async def ask(cage: Cage) -> None:
        asking = asyncio.ensure_future(cage.stream(QueryRequest("ASK {}"), stays))
        while not opened:
            await asyncio.sleep(0.01)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await asyncio.sleep(0.5)
        assert cage._turns.free == 2

    snapshots = Snapshots(graph, tmp_path / "snapshots", number=lambda: graph.version)
    monkeypatch.setattr(Worker, "open", slowly)
    with Cage(snapshots) as cage:
        asyncio.run(ask(cage))
    assert opened
    assert all(it.ended for it in opened)
    assert not any(snapshots._holders.values())


def test_a_process_that_cannot_be_started_holds_no_snapshot(graph, tmp_path, monkeypatch):
    def refused(_worker: Worker) -> None:
        raise OSError("no more processes")

    snapshots = Snapshots(graph, tmp_path / "snapshots", number=lambda: graph.version)
    with Cage(snapshots, spares=0) as cage:
        with monkeypatch.context() as patched:
            patched.setattr(Worker, "__init__", refused)
            with pytest.raises(OSError, match="no more"):
                cage.run(QueryRequest("ASK {}"))
        assert not any(snapshots._holders.values())
        assert count(cage) == 64


def test_a_spare_that_starts_while_the_cage_closes_is_ended(graph, tmp_path, monkeypatch):
    started: list[Worker] = []
    starting, begin = threading.Event(), Worker.__init__

    def slowly(worker: Worker) -> None:
        starting.set()
        time.sleep(0.3)
        begin(worker)
        started.append(worker)

    monkeypatch.setattr(Worker, "__init__", slowly)
    with Cage(Snapshots(graph, tmp_path / "snapshots", number=lambda: graph.version)):
        assert starting.wait(10)
    assert started
    assert all(it.ended for it in started)


def test_many_at_once_are_answered_in_turn(cage):
    async def ask() -> list[int]:
        async def one(number: int) -> int:
            query = f"SELECT ({number} AS ?n) {{ ?s ?p ?o }} LIMIT 1"
            with await cage.stream(QueryRequest(query), stays) as stream:
                return int(json.loads(stream.answer.body)["results"]["bindings"][0]["n"]["value"])

        return await asyncio.gather(*map(one, range(40)))

    assert asyncio.run(ask()) == list(range(40))
    assert cage._turns.free == 2


def both(cage: Cage) -> list[Callable[[QueryRequest], object]]:
    return [cage.run, lambda request: streamed(cage, request)]


def test_limits_hold_in_a_thread_and_in_an_event_loop(graph, tmp_path):
    limits = CageLimits(seconds=1, patience=0.1)
    with Cage(Snapshots(graph, tmp_path / "snapshots", number=lambda: graph.version), limits, workers=1) as cage:
        for ask in both(cage):
            with pytest.raises(QueryTimeout):
                ask(QueryRequest(ENDLESS))
            assert count(cage) == 64

        async def while_busy() -> None:
            slow = asyncio.ensure_future(_swallow(cage.stream(QueryRequest(ENDLESS), stays)))
            while cage._turns.free:
                await asyncio.sleep(0.01)
            with pytest.raises(NoWorker):
                await cage.stream(QueryRequest("ASK {}"), stays)
            await slow

        asyncio.run(while_busy())
        assert count(cage) == 64


async def _swallow(waited: Awaitable[object]) -> None:
    with pytest.raises(QueryTimeout):
        await waited


# snapshots by number


def test_a_snapshot_is_asked_again_by_its_number(tmp_path):
    graph = EmbeddedGraph(tmp_path / "graph")
    snapshots = Snapshots(graph, tmp_path / "snapshots", number=lambda: 41 + graph.version, kept=3)
    with Cage(snapshots) as cage:
        numbers = []
        for number in range(3):
            graph.apply([], [quad(f"new{number}")])
            numbers.append(cage.run(QueryRequest("ASK {}")).snapshot)
        assert numbers == [42, 43, 44]
        for ask in both(cage):
            assert ask(QueryRequest("ASK {}", snapshot=43))
        assert [count(cage, snapshot=number) for number in (42, 43, 44, 42)] == [1, 2, 3, 1]
        assert count(cage) == 3
        graph.apply([], [quad("more")])
        assert count(cage) == 4
        for ask in both(cage):
            for unknown in (43, 40, 99):  # the longest unused is no longer kept
                with pytest.raises(UnknownSnapshot, match=f"no snapshot {unknown}"):
                    ask(QueryRequest("ASK {}", snapshot=unknown))
    graph.close()


def test_a_snapshot_counts_as_used_whether_its_worker_waited_or_not(tmp_path):
    graph = EmbeddedGraph(tmp_path / "graph")
    snapshots = Snapshots(graph, tmp_path / "snapshots", number=lambda: graph.version, kept=2)
    for name in "ab":
        graph.apply([], [quad(name)])
        snapshots.drop(snapshots.hold())
    one, two = snapshots.hold(1), snapshots.hold(2)
    snapshots.use(one)
    snapshots.drop(one)
    snapshots.drop(two)
    graph.apply([], [quad("c")])
    snapshots.drop(snapshots.hold())
    assert snapshots.hold(1) == one
    with pytest.raises(UnknownSnapshot):
        snapshots.hold(2)
    graph.close()


def test_what_keeps_workers_ready_never_uses_an_outdated_snapshot(tmp_path):
    graph = EmbeddedGraph(tmp_path / "graph")
    snapshots = Snapshots(graph, tmp_path / "snapshots", number=lambda: graph.version)
    assert snapshots.hold_current() is None, "none was asked for yet"
    snapshots.drop(taken := snapshots.hold())
    assert snapshots.hold_current() == taken
    graph.apply([], [quad("more")])
    assert snapshots.hold_current() is None
    graph.close()


def test_a_snapshot_from_before_something_became_private_is_not_asked_again(tmp_path):
    graph, withdrawn = EmbeddedGraph(tmp_path / "graph"), [0]
    number, since = lambda: graph.version, lambda: withdrawn[0]
    with Cage(Snapshots(graph, tmp_path / "snapshots", number=number, withdrawn=since)) as cage:
        for name in "abc":
            graph.apply([], [quad(name)])
            assert count(cage) == count(cage, snapshot=graph.version)
        withdrawn[0] = 2
        assert count(cage, snapshot=2) == 2
        withdrawn[0] = 9
        assert count(cage, snapshot=3) == 3, "the present one is what everybody sees"
        for ask in both(cage):
            with pytest.raises(UnknownSnapshot, match="no snapshot 2 any more"):
                ask(QueryRequest("ASK {}", snapshot=2))
    graph.close()


def test_pages_of_one_snapshot_fit_together_while_writes_go_on(tmp_path):
    graph = EmbeddedGraph(tmp_path / "graph")
    graph.apply([], [quad(f"q{number:03}") for number in range(50)])
    with Cage(Snapshots(graph, tmp_path / "snapshots", number=lambda: graph.version)) as cage:
        first = cage.run(QueryRequest("ASK {}")).snapshot
        seen = []
        for offset in range(0, 50, 10):
            graph.apply([quad(f"q{offset:03}")], [quad(f"a{offset:03}")])
            page = QueryRequest(f"SELECT ?s {{ ?s ?p ?o }} ORDER BY ?s LIMIT 10 OFFSET {offset}", snapshot=first)
            assert cage.run(QueryRequest("ASK {}")).snapshot == first + 1 + offset // 10
            rows = json.loads(cage.run(page).body)["results"]["bindings"]
            seen += [row["s"]["value"].removeprefix(EX) for row in rows]
        assert seen == [f"q{number:03}" for number in range(50)]
    graph.close()
