"""Cells of a workbook whose value alone does not say what people see: padded numbers, errors, formulas never computed.

The fast parser gives an error and a formula without a saved result as nothing, and 7 for a number that is shown as
007. Their places are found in the parts of the package (ISO/IEC 29500-1, 18.3.1.4 and 18.8.30).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring, iterparse

from ingest.ooxml import Element, child, local

_ZEROS = re.compile(r"0{2,18}")


@dataclass(frozen=True, slots=True)
class Unread:
    """How such a cell is read.

    Attributes:
        width: Digits that a number is filled up to; 0 for none.
        why: What is wrong with it; "" for nothing.
        remedy: What to do then.
    """

    width: int = 0
    why: str = ""
    remedy: str = ""

    def read(self, cell: str) -> str:
        """The text of the cell."""
        return cell.zfill(self.width) if cell.lstrip("-").isdigit() else cell


def unread_cells(content: bytes) -> Mapping[str, Mapping[tuple[int, int], Unread]]:
    """Such cells of every sheet, by row (from 1) and column (from 0)."""
    with ZipFile(io.BytesIO(content)) as package:
        names = set(package.namelist())
        widths = _widths(package.read("xl/styles.xml")) if "xl/styles.xml" in names else {}
        return {name: dict(_cells(package, part, widths)) for name, part in _parts(package) if part in names}


def _parts(package: ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet, and the part that holds it."""
    relations = fromstring(package.read("xl/_rels/workbook.xml.rels"))
    target = {it.get("Id"): it.get("Target") or "" for it in relations}
    sheets: Element | None = child(fromstring(package.read("xl/workbook.xml")), "sheets")
    for sheet in sheets or ():
        identifier = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        part = target.get(identifier, "")
        yield sheet.get("name") or "", part.lstrip("/") if part.startswith("/") else f"xl/{part}"


def _widths(styles: bytes) -> dict[str, int]:
    """The number of digits that each style of cells shows at least, where its format is nothing but zeros."""
    root: Element = fromstring(styles)
    formats = {it.get("numFmtId"): it.get("formatCode") or "" for it in child(root, "numFmts") or ()}
    used = (formats.get(it.get("numFmtId"), "") for it in child(root, "cellXfs") or ())
    return {str(at): len(code) for at, code in enumerate(used) if _ZEROS.fullmatch(code)}


def _cells(package: ZipFile, part: str, widths: Mapping[str, int]) -> Iterator[tuple[tuple[int, int], Unread]]:
    with package.open(part) as file:
        for _, element in iterparse(file, forbid_dtd=True):
            if local(element) == "c":
                if found := _found(element, widths):
                    yield _place(element.get("r") or ""), found
            elif local(element) == "row":
                element.clear()


def _found(cell: Element, widths: Mapping[str, int]) -> Unread | None:
    value, formula = child(cell, "v"), child(cell, "f")
    if cell.get("t") == "e":
        shown = (value.text or "") if value is not None else ""
        return Unread(why=f"The cell shows the error {shown} and was left empty", remedy="Mend its formula.")
    if formula is not None and (value is None or not value.text) and cell.get("t") != "str":
        remedy = "Open the workbook in a program that computes it, and save it."
        return Unread(why="The cell is a formula whose result was not saved; it was left empty", remedy=remedy)
    width = widths.get(cell.get("s") or "", 0)
    return Unread(width) if width and cell.get("t") in {None, "n"} else None


def _place(reference: str) -> tuple[int, int]:
    """Row from 1 and column from 0 of `B3`; (0, 0), which is no cell, where there is no reference."""
    found = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", reference)
    if not found:
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column - 1
