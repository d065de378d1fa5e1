"""What is found in the texts of a record, and the hashes by which a clearance names these texts and no others."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import pyoxigraph as ox

from language.personal import Category, find_personal
from ontology.kinds import local_name
from ontology.model import Certainty
from ontology.namespaces import KS, XSD

_DAY = r"\d{4}-\d\d-\d\d"
_ZONE = r"(Z|[+-]\d\d:\d\d)?"
#: Datatypes whose values are no texts, with how they are written. A number of nine digits could call somebody.
_NO_TEXT = {
    str(datatype): re.compile(form, re.ASCII)
    for datatype, form in (
        (XSD.boolean, "true|false|0|1"),
        (XSD.integer, r"[+-]?(0|[1-9]\d{0,7})"),
        *(
            (it, r"[+-]?(0|[1-9]\d{0,7})(\.\d{1,20})?([eE][+-]?\d{1,3})?")
            for it in (XSD.decimal, XSD.double, XSD.float)
        ),
        (XSD.date, _DAY + _ZONE),
        (XSD.dateTime, _DAY + r"T\d\d:\d\d:\d\d(\.\d{1,9})?" + _ZONE),
        (XSD.gYear, r"\d{4}" + _ZONE),
    )
}
#: Properties whose values are words of this program.
_OWN_WORDS = frozenset(map(str, (KS.consent, KS.anonymisation, KS.clearedText)))
#: Characters that a curator is shown on either side of what was found.
_AROUND = 40


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """Personal data in one text of a record.

    Attributes:
        term: Local name of the property whose value it is in, or `address` for the address of a record or part.
        excerpt: What was found, with what stands around it. Private.
        text: SHA-256, in hexadecimal, of the whole text.
    """

    term: str
    kind: Category
    excerpt: str
    certainty: Certainty
    text: str


def evidence_in(said: Iterable[ox.Triple]) -> tuple[Found, ...]:
    """What is found in everything that is said of something."""
    return tuple(it for term, text in sorted(set(_texts(said))) for it in _found(term, text))


def kinds_of(findings: Iterable[Found]) -> list[str]:
    """The kinds of personal data found, each once."""
    return sorted({it.kind.value for it in findings})


def joint_hash(hashes: Iterable[str]) -> str:
    """One hash for several texts; that of a single one is its own."""
    given = sorted(set(hashes))
    return given[0] if len(given) == 1 else _hash("\n".join(given))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _texts(said: Iterable[ox.Triple]) -> Iterator[tuple[str, str]]:
    """Every literal that is text with its property; of addresses those that give somebody away, as words."""
    said = list(said)
    for address in {it.subject.value for it in said if isinstance(it.subject, ox.NamedNode)}:
        if words := _telling(address):
            yield "address", words
    for triple in said:
        term, value = local_name(triple.predicate.value), triple.object
        if isinstance(value, ox.Literal):
            if not _is_no_text(value) and triple.predicate.value not in _OWN_WORDS:
                yield term, value.value
        elif isinstance(value, ox.NamedNode) and (words := _telling(value.value)):
            yield term, words


def _is_no_text(value: ox.Literal) -> bool:
    form = _NO_TEXT.get(value.datatype.value)
    return bool(form and form.fullmatch(value.value))


def _telling(address: str) -> str:
    """An address as words, if they hold personal data: `mailto:` and profiles, and names anywhere in its path."""
    words = unquote(address)
    if "://" in address:
        words = re.sub(r"(?<=[^\W_])[-_+](?=[^\W_])|(?<=[a-z])(?=[A-Z])", " ", words)
    return words if find_personal(words) else ""


def _found(term: str, text: str) -> Iterator[Found]:
    whole = _hash(text)
    for it in find_personal(text):
        excerpt = text[max(0, it.start - _AROUND) : it.end + _AROUND]
        yield Found(term, it.kind, excerpt, it.certainty, whole)
