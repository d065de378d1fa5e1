"""A whole search beside the forward pass of the model, which no search in these vectors can do without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.measure import Line, in_turns, milliseconds
from bench.world import NEEDS, starter
from language.transformer import load_transformer
from search.answers import SearchRequest

_ROUNDS = 20


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files."""
    encoder = load_transformer()
    with starter(folder) as services:
        engine = services.search.engine
        timings = in_turns(
            {
                "search": lambda need: engine.search(SearchRequest(need)),
                "encoder": encoder.encode_query,
            },
            NEEDS * _ROUNDS,
        )
    search, bare = timings["search"], timings["encoder"]
    against = "encoding the query alone"
    yield Line("search, median", milliseconds(search.p50), against, milliseconds(bare.p50), search.p50 / bare.p50)
    yield Line(
        "search, 95th percentile", milliseconds(search.p95), against, milliseconds(bare.p95), search.p95 / bare.p95
    )
