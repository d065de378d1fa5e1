"""What an endpoint sent as the answer to a query, held to be hostile: parsed to its end, or refused.

Some endpoints answer 200 and then break off, append a sentence to the rows, or send a page that says sorry. Only what
is whole counts: the formats asked for (SPARQL 1.1 Query Results JSON, JSON-LD, RDF/XML) have an end that can be seen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TypeAlias

import pyoxigraph as ox

from graph.remote.exchange import Reply
from graph.tables import Truncated
from ontology.errors import KesherError, QueryTimeout, RemoteStoreFailed, ResultTooLarge

TABLE = "application/sparql-results+json"
#: What a graph is asked for as, the preferred one first. N-Triples, cut between two lines, looks whole.
GRAPHS: Mapping[str, ox.RdfFormat] = {
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}

Received: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | Iterator[ox.Quad]

_DEEPEST = 200  # brackets open at once; an honest answer has seven, and each quoted triple two more
_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[{}\[\]]', re.DOTALL)
_NESTED = re.compile(rb'"value"\s*+:\s*+\{')
_TAGS = re.compile(rb"<(/?)[^<>!?][^<>]*?(/?)>")
_SEAM = re.compile(rb"\}\s*+\}(\s*+),\s*+\{")
_SEAM_WITHIN, _TRIES = 4 << 20, 5
#: Without it the document is not whole, which pyoxigraph overlooks.
_END = re.compile(rb"(?:</(?:[\w.-]+:)?RDF\s*>|<(?:[\w.-]+:)?RDF\b[^<>]*/>)\s*\Z")
_STOPPED = re.compile(rb"cancel+ed|time[d]?[ -]?out|timeout", re.IGNORECASE)
_TAIL = 300
_SHOWN = 120


def opened(reply: Reply) -> Received:
    """The answer in a reply; rows and statements are parsed as they are taken, which may raise SyntaxError.

    Raises:
        RemoteStoreFailed: it is no answer to a query.
    """
    if "x-sql-state" in reply.headers:  # Virtuoso, where time ran out: what it found so far, as if it were all
        raise _stopped()
    parse = _PARSERS.get(reply.media_type)
    if parse is None:
        kind = reply.media_type[:_SHOWN] or "something without a type"
        raise RemoteStoreFailed(
            f"The graph store answered with {kind}, which is no answer to a query: {_excerpt(reply)}."
        )
    try:
        return parse(reply.body, reply.cut)
    except (SyntaxError, ValueError) as error:
        raise broken(reply, error) from error


def whole_rows(reply: Reply) -> Reply:
    """A table that was read only in part, as a whole one of the rows that are whole; every other answer as it is.

    Raises:
        ResultTooLarge: no row is.
    """
    if not reply.cut or reply.media_type != TABLE:
        return reply
    start = max(0, len(reply.body) - _SEAM_WITHIN)
    seams = [start + it.start(1) for it in _SEAM.finditer(reply.body[start:])]
    for end in reversed(seams[-_TRIES:]):  # text may look like a seam
        shorter = replace(reply, body=reply.body[:end] + b"]}}")
        with suppress(SyntaxError, ValueError):
            for _ in _rows(shorter.body):
                pass
            return shorter
    raise ResultTooLarge("One row of the answer is larger than an answer may be.")


def broken(reply: Reply, error: Exception) -> RemoteStoreFailed | QueryTimeout:
    """The error to raise for an answer that does not parse: the store stopped the query, or sent garbage."""
    if _STOPPED.search(reply.body[-_TAIL:]):
        return _stopped()
    told = str(error).partition("\n")[0][:_SHOWN]
    return RemoteStoreFailed(f"The graph store's answer is not whole ({told}); none of it was used.")


def _stopped() -> QueryTimeout:
    return QueryTimeout(
        "The graph store stopped the query at its own time limit, in the middle of the answer.",
        remedy="Make a pattern more specific, or add a LIMIT inside.",
    )


def cut_by_itself(reply: Reply) -> Truncated | None:
    """What a store says that it left out for its own limit of rows; Virtuoso does."""
    return "rows" if "x-sparql-maxrows" in reply.headers else None


def shed(error: KesherError) -> KesherError:
    """The error without the frames it came through: they hold iterators that must end in the thread they began in."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _table(body: bytes, _cut: bool = False) -> ox.QuerySolutions | ox.QueryBoolean:
    if b"\\u" in body or _NESTED.search(body):  # else nothing in a table makes the parser go down
        _expect_shallow(body)
    found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        json.loads(body)  # pyoxigraph stops reading at the truth value
    return found


def _rows(body: bytes) -> Iterator[ox.QuerySolution]:
    found = _table(body)
    return iter(found if isinstance(found, ox.QuerySolutions) else ())


def _linked_json(body: bytes, _cut: bool) -> Iterator[ox.Quad]:
    _expect_shallow(body)
    return iter(ox.parse(body, format=ox.RdfFormat.JSON_LD))


def _xml(body: bytes, cut: bool) -> Iterator[ox.Quad]:
    if not cut and not _END.search(body[-2_000:]):
        raise ValueError("it ends before </rdf:RDF>")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise ValueError("it declares entities")
    depth = 0
    for closing, empty in (it.groups() for it in _TAGS.finditer(body)):
        depth += -1 if closing else 0 if empty else 1
        _expect(depth)
    return iter(ox.parse(body, format=ox.RdfFormat.RDF_XML))


_PARSERS: Mapping[str, Callable[[bytes, bool], Received]] = {
    TABLE: _table,
    "application/ld+json": _linked_json,
    "application/rdf+xml": _xml,
}


def _expect_shallow(body: bytes) -> None:
    """Refuse what is nested so deep that a parser which recurses would end the process."""
    depth = 0
    for mark in _MARKS.finditer(body):
        if mark[0] in b"{[":
            depth += 1
            _expect(depth)
        elif mark[0] in b"}]":
            depth -= 1


def _expect(depth: int) -> None:
    if depth > _DEEPEST:
        raise ValueError(f"it nests more than {_DEEPEST} brackets")


def _excerpt(reply: Reply) -> str:
    """The beginning of a body, to show: one line without tags or controls."""
    text = re.sub(r"<[^>]*>|[\x00-\x1f\x7f]+", " ", reply.body[:1000].decode(errors="replace"))
    return repr(" ".join(text.split())[:_SHOWN])
