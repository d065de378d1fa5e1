"""/sparql of `kesher serve` beside `oxigraph serve-read-only` on the same made data, taking turns in small batches.

The answers of both are read whole by the same generator (`bench.asking`). What the generator and the loopback cost by
themselves is the first line: neither server can be faster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.asking import Asker, Batch, asker
from bench.generated import BASE
from bench.loading import Loaded, load
from bench.measure import Line, milliseconds
from bench.world import Server, kesher, oxigraph, trivial

SIZES = (100_000, 1_000_000)

_JSON = "application/sparql-results+json"
_CSV = "text/csv"
_PREFIXES = f"PREFIX t: <{BASE}terms#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of both: `query` writes the n-th text, `turns` batches of `batch` requests by some clients."""

    what: str
    query: Callable[[int], str]
    clients: int
    batch: int
    turns: int
    accept: str = _JSON


def about_one(number: int) -> str:
    """Ten statements about one person."""
    return f"SELECT ?p ?o {{ <{BASE}{number % 8_000}> ?p ?o }} LIMIT 10"


def joined(number: int) -> str:
    """Ten people with a competency, their names and dates."""
    return (
        f"{_PREFIXES}SELECT ?it ?name ?born {{ ?it t:has <{BASE}competency/{number % 200}> ; skos:prefLabel ?name ; "
        f"t:born ?born ; t:years ?years FILTER(?years >= {number % 37}) }} LIMIT 10"
    )


def many(number: int) -> str:
    """Ten thousand statements."""
    return f"SELECT ?s ?p ?o {{ ?s ?p ?o }} OFFSET {number % 50} LIMIT 10000"


LOADS = (
    Load("10 rows about one node, 1 client", about_one, 1, 200, 10),
    Load("10 rows about one node, 8 clients", about_one, 8, 400, 10),
    Load("10 rows of a join, 1 client", joined, 1, 200, 10),
    Load("10 rows of a join, 8 clients", joined, 8, 400, 10),
    Load("10,000 rows in JSON, 1 client", many, 1, 5, 10),
    Load("10,000 rows in JSON, 4 clients", many, 4, 12, 5),
    Load("10,000 rows in CSV, 1 client", many, 1, 5, 10, _CSV),
)


def lines(folder: Path, sizes: Sequence[int] = SIZES, loads: Sequence[Load] = LOADS) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files. The ratio is of requests a second: ours / Oxigraph's."""
    with asker() as generator:
        yield _generator(generator)
        for size in sizes:
            loaded = load(folder / str(size), size)
            yield loaded.line()
            with kesher(loaded.data) as ours, oxigraph(loaded.location) as theirs:
                for it in loads:
                    yield _side_by_side(generator, it, ours, theirs, loaded)


def _generator(generator: Asker) -> Line:
    with trivial() as nothing:
        one, eight = (generator.ask(nothing.port, ["/"] * 4_000, _JSON, clients) for clients in (1, 8))
    return Line(
        "generator of load alone, 1 and 8 clients",
        f"{one.rate:.0f}/s",
        "a server that does nothing",
        f"{eight.rate:.0f}/s",
        one.rate / eight.rate,
    )


def _side_by_side(generator: Asker, asked: Load, ours: Server, theirs: Server, loaded: Loaded) -> Line:
    texts = [asked.query(number) for number in range(asked.batch * (asked.turns + 1))]
    forms = [urlencode({"query": it}) for it in texts]
    batches: dict[str, list[Batch]] = {"/sparql": [], "/query": []}
    for turn in range(asked.turns + 1):  # the first is not counted
        part = forms[turn * asked.batch : (turn + 1) * asked.batch]
        for path, server in (("/sparql", ours), ("/query", theirs)):
            targets = [f"{path}?{it}" for it in part]
            batches[path].append(generator.ask(server.port, targets, asked.accept, asked.clients))
    mine, other = _whole(batches["/sparql"][1:]), _whole(batches["/query"][1:])
    return Line(
        f"{asked.what}, {loaded.size:,} triples",
        f"{mine.rate:.0f}/s ({milliseconds(mine.p50)})",
        "oxigraph serve-read-only",
        f"{other.rate:.0f}/s ({milliseconds(other.p50)})",
        mine.rate / other.rate,
    )


def _whole(batches: list[Batch]) -> Batch:
    each = [it for batch in batches for it in batch.each]
    return Batch(sum(it.seconds for it in batches), each, sum(it.bytes for it in batches))
