"""What is mended in a CASE file before anything is read from it, each mend with a word and its place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from urllib.parse import urljoin

from ontology.errors import UnreadableFile
from ontology.interchange.case.forms import STATEMENTS
from ontology.interchange.case.terms import is_iri, json_text, usable_tag
from ontology.interchange.json_text import Json
from ontology.interchange.outcome import Tally
from ontology.text import clean

_DEEPEST = 64


def mend(value: Json, base: str, tally: Tally) -> Json:
    """The value with texts that may be stored, numbers that JSON has, tags of today and whole addresses.

    Relative addresses are resolved against `base`, which is where those of the file lie.

    Raises:
        UnreadableFile: E115 it is nested deeper than a package can be.
    """
    return _Mending(base, tally).mend(value, "", 0)


@dataclass(frozen=True, slots=True)
class _Mending:
    base: str
    tally: Tally

    def mend(self, value: Json, place: str, depth: int, plain: bool = False) -> Json:
        """The value at a place such as `CFItems[2].uri`; `plain` in an extension, whose members mean anything."""
        if depth > _DEEPEST:
            raise UnreadableFile("The JSON is nested too deep", place=place[:200], problem="E115")
        if isinstance(value, str):
            return self.tally.text(value, place)
        if isinstance(value, float) and not math.isfinite(value):
            self.tally.note("W189", place, f"{value} is no number of JSON; it was left out")
            return None
        if isinstance(value, list):
            return [self.mend(it, f"{place}[{n}]", depth + 1, plain) for n, it in enumerate(value)]
        return self._object(value, place, depth, plain) if isinstance(value, dict) else value

    def _object(self, value: dict[str, Json], place: str, depth: int, plain: bool) -> Json:
        found: dict[str, Json] = {}
        for written, it in value.items():
            name = self.tally.text(written, place)
            spot = f"{place}.{name}" if place else name
            if name == STATEMENTS and isinstance(it, str):
                found[name] = clean(it)
                continue
            mended = self.mend(it, spot, depth + 1, plain or name == "extensions")
            if isinstance(mended, str) and not plain and name in _MEANING:
                mended = _MEANING[name](mended, self.base, self.tally, spot)
            found[name] = mended
        return found


def _language(written: str, _base: str, tally: Tally, place: str) -> str:
    tag = tally.language(written, place) if written.strip() else ""
    return tag if usable_tag(tag) and tag != written.lower() else written


def _uri(written: str, base: str, tally: Tally, place: str) -> str:
    if is_iri(written) or not written.strip():
        return written
    try:
        whole = urljoin(base, written)
    except ValueError:
        whole = written
    if is_iri(whole):
        tally.note("W165", place, f"The relative address {written[:80]!r} was read as {whole[:200]!r}")
        return whole
    tally.note("W151", place, f"No address can be made of {written[:80]!r}; it was kept", "Give the whole address.")
    return written


_MEANING = {"language": _language, "uri": _uri}


def as_text(value: Json) -> str:
    """A text or a number as text; "" for anything else, and for a text of blanks."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return json_text(value)
    return value if isinstance(value, str) and value.strip() else ""
