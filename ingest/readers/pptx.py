"""PowerPoint (.pptx): one record, of titles, texts, tables, groups, diagrams and the speaker's notes, slide by slide.

Shapes come in the order of the file, which is the order in which a screen reader tells them. A table of two columns on
the first slide may be the front matter, as the first table of a Word document may.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.headings import front_of
from ingest.ooxml import Element, OfficeText, alternative_text, child, inside, local, opened, words
from ingest.prose import Block
from ingest.record import Context, Document, Record
from ontology.model import Problem

_WRAPS = frozenset({"grpSp", "AlternateContent", "Choice", "spTree"})
#: Placeholders that say nothing of the slide.
_MARGIN = {"sldNum", "dt", "ftr", "hdr", "sldImg"}


def read_pptx(document: Document, context: Context) -> Iterator[Record | Problem]:
    """The one record that a presentation is; the title of its first slide that has one is its title.

    Raises:
        UnreadableFile: E127 the package is damaged; E140 the YAML beside it does not parse; E150 the text is longer
            than 1 MiB.
    """
    with opened("PowerPoint"):
        text = _text(document.content)
    yield from text.items(document, context)


@dataclass(slots=True)
class _Text(OfficeText):
    """What is found in a presentation."""

    def take(self, element: Element, place: str) -> None:
        """The shapes of a slide, of a group, or of the notes."""
        for it in element:
            name = local(it)
            if name in {"sp", "cxnSp"}:
                self._shape(it, place)
            elif name == "graphicFrame":
                self._frame(it, place)
            elif name == "pic":
                self._picture(it, place)
            elif name in _WRAPS:
                self.take(it, place)

    def _shape(self, element: Element, place: str) -> None:
        placeholder = next((it for it in inside(element, without=frozenset({"txBody"})) if local(it) == "ph"), None)
        role = (placeholder.get("type") or "") if placeholder is not None else ""
        body = child(element, "txBody")
        if role in _MARGIN or body is None:
            return
        text = "\n".join(filter(None, (words(it) for it in body if local(it) == "p")))
        if text and role in {"title", "ctrTitle"}:
            self.blocks.append(Block(" ".join(text.split()), place, 2 if any(it.level for it in self.blocks) else 1))
        elif text:
            self.blocks.append(Block(text, place))

    def _frame(self, element: Element, place: str) -> None:
        table = child(element, "graphic", "graphicData", "tbl")
        if table is None:
            self._picture(element, place)
            return
        self.tables += 1
        rows = [tuple(_cell(it) for it in row if local(it) == "tc") for row in table if local(row) == "tr"]
        if self.tables == 1 and place == "slide 1" and (front := front_of(rows)):
            self.front = front
            return
        for at, row in enumerate(rows, 1):
            if told := " | ".join(filter(None, (" ".join(cell.split()) for cell in row))):
                self.blocks.append(Block(told, f"{place}, table {self.tables}, row {at}"))

    def _picture(self, element: Element, place: str) -> None:
        if alternative := alternative_text(element, "cNvPr"):
            self.blocks.append(Block(alternative, f"{place}, picture"))
        else:
            self.pictures.append(place)


def _text(content: bytes) -> _Text:
    import pptx  # noqa: PLC0415 - it takes long to import; only a presentation needs it

    file = pptx.Presentation(io.BytesIO(content))
    text = _Text(file.core_properties.title)
    for number, slide in enumerate(file.slides, 1):
        place = f"slide {number}"
        text.take(slide.shapes.element, place)
        if slide.has_notes_slide:
            text.take(slide.notes_slide.shapes.element, f"{place}, notes")
        for relation in slide.part.rels.values():
            name = relation.reltype.rpartition("/")[2]
            if name == "diagramData":
                text.blocks += _diagram(relation.target_part.blob, place)
            text.comments += name == "comments"
    return text


def _diagram(blob: bytes, place: str) -> Iterator[Block]:
    """The words of a diagram (SmartArt), which stand in a part of their own."""
    from pptx.oxml import parse_xml  # noqa: PLC0415 - it takes long to import

    for it in inside(parse_xml(blob)):
        if local(it) == "p" and (told := words(it)):
            yield Block(told, f"{place}, diagram")


def _cell(element: Element) -> str:
    return "\n".join(filter(None, (words(it) for it in inside(element) if local(it) == "p")))
