"""Words beside which a name or a person's affairs stand, or what looks like a name and is none (`cues-{lang}.txt`)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

from language.personal.sections import sections


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of one language, all folded.

    Attributes:
        titles: Before a name: Mr, Dr.
        roles: Before a name, definite: the teacher; an adjective cannot follow these.
        some_role: Before a name, indefinite: a pupil; an adjective may follow.
        named: Before a name: called, whose name is.
        verbs: What persons do; after a name in English and Hebrew, before it in Arabic.
        thanks: Before a name with "to" attached or between.
        owned: What persons have: "the answer of ...".
        never: Names that are such common words that a role before them shows nothing.
        eponyms: What is called after scholars: theorem, law.
        institutions: What is called after anybody: college, institute.
        and_others: After the first author of a work.
        see: Before the authors of a work.
        person: One person.
        condition: Illnesses, diagnoses, medicines.
        has: What ties a condition to a person.
        patient: What says both at once: is dyslexic, was diagnosed.
        kin: Somebody's relatives.
        fate: What happens to relatives and is nobody's business.
    """

    titles: frozenset[str]
    roles: frozenset[str]
    some_role: frozenset[str]
    named: frozenset[str]
    verbs: frozenset[str]
    thanks: frozenset[str]
    owned: frozenset[str]
    never: frozenset[str]
    eponyms: frozenset[str]
    institutions: frozenset[str]
    and_others: frozenset[str]
    see: frozenset[str]
    person: frozenset[str]
    condition: frozenset[str]
    has: frozenset[str]
    patient: frozenset[str]
    kin: frozenset[str]
    fate: frozenset[str]


#: The heading of each kind of cue.
_HEADINGS = {it.name: it.name.replace("_", " ") for it in fields(Cues)}


@cache
def cues_of(lang: str) -> Cues:
    """The cues of a language: en, he or ar."""
    found = sections(f"cues-{lang}.txt", frozenset(_HEADINGS.values()))
    return Cues(**{name: found[heading] for name, heading in _HEADINGS.items()})
