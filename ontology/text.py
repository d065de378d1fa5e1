"""Text as it may be stored: NFC, no control characters, no unbalanced direction marks, current language tags.

Hebrew and Arabic need joiners and direction marks (ZWJ, ZWNJ, LRM, RLM, ALM), so those stay. What goes are C0 and C1
controls, lone surrogates, and embeddings, overrides and isolates that are opened and not closed (UAX #9, UTS #55).
"""

from __future__ import annotations

import re
import unicodedata

import pyoxigraph as ox

MOST_LABEL_BYTES = 64 * 1024
MOST_TEXT_BYTES = 1024 * 1024

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_OPENS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"} | dict.fromkeys(
    ("\u2066", "\u2067", "\u2068"), "\u2069"
)
_CURRENT_TAG = {"iw": "he", "in": "id", "ji": "yi"}
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def clean(text: str) -> str:
    """The text in NFC, without controls and without direction marks that have no partner."""
    text = unicodedata.normalize("NFC", _CONTROL.sub("", text))
    return text if _balanced(text) else _DIRECTION.sub("", text)


def is_clean(texts: str) -> bool:
    """True if `clean` certainly changes none of several texts, given as one with something between them."""
    marked = _CONTROL.search(texts) or _DIRECTION.search(texts)
    return not marked and unicodedata.is_normalized("NFC", texts)


def is_repaired(before: str, after: str) -> bool:
    """True when cleaning took characters away, which its owner should hear of; NFC alone is silent."""
    return unicodedata.normalize("NFC", before) != after


def _balanced(text: str) -> bool:
    waiting: list[str] = []
    for mark in _DIRECTION.findall(text):
        if mark in _OPENS:
            waiting.append(_OPENS[mark])
        elif not waiting or waiting.pop() != mark:
            return False
    return not waiting


def language_tag(tag: str) -> str:
    """A BCP 47 tag in lower case, with `_` as `-` and withdrawn codes renewed (`iw` is `he`); "" if it is none."""
    tag = tag.strip().replace("_", "-").lower()
    primary, hyphen, rest = tag.partition("-")
    tag = _CURRENT_TAG.get(primary, primary) + hyphen + rest
    return tag if _TAG.fullmatch(tag) and _is_well_formed(tag) else ""


def _is_well_formed(tag: str) -> bool:
    """Whether a literal may carry the tag; the whole grammar of BCP 47 is the store's."""
    try:
        ox.Literal("", language=tag)
    except ValueError:
        return False
    return True
