"""Hebrew that is stored as it is seen, from left to right (ISO-8859-8 without -I, RFC 1556), in reading order."""

from __future__ import annotations

import re

_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_LEFT_TO_RIGHT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._/@:,'&+-]*[A-Za-z0-9])?")
#: Numbers with what joins two of them (UAX #9, W4); with a space between they are two, in the order of the line.
_NUMBER = re.compile(r"\d+(?:[.,:/+-]\d+)*")


def in_reading_order(text: str) -> str:
    """The text with each line that has Hebrew turned round; numbers and Latin words in it stay as they are."""
    return "".join(_turned(line) if re.search("[א-ת]", line) else line for line in text.splitlines(keepends=True))


def _turned(line: str) -> str:
    words = line.rstrip("\r\n")
    turned = words[::-1].translate(_MIRRORED)
    return _LEFT_TO_RIGHT.sub(_kept, turned) + line[len(words) :]


def _kept(found: re.Match[str]) -> str:
    if re.search("[A-Za-z]", found[0]):
        return found[0][::-1]
    return _NUMBER.sub(lambda number: number[0][::-1], found[0])
