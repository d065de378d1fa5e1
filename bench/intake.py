"""What a file of made records costs to take in without encoding: peak memory and rate, at two sizes."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from bench.measure import Line
from graph.embedded import EmbeddedGraph
from ingest.ledger import Ledger
from ingest.pipeline import Options, ingest
from ingest.writer import Writer
from ontology.kinds import DEFAULT_BASE

SMALL, LARGE = 10_000, 100_000
_CHILD = "from bench.intake import measure; import sys; measure(sys.argv[1], int(sys.argv[2]))"


def lines(_folder: Path) -> Iterator[Line]:
    """The lines of the table: peak memory of a process that takes in ten times as much, and the ratio."""
    for kind in MADE:
        small, large = (_measured(kind, records) for records in (SMALL, LARGE))
        yield Line(
            f"peak memory of taking in {LARGE:,} records of {kind}, not encoded ({large['rate']:,.0f}/s)",
            f"{large['megabytes']:,.0f} MB",
            f"that of {SMALL:,} ({small['rate']:,.0f}/s)",
            f"{small['megabytes']:,.0f} MB",
            large["megabytes"] / small["megabytes"],
        )


def measure(kind: str, records: int) -> None:
    """Take in a made file in this process, and print what it cost as JSON."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        file = folder / f"made.{kind}"
        with file.open("w", encoding="utf-8") as out:
            out.writelines(MADE[kind](records))
        graph, private = EmbeddedGraph(folder / "graph"), EmbeddedGraph(folder / "private")
        writer = Writer(graph, private, Ledger(folder / "ledger.sqlite"), DEFAULT_BASE)
        start = time.perf_counter()
        report = ingest([file], writer, Options(agent=f"{DEFAULT_BASE}agent/bench"))
        rate = report.committed / (time.perf_counter() - start)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"rate": rate, "megabytes": peak, "committed": report.committed}))


def _measured(kind: str, records: int) -> dict[str, float]:
    command = [sys.executable, "-c", _CHILD, kind, str(records)]
    told: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return told


def _bibtex(records: int) -> Iterator[str]:
    said = "What was seen there, and what teachers said of it. " * 8
    for number in range(records):
        yield (
            f"@article{{k{number},\n  author = {{Author{number % 997}, A.}},\n  year = {{{1960 + number % 60}}},\n"
            f"  title = {{Study {number * 7919 % 1_000_003} of lesson {number}}},\n  doi = {{10.5555/{number}}},\n"
            f"  abstract = {{{said}}}\n}}\n"
        )


def _csv(records: int) -> Iterator[str]:
    yield "kind,id,name,description\n"
    for number in range(records):
        yield f"tool,made-{number},Tool number {number},{'What it is for. ' * 10}\n"


#: Suffix to what makes a file of so many records.
MADE: Mapping[str, Callable[[int], Iterator[str]]] = MappingProxyType({"bib": _bibtex, "csv": _csv})
