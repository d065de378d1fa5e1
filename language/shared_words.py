"""How many of the words of a concept's labels a text has, wherever they stand. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from language.function_words import FUNCTION_WORDS
from language.mentions import forms_in


def words_in(text: str) -> frozenset[str]:
    """The words of a text in every form by which they may be meant."""
    return frozenset(form for _, forms in forms_in(text) for form in forms)


class SharedWords:
    """The words of labels, each the heavier, the fewer labels have it (its inverse document frequency). Immutable.

    Args:
        labels: Concept -> its labels, in any languages.
    """

    def __init__(self, labels: Mapping[str, Iterable[str]]) -> None:
        said = {iri: tuple(filter(None, map(_telling, texts))) for iri, texts in labels.items()}
        used = Counter(word for texts in said.values() for words in texts for word in words)
        every = max(1, sum(map(len, said.values())))
        self._rarity = {word: math.log(1 + every / count) for word, count in used.items()}
        self._said = said

    def shared(self, concept: str, words: frozenset[str]) -> tuple[float, float]:
        """Of the label that the words have most of: the share that they have, 0 to 1, and how rare that is, in nats."""
        return max((self._share(it, words) for it in self._said.get(concept, ())), default=(0.0, 0.0))

    def length(self, concept: str) -> int:
        """Words of its shortest label, without function words; 0 where it has none."""
        return min((len(it) for it in self._said.get(concept, ())), default=0)

    def _share(self, label: frozenset[str], words: frozenset[str]) -> tuple[float, float]:
        whole = math.fsum(self._rarity[it] for it in label)
        found = math.fsum(self._rarity[it] for it in label & words)
        return found / whole, found


def _telling(label: str) -> frozenset[str]:
    """The words of a label that are no function words, each by its own form."""
    said = [(found[0].lower(), forms[0]) for found, forms in forms_in(label)]
    return frozenset(form for word, form in said if word not in FUNCTION_WORDS)
