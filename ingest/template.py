"""Templates that people fill in: a table of things of one kind, or a document about one, headed in their language.

The headings are those of `ingest.headings`, so that a filled template is read as it is, without a mapping.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import PurePath

from ingest.headings import heading_in, kind_in
from ontology.errors import InvalidParameter
from ontology.kinds import Kind

LANGUAGES = ("he", "ar", "en")
_COLUMNS = {
    Kind.TOOL: ("definition", "tool_kind", "develops", "subject", "grade_min", "grade_max", "language", "homepage"),
    Kind.SOURCE: ("creator", "issued", "doi", "homepage", "description", "keyword", "language"),
    Kind.PRACTICE: ("description", "uses", "develops", "subject", "consent", "anonymisation"),
}
_OTHERWISE = ("definition", "description", "broader", "homepage")


def template(name: str, kind: Kind, lang: str) -> bytes:
    """An empty template.

    Args:
        name: Name of the file that it becomes; its suffix says which sort: .csv, .xlsx or .docx.
        kind: What is described.
        lang: The language of the headings, one of `LANGUAGES`.

    Raises:
        InvalidParameter: there is no template of that sort or in that language.
    """
    makers = {".csv": _csv, ".xlsx": _xlsx, ".docx": _docx}
    suffix = PurePath(name).suffix.lower()
    if suffix not in makers:
        raise InvalidParameter(
            "file", f"There is no template {suffix or name!r}", remedy="Name a .csv, .xlsx or .docx."
        )
    if lang not in LANGUAGES:
        raise InvalidParameter("lang", f"There are no headings in {lang!r}", remedy=f"Known: {', '.join(LANGUAGES)}.")
    return makers[suffix](kind, lang)


def _columns(kind: Kind, lang: str) -> list[str]:
    names = [heading_in(lang, "label", tag) for tag in sorted(LANGUAGES, key=lambda it: it != lang)]
    return [heading_in(lang, "id"), *names, *(heading_in(lang, it) for it in _COLUMNS.get(kind, _OTHERWISE))]


def _csv(kind: Kind, lang: str) -> bytes:
    """A table of which each row says its kind; with a byte order mark, without which Excel takes it for no Unicode."""
    file = io.StringIO(newline="")
    csv.writer(file).writerow([heading_in(lang, "kind"), *_columns(kind, lang)])
    return file.getvalue().encode("utf-8-sig")


def _xlsx(kind: Kind, lang: str) -> bytes:
    """A sheet with the name of the kind; all its cells are text, so that 007 stays what it is."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # noqa: PLC0415 - has no types; slow to import

    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as workbook:
        sheet, headings = workbook.add_worksheet(kind_in(lang, kind)), _columns(kind, lang)
        sheet.set_column(0, len(headings) - 1, 22, workbook.add_format({"num_format": "@"}))
        sheet.write_row(0, 0, headings, workbook.add_format({"bold": True, "bottom": 1}))
        sheet.freeze_panes(1, 0)
        if lang != "en":
            sheet.right_to_left()
    return file.getvalue()


def _docx(kind: Kind, lang: str) -> bytes:
    """A page that opens with the table of its front matter."""
    import docx  # noqa: PLC0415 - it takes long to import; only a template needs it
    from docx.enum.table import WD_TABLE_DIRECTION  # noqa: PLC0415 - it takes long to import
    from docx.oxml import OxmlElement  # noqa: PLC0415 - it takes long to import

    rows = _form(kind, lang)
    document = docx.Document()
    table = document.add_table(len(rows), 2, style="Table Grid")
    for row, words in zip(table.rows, rows, strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    if lang != "en":
        table.table_direction = WD_TABLE_DIRECTION.RTL
        document.styles["Normal"].element.get_or_add_pPr().append(OxmlElement("w:bidi"))
    document.add_paragraph()
    document.save(file := io.BytesIO())
    return file.getvalue()


def _form(kind: Kind, lang: str) -> Sequence[tuple[str, str]]:
    asked = [it for it in _COLUMNS.get(kind, _OTHERWISE) if it not in {"description", "language"}]
    empty = [(heading_in(lang, it), "") for it in ("label", "id", *asked)]
    return [(heading_in(lang, "kind"), kind_in(lang, kind)), *empty]
