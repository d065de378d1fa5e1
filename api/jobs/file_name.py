"""Names of files that were sent: what messages and graphs call them. They never become paths of this machine."""

from __future__ import annotations

import re
from unicodedata import category, normalize

from ontology.errors import InvalidParameter

_LONGEST = 200
_DRIVE = re.compile(r"^[A-Za-z]:")
#: Marks of direction that programs put around Hebrew and Arabic; nobody sees them, and they are left out.
_MARKS = dict.fromkeys((0x200E, 0x200F, 0x061C))
#: What joins and divides letters of Arabic script is part of a name.
_JOINERS = {"\u200c", "\u200d"}


def file_name(sent: bytes) -> str:
    """A name as it may be shown: relative, with folders divided by `/`.

    Args:
        sent: As it stood in the head of its part.

    Raises:
        InvalidParameter: it is no name: empty, too long, not UTF-8, absolute, leading upwards, or with characters
            that hide what it is.
    """
    try:
        name = normalize("NFC", sent.decode()).translate(_MARKS).replace("\\", "/").strip()
    except UnicodeDecodeError as error:
        raise _refused("is not UTF-8") from error
    if not name.strip("./ "):
        raise _refused("is empty")
    if len(name) > _LONGEST:
        raise _refused(f"is longer than {_LONGEST} characters")
    if any(category(it) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for it in {*name} - _JOINERS):
        raise _refused("has control characters, or such as turn the direction of what follows")
    if name.startswith("/") or _DRIVE.match(name) or any(part in {"", ".", ".."} for part in name.split("/")):
        raise _refused("leads out of its folder")
    return name


def _refused(why: str) -> InvalidParameter:
    remedy = "Send the name alone, or its path below the folder that is sent, such as lessons/notes.docx."
    return InvalidParameter("files", f"The name of a file {why}.", remedy=remedy)
