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
#: not even read, because taking a form apart costs seconds a megabyte.
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
        "jsonld": "application/ld+json",
        "rdfxml": "application/rdf+xml",
    }
)

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and the dataset it names; no graph named means the default dataset."""

    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str | None


def pairs_of(query_string: bytes) -> Pairs:
    """The parameters of an address, as sent.

    Raises:
        BadInput: they are not UTF-8: read otherwise, they would ask something else.
    """
    return _pairs(query_string.decode("latin-1"), "address")


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
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"The body is not UTF-8 (byte {error.start}).") from error
    return from_get(_pairs(text, "body") + _without_query(pairs)) if media == FORM else _asked(text, pairs)


def accept_for(format: str) -> str:
    """Media ranges of a short format name.

    Raises:
        InvalidParameter: there is no such format.
    """
    if format not in FORMATS:
        raise InvalidParameter("format", f"{format!r} is not a format.", remedy=f"One of {', '.join(FORMATS)}.")
    return FORMATS[format]


def _asked(query: str, pairs: Pairs) -> Asked:
    formats = [value for name, value in pairs if name in {"format", "output"}]
    return Asked(
        query,
        tuple(value for name, value in pairs if name == "default-graph-uri"),
        tuple(value for name, value in pairs if name == "named-graph-uri"),
        formats[0] if formats else None,
    )


def _pairs(form: str, where: str) -> Pairs:
    try:
        return parse_qsl(form, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise BadInput(f"The {where} is not UTF-8 (byte 0x{error.object[error.start]:02x}).") from error


def _without_query(pairs: Pairs) -> Pairs:
    return [(name, value) for name, value in pairs if name != "query"]
