"""SPARQL 1.1 Protocol (W3C Recommendation 2013), section 2.1: what a request asks, read from its parts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl

from graph.gate import GateLimits
from ontology.errors import BadInput, ForbiddenQuery, InvalidParameter, QueryTooComplex, UnsupportedFormat

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"

#: Bytes of a body, at most: the longest query with each of its bytes written as three, and a dataset. What is longer is
#: not even read, because taking a form apart costs seconds a megabyte, while which nobody else is answered.
LONGEST_BODY = 4 * GateLimits().bytes

#: What `?format=` means, as media ranges: the one for tables and the one for graphs.
FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "json": "application/sparql-results+json, application/ld+json",
        "xml": "application/sparql-results+xml, application/rdf+xml",
        "csv": "text/csv",
        "tsv": "text/tab-separated-values",
        "turtle": "text/turtle",
        "ntriples": "application/n-triples",
        "nquads": "application/n-quads",
        "trig": "application/trig",
        "jsonld": "application/ld+json",
        "rdfxml": "application/rdf+xml",
    }
)

#: Where queries are asked.
PATH = "/sparql"

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, the dataset it names, and what Kesher takes beside; no graph named means the default dataset.

    Attributes:
        format: Short name of the answer's format; it outweighs the Accept header.
        snapshot: Number of the snapshot to ask; None: the graph as it is.
        whole: Rather an error than an answer that is cut.
    """

    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str | None
    snapshot: int | None
    whole: bool


def place_of(scheme: str, host: str) -> str:
    """What relative IRIs of a query are resolved against: the address that it is asked at (2.1.6)."""
    return f"{scheme}://{host}{PATH}" if host else ""


def from_get(pairs: Pairs) -> Asked:
    """A query in the parameters of the address (2.1.1).

    Raises:
        BadInput: there is not exactly one query.
        ForbiddenQuery: there is an update.
    """
    if any(name == "update" for name, _ in pairs):
        raise ForbiddenQuery(
            "An update is not taken here.", remedy="Bring changes in with `kesher ingest`, or edit an entity by PATCH."
        )
    queries = [value for name, value in pairs if name == "query"]
    if len(queries) != 1:
        raise BadInput(f"There must be one parameter `query`, not {len(queries)}.")
    return _asked(queries[0], pairs)


def from_post(content_type: str, body: bytes, pairs: Pairs) -> Asked:
    """A query in a form (2.1.2), or as the body itself (2.1.3) with the dataset in the address.

    Raises:
        UnsupportedFormat: the body is neither.
        BadInput: the body is not UTF-8, or there is not exactly one query.
        QueryTooComplex: the body is longer than any query with its dataset.
    """
    if len(body) > LONGEST_BODY:
        raise QueryTooComplex(f"The body is {len(body):,} bytes long; the limit for a query is {LONGEST_BODY:,}.")
    media = content_type.partition(";")[0].strip().lower()
    if media not in {FORM, DIRECT}:
        raise UnsupportedFormat(
            f"A query cannot be sent as {media or 'nothing in particular'}.", remedy=f"Send {FORM} or {DIRECT}."
        )
    if media == FORM:
        return from_get(pairs_of(body, "body") + _without_query(pairs))
    try:
        return _asked(body.decode(), pairs)
    except UnicodeDecodeError as error:
        raise BadInput(f"The body is not UTF-8 (byte {error.start}).") from error


def pairs_of(encoded: bytes, where: str) -> Pairs:
    """Names and values of a form, or of the query of an address.

    Raises:
        BadInput: they are not UTF-8.
    """
    try:
        return parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"The {where} is not UTF-8: {error.reason} in {error.object[error.start : error.end]!r}."
        ) from error


def accept_for(format: str) -> str:
    """Media ranges of a short format name.

    Raises:
        InvalidParameter: there is no such format.
    """
    if format not in FORMATS:
        raise InvalidParameter("format", f"{format!r} is not a format.", remedy=f"One of {', '.join(FORMATS)}.")
    return FORMATS[format]


def _asked(query: str, pairs: Pairs) -> Asked:
    return Asked(
        query,
        tuple(value for name, value in pairs if name == "default-graph-uri"),
        tuple(value for name, value in pairs if name == "named-graph-uri"),
        _single(pairs, "format", "output"),
        _number(_single(pairs, "snapshot")),
        _truth("whole", _single(pairs, "whole")),
    )


def _single(pairs: Pairs, *names: str) -> str | None:
    """The value of a parameter that may stand once, under one of its names."""
    values = [value for name, value in pairs if name in names]
    if len(values) > 1:
        raise InvalidParameter(names[0], f"There are {len(values)} parameters `{names[0]}`; one is enough.")
    return values[0] if values else None


def _truth(name: str, value: str | None) -> bool:
    if value not in {None, "true", "false"}:
        raise InvalidParameter(
            name, f"{str(value)[:40]!r} is neither true nor false.", remedy=f"{name}=true, or nothing."
        )
    return value == "true"


def _number(snapshot: str | None) -> int | None:
    if snapshot is None:
        return None
    if not (snapshot.isascii() and snapshot.isdigit() and len(snapshot) < 19):
        told = f"{snapshot[:40]!r} is no number of a snapshot."
        raise InvalidParameter("snapshot", told, remedy="The header Kesher-Snapshot of an answer has one.")
    return int(snapshot)


def _without_query(pairs: Pairs) -> Pairs:
    return [(name, value) for name, value in pairs if name != "query"]
