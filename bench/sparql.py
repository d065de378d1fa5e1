"""SPARQL over HTTP, through the gate and a caged worker, beside pyoxigraph called in its own process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from bench.measure import Line, in_turns, milliseconds
from bench.world import server, starter
from ontology.questions import question

_JSON = ox.QueryResultsFormat.JSON
_TURNS = 60

#: What is asked: the text of a named question, by what the table calls it.
_ASKED = {
    "SPARQL, a join of four kinds": "role-competency-tool-source",
    "SPARQL, names by kind and language": "labels-by-kind",
}


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files."""
    with starter(folder) as services:
        services.graph.snapshot(folder / "copy")
        data = services.settings.data
    store = ox.Store.read_only(str(folder / "copy"))
    with server(data) as client:
        for what, name in _ASKED.items():
            text = question(name)
            timings = in_turns(
                {
                    "http": lambda text: client.get("/sparql", params={"query": text}).raise_for_status().read(),
                    "in process": lambda text: store.query(text, use_default_graph_as_union=True).serialize(
                        format=_JSON
                    ),
                },
                [text] * _TURNS,
            )
            ours, bare = timings["http"], timings["in process"]
            yield Line(
                what, milliseconds(ours.p50), "pyoxigraph in process", milliseconds(bare.p50), ours.p50 / bare.p50
            )
