"""Connecting a text to practice and research, beside a plain search with the same text; the starter knowledge."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.measure import Line, in_turns, milliseconds
from bench.world import starter
from ontology.kinds import Kind
from search.answers import SearchRequest
from search.connections import ConnectRequest, Side
from search.entities import read_entities
from search.passages import passages

_ROUNDS = 5


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files."""
    with starter(folder) as services:
        services.search.load()
        engine, connector = services.search.engine, services.connector
        records = read_entities(services.graph, {it.iri for it in engine.labels.of_kind(Kind.PRACTICE)})
        for lang in ("en", "he", "ar"):
            texts = [it.text for record in records for it in passages(record, engine.model) if it.lang == lang]
            contenders = {
                "connect": lambda text: connector.connect(ConnectRequest(text, to=Side.RESEARCH)),
                "search": lambda text: engine.search(SearchRequest(text)),
            }
            taken = in_turns(contenders, [it for it in texts if len(it) > 100] * _ROUNDS)
            ours, plain = taken["connect"].p50, taken["search"].p50
            what = f"connecting a practice record ({lang}) to studies and tools, median"
            yield Line(what, milliseconds(ours), "a plain search with the same text", milliseconds(plain), ours / plain)
