"""Answers read from files and from the wire, and when two of them are the same."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

#: An RDF term.
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row: TypeAlias = Mapping[str, Term]

XML = "application/sparql-results+xml"
JSON = "application/sparql-results+json"
CSV = "text/csv"
TSV = "text/tab-separated-values"
TURTLE = "text/turtle"

#: The media type that each file of expected results is held against.
ASKED_AS = {".srx": XML, ".srj": JSON, ".csv": CSV, ".tsv": TSV}

_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_OWN = "urn:kesher:conformance:"


@dataclass(frozen=True, slots=True)
class Rows:
    """A table of solutions.

    Attributes:
        variables: Those of the header; none where the format does not tell.
        rows: In the order given; unbound variables are absent.
        ordered: False where the file says that the order is of no meaning.
        plain: Only the strings of terms are told (CSV).
    """

    variables: frozenset[str] | None
    rows: tuple[Row, ...]
    ordered: bool = True
    plain: bool = False


Answer: TypeAlias = bool | Rows | ox.Dataset


class Unreadable(Exception):
    """An answer that is not what its media type promises."""


def read_answer(body: bytes, media_type: str, base: str | None = None) -> Answer:
    """The answer in a body; a graph may have names relative to `base`.

    Raises:
        Unreadable: it cannot be read as this type.
    """
    media = media_type.partition(";")[0].strip()
    if media == CSV:
        return _plain_rows(body)
    try:
        if table_format := ox.QueryResultsFormat.from_media_type(media):
            return _rows(body, table_format)
        if graph_format := ox.RdfFormat.from_media_type(media):
            return ox.Dataset(ox.parse(body, graph_format, base_iri=base))
    except (SyntaxError, ValueError) as error:
        raise Unreadable(f"{media}: {error}") from error
    raise Unreadable(f"nothing is known of {media!r}")


def read_expected(path: Path, base: str) -> Answer:
    """The answer in a file of the suites: a result format, a graph, or a table described as a graph."""
    if path.suffix in ASKED_AS:
        return read_answer(path.read_bytes(), ASKED_AS[path.suffix])
    graph = ox.Dataset(ox.parse(path=str(path), base_iri=base))
    return _described(graph) if any(_RS in f"{it.predicate} {it.object}" for it in graph) else graph


def same(expected: Answer, given: Answer, *, ordered: bool = False, lax: bool = False) -> bool:
    """True if the answers are equal but for the names of blank nodes.

    Args:
        expected: What a file of the suites holds.
        given: What was answered.
        ordered: The order of rows counts, unless the file expected says otherwise.
        lax: Equal rows need not come equally often: see `Case.lax`.
    """
    if isinstance(expected, Rows) and isinstance(given, Rows):
        return _same_rows(expected, given, ordered and expected.ordered, lax)
    if isinstance(expected, ox.Dataset) and isinstance(given, ox.Dataset):
        return _canonical(expected) == _canonical(given)
    return type(expected) is type(given) and expected == given


def stored(answer: Answer) -> Answer:
    """The answer with every literal in the form that Oxigraph gives it when it stores it: `01` becomes `1`."""
    if isinstance(answer, ox.Dataset):
        return ox.Dataset(ox.Quad(it.subject, it.predicate, _stored(it.object), it.graph_name) for it in answer)
    if isinstance(answer, Rows):
        rows = tuple({name: _stored(term) for name, term in row.items()} for row in answer.rows)
        return Rows(answer.variables, rows, answer.ordered, answer.plain)
    return answer


@cache
def _stored(term: Term) -> Term:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode(_OWN), ox.NamedNode(_OWN), term))
    return next(iter(store)).object


def _rows(body: bytes, table_format: ox.QueryResultsFormat) -> bool | Rows:
    read = ox.parse_query_results(body, table_format)
    if isinstance(read, ox.QueryBoolean):
        return bool(read)
    names = [it.value for it in read.variables]
    rows = tuple({name: term for name in names if (term := row[name]) is not None} for row in read)
    return Rows(frozenset(names), rows)


def _plain_rows(body: bytes) -> Rows:
    try:
        lines = list(csv.reader(io.StringIO(body.decode()), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(f"{CSV}: {error}") from error
    header = lines[0] if lines else []
    rows = tuple({name: _plain(cell) for name, cell in zip(header, line, strict=True) if cell} for line in lines[1:])
    return Rows(frozenset(header), rows, plain=True)


def _plain(cell: str) -> Term:
    return ox.BlankNode(cell.removeprefix("_:")) if cell.startswith("_:") else ox.Literal(cell)


def _described(graph: ox.Dataset) -> bool | Rows:
    """A table that a graph describes in the words of the result set vocabulary."""

    def objects(node: Term, name: str) -> list[Term]:
        return [it.object for it in graph.quads_for_subject(node) if it.predicate.value == f"{_RS}{name}"]

    for quad in graph.quads_for_predicate(ox.NamedNode(f"{_RS}boolean")):
        return quad.object.value == "true"
    table = next(iter(graph.quads_for_object(ox.NamedNode(f"{_RS}ResultSet")))).subject
    solutions = objects(table, "solution")
    places = {it: int(index.value) for it in solutions for index in objects(it, "index")}
    rows = tuple(
        {objects(it, "variable")[0].value: objects(it, "value")[0] for it in objects(solution, "binding")}
        for solution in sorted(solutions, key=lambda it: places.get(it, 0))
    )
    return Rows(frozenset(it.value for it in objects(table, "resultVariable")), rows, ordered=bool(places))


def _same_rows(expected: Rows, given: Rows, ordered: bool, lax: bool) -> bool:
    if expected.plain != given.plain or expected.variables != given.variables:
        return False
    if lax:
        wanted, got = _counted(expected.rows), _counted(given.rows)
        return wanted.keys() == got.keys() and all(got[row] <= most for row, most in wanted.items())
    if not any(_blank(term) for row in (*expected.rows, *given.rows) for term in row.values()):
        if ordered:
            return [dict(it) for it in expected.rows] == [dict(it) for it in given.rows]
        return _counted(expected.rows) == _counted(given.rows)
    return _canonical(_as_graph(expected.rows, ordered)) == _canonical(_as_graph(given.rows, ordered))


def _counted(rows: Iterable[Row]) -> Counter[frozenset[tuple[str, Term]]]:
    return Counter(frozenset(row.items()) for row in rows)


def _blank(term: Term) -> bool:
    if isinstance(term, ox.Triple):
        return _blank(term.subject) or _blank(term.object)
    return isinstance(term, ox.BlankNode)


def _as_graph(rows: Iterable[Row], ordered: bool) -> ox.Dataset:
    """Rows as a graph, so that their blank nodes can be held against each other as those of a graph."""
    graph = ox.Dataset()
    for place, (row, times) in enumerate(
        _counted(rows).items() if not ordered else ((it, 1) for it in map(_items, rows))
    ):
        node = ox.BlankNode()
        for name, term in (*row, ("row", ox.Literal(place if ordered else 0)), ("times", ox.Literal(times))):
            graph.add(ox.Quad(node, ox.NamedNode(f"{_OWN}{name}"), term))
    return graph


def _items(row: Row) -> frozenset[tuple[str, Term]]:
    return frozenset(row.items())


def _canonical(graph: ox.Dataset) -> ox.Dataset:
    copy = ox.Dataset(graph)
    copy.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return copy
