"""What a point carries besides its vectors, and the conditions that filters put on it; the same for every adapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard
from uuid import UUID

from ontology.kinds import Iri, Kind
from search.index import Candidate, Filter, Point

DENSE = "dense"
SPARSE = "sparse"
HASH = "hash"
ENTITY = "iri"

#: Payload fields with a keyword index.
KEYWORDS = (ENTITY, "kind", "lang", "content_lang", "subject")

#: Stands in a field where the entity serves every language or every subject.
ANY = "*"
_LOWEST, _HIGHEST = 0, 99


@dataclass(frozen=True, slots=True)
class Condition:
    """One field must be one of `values`, or at least `least`, or at most `most`."""

    field: str
    values: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None


def payload_of(point: Point) -> dict[str, Any]:
    """A point as the JSON that the index keeps. Where there are no grades, every grade matches."""
    lowest, highest = point.grades or (_LOWEST, _HIGHEST)
    payload = {
        ENTITY: point.iri,
        "kind": point.kind.value,
        "lang": point.lang,
        "text": point.text,
        HASH: point.text_hash,
        "content_lang": list(point.content_languages) or [ANY],
        "subject": list(point.subjects) or [ANY],
        "grade_min": lowest,
        "grade_max": highest,
        "statuses": list(point.statuses),
    }
    graded = {"research_grade": point.research_grade, "field_grade": point.field_grade}
    return payload | {name: grade for name, grade in graded.items() if grade is not None}


def candidate_of(id: object, score: float, payload: Mapping[str, Any] | None) -> Candidate:
    """A scored point of an index as a candidate."""
    found = dict(payload or {})
    return Candidate(
        id=id if isinstance(id, UUID) else UUID(str(id)),
        iri=Iri(found.pop(ENTITY)),
        kind=Kind(found.pop("kind")),
        lang=found.pop("lang"),
        text=found.pop("text"),
        score=float(score),
        payload=found,
    )


def has_dense(vector: object) -> TypeGuard[dict[str, list[float]]]:
    """Do the vectors that an engine gives of a point include a dense one?"""
    return isinstance(vector, dict) and DENSE in vector


def conditions(where: Filter, lang: str = "") -> Iterator[Condition]:
    """The conditions that a filter, and the language of a leg, put on the payload; all must hold."""
    if lang:
        yield Condition("lang", values=(lang,))
    if where.kinds is not None:
        yield Condition("kind", values=tuple(sorted(where.kinds)))
    if where.iris is not None:
        yield Condition(ENTITY, values=tuple(sorted(where.iris)))
    if where.content_lang is not None:
        yield Condition("content_lang", values=(where.content_lang, ANY))
    if where.subject is not None:
        yield Condition("subject", values=(where.subject, ANY))
    if where.grade is not None:
        yield Condition("grade_min", most=where.grade)
        yield Condition("grade_max", least=where.grade)
    yield from _graded(where)


def _graded(where: Filter) -> Iterator[Condition]:
    """Evidence from research and from the field, which are never merged."""
    for field, least in (("research_grade", where.min_research_grade), ("field_grade", where.min_field_grade)):
        if least is not None:
            yield Condition(field, least=least)


def strings_of(payload: Mapping[str, object], field: str) -> tuple[str, ...]:
    """The values of a field that holds several; none where it is not there."""
    value = payload.get(field)
    return tuple(map(str, value)) if isinstance(value, list) else ()
