"""PDF: one record, of the paragraphs that its pages show, in reading order; pictures of text are not read."""

from __future__ import annotations

import io
import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from ingest.glyphs import UNKNOWN, Glyph, clusters, drawn_once, is_right_to_left, unknown
from ingest.page_lines import Line, alignment, lines_of
from ingest.prose import Block, prose_items
from ingest.record import Context, Document, Record
from ingest.visual_order import logical_lines, visual_votes
from ontology.errors import UnreadableFile
from ontology.model import Problem

if TYPE_CHECKING:
    from pdfminer.layout import LTChar, LTComponent
    from pdfplumber.page import Page

_END = b"%%EOF"
# What programs write for a document that nobody gave a title: a word for that, or the name of a file.
_NO_TITLE = re.compile(r"^(untitled|\(anonymous\)|about:blank|microsoft word - .*)$|\.\w{2,5}$", re.IGNORECASE)
_HEADING = 1.2  # times the size of type in which half of the letters are set
_SAME_SIZE = 0.15  # of the size of type: what differs by more is another paragraph


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page: its number from 1, and its glyphs in the order in which they are drawn."""

    number: int
    glyphs: list[Glyph]

    def lines(self, *, visual: bool = True) -> list[Line]:
        return lines_of(clusters(self.glyphs, visual=visual))


def read_pdf(document: Document, context: Context) -> Iterator[Record | Problem]:
    """The one record that a PDF is.

    Raises:
        UnreadableFile: E101 the end of the file is missing; E107 it wants a password; E111 it is damaged; E113 no page
            has text; E140 the YAML beside it does not parse; E150 the text is longer than 1 MiB.
    """
    if _END not in document.content[-2048:]:
        message, remedy = "The end of the PDF is missing: it was cut off", "Copy or download it again."
        raise UnreadableFile(message, place=f"byte {len(document.content)}", problem="E101", remedy=remedy)
    pages, title = _opened(document.content)
    if not any(glyph.text.strip() not in {"", UNKNOWN} for page in pages for glyph in page.glyphs):
        message, remedy = (
            "No page has text: they are pictures, such as scans",
            "Run text recognition (OCR) on it first.",
        )
        raise UnreadableFile(message, place="document", problem="E113", remedy=remedy)
    yield from _unread(pages, document.name)
    blocks = _blocks(pages)
    title = "" if any(block.level for block in blocks) else title
    yield from prose_items(blocks, document, context, title=title)


def _opened(content: bytes) -> tuple[list[_Shown], str]:
    """Its pages, and what its properties call it."""
    import pdfplumber  # noqa: PLC0415 - half a second, which only who reads a PDF pays
    from pdfminer.pdfdocument import PDFPasswordIncorrect  # noqa: PLC0415 - it comes with pdfplumber

    try:
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            return [_shown(page) for page in pdf.pages], _title(pdf.metadata.get("Title"))
    except MemoryError:
        raise
    except Exception as error:  # pdfminer lets any error of Python through for a damaged file
        if isinstance(error, PDFPasswordIncorrect) or any(isinstance(it, PDFPasswordIncorrect) for it in error.args):
            remedy = "Open it and save it without a password."
            raise UnreadableFile("The PDF wants a password", place="file", problem="E107", remedy=remedy) from error
        remedy = "Open it in a PDF viewer and print it into a new PDF."
        raise UnreadableFile("The PDF is damaged", place="document", problem="E111", remedy=remedy) from error


def _title(written: object) -> str:
    named = isinstance(written, str) and written.isprintable() and not _NO_TITLE.search(written)
    return " ".join(str(written).split()) if named else ""


def _shown(page: Page) -> _Shown:
    """Its glyphs from the layout itself: `page.chars` describes each in thirty fields, which takes as long again."""
    glyphs = []
    for char in _chars(page.layout):
        text = char.get_text()
        if text.startswith("(cid:") or UNKNOWN in text or (text.strip() and not text.isprintable()):
            text = UNKNOWN
        if char.upright:
            glyphs.append(Glyph(text, char.x0, char.x1, float(page.height) - char.matrix[5], char.size))
    page.close()
    return _Shown(page.page_number, list(drawn_once(glyphs)))


def _chars(found: Iterable[LTComponent]) -> Iterator[LTChar]:
    """The letters of a page, and of what is drawn upon it as a whole."""
    from pdfminer.layout import LTChar, LTFigure  # noqa: PLC0415 - see `_opened`

    for it in found:
        if isinstance(it, LTChar):
            yield it
        elif isinstance(it, LTFigure):
            yield from _chars(it)


def _unread(pages: Sequence[_Shown], name: str) -> Iterator[Problem]:
    remedy = "Run text recognition (OCR) on it, or export it again with its fonts."
    for page in pages:
        if count := unknown(page.glyphs):
            message = f"{count} characters have no known text and were left out"
            yield Problem("W210", name, f"page {page.number}", message, remedy)
        elif not page.glyphs:
            yield Problem("W210", name, f"page {page.number}", "The page has no text: it is empty or a picture", remedy)


def shown_lines(content: bytes) -> list[str]:
    """The lines of a PDF in reading order, page after page.

    Raises:
        UnreadableFile: as `read_pdf`.
    """
    return [text for _, _, texts in _read(_opened(content)[0]) for text in texts]


def _read(pages: Sequence[_Shown]) -> Iterator[tuple[int, list[Line], list[str]]]:
    """Number, lines and their texts; a page that does not tell its order is as its document is, else as reversed."""
    votes = [visual_votes(line.seen for line in page.lines()) for page in pages]
    for page, vote in zip(pages, votes, strict=True):
        visual = (vote or sum(votes)) >= 0
        lines = page.lines(visual=visual)
        sides = [alignment(line) for line in lines]
        yield page.number, lines, logical_lines([line.seen for line in lines], visual=visual, aligned=sides)


def _blocks(pages: Sequence[_Shown]) -> list[Block]:
    """Paragraphs, and headings: those that are set clearly larger than most of the document's letters."""
    paragraphs = [(number, *it) for number, lines, texts in _read(pages) for it in _paragraphs(lines, texts)]
    letters = sorted((size, len(text)) for _, text, size in paragraphs)
    half = sum(count for _, count in letters) / 2
    usual = next(
        size for (size, _), sum_ in zip(letters, accumulate(it[1] for it in letters), strict=True) if sum_ >= half
    )
    return [Block(text, f"page {number}", int(size >= _HEADING * usual)) for number, text, size in paragraphs]


def _paragraphs(lines: Sequence[Line], texts: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Texts and sizes of type: lines of one size, at the usual distance, if the one above reaches the far margin.

    What a column leaves open the next one, which begins above it, may go on with.
    """
    if not lines:
        return
    gaps = [(below.baseline - above.baseline) / above.size for above, below in pairwise(lines)]
    usual = statistics.median_low([it for it in gaps if it > 0] or [0.0])
    words = [texts[0]]
    for above, below, text, gap in zip(lines, lines[1:], texts[1:], gaps, strict=False):
        left, right = above.margins
        room = above.left - left if is_right_to_left(words[-1]) else right - above.right
        same = abs(below.size - above.size) <= _SAME_SIZE * above.size and gap <= 1.25 * usual
        if not same or room > 0.2 * (right - left):
            yield _joined(words), above.size
            words = []
        words.append(text)
    yield _joined(words), lines[-1].size


def _joined(words: Sequence[str]) -> str:
    """Lines as one text; a word that was divided at the end of a line is made whole."""
    text = words[0]
    for line in words[1:]:
        divided = text.endswith(("-", "\u00ad")) and text[-2:-1].isalpha() and line[:1].islower()
        text = text[:-1] + line if divided else f"{text} {line}"
    return text
