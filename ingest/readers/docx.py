"""Word (.docx): one record, of paragraphs, lists, tables, text boxes, formulas and notes in the order of the file.

The first table of the document is its front matter when it has two columns and every cell of the first is a heading
that `ingest.headings` knows, in English, Hebrew or Arabic. Changes that were tracked count as accepted.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.headings import front_of
from ingest.ooxml import Element, OfficeText, alternative_text, child, inside, local, opened, words
from ingest.prose import Block
from ingest.record import Context, Document, Record
from ontology.model import Problem

_WRAPS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "AlternateContent", "Choice"})
_BOX = frozenset({"txbxContent"})
_LEVEL = re.compile(r"heading ([1-9])", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")


def read_docx(document: Document, context: Context) -> Iterator[Record | Problem]:
    """The one record that a Word document is.

    Raises:
        UnreadableFile: E127 the package is damaged; E140 the YAML beside it does not parse; E150 the text is longer
            than 1 MiB.
    """
    with opened("Word"):
        text = _text(document.content)
    yield from text.items(document, context)


@dataclass(slots=True)
class _Text(OfficeText):
    """What is found in a document; `levels` are those of the headings, by identifier of their style."""

    levels: dict[str, int] = field(default_factory=dict)

    def take(self, element: Element, place: str) -> None:
        """The blocks of a body, a cell, a box or a note."""
        for it in element:
            name = local(it)
            if name == "p":
                self._paragraph(it, place)
            elif name == "tbl":
                self._table(it)
            elif name in _WRAPS:
                self.take(it, place)

    def _paragraph(self, element: Element, place: str) -> None:
        text = words(element, without=_BOX)
        if text:
            self.blocks.append(Block(text, place, self._level(element)))
        for it in inside(element, without=_BOX | {"drawing", "pict", "object"}):
            if local(it) in {"drawing", "pict", "object"}:
                self._drawing(it, place)

    def _drawing(self, element: Element, place: str) -> None:
        boxes = [it for it in inside(element, without=_BOX) if local(it) in _BOX]
        alternative = alternative_text(element, "docPr")
        if alternative:
            self.blocks.append(Block(alternative, f"{place}, picture"))
        elif not boxes and local(element) != "pict":
            self.pictures.append(place)
        for box in boxes:
            self.take(box, "text box")

    def _level(self, element: Element) -> int:
        properties = child(element, "pPr")
        if properties is None:
            return 0
        style, outline = child(properties, "pStyle"), child(properties, "outlineLvl")
        if outline is not None and _value(outline).isdecimal() and int(_value(outline)) < 9:
            return int(_value(outline)) + 1
        return self.levels.get(_value(style), 0) if style is not None else 0

    def _table(self, element: Element) -> None:
        self.tables += 1
        number, before = self.tables, len(self.blocks)
        rows = [tuple(self._cells(row, f"table {number}")) for row in _below(element, "tr")]
        beside = self.blocks[before:]
        del self.blocks[before:]
        front = front_of(rows) if number == 1 else None
        if front:
            self.front = front
        else:
            told = (" | ".join(filter(None, (" ".join(cell.split()) for cell in row))) for row in rows)
            places = (f"table {number}, row {at}" for at in range(1, len(rows) + 1))
            self.blocks += [Block(row, place) for row, place in zip(told, places, strict=True) if row]
        self.blocks += beside

    def _cells(self, row: Element, place: str) -> Iterator[str]:
        """The text of each cell: its paragraphs are taken out of the blocks again, one to a line."""
        for cell in _below(row, "tc"):
            before = len(self.blocks)
            self.take(cell, place)
            text = "\n".join(block.text for block in self.blocks[before:])
            del self.blocks[before:]
            yield text


def _text(content: bytes) -> _Text:
    import docx  # noqa: PLC0415 - it takes long to import; only a Word file needs it

    file = docx.Document(io.BytesIO(content))
    text = _Text(file.core_properties.title, levels=dict(_levels(file.styles.element)))
    text.take(file.element.body, "document")
    for name, part in _parts(file.part):
        if name == "comments":
            text.comments = sum(local(it) == "comment" for it in part)
        elif name in {"footnotes", "endnotes"}:
            for note in part:
                text.take(note, name)
        elif any(_LETTER.search(words(it)) for it in inside(part) if local(it) == "p"):
            text.take(part, name)
    return text


def _parts(main: object) -> Iterator[tuple[str, Element]]:
    """Headers, footers, notes and comments, each text once."""
    from docx.opc.part import Part  # noqa: PLC0415 - it takes long to import
    from docx.oxml.parser import parse_xml  # noqa: PLC0415 - it takes long to import

    said: set[str] = set()
    relations = main.rels.values() if isinstance(main, Part) else ()
    for relation in relations:
        name = relation.reltype.rpartition("/")[2]
        if name in {"header", "footer", "footnotes", "endnotes", "comments"} and not relation.is_external:
            part = parse_xml(relation.target_part.blob)
            text = words(part)
            if text and text not in said:
                said.add(text)
                yield name, part


def _levels(styles: Element) -> Iterator[tuple[str, int]]:
    """The headings among the styles. Their names are English in every language of Word; the identifiers are not."""
    for style in styles:
        name, outline = child(style, "name"), child(style, "pPr", "outlineLvl")
        found = _LEVEL.fullmatch(_value(name)) if name is not None else None
        identifier = next((value for key, value in _attributes(style) if key.endswith("}styleId")), "")
        if found:
            yield identifier, int(found[1])
        elif name is not None and _value(name).lower() == "title":
            yield identifier, 1
        elif outline is not None and _value(outline).isdecimal() and int(_value(outline)) < 9:
            yield identifier, int(_value(outline)) + 1


def _below(element: Element, name: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also where content controls wrap them."""
    for it in element:
        if local(it) == name:
            yield it
        elif local(it) in _WRAPS:
            yield from _below(it, name)


def _value(element: Element | None) -> str:
    """What the attribute `val` says."""
    attributes = _attributes(element) if element is not None else ()
    return next((value for key, value in attributes if key.rpartition("}")[2] == "val"), "")


def _attributes(element: Element) -> list[tuple[str, str]]:
    return list(element.attrib.items())
