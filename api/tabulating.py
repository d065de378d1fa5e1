"""Entities as a table for a spreadsheet: one row for each, one column for each property and language."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from api.selecting import Selection
from ontology.kinds import Iri, Kind, local_name
from ontology.namespaces import PREFIXES, RDF, SKOS, SKOSXL

#: A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BETWEEN = " | "
_FIRST = (str(SKOS.prefLabel), str(SKOS.notation), str(SKOS.definition), str(SKOS.altLabel))
_LEFT_OUT = (str(RDF.type), str(SKOSXL))


def tabulate(selection: Selection, kind: Kind) -> str:
    """Every entity of a kind, as CSV (RFC 4180) with a byte order mark, by which spreadsheets know UTF-8.

    The columns: `iri`; then the names, codes and definitions; then every other property that one of the entities has,
    in order of name. A column is called after its property, with the language of its texts: `skos:prefLabel@he`,
    `ks:develops`. Several values stand with ` | ` between them; things are given by their address. Classes and label
    nodes (how sure a name is) have no column. A cell that a spreadsheet would take for a formula begins with `'`.
    """
    wanted = selection.kinds.get(kind, frozenset())
    rows: dict[Iri, dict[str, list[str]]] = {iri: defaultdict(list) for iri in sorted(wanted)}
    columns: dict[str, tuple[int, str]] = {}
    for it in sorted(selection.triples, key=str):
        row = rows.get(Iri(it.subject.value)) if isinstance(it.subject, ox.NamedNode) else None
        value = it.object if isinstance(it.object, ox.NamedNode | ox.Literal) else None
        if row is not None and value and not it.predicate.value.startswith(_LEFT_OUT):
            name = _column(it.predicate.value, value)
            columns[name] = (_rank(it.predicate.value), name)
            row[name].append(value.value)
    header = ["iri", *sorted(columns, key=lambda name: columns[name])]
    return "\ufeff" + _written(header, rows)


def _written(header: list[str], rows: Mapping[Iri, Mapping[str, Iterable[str]]]) -> str:
    body = io.StringIO()
    table = csv.writer(body)
    table.writerow(header)
    for iri, row in rows.items():
        table.writerow([iri, *(_safe(_BETWEEN.join(row.get(name, ()))) for name in header[1:])])
    return body.getvalue()


def _column(iri: str, value: ox.NamedNode | ox.Literal) -> str:
    """The property, and the language of a text."""
    return compact(iri) + (f"@{value.language}" if isinstance(value, ox.Literal) and value.language else "")


def compact(iri: str) -> str:
    """`prefix:name`, or the whole address where no prefix is known."""
    name = local_name(iri)
    prefix = next((it for it, start in PREFIXES.items() if iri == start + name), None)
    return f"{prefix}:{name}" if prefix else iri


def _rank(iri: str) -> int:
    return _FIRST.index(iri) if iri in _FIRST else len(_FIRST)


def _safe(cell: str) -> str:
    """The cell as text; a number may keep its sign."""
    if not cell.startswith(_FORMULA):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
