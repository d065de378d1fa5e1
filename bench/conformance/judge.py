"""Whether a subject passes a test, and what it did where it does not."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from bench.conformance.answers import ASKED_AS, JSON, TURTLE, Answer, Rows, Unreadable, read_expected, same, stored
from bench.conformance.manifest import Case, Kind, graphs_of
from bench.conformance.pins import AS_STORED
from bench.conformance.subject import Failed, Subject
from graph.lexer import tokens

_VALID = {Kind.ACCEPTED_QUERY: True, Kind.ACCEPTED_UPDATE: True, Kind.REFUSED_QUERY: False, Kind.REFUSED_UPDATE: False}


def fault(case: Case, subject: Subject) -> str:
    """What went wrong; empty where the subject passes."""
    try:
        if case.kind is Kind.ANSWER:
            return _fault_of_answer(case, subject)
        if case.kind is Kind.CHANGE:
            return _fault_of_change(case, subject)
        if subject.accepts(case) is _VALID[case.kind]:
            return ""
    except (Failed, Unreadable) as failure:
        return str(failure)
    return "refused, though it is valid" if _VALID[case.kind] else "accepted, though it is not valid"


def _fault_of_answer(case: Case, subject: Subject) -> str:
    if case.result is None:
        raise ValueError(f"{case.name} has no file of its result")
    expected = read_expected(case.result, case.base)
    asked_as = TURTLE if isinstance(expected, ox.Dataset) else ASKED_AS.get(case.result.suffix, JSON)
    given = subject.answer(case, asked_as)
    ordered = is_ordered(case.text)
    if case.name in AS_STORED:
        expected, given = stored(expected), stored(given)
    if same(expected, given, ordered=ordered, lax=case.lax):
        return ""
    return f"expected {_told(expected)}, got {_told(given)}"


def _fault_of_change(case: Case, subject: Subject) -> str:
    expected = {name: graph for name, graph in graphs_of(case.after).items() if len(graph)}
    given = subject.changed(case)
    if expected.keys() != given.keys():
        return f"expected the graphs {_names(expected)}, got {_names(given)}"
    wrong = [name for name, graph in expected.items() if not same(graph, given[name])]
    return f"the graphs {_names(wrong)} are not as expected" if wrong else ""


def is_ordered(query: str) -> bool:
    """True if the query's own rows are sorted: ORDER outside every bracket."""
    return any(it.word == "order" and not it.depth for it in tokens(query))


def _names(graphs: Iterable[str | None]) -> str:
    return ", ".join(sorted(str(it or "default") for it in graphs)) or "none"


def _told(answer: Answer) -> str:
    if isinstance(answer, Rows):
        return f"{len(answer.rows)} rows {[{k: str(v) for k, v in it.items()} for it in answer.rows][:6]}"
    return f"{len(answer)} triples" if isinstance(answer, ox.Dataset) else str(answer).lower()
