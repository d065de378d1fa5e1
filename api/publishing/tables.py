r"""All things of a class as a table: one row for each, one column for each property and language. For programs.

CSV as RFC 4180 has it, in UTF-8 without a byte order mark. The first column is `iri`; the next three are the names in
English, Hebrew and Arabic, whether there are any or not; then every other property in order of name, called as it is in
SPARQL (`ks:develops`, or the whole address where no prefix is known), with the language of its texts behind an @
(`skos:definition@he`). A cell holds all values in order, with `|` between them; a `|` or a backslash that is part of a
value has a backslash before it. Things are given by address, numbers and dates by their digits.

The cells are exact: a text that begins with `=` stands there as it is, and a spreadsheet may take it for a formula.
`kesher export --format csv` writes tables that are safe to open in one.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import BinaryIO, TypeAlias

import pyoxigraph as ox

from api.publishing.counting import rows
from api.tabulating import compact
from ontology.kinds import Iri, local_name
from ontology.model import LANGUAGES
from ontology.namespaces import RDF, SKOS

#: Columns of one table; properties past them, the least used, are named in the manifest.
MOST_COLUMNS = 1_000

#: A property and the language of its texts; "" for what has none.
Column: TypeAlias = tuple[str, str]
Columns: TypeAlias = tuple[list[Column], tuple[Iri, ...]]

_TYPE = ox.NamedNode(RDF.type)
_NAMES: tuple[Column, ...] = tuple((str(SKOS.prefLabel), lang) for lang in LANGUAGES)


def columns_of(store: ox.Store) -> Mapping[Iri, Columns]:
    """The columns of the table of each class, in order, and the properties that are left out of it."""
    used: dict[str, dict[Column, int]] = defaultdict(dict)
    for it in rows(store, "class-property-languages"):
        used[it["class"]][it["property"], it.get("lang", "")] = int(it["things"])
    return {Iri(cls): _kept(columns) for cls, columns in used.items()}


def write_table(store: ox.Store, cls: Iri, columns: list[Column], file: BinaryIO) -> int:
    """Write the table of a class; gives the number of its rows."""
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    table = csv.writer(text)
    table.writerow(["iri", *(_heading(it) for it in columns)])
    things = sorted({str(it.subject) for it in store.quads_for_pattern(None, _TYPE, ox.NamedNode(cls))})
    for thing in things:
        iri = thing[1:-1]
        values = _values(store, ox.NamedNode(iri))
        table.writerow([iri, *(_cell(values.get(it, ())) for it in columns)])
    text.detach()
    return len(things)


def file_stems(classes: Iterable[Iri]) -> dict[Iri, str]:
    """A name of a file for each class: `ks-Tool`; with a number made of the address where that is not enough."""
    stems: dict[Iri, str] = {}
    taken: set[str] = set()
    for cls in classes:
        short = compact(cls)
        stem = re.sub(r"[^A-Za-z0-9.]+", "-", local_name(cls) if short == cls else short)[:60].strip("-.")
        if short == cls or stem.lower() in taken:
            stem = f"{stem}-{hashlib.sha256(cls.encode()).hexdigest()[:8]}".strip("-")
        taken.add(stem.lower())
        stems[cls] = stem
    return stems


def _kept(used: Mapping[Column, int]) -> Columns:
    by_use = sorted((it for it in used if it not in _NAMES), key=lambda it: (-used[it], it))
    kept = [*_NAMES, *sorted(by_use[:MOST_COLUMNS], key=_heading)]
    return kept, tuple(sorted({Iri(name) for name, _ in by_use[MOST_COLUMNS:]}))


def _values(store: ox.Store, thing: ox.NamedNode) -> Mapping[Column, set[str]]:
    values: dict[Column, set[str]] = defaultdict(set)
    for it in store.quads_for_pattern(thing, None, None):
        value = it.object
        lang = value.language or "" if isinstance(value, ox.Literal) else ""
        plain = value.value if isinstance(value, ox.NamedNode | ox.Literal) else str(value)
        values[it.predicate.value, lang].add(plain)
    return values


def _cell(values: Iterable[str]) -> str:
    return "|".join(it.replace("\\", "\\\\").replace("|", "\\|") for it in sorted(values))


def _heading(column: Column) -> str:
    name, lang = column
    return f"{compact(name)}@{lang}" if lang else compact(name)
