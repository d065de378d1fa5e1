"""What is found in the texts of a record, and the hash by which a clearance names these texts and no others."""

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

#: Datatypes whose values are no texts.
_NO_TEXT = frozenset(
    map(str, (XSD.boolean, XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.date, XSD.dateTime, XSD.gYear))
)
#: Properties whose values are words of this program.
_OWN_WORDS = frozenset(map(str, (KS.consent, KS.anonymisation, KS.clearedText)))
#: Characters that a curator is shown on either side of what was found.
_AROUND = 40


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """Personal data in one text of a record.

    Attributes:
        term: Local name of the property whose value it is in, or `address` for the record's own.
        excerpt: What was found, with what stands around it. Private.
    """

    term: str
    kind: Category
    excerpt: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the texts of a record come to.

    Attributes:
        hash: SHA-256, in hexadecimal, of the texts in any order.
    """

    hash: str
    findings: tuple[Found, ...]


def evidence_in(said: Iterable[ox.Triple]) -> Evidence:
    """What is found in everything that is said of a record and its parts."""
    texts = sorted(set(_texts(said)))
    findings = tuple(it for term, text in texts for it in _found(term, text))
    return Evidence(_hash(text for _, text in texts), findings)


def kinds_of(findings: Iterable[Found]) -> list[str]:
    """The kinds of personal data found, each once."""
    return sorted({it.kind.value for it in findings})


def joint_hash(hashes: Iterable[str]) -> str:
    """One hash for the texts of several sources; that of a single one is its own."""
    given = sorted(set(hashes))
    return given[0] if len(given) == 1 else _hash(given)


def _hash(texts: Iterable[str]) -> str:
    lengths_told = (f"{len(text)} {text}" for text in sorted(set(texts)))
    return hashlib.sha256("\n".join(lengths_told).encode("utf-8", "surrogatepass")).hexdigest()


def _texts(said: Iterable[ox.Triple]) -> Iterator[tuple[str, str]]:
    """Every literal that is text with its property; of addresses those that give somebody away, as words."""
    said = list(said)
    for address in {it.subject.value for it in said if isinstance(it.subject, ox.NamedNode)}:
        if words := _telling(address.rstrip("/").rpartition("/")[2]):
            yield "address", words
    for triple in said:
        term = local_name(triple.predicate.value)
        if isinstance(triple.object, ox.Literal):
            if triple.object.datatype.value not in _NO_TEXT and triple.predicate.value not in _OWN_WORDS:
                yield term, triple.object.value
        elif isinstance(triple.object, ox.NamedNode) and (words := _telling(triple.object.value)):
            yield term, words


def _telling(address: str) -> str:
    """An address as words, if they hold personal data: `mailto:` and profiles, and names in a slug."""
    words = re.sub(r"(?<=\w)-(?=\w)", " ", unquote(address)) if "://" not in address else unquote(address)
    return words if find_personal(words) else ""


def _found(term: str, text: str) -> Iterator[Found]:
    for it in find_personal(text):
        excerpt = text[max(0, it.start - _AROUND) : it.end + _AROUND]
        yield Found(term, it.kind, excerpt, it.certainty)
