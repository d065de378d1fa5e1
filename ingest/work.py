"""What tells one published work from another: its identifiers, its titles, its year, its people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from ingest.identifiers import PROPERTIES, identifiers
from ingest.record import Record, Value
from language.folding import fold
from language.script import language_of
from ontology.kinds import Iri
from ontology.namespaces import DCTERMS, SKOS

_TITLES = (str(DCTERMS.title), str(SKOS.prefLabel))
_TELLING = {*PROPERTIES, *_TITLES, str(DCTERMS.issued), str(DCTERMS.creator)}


@dataclass(frozen=True, slots=True)
class Work:
    """What tells works apart.

    Attributes:
        names: Its identifiers, strongest first.
        titles: Folded, in any language.
        year: Four digits, or "".
        people: Folded family names.
    """

    names: tuple[str, ...]
    titles: tuple[str, ...]
    year: str = ""
    people: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two addresses that may be one thing; `confidence` is between 0 and 1."""

    one: Iri
    other: Iri
    confidence: float
    reason: str


def agree(one: Work, other: Work, least: int) -> bool:
    """False where titles of the same language are quite different.

    Args:
        one: A work.
        other: Perhaps the same.
        least: From which likeness (token set ratio of rapidfuzz, 0-100) titles are of one work.
    """
    pairs = [(a, b) for a in one.titles for b in other.titles if language_of(a) == language_of(b)]
    return not pairs or any(fuzz.token_set_ratio(a, b) >= least for a, b in pairs)


def stated_by(record: Record) -> Iterator[tuple[str, str]]:
    """Property and text of what a record says that tells its work from others."""
    for iri, values in record.fields.items():
        if iri in _TELLING:
            yield from ((iri, it.text if isinstance(it, Value) else it.name) for it in values)


def work_of(stated: list[tuple[str, str]]) -> Work:
    """A work of properties and texts."""
    titles = dict.fromkeys(fold(text) for it, text in stated if it in _TITLES and text.strip())
    year = next((text[:4] for it, text in stated if it == str(DCTERMS.issued) and text[:4].isdecimal()), "")
    people = frozenset(fold(text.partition(",")[0]) for it, text in stated if it == str(DCTERMS.creator))
    return Work(tuple(identifiers(stated)), tuple(titles), year, people)
