"""What safety costs: acknowledging a record, checking a folder, and being ready again after a stop and after a kill."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox

from api.checking import check
from api.services import Services, open_services
from api.settings import Settings
from bench.measure import Line, in_turns, milliseconds
from ingest.starter import load_starter
from language.hashing import HashEncoder

_ROUNDS = 60
_RECORDS = 100_000
_AGENT = "https://example.org/agent/bench"
_TOOL = ox.NamedNode("https://w3id.org/kesher/schema#Tool")
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_LABEL = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
_PART = ox.NamedNode("http://purl.org/dc/terms/subject")


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files. The ratio is said in each line."""
    with open_services(Settings(data=folder / "small"), encoder=HashEncoder) as services:
        yield _acknowledging(services, folder / "bare")
        load_starter(services.writer)
        services.search.catch_up()
        yield _limited("kesher check on the starter knowledge", _seconds(lambda: check(services)), 5)
    yield from _large(Settings(data=folder / "large"))


def _record(number: int) -> list[ox.Triple]:
    subject = ox.NamedNode(f"https://w3id.org/kesher/id/tool/bench-{number}")
    parts = [ox.Triple(subject, _PART, ox.Literal(f"word {number % 997} of {it}", language="en")) for it in range(4)]
    name = ox.Triple(subject, _LABEL, ox.Literal(f"Tool number {number} for measuring", language="en"))
    return [ox.Triple(subject, _TYPE, _TOOL), name, *parts]


def _acknowledging(services: Services, bare: Path) -> Line:
    size = len(ox.serialize(_record(0), format=ox.RdfFormat.N_TRIPLES) or b"")

    def ours(number: int) -> None:
        services.writer.replace(f"source/{number}", _record(number), door="bench", agent=_AGENT)

    with bare.open("ab", buffering=0) as file:

        def reference(_number: int) -> None:
            file.write(bytes(size))
            os.fsync(file.fileno())

        taken = in_turns({"ours": ours, "reference": reference}, range(_ROUNDS))
    mine, other = taken["ours"].p50, taken["reference"].p50
    what = f"one record of {size} bytes acknowledged (p50; at most 3)"
    return Line(what, milliseconds(mine), "append and fsync of its size", milliseconds(other), mine / other)


def _large(settings: Settings) -> Iterator[Line]:
    with open_services(settings, encoder=HashEncoder) as services:
        triples = [it for number in range(_RECORDS) for it in _record(number)]
        services.writer.replace("source/large", triples, door="bench", agent=_AGENT)
        del triples
        services.search.catch_up()
        passages = services.search.index.count()
        yield _limited(f"kesher check on {_RECORDS} records", _seconds(lambda: check(services)), 60)
    yield _limited(f"open with {passages} passages after a clean stop", _seconds(lambda: _opened(settings)), 5)
    (settings.data / "closed.json").unlink()  # what a kill leaves
    yield _limited(f"open with {passages} passages after a kill", _seconds(lambda: _opened(settings)), 15)


def _opened(settings: Settings) -> None:
    with open_services(settings, encoder=HashEncoder) as services:
        services.search.load()
        if waiting := services.waiting():
            raise RuntimeError(f"not ready: {waiting}")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _limited(what: str, seconds: float, limit: float) -> Line:
    """A figure that is held against a limit."""
    return Line(what, f"{seconds:.2f} s", "limit", f"{limit:.0f} s", seconds / limit)
