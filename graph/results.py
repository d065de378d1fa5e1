"""How an answer is written: the W3C formats of SPARQL results and of RDF graphs, cut at a cap and said to be cut.

Pure, and light, because this runs inside the query worker, whose start-up is somebody's waiting time. Tables follow
SPARQL 1.1 Query Results JSON, XML, and CSV and TSV (W3C Recommendations 2013). What is cut stays well-formed: whole
rows are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import pyoxigraph as ox

from graph.tables import Caps, Truncated, write_table
from ontology.errors import NotAcceptable

_RESULTS_JSON = ox.QueryResultsFormat.JSON
_RESULTS_XML = ox.QueryResultsFormat.XML

#: Media types of tables and truth values (SELECT, ASK), the preferred one first.
TABLES: Mapping[str, ox.QueryResultsFormat] = {
    "application/sparql-results+json": _RESULTS_JSON,
    "application/sparql-results+xml": _RESULTS_XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    "application/json": _RESULTS_JSON,
    "application/xml": _RESULTS_XML,
    "text/xml": _RESULTS_XML,
}

#: Media types of graphs (CONSTRUCT, DESCRIBE), the preferred one first.
GRAPHS: Mapping[str, ox.RdfFormat] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/json": ox.RdfFormat.JSON_LD,
    "application/xml": ox.RdfFormat.RDF_XML,
    "text/xml": ox.RdfFormat.RDF_XML,
    "text/plain": ox.RdfFormat.N_TRIPLES,
}

_TABLE_TYPES, _GRAPH_TYPES = tuple(TABLES), tuple(GRAPHS)


class Answer(NamedTuple):
    """A written answer.

    Attributes:
        truncated: Which cap cut it; None when it is whole.
        snapshot: Number of the snapshot that it is of; None where a store has no snapshots.
        gzip: Whether the body is compressed.
    """

    media_type: str
    body: bytes
    truncated: Truncated | None = None
    snapshot: int | None = None
    gzip: bool = False


def negotiate(accept: str, offered: Iterable[str]) -> str | None:
    """The offered media type that an Accept header wants most (RFC 9110, section 12.5.1); None if it wants none.

    Each type takes the weight of the most specific range that matches it; among equals the first offered wins. An empty
    header accepts everything. Parameters other than q are not told apart; ranges that do not parse are passed over.
    """
    ranges = _ranges(accept) if accept.strip() else {"*/*": 1.0}
    weighed = [(_weight(media_type, ranges), media_type) for media_type in offered]
    best = max(weighed, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] > 0 else None


def write(result: Result, accept: str, caps: Caps, prefixes: Mapping[str, str]) -> Answer:
    """Write what a query gave, in the format that `accept` wants most of those that fit its kind.

    Raises:
        NotAcceptable: none fits; the message names those that do.
    """
    if isinstance(result, ox.QueryTriples):
        media_type = _chosen(accept, _GRAPH_TYPES)
        body, truncated = write_graph(result, GRAPHS[media_type], caps, prefixes)
    elif isinstance(result, ox.QuerySolutions):
        media_type = _chosen(accept, _TABLE_TYPES)
        body, truncated = write_table(result, TABLES[media_type], caps)
    else:
        media_type = _chosen(accept, _TABLE_TYPES)
        body, truncated = result.serialize(format=TABLES[media_type]) or b"", None
    return Answer(media_type, body, truncated)


Result: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


def write_graph(
    triples: Iterable[ox.Triple], format: ox.RdfFormat, caps: Caps, prefixes: Mapping[str, str]
) -> tuple[bytes, Truncated | None]:
    """Write a graph with those of the prefixes that it uses, leaving out what is past a cap.

    Bytes are counted as N-Triples, whatever the format: the other formats are seldom longer.
    """
    kept: dict[str, ox.Triple] = {}
    size, truncated = 0, None
    for triple in triples:
        text = str(triple)
        size += len(text.encode())
        if truncated := _past(caps, len(kept), size):
            break
        kept[text] = triple
    everything = "".join(kept)
    used = {name: namespace for name, namespace in prefixes.items() if f"<{namespace}" in everything}
    return ox.serialize(kept.values(), format=format, prefixes=used) or b"", truncated


def _past(caps: Caps, rows: int, size: int) -> Truncated | None:
    return "rows" if rows >= caps.rows else "bytes" if size > caps.bytes else None


@lru_cache(maxsize=64)  # a client asks with the same header again and again
def _chosen(accept: str, offered: tuple[str, ...]) -> str:
    if media_type := negotiate(accept, offered):
        return media_type
    raise NotAcceptable(
        f"This query's answer cannot be written as {accept!r}.", remedy=f"It can be: {', '.join(offered)}."
    )


_RANGE = re.compile(r"\s*([\w.+-]+|\*)/([\w.+-]+|\*)\s*(?:;|$)")
_Q = re.compile(r";\s*[qQ]\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)")


def _ranges(accept: str) -> dict[str, float]:
    """Weight of each media range of an Accept header."""
    weights = {}
    for element in accept.split(","):
        if found := _RANGE.match(element):
            quality = _Q.search(element)
            weights[f"{found[1]}/{found[2]}".lower()] = float(quality[1]) if quality else 1.0
    return weights


def _weight(media_type: str, ranges: Mapping[str, float]) -> float:
    family = media_type.partition("/")[0]
    wider = (media_type, f"{family}/*", "*/*")
    return next((ranges[it] for it in wider if it in ranges), 0.0)
