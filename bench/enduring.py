"""What a researcher feels while others misuse the endpoint, and how soon a write is seen. `kesher serve` alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Event, Thread
from urllib.parse import urlencode

import httpx

from api.services import open_services
from api.settings import Settings
from api.tokens import Scope
from bench.asking import Asker, asker
from bench.endpoint import about_one, many
from bench.loading import load
from bench.measure import Line, milliseconds
from bench.world import Server, kesher
from language.hashing import HashEncoder

_SIZE = 100_000
_LIMIT_S = 1.0
_JSON = "application/sparql-results+json"
_WRITES = 40
_KILLED = 10

#: Each runs until it is stopped, or dies of its memory.
_BOMBS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c LIMIT 1",
    "SELECT (COUNT(*) AS ?n) { ?a <https://example.org/people/terms#knows>* ?b }",
    "SELECT (STRLEN(GROUP_CONCAT(?c)) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
)


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files. The ratio is said in each line."""
    data = load(folder / "enduring", _SIZE).data
    with open_services(Settings(data=data), encoder=HashEncoder) as services:
        token = services.tokens.create("bench", [Scope.ADMIN], 1)
    settings = {"sparql_timeout_s": _LIMIT_S, "sparql_workers": 2}
    with kesher(data, **settings) as server, asker() as generator, _client(server, token) as client:
        yield _after_a_killed_one(client)
        yield _beside_bombs(server, generator)
        yield _memory(server, generator)
        yield from _visible(client)


@contextmanager
def _client(server: Server, token: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60, headers={"Authorization": f"Bearer {token}"}) as client:
        yield client


def _ask(client: httpx.Client, query: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query}, headers={"Accept": _JSON})


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _after_a_killed_one(client: httpx.Client) -> Line:
    ordinary = [
        _seconds(lambda number=number: _ask(client, about_one(number)).raise_for_status()) for number in range(200)
    ]
    after = []
    for number in range(_KILLED):
        if (stopped := _ask(client, _BOMBS[0]).status_code) != 504:
            raise RuntimeError(f"the endless query was answered with {stopped}")
        after.append(_seconds(lambda number=number: _ask(client, about_one(number)).raise_for_status()))
    usual, next_one = median(ordinary[20:]), median(after)
    return Line(
        "the query after a killed one, median (ratio of time; target 2)",
        milliseconds(next_one),
        "an ordinary query",
        milliseconds(usual),
        next_one / usual,
    )


def _beside_bombs(server: Server, generator: Asker) -> Line:
    targets = [f"/sparql?{urlencode({'query': about_one(number)})}" for number in range(400)]
    generator.ask(server.port, targets, _JSON)
    idle = generator.ask(server.port, targets, _JSON)
    with _bombing(server):
        time.sleep(_LIMIT_S)
        beside = generator.ask(server.port, targets * 2, _JSON)
    return Line(
        "a query while bombs run, 95th percentile (ratio of time; target 2)",
        milliseconds(beside.p95),
        "the same while nothing else runs",
        milliseconds(idle.p95),
        beside.p95 / idle.p95,
    )


@contextmanager
def _bombing(server: Server) -> Iterator[None]:
    """One bomb after the other, all the time."""
    enough = Event()

    def bomb() -> None:
        with httpx.Client(base_url=server.url, timeout=60) as client:
            while not enough.is_set():
                for query in _BOMBS:
                    _ask(client, query)

    thread = Thread(target=bomb)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def _memory(server: Server, generator: Asker) -> Line:
    """Of the web process, proportional set size: after a few large answers, and after ten times as many."""
    targets = [f"/sparql?{urlencode({'query': many(number)})}" for number in range(100)]
    generator.ask(server.port, targets[:10], _JSON, clients=2)
    before = server.megabytes
    read = generator.ask(server.port, targets, _JSON, clients=2).bytes
    after = server.megabytes
    return Line(
        f"memory of the web process after {read / 2**20:.0f} MB of answers of 10,000 rows",
        f"{after:.1f} MB",
        "after the first tenth of them",
        f"{before:.1f} MB",
        after / before,
    )


def _visible(client: httpx.Client) -> Iterator[Line]:
    acknowledged, seen = [], []
    for number in range(_WRITES):
        statement = f"<urn:bench> <urn:bench:written> {number}"
        start = time.perf_counter()
        client.post(
            "/sparql/update", content=f"INSERT DATA {{ GRAPH <urn:bench:g> {{ {statement} }} }}",
            headers={"Content-Type": "application/sparql-update"},
        ).raise_for_status()  # fmt: skip
        written = time.perf_counter()
        if not _ask(client, f"ASK {{ {statement} }}").raise_for_status().json()["boolean"]:
            raise RuntimeError("an acknowledged write was not seen by the next query")
        acknowledged.append(written - start)
        seen.append(time.perf_counter() - written)
    for what, times in (("seen by the next query, after it", seen), ("acknowledged", acknowledged)):
        yield Line(
            f"a write {what}, median and longest of {_WRITES} (ratio to 100 ms)",
            milliseconds(median(times)),
            "longest",
            milliseconds(max(times)),
            median(times) / 0.1,
        )
