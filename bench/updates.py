"""SPARQL updates through the desk and the one writer, beside pyoxigraph's own update and flush on the same data.

`python -m bench.updates` prints these lines alone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pyoxigraph as ox

from bench.measure import Line, in_turns, milliseconds
from graph.embedded import EmbeddedGraph
from ingest.desk import Desk
from ingest.ledger import Ledger
from ingest.update import UpdateRequest, update
from ingest.writer import Writer
from ontology.kinds import DEFAULT_BASE

_E = "http://example.org/"
_SMALL, _LARGE = 100, 100_000
_TURNS = 15
_AGENT = f"{_E}agent"

#: What each line measures, and its update; a number makes every turn another one.
_UPDATES = {
    "Update, INSERT DATA of one statement": "INSERT DATA {{ GRAPH <{e}new> {{ <{e}s> <{e}p> {n} }} }}",
    "Update, a pattern over a graph of 100": (
        "WITH <{e}small> DELETE {{ ?s <{e}seen> ?o }} INSERT {{ ?s <{e}seen> {n} }} WHERE {{ ?s <{e}p> 7 ."
        " OPTIONAL {{ ?s <{e}seen> ?o }} }}"
    ),
    "Update, a pattern over a graph of 100,000": (
        "WITH <{e}large> DELETE {{ ?s <{e}seen> ?o }} INSERT {{ ?s <{e}seen> {n} }} WHERE {{ ?s <{e}p> 7 ."
        " OPTIONAL {{ ?s <{e}seen> ?o }} }}"
    ),
}


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files."""
    here = folder / "updates"
    here.mkdir()
    with closing(EmbeddedGraph(here / "graph")) as graph, closing(EmbeddedGraph(here / "private")) as private:
        graph.apply([], _quads())
        bare = ox.Store(str(here / "bare"))
        bare.bulk_extend(_quads())
        with closing(Ledger(here / "ledger.sqlite")) as ledger, Desk(here / "copies", seconds=60.0) as desk:
            writer = Writer(graph, private, ledger, DEFAULT_BASE)
            for what, text in _UPDATES.items():
                yield _line(what, text, _through(writer, desk), bare)


def _through(writer: Writer, desk: Desk) -> Callable[[str], object]:
    return lambda text: update(writer, desk, UpdateRequest(text.encode(), _E), agent=_AGENT)


def _line(what: str, text: str, ours: Callable[[str], object], bare: ox.Store) -> Line:
    def alone(text: str) -> None:
        bare.update(text)
        bare.flush()

    numbers = count(1_000)
    texts = [text.format(e=_E, n=next(numbers)) for _ in range(_TURNS)]
    timings = in_turns({"ours": ours, "bare": alone}, texts)
    mine, theirs = timings["ours"].p50, timings["bare"].p50
    return Line(what, milliseconds(mine), "pyoxigraph in process", milliseconds(theirs), mine / theirs)


def _quads() -> Iterator[ox.Quad]:
    for name, size in (("small", _SMALL), ("large", _LARGE)):
        for number in range(size):
            subject, graph = ox.NamedNode(f"{_E}{name}/{number}"), ox.NamedNode(f"{_E}{name}")
            yield ox.Quad(subject, ox.NamedNode(f"{_E}p"), ox.Literal(number), graph)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for line in lines(Path(scratch)):
            print(f"{line.what}: {line.ours}, {line.against} {line.reference}, ratio {line.ratio:.1f}")
