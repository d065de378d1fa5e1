"""CSV and TSV, told by a YAML mapping what their columns mean.

A mapping names the kind of thing that a row is, the column that identifies it, and a property for each column::

    kind: tool                    # any kind of ontology.kinds
    id: code                      # its value becomes the address: {base}id/tool/{code}
    language: en                  # of all texts, unless a column says otherwise
    status: proposed              # illustrative | proposed | unverified | published; unverified when absent
    delimiter: ";"                # found in the header when absent: comma, semicolon, tab or bar
    columns:
      name: label                 # a property of ingest.properties
      hebrew name: label@he       # in a language of its own
      link: foaf:page             # a term of a vocabulary
      competencies: {property: develops, split: ";"}    # several values in one cell

Columns that the mapping does not name are left alone, and a warning says which. The mapping of `tools.csv` is looked
for in `tools.mapping.yaml`, or given with --mapping. `ingest/samples/` holds an example. A table whose headings are all
of those that `ingest.headings` knows needs none, when a column or the name of its file or sheet says what its rows are.

Rows are counted as a spreadsheet counts them: the header is row 1.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from ingest.headed import headed
from ingest.mapping import Column, TableMapping, read_mapping
from ingest.record import Context, Document, Record, Target, Value
from language.script import language_of
from ontology.errors import InvalidParameter, UnreadableFile
from ontology.kinds import slug_of
from ontology.model import Problem

_DELIMITERS = (",", ";", "\t", "|")


def read_table(document: Document, context: Context) -> Iterator[Record | Problem]:
    """A record for each row that has as many cells as the header; every other row is a problem of its own.

    Raises:
        UnreadableFile: E121 there is no mapping; E122 the mapping does not hold or names a column that is not there;
            E125 the header cannot be read; E126 it has a column twice.
    """
    mapping = _headed(document, context) or read_mapping(context.mapping)
    delimiter = mapping.delimiter or _delimiter(document.text, mapping)
    rows = csv.reader(io.StringIO(document.text, newline=""), delimiter=delimiter, strict=True)
    header = [cell.strip() for cell in _header(rows)]
    refuse_unknown_columns(mapping, header)
    yield from unmapped_columns(mapping, header, document.name, "row 1")
    yield from _records(rows, header, mapping, document.name)


def unmapped_columns(mapping: TableMapping, header: Sequence[str], file: str, place: str) -> Iterator[Problem]:
    """A warning that names the columns of which the mapping says nothing."""
    if unmapped := [name for name in header if name and name not in mapping.named_columns]:
        message = f"These columns have no mapping and were left alone: {', '.join(unmapped)[:300]}"
        yield Problem("W120", file, place, message, "Name them under `columns` to take them.")


def _headed(document: Document, context: Context) -> TableMapping | None:
    """What the header itself says, where there is no mapping."""
    if context.mapping:
        return None
    first = next(iter(document.text.splitlines()), "")
    found = (headed(next(csv.reader([first], delimiter=it), []), document.name, it) for it in _DELIMITERS)
    return next(filter(None, found), None)


def _header(rows: Iterator[list[str]]) -> list[str]:
    try:
        return next(rows, [])
    except csv.Error as error:
        raise UnreadableFile(f"The header cannot be read: {error}", place="row 1", problem="E125") from error


def _delimiter(text: str, mapping: TableMapping) -> str:
    """The delimiter under which most of the mapped columns stand in the first line."""
    first = next(iter(text.splitlines()), "")

    def found(delimiter: str) -> int:
        cells = (cell.strip().strip('"').strip() for cell in first.split(delimiter))
        return len(mapping.named_columns & set(cells))

    return max(_DELIMITERS, key=found)


def refuse_unknown_columns(mapping: TableMapping, header: Sequence[str]) -> None:
    """See that the header has every column of the mapping, once.

    Raises:
        UnreadableFile: E122 it lacks one; E126 it has one twice.
    """
    if missing := sorted(mapping.named_columns - set(header)):
        message = f"The mapping names columns that the table does not have: {', '.join(missing)}"
        remedy = f"The header has: {', '.join(header)[:300]}."
        raise UnreadableFile(message, place="row 1", problem="E122", remedy=remedy)
    if twice := sorted({name for name in mapping.named_columns if header.count(name) > 1}):
        message = f"These columns stand twice in the header: {', '.join(twice)}"
        raise UnreadableFile(message, place="row 1", problem="E126", remedy="Rename one of them.")


def _records(
    rows: Iterator[list[str]], header: Sequence[str], mapping: TableMapping, file: str
) -> Iterator[Record | Problem]:
    number = 1
    while True:
        number += 1
        place = f"row {number}"
        try:
            cells = next(rows, None)
        except csv.Error as error:
            remedy = "Look for a quote that opens in this row and is never closed; rows after it may be part of it."
            yield Problem("E125", file, place, f"Row {number} cannot be read: {error}", remedy)
            continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield from row_items(cells, header, mapping, file, place)


def row_items(
    cells: list[str], header: Sequence[str], mapping: TableMapping, file: str, place: str
) -> Iterator[Record | Problem]:
    """The record that a row is, or why it is none."""
    if len(cells) != len(header):
        message = f"{place.capitalize()}: {len(cells)} cells, header has {len(header)}"
        yield Problem("E120", file, place, message, "Put a cell that holds the delimiter in quotes.")
        return
    row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    name = row[mapping.id]
    if not slug_of(name):
        yield Problem("E124", file, place, f"{place.capitalize()} has nothing in {mapping.id!r}", "Give it an id.")
        return
    try:
        yield Record(mapping.kind_of(row), name if "://" in name else slug_of(name), _fields(row, mapping), place)
    except InvalidParameter as error:
        yield Problem("E123", file, place, error.message, error.remedy)


def _fields(row: Mapping[str, str], mapping: TableMapping) -> dict[str, tuple[Value | Target, ...]]:
    fields: dict[str, tuple[Value | Target, ...]] = {}
    for column in mapping.columns:
        words = _words(row[column.name], column)
        values = tuple(column.property.value(word, _language(word, column)) for word in words)
        if values:
            fields[column.property.iri] = (*fields.get(column.property.iri, ()), *values)
    return {**mapping.constants, **fields}


def _language(word: str, column: Column) -> str:
    return (language_of(word) or "en") if column.by_script else column.lang


def _words(cell: str, column: Column) -> list[str]:
    words = cell.split(column.split) if column.split else [cell]
    return [word.strip() for word in words if word.strip()]
