"""Glosses: what the words of a Hebrew or Arabic text are in English, so that an English index can be asked.

A lexicon lists the forms of a word that no rule reaches (`language.lexicons` reads it); prefixes and suffixes are
stripped here, lightly and only down to a form that it has, as light stemmers do (Larkey, Ballesteros & Connell 2002).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, product

from language.affixes import Affixes
from language.folding import split_keys, words
from language.function_words import FUNCTION_WORDS
from language.spelling import Spelling
from ontology.model import Certainty

_LONGEST_PHRASE = 4
#: Combinations of word forms that are tried for one phrase; real text needs a handful.
_READINGS = 64


@dataclass(frozen=True, slots=True)
class Gloss:
    """Words of a text and what they are in English, best first.

    Attributes:
        words: The folded words as the text has them, one or more.
        english: Words or short phrases; the first is the likeliest.
        certainty: How sure the lexicon is of the translation.
    """

    words: tuple[str, ...]
    english: tuple[str, ...]
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a lexicon: a word in forms that no rule reaches, what it is in English, likeliest first."""

    forms: tuple[str, ...]
    english: tuple[str, ...]
    certainty: Certainty


class Lexicon:
    """The words of one language with their English glosses. Immutable: `extended` gives another.

    Args:
        rows: What it knows; of two rows with one form, the first counts.
        affixes: What may stand before and after a form.
    """

    def __init__(self, rows: Iterable[Row], affixes: Affixes) -> None:
        every = list(rows)
        said = iter(split_keys([form for row in every for form in row.forms]))
        entries: dict[tuple[str, ...], Row] = {}
        for row in every:
            for form in islice(said, len(row.forms)):
                entries.setdefault(form, row)
        self._put(entries, affixes)

    def _put(self, entries: dict[tuple[str, ...], Row], affixes: Affixes) -> None:
        self._affixes = affixes
        self._entries = entries
        self._words = frozenset(word for form in entries for word in form)
        self._forms = lru_cache(maxsize=65536)(self._find_forms)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def english(self) -> frozenset[str]:
        """Every English word or phrase that it gives."""
        return frozenset(sense for row in self._entries.values() for sense in row.english)

    def extended(self, rows: Iterable[Row]) -> Lexicon:
        """A lexicon in which these rows count before its own."""
        other = Lexicon(rows, self._affixes)
        other._put(self._entries | other._entries, self._affixes)
        return other

    def gloss(self, text: str) -> list[Gloss]:
        """The words of a text that the lexicon knows, in order; the longest phrase wins; the others are left out."""
        return [it for it in self.read(text) if it.english]

    def unknown(self, text: str) -> list[str]:
        """The folded words of a text that the lexicon does not know: what is left to add."""
        return [it.words[0] for it in self.read(text) if not it.english]

    def read(self, text: str) -> list[Gloss]:
        """The words of a text in order, those that the lexicon does not know without English; no function words."""
        found = self._read(words(text))
        return [it for it in found if it.english or it.words[0] not in FUNCTION_WORDS]

    @cached_property
    def english_words(self) -> frozenset[str]:
        """Every English word that it gives, folded."""
        return frozenset(words(" ".join(self.english)))

    def nearest(self, word: str) -> list[str]:
        """The form that a folded word may be a slip of; none where forms of several words are as near."""
        found = self._spelling.near(word, begun=False)
        least = min(found.values(), default=0)
        forms = [self._spelling.words[at] for at, slips in found.items() if slips == least]
        return forms[:1] if len({self._entries[(it,)].english for it in forms}) == 1 else []

    @cached_property
    def _spelling(self) -> Spelling:
        """Its forms of one word, to find those that are spelt like another; made when it is first asked for."""
        return Spelling(form[0] for form in self._entries if len(form) == 1)

    def _read(self, text: Sequence[str]) -> Iterator[Gloss]:
        start = 0
        while start < len(text):
            found = next(self._phrases(text[start : start + _LONGEST_PHRASE]), None)
            yield found or Gloss((text[start],), (), Certainty.UNCERTAIN)
            start += len(found.words) if found else 1

    def _phrases(self, text: Sequence[str]) -> Iterator[Gloss]:
        """The entries that the text begins with, longest first."""
        for length in range(len(text), 0, -1):
            taken = tuple(text[:length])
            if length == 1 and taken[0] in FUNCTION_WORDS:
                return
            readings = islice(product(*map(self._forms, taken)), _READINGS)
            if entry := next(filter(None, map(self._entries.get, readings)), None):
                yield Gloss(taken, entry.english, entry.certainty)

    def _find_forms(self, word: str) -> tuple[str, ...]:
        """What the word may be a form of, among all words of the lexicon: itself first, then what costs least."""
        found = [it for it in self._affixes.bases(word) if it[1] in self._words and it[1] not in FUNCTION_WORDS]
        whole = (word,) if word in self._words else ()
        return tuple(dict.fromkeys((*whole, *(form for _, form in sorted(found)))))


def gist(glosses: Iterable[Gloss]) -> str:
    """The likeliest sense of each word, in the order of the text: near enough to a sentence for an encoder."""
    return " ".join(it.english[0] for it in glosses if it.english)
