"""The directory of an Office file (ECMA-376 part 2, in a ZIP archive), judged before anything of it is unpacked.

Ten kilobytes of archive can hold a gigabyte, an archive in an archive more, and entries that overlap more still
(Fifield, "A better zip bomb", WOOT 2019). All of it stands in the directory, which is short: whoever looks there first
never meets the bomb. What the file is, its own list of content types says, not its name.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType
from xml.parsers import expat

from ontology.errors import UnreadableFile

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

MOST_RATIO = 100
MOST_BYTES = 200 * 1024 * 1024
MOST_MEMBERS = 2_000
#: Below this size a member may shrink as it likes: an empty sheet is one long row of the same cells.
_SMALL = 1024 * 1024
_MOST_DIRECTORY = 1024 * 1024  # bytes; 2,000 members have a tenth of it
_MOST_PROLOGUE = 1024 * 1024  # bytes before the first element of an XML part
_END = struct.Struct("<4s4H2LH")
_END_MAGIC = b"PK\x05\x06"
_LONGEST_COMMENT = 65_535
_LOCAL_HEADER = 30
_CONTENT_TYPES = "[Content_Types].xml"
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}

#: What the main part of an Office file is, by its content type -> suffix of such a file, and whether it has macros.
_MAIN_PARTS: Mapping[bytes, tuple[str, bool]] = MappingProxyType(
    {
        b"wordprocessingml.document.main+xml": (".docx", False),
        b"wordprocessingml.template.main+xml": (".docx", False),
        b"presentationml.presentation.main+xml": (".pptx", False),
        b"presentationml.slideshow.main+xml": (".pptx", False),
        b"presentationml.template.main+xml": (".pptx", False),
        b"spreadsheetml.sheet.main+xml": (".xlsx", False),
        b"spreadsheetml.template.main+xml": (".xlsx", False),
        b"ms-word.document.macroenabled": (".docx", True),
        b"ms-word.template.macroenabled": (".docx", True),
        b"ms-powerpoint.presentation.macroenabled": (".pptx", True),
        b"ms-powerpoint.slideshow.macroenabled": (".pptx", True),
        b"ms-excel.sheet.macroenabled": (".xlsx", True),
        b"ms-excel.template.macroenabled": (".xlsx", True),
        b"ms-excel.sheet.binary.macroenabled": (".xlsx", True),
    }
)
_OLD_OFFICE: Mapping[str, str] = MappingProxyType(
    {
        "WordDocument": "an old Word file (.doc)",
        "Workbook": "an old Excel file (.xls)",
        "Book": "an old Excel file (.xls)",
        "PowerPoint Document": "an old PowerPoint file (.ppt)",
    }
)
_ARCHIVES = re.compile(r"\.(zip|jar|7z|rar|gz|tgz|bz2|xz|zst|tar|docx|docm|pptx|pptm|xlsx|xlsm|xlsb)$", re.IGNORECASE)
_EMBEDDED = re.compile(r"^(word|ppt|xl)/embeddings/[^/]+$")  # what charts keep their figures in; no reader opens it
_XML_PART = re.compile(r"\.(xml|rels|vml)$", re.IGNORECASE)


class _DocumentType(Exception):
    """The parser has come to a document type, and stops there: nothing of it is read."""


class _Element(Exception):
    """The parser has come to the first element."""


def office_suffix(content: bytes) -> str:
    """What an Office file is: ".docx", ".pptx" or ".xlsx". Only its directory is read, and its list of content types.

    Raises:
        UnreadableFile: E101 it is cut off; E104 it is another kind of archive; E107 it wants a password; E108 it has
            macros; E109 its directory announces what no document has: too much, too many, archives, foreign paths.
    """
    archive = _opened(content)
    _judge(archive.infolist(), len(content))
    types = _content_types(archive)
    found = next(((suffix, macros) for name, (suffix, macros) in _MAIN_PARTS.items() if name in types), None)
    if found is None:
        raise _other_archive(archive)
    suffix, macros = found
    if macros or any(name.lower().endswith("vbaproject.bin") for name in archive.namelist()):
        message = "The file has macros, which are programs"
        remedy = f"Save it without macros, as {suffix}."
        raise UnreadableFile(message, place="archive", problem="E108", remedy=remedy)
    return suffix


def refuse_dtds(content: bytes) -> None:
    """Return if no XML part of an archive declares a document type. The directory has been judged before.

    Raises:
        UnreadableFile: E101 a part is damaged, or no XML; E110 a part declares a document type; E109 one
            hides its first element.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            if _XML_PART.search(member.filename):
                _refuse_dtd(archive, member)


def refuse_ole(content: bytes) -> None:
    """Say what a compound file (MS-CFB) is: an Office file with a password, or one of before 2007.

    Raises:
        UnreadableFile: E107 it wants a password; E108 it is an old one. Always one of them.
    """
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _locked("The file is protected by a password")
    names = ((sign.encode("utf-16-le") + b"\x00\x00", what) for sign, what in _OLD_OFFICE.items())
    what = next((what for sign, what in names if sign in content), "an old Office file")
    remedy = "Open it and save it as .docx, .xlsx or .pptx."
    raise UnreadableFile(f"This is {what}", place="byte 0", problem="E108", remedy=remedy)


