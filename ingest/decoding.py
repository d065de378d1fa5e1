"""The text of a file, by what says its encoding: the caller, a byte order mark, UTF-8 itself, the file, its words.

Only the last of these may err, so it is told (W214), with the option that overrules it.
"""

from __future__ import annotations

import codecs
import re

from ingest.encodings import Likely, is_visual_hebrew, likely, unmarked_utf_16
from ingest.formats import Format, format_of
from ingest.record import Document
from ingest.visual_order import logical_lines
from ontology.errors import InvalidParameter, UnreadableFile
from ontology.model import Problem

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARATION = re.compile(
    rb"<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{2,30})|<meta\b[^>]{0,400}?\bcharset\s*=\s*[\"']?([\w.:-]{2,30})",
    re.IGNORECASE,
)
#: Labels that say another thing than Python's name of it (WHATWG Encoding Standard, RFC 1556).
_MEANT = {"iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "logical": "iso-8859-8", "visual": "iso-8859-8"}
_WINDOWS = {"iso8859-1": "windows-1252", "ascii": "windows-1252", "iso8859-9": "windows-1254"}
_DECLARABLE = ("cp12", "cp8", "iso8859", "koi8", "mac")


def is_marked(content: bytes) -> bool:
    """True for a text that begins with a byte order mark."""
    return any(content.startswith(mark) for mark, _ in _MARKS)


def decode(content: bytes, name: str, declared: str | None) -> Document:
    """A file of text, without a byte order mark.

    Args:
        content: The file.
        name: How messages call it; its suffix promises the format.
        declared: Its encoding, if the caller knows.

    Raises:
        InvalidParameter: There is no such encoding.
        UnreadableFile: E105 it is not in the encoding that it should be in, or in none that can be told.
    """
    # Before UTF-8, of which unmarked UTF-16 can be a valid piece: its bytes of English and Arabic are all ASCII.
    if not declared and not is_marked(content) and unmarked_utf_16(content) and (found := likely(content)):
        return _ordered(name, found, is_guess=True)
    by_mark = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "utf-8")
    wanted = _MEANT.get((declared or "").lower(), declared) or by_mark
    try:
        text = content.decode(wanted)
    except LookupError as error:
        remedy = "Such as utf-8, windows-1255 (Hebrew) or windows-1256 (Arabic)."
        raise InvalidParameter("encoding", f"There is no text encoding {declared!r}", remedy=remedy) from error
    except UnicodeError as error:
        found = None if declared or is_marked(content) else _found(content)
        if found is None:
            raise _undecodable(content, wanted, error) from error
        return _ordered(name, found, is_guess=_declared_inside(content) is None)
    return _ordered(name, Likely(wanted, text.removeprefix("\ufeff")), is_guess=False)


def _found(content: bytes) -> Likely | None:
    return _declared_inside(content) or likely(content)


def _declared_inside(content: bytes) -> Likely | None:
    """The text as XML or HTML itself says, where that is an encoding of one byte that the text keeps to."""
    said = _DECLARATION.search(content[:2048]) if content.lstrip().startswith(b"<") else None
    if said is None:
        return None
    label = (said[1] or said[2]).decode("ascii").lower()
    try:
        encoding = codecs.lookup(_MEANT.get(label, label)).name
        if not encoding.startswith((*_DECLARABLE, "ascii")):
            return None
        return Likely(label, content.decode(_WINDOWS.get(encoding, encoding)))
    except (LookupError, UnicodeError):
        return None


def _ordered(name: str, found: Likely, *, is_guess: bool) -> Document:
    """The document with its warnings, and with Hebrew in reading order."""
    told = (_guessed(name, found),) if is_guess else ()
    if found.encoding.lower() not in {"iso-8859-8", "iso8859-8", "hebrew", "visual"} or not is_visual_hebrew(
        found.text
    ):
        return Document(name, found.text, told=told)
    remedy = "See that it reads well, or save it as UTF-8 in a program that shows it well."
    if format_of(name) is not Format.TEXT:  # in a table or in markup, what is turned round is not the whole line
        message = "Its Hebrew is stored as it is seen (visual order), not as it is read"
        raise UnreadableFile(message, place="file", problem="E105", remedy="Save it as UTF-8, or as plain text (.txt).")
    message = "Its Hebrew was stored as it is seen (visual order); each line was put in reading order"
    in_order = "\n".join(logical_lines(found.text.splitlines(), visual=True))
    return Document(name, in_order, told=(*told, Problem("W215", name, "file", message, remedy)))


def _guessed(name: str, found: Likely) -> Problem:
    message = f"The file is not UTF-8; by its words it was read as {found.encoding}"
    remedy = f"If it reads well, nothing; say --encoding {found.encoding}, or the right one, or save it as UTF-8."
    return Problem("W214", name, "file", message, remedy)


def _undecodable(content: bytes, wanted: str, error: UnicodeError) -> UnreadableFile:
    offset = error.start if isinstance(error, UnicodeDecodeError) else 0
    line = content.count(b"\n", 0, offset) + 1
    message = f"Byte {offset} (line {line}) is not {wanted}"
    remedy = "Say what it is with --encoding, such as windows-1255 (Hebrew) or windows-1256 (Arabic)."
    return UnreadableFile(message, place=f"line {line}", problem="E105", remedy=remedy)
