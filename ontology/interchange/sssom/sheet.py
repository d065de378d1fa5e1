"""The text of a SSSOM/TSV file: a header of YAML behind `#`, then a table.

Rows are numbered as a spreadsheet numbers them, with the lines of the header counted.
"""

from __future__ import annotations

import csv
import io
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

from ontology.errors import UnreadableFile
from ontology.interchange.outcome import Tally
from ontology.interchange.sssom.slots import MANDATORY
from ontology.yaml_text import Yaml, read_yaml

_PART = re.compile(r"(?:\\[\\|]|[^|])+")
_ESCAPED = re.compile(r"\\([\\|])")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells that are not empty, by column."""

    place: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file, taken apart."""

    header: Mapping[str, Yaml]
    columns: Sequence[str]
    rows: Sequence[Row]


def read_sheet(text: str, tally: Tally) -> Sheet:
    """The header, and every row that has as many cells as there are columns; the others are dropped with E120 or E125.

    Raises:
        UnreadableFile: E193 the header is no YAML; E126 the table lacks a mandatory column or has one twice.
    """
    lines = text.split("\n")
    size = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    written = textwrap.dedent("\n".join(line[1:].rstrip("\r") for line in lines[:size]))
    header = read_yaml(written, code="E193", name=tally.file)
    table = csv.reader(io.StringIO("\n".join(lines[size:]), newline=""), delimiter="\t", strict=True)
    columns = [name.strip() for name in next(_rows(table, size, tally), ("", []))[1]]
    _expect_columns(columns, size + 1)
    rows = [_row(place, cells, columns, tally) for place, cells in _rows(table, size, tally)]
    return Sheet(header, columns, [row for row in rows if row])


def write_sheet(header: Mapping[str, object], columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """The file again; a cell that a row does not have is empty."""
    lines = yaml.safe_dump(dict(header), sort_keys=False, allow_unicode=True, width=2**30).split("\n")[:-1]
    table = (_line(cells) for cells in (columns, *([row.get(name, "") for name in columns] for row in rows)))
    return "".join((*(f"#{line}\n" for line in lines), *table))


def split(cell: str) -> list[str]:
    """The values of a cell that may have several: separated by a bar, which a backslash escapes."""
    return [_ESCAPED.sub(r"\1", part).strip() for part in _PART.findall(cell) if part.strip()]


def join(words: Iterable[str]) -> str:
    """Several values as one cell."""
    return "|".join(word.replace("\\", "\\\\").replace("|", "\\|") for word in words)


def _line(cells: Sequence[str]) -> str:
    """One line; a cell with a break of either kind is quoted, which csv does for the kinds that end its lines."""
    line = io.StringIO()
    csv.writer(line, delimiter="\t", lineterminator="\r\n").writerow(cells)
    return line.getvalue().removesuffix("\r\n") + "\n"


def _rows(table: Iterator[list[str]], before: int, tally: Tally) -> Iterator[tuple[str, list[str]]]:
    """Rows with something in them, each with its place; E125 for those that no table can have."""
    while True:
        place = f"row {before + table.line_num + 1}"  # type: ignore[attr-defined] # a csv reader, which has no public type
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error as error:
            tally.drop_link(
                "E125", place, f"This row cannot be read: {error}", "Look for a quote that is never closed."
            )
            continue
        if any(cell.strip() for cell in cells):
            yield place, cells


def _expect_columns(columns: Sequence[str], number: int) -> None:
    missing = [name for name in MANDATORY if name not in columns]
    twice = sorted(name for name, times in Counter(columns).items() if times > 1)
    if missing or twice:
        fault = f"lacks {', '.join(missing)}" if missing else f"has {', '.join(twice)} twice"
        remedy = "A table of mappings needs subject_id, predicate_id, object_id and mapping_justification, once each."
        raise UnreadableFile(f"The table {fault}", place=f"row {number}", problem="E126", remedy=remedy)


def _row(place: str, cells: Sequence[str], columns: Sequence[str], tally: Tally) -> Row | None:
    if len(cells) != len(columns):
        message = f"{len(cells)} cells, where the table has {len(columns)} columns"
        tally.drop_link("E120", place, message, "Put a cell that holds a tab in quotes.")
        return None
    return Row(
        place, {name: tally.text(it, place).strip() for name, it in zip(columns, cells, strict=True) if it.strip()}
    )