def _opened(content: bytes) -> zipfile.ZipFile:
    _judge_end(content)
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError) as error:
        raise _cut_off("The directory of the file is damaged") from error


def _judge_end(content: bytes) -> None:
    """Judge the record at the end, which says how long the directory is: a long one is not even read."""
    place = content.rfind(_END_MAGIC, max(0, len(content) - _END.size - _LONGEST_COMMENT))
    if place < 0 or place + _END.size > len(content):
        raise _cut_off("The file is cut off: its directory, which stands at the end, is missing")
    _, _, _, _, members, size, _, _ = _END.unpack_from(content, place)
    if members > MOST_MEMBERS or size > _MOST_DIRECTORY:
        raise _refused(f"The file has more than {MOST_MEMBERS:,} parts")
    if members == 0:
        raise _refused("The file has no parts")


def _judge(members: list[zipfile.ZipInfo], size: int) -> None:
    if len(members) > MOST_MEMBERS:
        raise _refused(f"The file has more than {MOST_MEMBERS:,} parts")
    if sum(it.file_size for it in members) > MOST_BYTES:
        raise _refused(f"Unpacked, the file is larger than {MOST_BYTES // 1024 // 1024} MB")
    for it in members:
        _judge_member(it)
    if len({it.filename for it in members}) < len(members):
        raise _refused("Two parts of the file have one name")
    _refuse_overlap(members, size)


def _judge_member(member: zipfile.ZipInfo) -> None:
    name = member.filename
    if member.flag_bits & 0x1:
        raise _locked(f"A part of the file is encrypted: {name[:80]!r}")
    if name.startswith(("/", "\\")) or ":" in name or ".." in re.split(r"[/\\]", name):
        raise _refused(f"A part of the file names a place outside it: {name[:80]!r}")
    if (member.external_attr >> 28) == 0xA:
        raise _refused(f"A part of the file is a link: {name[:80]!r}")
    if member.compress_type not in _METHODS:
        raise _refused(f"A part of the file is packed in a way that Office does not use: {name[:80]!r}")
    if member.file_size > max(_SMALL, MOST_RATIO * member.compress_size):
        raise _refused(f"A part of the file grows more than {MOST_RATIO} times when it is unpacked: {name[:80]!r}")
    if _ARCHIVES.search(name) and not _EMBEDDED.match(name):
        raise _refused(f"There is an archive in the file: {name[:80]!r}")


def _refuse_overlap(members: list[zipfile.ZipInfo], size: int) -> None:
    spans = sorted((it.header_offset, it.header_offset + _LOCAL_HEADER + it.compress_size) for it in members)
    if any(end > start for (_, end), (start, _) in pairwise([*spans, (size, size)])):
        raise _refused("Parts of the file overlap")


def _content_types(archive: zipfile.ZipFile) -> bytes:
    member = next((it for it in archive.infolist() if it.filename == _CONTENT_TYPES), None)
    return b"".join(_inflated(archive, member)).lower() if member else b""


def _refuse_dtd(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Read a part up to its first element: a document type can only stand before it."""
    name = member.filename[:80]
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _stop_at_type
    parser.StartElementHandler = _stop_at_element
    try:
        for chunk in _inflated(archive, member):
            parser.Parse(chunk)
    except _DocumentType:
        message = f"Contains a DTD: refused ({name!r})"
        raise UnreadableFile(message, place=name, problem="E110", remedy="Save it again in Office.") from None
    except _Element:
        return
    except expat.ExpatError as error:  # another parser may understand it, and meet a document type there
        raise _cut_off(f"A part of the file is no XML: {name!r}") from error


def _stop_at_type(*_: object) -> None:
    raise _DocumentType


def _stop_at_element(*_: object) -> None:
    raise _Element


def _inflated(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a part, in pieces, as far as a prologue may reach."""
    done = 0
    try:
        with archive.open(member) as part:
            while chunk := part.read(65_536):
                yield chunk
                done += len(chunk)
                if done > _MOST_PROLOGUE:
                    raise _refused(f"A part of the file has no beginning: {member.filename[:80]!r}")
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise _cut_off(f"A part of the file is damaged: {member.filename[:80]!r}") from error


def _other_archive(archive: zipfile.ZipFile) -> UnreadableFile:
    names = set(archive.namelist())
    what = "an OpenDocument or EPUB file" if "mimetype" in names else "a ZIP archive, not a Word or Excel file"
    message = f"The file's name and its content disagree: it is {what}"
    remedy = "Unpack it and give the files in it, or save it as .docx, .xlsx or .pptx."
    return UnreadableFile(message, place="archive", problem="E104", remedy=remedy)


def _cut_off(message: str) -> UnreadableFile:
    remedy = "Copy or download it again; if it opens in Office, save it again there."
    return UnreadableFile(message, place="archive", problem="E101", remedy=remedy)


def _locked(message: str) -> UnreadableFile:
    return UnreadableFile(message, place="file", problem="E107", remedy="Open it and save it without a password.")


def _refused(message: str) -> UnreadableFile:
    remedy = "No document is like this. If it opens in Office, save it again there."
    return UnreadableFile(message, place="archive", problem="E109", remedy=remedy)
