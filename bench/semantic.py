"""Semantic search inside SPARQL, beside the same search alone, and ks:similarity beside a plain function."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from api.semantic import prepared
from api.services import Services
from bench.measure import Line, in_turns, milliseconds
from bench.world import NEEDS, starter
from graph.query import QueryRequest
from search.answers import SearchRequest

_ROUNDS = 3
_PAIRS = "SELECT (COUNT(?n) AS ?all) { ?a a ks:Tool . ?b a ks:Misconception BIND( %s AS ?n ) }"


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files."""
    with starter(folder) as services:
        for hits in (50, 1000):
            yield _block(services, hits)
        yield _similarity(services)


def _block(services: Services, hits: int) -> Line:
    engine = services.search.engine
    timings = in_turns(
        {
            "block": lambda need: _ask(services, _query(need, hits)),
            "engine": lambda need: engine.deep(SearchRequest(need), hits),
        },
        NEEDS * _ROUNDS,
    )
    block, bare = timings["block"], timings["engine"]
    what = f"SPARQL, a search block of {hits:,} hits joined with their classes"
    return Line(what, milliseconds(block.p50), "the same search alone", milliseconds(bare.p50), block.p50 / bare.p50)


def _similarity(services: Services) -> Line:
    timings = in_turns(
        {
            "similarity": lambda _turn: _ask(services, _PAIRS % "ks:similarity(?a, ?b)"),
            "plain": lambda _turn: _ask(services, _PAIRS % "CONCAT(STR(?a), STR(?b))"),
        },
        range(_ROUNDS * len(NEEDS)),
    )
    ours, plain = timings["similarity"], timings["plain"]
    pairs = int(_ask(services, _PAIRS % "1").split(b"\r\n")[1])
    what = f"SPARQL, ks:similarity of {pairs:,} pairs"
    return Line(what, milliseconds(ours.p50), "CONCAT in its place", milliseconds(plain.p50), ours.p50 / plain.p50)


def _query(need: str, hits: int) -> str:
    block = f"SERVICE <urn:kesher:search> {{ ?x ks:query '{need}' ; ks:score ?s ; ks:limit {hits} }}"
    return f"SELECT ?x ?s ?class {{ {block} ?x a ?class }}"


def _ask(services: Services, text: str) -> bytes:
    query = prepared(services, text)
    return services.cage.run(QueryRequest(query.text, "text/csv", sent=query.sent, comparisons=query.comparisons)).body
