"""Oxigraph's plan of a query, read into steps that say in plain words what each does. Pure.

The names of operators are those that `oxigraph query --explain-file` of Oxigraph 0.5 writes; one that is not known here
is shown as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ontology.namespaces import PREFIXES

_WIDEST = 140  # of a line for people, before its numbers


@dataclass(frozen=True, slots=True)
class Step:
    """One operator of a plan.

    Attributes:
        id: Its place, counted from 1; the steps below it come after it.
        parent: The step that takes its rows; None for the first, which gives the answer.
        depth: How many steps stand above it.
        operator: Oxigraph's name for it.
        does: What it does, in plain words.
        variables: Those that it names, without question marks.
        rows: How many rows it gave; None where that was not counted.
        ms: Milliseconds in it and the steps below it; None as above.
        own_ms: Milliseconds in it alone.
    """

    id: int
    parent: int | None
    depth: int
    operator: str
    does: str
    variables: tuple[str, ...]
    rows: int | None
    ms: float | None
    own_ms: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan: its steps from the answer downwards, each before those that feed it.

    Attributes:
        planning_ms: Milliseconds that it took to choose it.
        note: Why the steps have no counts; None when they have.
    """

    steps: tuple[Step, ...]
    planning_ms: float
    note: str | None = None

    def uncounted(self, reason: str) -> Plan:
        """The same plan, of a query that did not end."""
        steps = tuple(replace(it, rows=None, ms=None, own_ms=None) for it in self.steps)
        return replace(self, steps=steps, note=f"Not counted. {reason}")

    def text(self) -> str:
        """For people: a line for each step, indented below the one that takes its rows."""
        told = [(_cut("  " * it.depth + it.does), it.rows, it.ms, it.own_ms) for it in self.steps]
        width = max(len(line) for line, *_ in told)
        head = ("What is done, from the answer down to the lookups", "rows", "ms", "own ms")
        rows = [(line, _number(rows, "d"), _number(ms, ".1f"), _number(own, ".1f")) for line, rows, ms, own in told]
        lines = [f"{does:<{width}}  {rows:>9}  {ms:>9}  {own:>9}".rstrip() for does, rows, ms, own in (head, *rows)]
        return "\n".join([*([self.note] if self.note else []), *lines]) + "\n"


def read_plan(text: str) -> Plan:
    """Read what `oxigraph query --explain-file plan.json --stats` wrote.

    Raises:
        RecursionError: it is nested more deeply than JSON can be read here.
    """
    told = json.loads(text)
    tidy = _Tidy()
    steps: list[Step] = []
    waiting: list[tuple[dict[str, Any], Step | None]] = [(told["plan"], None)]
    while waiting:
        node, parent = waiting.pop()
        step = _step(node, len(steps) + 1, parent, tidy)
        steps.append(step)
        waiting.extend((child, step) for child in reversed(node["children"]))
    return Plan(tuple(steps), _ms(told["planning duration in seconds"]) or 0.0)


def _step(node: dict[str, Any], number: int, parent: Step | None, tidy: _Tidy) -> Step:
    operator, _, inside = tidy(node["name"]).partition("(")
    inside = inside.removesuffix(")")
    whole = _ms(node.get("duration in seconds"))
    below = sum(_ms(it.get("duration in seconds")) or 0.0 for it in node["children"])
    return Step(
        id=number,
        parent=parent.id if parent else None,
        depth=parent.depth + 1 if parent else 0,
        operator=operator,
        does=_words(operator, inside),
        variables=tuple(dict.fromkeys(re.findall(r"\?(\w+)", inside))),
        rows=node.get("number of results"),
        ms=whole,
        own_ms=None if whole is None else round(max(0.0, whole - below), 3),
    )


class _Tidy:
    """Writes names of operators as people write SPARQL: short IRIs, plain numbers, and _1 for made-up variables."""

    _MADE_UP = re.compile(r"\?([0-9a-f]{24,32})\b")
    _IRI = re.compile(r"<([^<>]*[#/])([\w-]*)>")
    _PLAIN = re.compile(r'"([^"\\]*)"\^\^xsd:(?:integer|boolean|decimal)')
    _NAMES: Mapping[str, str] = {namespace: name for name, namespace in PREFIXES.items()}

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __call__(self, name: str) -> str:
        named = self._MADE_UP.sub(lambda it: f"?_{self._numbers.setdefault(it[1], len(self._numbers) + 1)}", name)
        return self._PLAIN.sub(r"\1", self._IRI.sub(self._short, named))

    def _short(self, iri: re.Match[str]) -> str:
        prefix = self._NAMES.get(iri[1])
        return f"{prefix}:{iri[2]}" if prefix else iri[0]


#: Operator -> what it does; {inside} is what stands in its brackets, {keys} the variables of a join.
_WORDS: Mapping[str, str] = {
    "QuadPattern": "look up {inside}",
    "Path": "follow the path {inside}",
    "StaticBindings": "take the values {inside}",
    "Service": "ask {inside}",
    "Lateral": "for each row of the first, look up the second",
    "Join": "join both {keys}",
    "LeftJoin": "keep the first, with the second where it fits (OPTIONAL), {keys}",
    "ForLoopLeftJoin": "for each row of the first, look up the second where there is one (OPTIONAL)",
    "AntiJoin": "drop from the first what the second has (MINUS), {keys}",
    "Filter": "keep rows where {inside}",
    "Extend": "compute {inside}",
    "Aggregate": "group and count: {inside}",
    "Sort": "sort by {inside}",
    "Distinct": "drop repeated rows",
    "Reduced": "drop rows that repeat the one before",
    "Slice": "cut: {inside}",
    "Project": "keep only {inside}",
    "Union": "put the rows of all parts together (UNION)",
}


def _words(operator: str, inside: str) -> str:
    template = _WORDS.get(operator)
    if template is None:
        return f"{operator}({inside})" if inside else operator
    return template.format(inside=inside.replace(" -> ", " as ") or "nothing", keys=_keys(inside))


def _keys(inside: str) -> str:
    found = re.search(r"keys = ((?:\?\w+(?:, )?)*)", inside)
    on = sorted(filter(None, found[1].split(", "))) if found else []
    return f"on {', '.join(on)}" if on else "with nothing in common: every row with every row"


def _cut(line: str) -> str:
    return line if len(line) <= _WIDEST else f"{line[:_WIDEST]} ..."


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 3)


def _number(value: float | None, format: str) -> str:
    return "" if value is None else f"{value:{format}}"
