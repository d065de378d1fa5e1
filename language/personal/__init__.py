"""Personal data in texts of three languages: where and of which kind, so that a curator looks before others do.

Rules and word lists, no model: what stops a record can be read here and mended. The time is linear in the length of the
text, whatever the text is. How much is found is measured on a made corpus (`bench/personal.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from language.personal.births import births
from language.personal.circumstances import circumstances
from language.personal.finding import Category, Finding
from language.personal.names import names
from language.personal.numbers import numbers
from language.personal.places import places
from language.personal.reading import Reading

__all__ = ["Category", "Finding", "find_personal"]


def find_personal(text: str) -> tuple[Finding, ...]:
    """Personal data in a text, in the order in which it begins; none within another of its kind.

    Args:
        text: In Hebrew, Arabic, English or a mixture; other scripts are searched for numbers and addresses only.
    """
    reading = Reading(text)
    detectors = (names, numbers, places, births, circumstances)
    return tuple(_outermost(it for detector in detectors for it in detector(reading)))


def _outermost(found: Iterable[Finding]) -> Iterator[Finding]:
    ends: dict[Category, int] = {}
    for it in sorted(found, key=lambda it: (it.start, -it.end, it.kind)):
        if it.end > ends.get(it.kind, 0):
            ends[it.kind] = it.end
            yield it
