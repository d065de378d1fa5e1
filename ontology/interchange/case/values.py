"""How the values of CASE become RDF terms and come back: one kind for each type of value in its JSON Schemas.

`encode` gives the terms that mean a value: none where it is empty or of another type. `decode` gives the value that
CASE would write for such terms, None for none. Where decoding does not lead back to the value as it was written
("+00:00", "6" for 6, an order), objects.py keeps that value as JSON beside the terms. Numbers and times are
written as a store gives them back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol, cast

import pyoxigraph as ox

from ontology.interchange.case.terms import (
    Surroundings,
    as_json,
    from_json,
    is_iri,
    is_json,
    is_reference,
    usable_tag,
)
from ontology.interchange.facts import Term
from ontology.interchange.json_text import Json
from ontology.namespaces import XSD

_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-](0\d|1[0-3]):\d\d|[+-]14:00)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INT, _DECIMAL = ox.NamedNode(XSD.integer), ox.NamedNode(XSD.decimal)
_DAY, _TIME = ox.NamedNode(XSD.date), ox.NamedNode(XSD.dateTime)


class Kind(Protocol):
    """A type of value."""

    def accepts(self, value: Json, strict: bool, /) -> bool:
        """Whether CASE allows the value; strictly is version 1.1, otherwise version 1.0."""

    def encode(self, value: Json, around: Surroundings, /) -> list[Term]:
        """The terms that mean the value."""

    def decode(self, terms: Sequence[Term], around: Surroundings, /) -> Json:
        """The value that means the terms; terms of another type are passed over."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text: `tagged` with the language of its object, or plain; one, or `many` in a list."""

    tagged: bool = False
    many: bool = False

    def accepts(self, value: Json, strict: bool, /) -> bool:
        listed = isinstance(value, list) and all(isinstance(it, str) for it in value)
        return listed or (not strict and isinstance(value, str)) if self.many else isinstance(value, str)

    def encode(self, value: Json, around: Surroundings, /) -> list[Term]:
        texts = value if isinstance(value, list) and self.many else [value]
        found = dict.fromkeys(it for it in texts if isinstance(it, str) and it.strip())
        return [ox.Literal(it, language=around.lang) if self.tagged else ox.Literal(it) for it in found]

    def decode(self, terms: Sequence[Term], around: Surroundings, /) -> Json:
        wanted = around.lang if self.tagged else None
        found = sorted(
            it.value
            for it in terms
            if isinstance(it, ox.Literal) and it.language == wanted and (wanted or it.datatype.value == str(XSD.string))
        )
        return cast("Json", found) if self.many and found else next(iter(found), None)


class Language(Text):
    """A language tag, kept as it is written."""

    def accepts(self, value: Json, _strict: bool, /) -> bool:
        return bool(usable_tag(value))

    def encode(self, value: Json, _around: Surroundings, /) -> list[Term]:
        return [ox.Literal(value)] if isinstance(value, str) and usable_tag(value) else []


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, or with `time` a date and time."""

    time: bool = False

    def accepts(self, value: Json, strict: bool, /) -> bool:
        if not isinstance(value, str):
            return False
        return bool(self._read(value, timed=self.time) or (not strict and self._read(value, timed=True)))

    def encode(self, value: Json, _around: Surroundings, /) -> list[Term]:
        read = (self._read(value, timed=True) or self._read(value, timed=False)) if isinstance(value, str) else None
        if read is None or (self.time and not isinstance(read, datetime)):
            return []
        if self.time:
            return [ox.Literal(_canonical(read), datatype=_TIME)]
        return [ox.Literal(read.isoformat()[:10], datatype=_DAY)]

    def decode(self, terms: Sequence[Term], _around: Surroundings, /) -> Json:
        return _first(terms, _TIME if self.time else _DAY)

    @staticmethod
    def _read(value: str, *, timed: bool) -> date | None:
        try:
            if not timed:
                return date.fromisoformat(value) if _DATE.fullmatch(value) else None
            return datetime.fromisoformat(value) if _DATE_TIME.fullmatch(value) else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Number:
    """A number; with `whole` an integer."""

    whole: bool = False

    def accepts(self, value: Json, _strict: bool, /) -> bool:
        return isinstance(value, int if self.whole else int | float) and not isinstance(value, bool)

    def encode(self, value: Json, _around: Surroundings, /) -> list[Term]:
        if self.whole:
            written = str(value) if isinstance(value, str) or self.accepts(value, True) else ""
            return [ox.Literal(str(int(written)), datatype=_INT)] if _INTEGER.fullmatch(written) else []
        if not self.accepts(value, True):
            return []
        exact = Decimal(repr(value)).normalize()
        return [ox.Literal(format(exact, "f") if exact else "0", datatype=_DECIMAL)]

    def decode(self, terms: Sequence[Term], _around: Surroundings, /) -> Json:
        written = _first(terms, _INT if self.whole else _DECIMAL)
        if written is None:
            return None
        return float(written) if "." in written else int(written)


class Address:
    """The address of something."""

    def accepts(self, value: Json, _strict: bool, /) -> bool:
        return isinstance(value, str) and is_iri(value)

    def encode(self, value: Json, _around: Surroundings, /) -> list[Term]:
        return [ox.NamedNode(value)] if isinstance(value, str) and is_iri(value) else []

    def decode(self, terms: Sequence[Term], _around: Surroundings, /) -> Json:
        return min((it.value for it in terms if isinstance(it, ox.NamedNode)), default=None)


@dataclass(frozen=True, slots=True)
class Reference:
    """`{title, identifier, uri}`: one, or `many` in a list."""

    many: bool = False

    def accepts(self, value: Json, _strict: bool, /) -> bool:
        several = value if isinstance(value, list) and self.many else [value]
        return isinstance(value, list) == self.many and all(is_reference(it) for it in several)

    def encode(self, value: Json, around: Surroundings, /) -> list[Term]:
        several = value if isinstance(value, list) and self.many else [value]
        return [ox.NamedNode(it) for it in dict.fromkeys(map(around.resolve, several)) if it]

    def decode(self, terms: Sequence[Term], around: Surroundings, /) -> Json:
        found: list[Json] = [
            around.reference(it) for it in sorted(it.value for it in terms if isinstance(it, ox.NamedNode))
        ]
        return found if self.many and found else next(iter(found), None)


@dataclass(frozen=True, slots=True)
class Anything:
    """A value without a meaning of its own: an extension, or a member that CASE does not have."""

    types: tuple[type, ...] = (dict,)

    def accepts(self, value: Json, _strict: bool, /) -> bool:
        return isinstance(value, self.types)

    def encode(self, value: Json, _around: Surroundings, /) -> list[Term]:
        return [as_json(value)]

    def decode(self, terms: Sequence[Term], _around: Surroundings, /) -> Json:
        found = [it for it in terms if is_json(it)]
        return from_json(found[0]) if found else None


def _first(terms: Sequence[Term], datatype: ox.NamedNode) -> str | None:
    return min((it.value for it in terms if isinstance(it, ox.Literal) and it.datatype == datatype), default=None)


def _canonical(moment: date) -> str:
    """As a store gives it back: no zeros at the end of a fraction, Z for no distance from UTC."""
    text = re.sub(r"(\.\d*?)0+(?=$|[+-])", r"\1", moment.isoformat())
    return re.sub(r"\.(?=$|[+-])", "", text).replace("+00:00", "Z")
