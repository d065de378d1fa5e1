"""One person's health or family affairs, which the law calls sensitive and which a neighbour recognises.

What is said of pupils in the plural ("pupils with dyslexia") is a matter of teaching and counts as nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from language.personal.cues import Cues, cues_of
from language.personal.finding import Category, Finding
from language.personal.lists import is_one_of
from language.personal.reading import Reading
from ontology.model import Certainty

#: Words between what belongs together in one sentence.
_NEAR = 8


def circumstances(reading: Reading) -> Iterator[Finding]:
    """Health and family affairs of one person, one finding for each word that tells of them."""
    for sentence in reading.sentences():
        for index in sentence:
            token = reading.tokens[index]
            if token.lang and _tells(reading, index, sentence, cues_of(token.lang)):
                span = reading.span(token.start, token.end)
                yield Finding(*span, Category.CIRCUMSTANCE, Certainty.LIKELY)


def _tells(reading: Reading, index: int, sentence: range, cues: Cues) -> bool:
    """True for a word of illness or misfortune that its sentence ties to one person."""
    if _is(reading, index, cues.fate) and _near(reading, index, sentence, cues.kin, 4):
        return True
    if not (_is(reading, index, cues.patient) or _is(reading, index, cues.condition)):
        return False
    before = range(max(sentence.start, index - 3), index)
    had = _is(reading, index, cues.patient) or any(_is(reading, it, cues.has) for it in before)
    return had and _near(reading, index, sentence, cues.person, _NEAR)


def _near(reading: Reading, index: int, sentence: range, words: frozenset[str], distance: int) -> bool:
    around = range(max(sentence.start, index - distance), min(sentence.stop, index + distance + 1))
    return any(it != index and _is(reading, it, words) for it in around)


def _is(reading: Reading, index: int, words: frozenset[str]) -> bool:
    token = reading.tokens[index]
    return is_one_of(token.word, token.lang, words)
