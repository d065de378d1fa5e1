"""Excel (.xlsx): tables, told by a YAML mapping or by their own headings what their columns mean.

The mapping is that of `ingest.readers.table`; `sheet: Tools` in it names the one sheet to read. Without that, every
sheet that has the mapped columns is read, and a warning names the others. The header is the first row that has all of
them, so that a title may stand above. Rows are counted as the program shows them.

A cell gives what it shows of its value: text as it is (`007` stays `007`), a whole number without `.0`, a day as
2026-01-31, true and false, and of a formula the result that was saved. No formula is ever computed here.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from ingest.cells import Unread, unread_cells
from ingest.headed import headed
from ingest.mapping import TableMapping, read_mapping
from ingest.ooxml import left_out, opened
from ingest.readers.table import refuse_unknown_columns, row_items, unmapped_columns
from ingest.record import Context, Document, Record
from ontology.errors import UnreadableFile
from ontology.model import Problem

_Cell: TypeAlias = int | float | str | bool | time | date | datetime | timedelta
_TITLE_ROWS = 20


def read_xlsx(document: Document, context: Context) -> Iterator[Record | Problem]:
    """A record for each row below a header.

    Raises:
        UnreadableFile: E127 the workbook is damaged; E121 there is no mapping, and no sheet tells by its headings what
            it holds; E122 the mapping does not hold, or no sheet has its columns; E126 a header has a column twice.
    """
    mapping = read_mapping(context.mapping) if context.mapping else None
    with opened("Excel"):
        sheets = _sheets(document.content)
        unread = unread_cells(document.content)
    tables = [found for name, rows in sheets.items() if (found := _table(name, rows, mapping))]
    if not tables:
        _refuse(sheets, mapping)
    others = [name for name, rows in sheets.items() if rows and name not in {it.sheet for it in tables}]
    yield from left_out(f"sheets without these columns ({', '.join(others)[:200]})", len(others), document.name)
    for table in tables:
        yield from table.items(document.name, unread.get(table.sheet, {}))


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet whose columns are known; `first` is the index of its header among the rows."""

    sheet: str
    rows: Sequence[Sequence[str]]
    first: int
    mapping: TableMapping

    def items(self, file: str, unread: Mapping[tuple[int, int], Unread]) -> Iterator[Record | Problem]:
        """Its records, and what is wrong with other rows."""
        header = [cell.strip() for cell in self.rows[self.first]]
        place = f"sheet {self.sheet!r}, row {self.first + 1}"
        refuse_unknown_columns(self.mapping, header)
        yield from unmapped_columns(self.mapping, header, file, place)
        for number, row in enumerate(self.rows[self.first + 1 :], self.first + 2):
            cells = [unread[number, at].read(cell) if (number, at) in unread else cell for at, cell in enumerate(row)]
            place = f"sheet {self.sheet!r}, row {number}"
            for at, heading in enumerate(header):
                if (lost := unread.get((number, at))) and lost.why and heading in self.mapping.named_columns:
                    yield Problem("W209", file, f"{place}, {heading}", lost.why, lost.remedy)
            if any(cells):
                yield from row_items(cells, header, self.mapping, file, place)


def _table(name: str, rows: Sequence[Sequence[str]], mapping: TableMapping | None) -> _Table | None:
    if mapping and mapping.sheet and mapping.sheet != name:
        return None
    for at, row in enumerate(rows[:_TITLE_ROWS]):
        header = {cell.strip() for cell in row}
        if mapping is None and (found := headed(row, name)):
            return _Table(name, rows, at, found)
        if mapping and mapping.named_columns <= header:
            return _Table(name, rows, at, mapping)
    return None


def _refuse(sheets: Mapping[str, Sequence[Sequence[str]]], mapping: TableMapping | None) -> None:
    if mapping is None:
        read_mapping(None)
    elif mapping.sheet and mapping.sheet not in sheets:
        remedy = f"The workbook has: {', '.join(sheets)[:300]}."
        raise UnreadableFile(f"There is no sheet {mapping.sheet!r}", place="file", problem="E122", remedy=remedy)
    else:
        rows = sheets[mapping.sheet] if mapping.sheet else next(filter(None, sheets.values()), [])
        refuse_unknown_columns(mapping, next((row for row in rows if any(row)), []))


def _sheets(content: bytes) -> dict[str, list[list[str]]]:
    """The text of every cell of every sheet, from the first row and column on."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - only a workbook needs it

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = {}
    for name in workbook.sheet_names:
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        sheets[name] = [[_shown(cell) for cell in row] for row in rows]
    return {name: rows if any(map(any, rows)) else [] for name, rows in sheets.items()}


def _shown(cell: _Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell).strip()
