"""Words that show that a name stands beside them, or that what looks like a name is none (`cues-{lang}.txt`)."""

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


@cache
def cues_of(lang: str) -> Cues:
    """The cues of a language: en, he or ar."""
    found = sections(f"cues-{lang}.txt")
    return Cues(**{it.name: found.get(it.name.replace("_", " "), frozenset()) for it in fields(Cues)})
