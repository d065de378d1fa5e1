"""One person's health or family affairs, which the law calls sensitive and which a neighbour recognises.

What is said of pupils in the plural ("pupils with dyslexia") is a matter of teaching and counts as nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache

from language.personal.finding import DataKind, Finding
from language.personal.lists import is_one_of
from language.personal.reading import Reading
from language.personal.sections import sections
from ontology.model import Certainty

#: Words between what belongs together in one sentence.
_NEAR = 8


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of one language.

    Attributes:
        person: One person.
        condition: Illnesses, diagnoses, medicines.
        has: What ties a condition to a person.
        patient: What says both at once: is dyslexic, was diagnosed.
        kin: Somebody's relatives.
        fate: What happens to relatives and is nobody's business.
    """

    person: frozenset[str]
    condition: frozenset[str]
    has: frozenset[str]
    patient: frozenset[str]
    kin: frozenset[str]
    fate: frozenset[str]


@cache
def _words(lang: str) -> _Words:
    found = sections(f"cues-{lang}.txt")
    return _Words(**{it.name: found[it.name] for it in fields(_Words)})


def circumstances(reading: Reading) -> Iterator[Finding]:
    """Health and family affairs of one person, one finding for each word that tells of them."""
    for sentence in reading.sentences():
        for index in sentence:
            token = reading.tokens[index]
            if token.lang and _tells(reading, index, sentence, _words(token.lang)):
                span = reading.span(token.start, token.end)
                yield Finding(*span, DataKind.CIRCUMSTANCE, Certainty.LIKELY)


def _tells(reading: Reading, index: int, sentence: range, words: _Words) -> bool:
    """True for a word of illness or misfortune that its sentence ties to one person."""
    if _is(reading, index, words.fate) and _near(reading, index, sentence, words.kin, 4):
        return True
    if not (_is(reading, index, words.patient) or _is(reading, index, words.condition)):
        return False
    before = range(max(sentence.start, index - 3), index)
    had = _is(reading, index, words.patient) or any(_is(reading, it, words.has) for it in before)
    return had and _near(reading, index, sentence, words.person, _NEAR)


def _near(reading: Reading, index: int, sentence: range, words: frozenset[str], distance: int) -> bool:
    around = range(max(sentence.start, index - distance), min(sentence.stop, index + distance + 1))
    return any(it != index and _is(reading, it, words) for it in around)


def _is(reading: Reading, index: int, words: frozenset[str]) -> bool:
    token = reading.tokens[index]
    return is_one_of(token.word, token.lang, words)
