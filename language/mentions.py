"""Where a text names concepts: the labels that it has, each as written or in a form that its language allows. Pure.

A label is found where its words stand side by side, each as written, as a stem in Latin script, or without what is
written together with it in Hebrew and Arabic. A longer, rarer and earlier mention counts for more.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from language.affixes import without_prefix
from language.analyzer import terms_of
from language.folding import key
from language.function_words import FUNCTION_WORDS
from language.script import language_of

#: Words of the longest label that is looked for.
LONGEST = 6
_WORD = re.compile(
    r"[^\W_](?:[^\W_]|[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670]|[\"'׳״](?=[\u0590-\u05ff]))*"
)
_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """The words that caused a proposal: `text` is text[start:end], in characters of the text that was given."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept that a text names.

    Attributes:
        span: Where it is named first.
        score: At least 0: for rare words, many of them, early, often, of few concepts.
        times: How often it is named.
    """

    span: Span
    score: float
    times: int = 1


class Mentions:
    """Finds the labels of concepts in texts. Immutable.

    Args:
        labels: Concept -> its labels, in any languages.
    """

    def __init__(self, labels: Mapping[str, Iterable[str]]) -> None:
        found: defaultdict[_Key, set[str]] = defaultdict(set)
        for iri, texts in labels.items():
            for text in texts:
                said = [forms[0] for _, forms in forms_in(text)]
                if 0 < len(said) <= LONGEST and not FUNCTION_WORDS.issuperset(key(text).split()):
                    found[tuple(said)].add(iri)
        self._found = {said: tuple(sorted(iris)) for said, iris in found.items()}
        self._used = Counter(word for said in self._found for word in said)

    def find(self, text: str) -> Mapping[str, Mention]:
        """The concepts that the text names, each with its first mention."""
        first: dict[str, Mention] = {}
        times: Counter[str] = Counter()
        for span, label in self._all(text, list(forms_in(text))):
            score = self._score(label, span.start / len(text), len(self._found[label]))
            for iri in self._found[label]:
                times[iri] += 1
                first.setdefault(iri, Mention(span, score))
        return {
            iri: replace(it, score=it.score * (1 + math.log(times[iri])), times=times[iri]) for iri, it in first.items()
        }

    def _all(self, text: str, said: Sequence[tuple[re.Match[str], _Key]]) -> Iterator[tuple[Span, _Key]]:
        for first in range(len(said)):
            for label, last in self._labels_from(said, first):
                start, end = said[first][0].start(), said[last][0].end()
                yield Span(start, end, text[start:end]), label

    def _labels_from(self, said: Sequence[tuple[re.Match[str], _Key]], first: int) -> Iterator[tuple[_Key, int]]:
        """Every label that begins at this word, with the number of its last word."""
        begun: list[_Key] = [()]
        for last in range(first, min(first + LONGEST, len(said))):
            begun = [(*it, form) for it in begun for form in said[last][1] if form in self._used]
            yield from ((it, last) for it in begun if it in self._found)

    def _score(self, label: _Key, place: float, sharing: int) -> float:
        rarity = sum(1 / (1 + math.log1p(self._used[it])) for it in label)
        return (1 - math.exp(-rarity)) * (1 - place / 2) / sharing


def forms_in(text: str) -> Iterator[tuple[re.Match[str], _Key]]:
    """Each word with the forms by which it may be meant, its own first."""
    for found in _WORD.finditer(text):
        if word := key(found[0]).replace(" ", ""):
            yield found, _forms(word)


def _forms(word: str) -> _Key:
    language = language_of(word)
    if language in {"he", "ar"}:
        return tuple(dict.fromkeys((word, *(it for it in without_prefix(word, language) if len(it) > 2))))
    return terms_of(word)[:1] or (word,)
