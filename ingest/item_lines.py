"""What a reader yields as lines of JSON, one for each item, on its way from a caged process. Never pickle.

Whoever sends them may be in the power of a hostile file, so they are taken as data of that file and as nothing more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pyoxigraph as ox

from ingest.record import Item, Record, Statements, Target, Value
from ontology.kinds import Kind
from ontology.model import Problem


def line_of(item: Item) -> bytes:
    """One item as a line of ASCII, with its line end."""
    match item:
        case Record():
            written = {"record": _record(item)}
        case Statements():
            text = ox.serialize(item.triples, format=ox.RdfFormat.N_TRIPLES) or b""
            problems = [asdict(it) for it in item.problems]
            counts = {"place": item.place, "taken": item.taken, "failed": item.failed}
            written = {"statements": {"triples": text.decode(), "problems": problems, **counts}}
        case Problem():
            written = {"problem": asdict(item)}
    return json.dumps(written).encode() + b"\n"


def items_of(lines: bytes) -> Iterator[Item]:
    """The items of some lines.

    Raises:
        ValueError, KeyError, TypeError, AttributeError, SyntaxError: they are none.
    """
    for line in lines.splitlines():
        ((kind, it),) = json.loads(line).items()
        if kind == "record":
            fields = {iri: tuple(map(_value, values)) for iri, values in it["fields"].items()}
            yield Record(**{**it, "kind": Kind(it["kind"]), "fields": fields})
        elif kind == "statements":
            quads = ox.parse(it["triples"], format=ox.RdfFormat.N_TRIPLES)
            problems = tuple(Problem(**problem) for problem in it["problems"])
            yield Statements(**{**it, "triples": tuple(quad.triple for quad in quads), "problems": problems})
        else:
            yield Problem(**it)


def _record(record: Record) -> dict[str, Any]:
    fields = {iri: [_written(value) for value in values] for iri, values in record.fields.items()}
    plain = {name: getattr(record, name) for name in Record.__slots__}
    return {**plain, "kind": record.kind.value, "fields": fields}


def _written(value: Value | Target) -> list[str | None]:
    if isinstance(value, Value):
        return [value.text, value.lang, value.datatype]
    return [value.name, value.kind and value.kind.value]


def _value(written: list[str]) -> Value | Target:
    if len(written) == 3:
        return Value(*written)
    name, kind = written
    return Target(name, Kind(kind) if kind else None)
