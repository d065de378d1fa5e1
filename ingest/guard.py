"""The gate before any reader: is this file what its name says, of a size we take, and in an encoding we know?

A type is believed when name and content agree. What encoding a text is in, `ingest.decoding` tells.
"""

from __future__ import annotations

import re
from pathlib import Path

from ingest.archive import OLE_MAGIC, ZIP_MAGIC, office_suffix, refuse_dtds, refuse_ole
from ingest.decoding import decode, is_marked
from ingest.encodings import unmarked_utf_16
from ingest.formats import OFFICE, Format, format_of
from ingest.mojibake import mended_document
from ingest.record import Document
from ontology.errors import UnreadableFile

MEGABYTE = 1024 * 1024
_PDF_MAGIC = b"%PDF-"

_BINARY: tuple[tuple[bytes, str], ...] = (
    (_PDF_MAGIC, "a PDF"),
    (ZIP_MAGIC, "a ZIP archive, such as a Word or Excel file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"{\\rtf", "a rich text (RTF) file"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"\x7fELF", "a program"),
)
_TEXTUAL: tuple[tuple[str, str], ...] = (
    ("HTML", r"<(!doctype\s+html|html|head|body)[\s>]"),
    ("XML", r"<(\?xml|!doctype|!--|\w+:RDF)[\s>]"),
    ("JSON", r'[{\[]\s*(["{}\]]|$)'),
    ("RIS", r"TY  -"),
    ("BibTeX", r"@(article|book|inproceedings|techreport|misc|phdthesis|incollection)\s*\{"),
)
_SHAPE_OF = {
    Format.JSON_LD: {"JSON"},
    Format.RDF_XML: {"XML"},
    Format.BIBTEX: {"BibTeX"},
    Format.RIS: {"RIS"},
    Format.HTML: {"HTML", "XML"},
}
_ANY_TEXT = {Format.MARKDOWN, Format.TEXT}
_BRACKETED = {Format.TURTLE, Format.TRIG}


def open_document(path: Path, name: str, *, encoding: str | None, most_bytes: int) -> Document:
    """A file, after every check that needs no reader.

    Args:
        path: Where it lies.
        name: How messages call it; its suffix promises the format.
        encoding: Its declared encoding; None for what `ingest.decoding` finds.
        most_bytes: Largest size that is taken.

    Raises:
        UnreadableFile: E100 to E110, each with its remedy.
    """
    content = _read(path, most_bytes)
    if not content.strip():
        raise UnreadableFile("The file is empty", place="byte 0", problem="E101", remedy="Export it again.")
    promised = format_of(name)
    if promised in OFFICE and content.startswith(ZIP_MAGIC):
        _expect_office(content, promised)
        return Document(name, "", content)
    if promised is Format.PDF and content.startswith(_PDF_MAGIC):
        return Document(name, "", content)
    if promised in OFFICE and content.startswith(OLE_MAGIC):
        refuse_ole(content)
    _refuse_binary(content)
    document = decode(content, name, encoding)
    if not document.text.strip():
        raise UnreadableFile("The file is empty", place="byte 0", problem="E101", remedy="Export it again.")
    _refuse_disguise(document.text, promised)
    return mended_document(document)


def _expect_office(content: bytes, promised: Format) -> None:
    """Judge an Office file by its directory, before anything of it is unpacked."""
    suffix = office_suffix(content)
    if format_of(f"file{suffix}") is not promised:
        raise _disguised(f"what {suffix} stands for")
    refuse_dtds(content)


def _read(path: Path, most_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise UnreadableFile(f"The file cannot be opened: {reason}", place="file", problem="E100") from error
    if len(content) > most_bytes:
        message = f"The file is larger than {most_bytes / MEGABYTE:g} MB"
        remedy = "Split it, or raise KESHER_MAX_UPLOAD_MB."
        raise UnreadableFile(message, place=f"byte {most_bytes}", problem="E102", remedy=remedy)
    return content


def _refuse_binary(content: bytes) -> None:
    found = next((what for magic, what in _BINARY if content.startswith(magic)), None)
    if found is None and b"\x00" in content[:8192] and not is_marked(content) and not unmarked_utf_16(content):
        found = "a binary file"
    if found:
        raise _disguised(found)


def _refuse_disguise(text: str, promised: Format | None) -> None:
    start = text.lstrip()[:400]
    found = next((shape for shape, sign in _TEXTUAL if re.match(sign, start, re.IGNORECASE)), None)
    if promised in OFFICE or promised is Format.PDF:
        raise _disguised(found or "a text")
    if found is None or promised is None or promised in _ANY_TEXT or found in _SHAPE_OF.get(promised, ()):
        return
    if found == "JSON" and promised in _BRACKETED:
        return
    raise _disguised(found)


def _disguised(found: str) -> UnreadableFile:
    message = f"The file's name and its content disagree: it is {found}"
    remedy = "Give it the suffix of what it is, or export it in the format that its name says."
    return UnreadableFile(message, place="byte 0", problem="E104", remedy=remedy)
