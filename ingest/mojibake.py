"""Texts that were read in a wrong encoding before they came here: `×©×œ×•×` and `ùìåí` for שלום, `Ã©` for é.

A text is mended only where that can be undone: writing the mended text and reading it wrongly again gives the text that
came. What cannot be undone may be anything, and stays. UTF-8 read as another encoding is recognised by ftfy
(R. Speer, https://ftfy.readthedocs.io), Hebrew and Arabic of Windows by their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import ftfy

from ingest.encodings import is_arabic, is_hebrew
from ingest.formats import Format, format_of
from ingest.record import Document, Record, Target, Value
from ontology.model import Problem

_SUSPECT = re.compile(r"[\x80-\xff]")
#: Words of three letters and more that have nothing but accents: there are none in the languages of Latin script.
_ALL_ACCENTS = re.compile(r"(?<![A-Za-z\xc0-\xff])[\xc0-\xd6\xd8-\xf6\xf8-\xff]{3,}(?![A-Za-z\xc0-\xff])")
#: What the encodings of the West can write: Latin-1, and what Windows has beside it.
_RUN = re.compile(r"[\x00-\xffŒœŠšŽžŸƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]+")
#: Formats whose lines are text. In RDF and JSON a line may be anything, and what is stated stays as it is stated.
_LINES = frozenset({Format.CSV, Format.MARKDOWN, Format.TEXT, Format.HTML, Format.BIBTEX, Format.RIS})
_MOST_LAYERS = 3
#: A longer piece without a line break is no prose, and looking at it takes seconds.
_LONGEST = 1 << 18
_SHOWN = 40


def mended(text: str) -> str:
    """The text as it was meant; the same text where nothing is wrong, or where mending could not be undone."""
    for _ in range(_MOST_LAYERS):
        if len(text) > _LONGEST or not _SUSPECT.search(text):
            return text
        better = _once(text)
        if better == text:
            return text
        text = better
    return text


def mended_document(document: Document) -> Document:
    """A file with its lines mended, before a reader takes the last byte of `נ`, a no-break space, for a space.

    Each line that changes is told (W213).
    """
    if format_of(document.name) not in _LINES or not _SUSPECT.search(document.text):
        return document
    told: list[Problem] = []
    lines = document.text.split("\n")
    for number, line in enumerate(lines, 1):
        better = _RUN.sub(lambda run: mended(run[0]), line) if _SUSPECT.search(line) else line
        if better != line:
            told.append(_told(line, better, document.name, f"line {number}"))
            lines[number - 1] = better
    return replace(document, text="\n".join(lines), told=(*document.told, *told)) if told else document


def mended_record(record: Record, file: str) -> tuple[Record, list[Problem]]:
    """A record with its texts mended, and a warning (W213) that shows each before and after."""
    problems: list[Problem] = []
    fields = {iri: tuple(_value(it, record, file, problems) for it in values) for iri, values in record.fields.items()}
    return (replace(record, fields=fields), problems) if problems else (record, problems)


def _value(value: Value | Target, record: Record, file: str, problems: list[Problem]) -> Value | Target:
    if not isinstance(value, Value) or (better := mended(value.text)) == value.text:
        return value
    problems.append(_told(value.text, better, file, record.place))
    return replace(value, text=better)


def _told(before: str, after: str, file: str, place: str) -> Problem:
    message = f"A text had been read in a wrong encoding: {_shown(before)} became {_shown(after)}"
    return Problem("W213", file, place, message, "See that it is right, and mend it in the file.")


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def _once(text: str) -> str:
    return _windows(text) or _undone(text) or text


def _undone(text: str) -> str:
    """UTF-8 that was read as something else; "" where it was not, or where ftfy had to fill in what was lost."""
    better, steps = ftfy.fix_encoding_and_explain(text)
    if not steps or [it.action for it in steps] != ["encode", "decode"] * (len(steps) // 2):
        return ""
    if len(better) < 2 or _is_gibberish(better):  # one character proves nothing; what is half mended misleads
        return ""
    return better if _wrongly(better, [it.parameter for it in steps]) == text else ""


def _wrongly(text: str, encodings: list[str]) -> str:
    """The text as it was before these encodings, in pairs of (written in, read in), mended it."""
    pairs: Iterable[tuple[str, str]] = zip(encodings[::2], encodings[1::2], strict=True)
    try:
        for written, read in reversed(list(pairs)):
            text = text.encode(read).decode(written)
    except UnicodeError:
        return ""
    return text


def _is_gibberish(text: str) -> bool:
    return len("".join(_ALL_ACCENTS.findall(text))) >= 6


def _windows(text: str) -> str:
    """Hebrew or Arabic in an encoding of Windows that was read as Western; "" where it was not."""
    if not _is_gibberish(text):
        return ""
    for read in ("latin-1", "windows-1252"):
        for written, speaks in (("windows-1255", is_hebrew), ("windows-1256", is_arabic)):
            try:
                better = text.encode(read).decode(written)
                if speaks(better, 1) and better.encode(written).decode(read) == text:
                    return better
            except UnicodeError:
                continue
    return ""
