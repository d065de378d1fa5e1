"""Glosses: what the words of a Hebrew or Arabic text are in English, so that an English index can be asked.

The lexicon (`lexicon/{lang}.tsv`) lists the forms of a word that no rule reaches; prefixes and suffixes are stripped
here, lightly and only down to a form that the lexicon has, as light stemmers do (Larkey, Ballesteros & Connell 2002).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice, product
from types import MappingProxyType

from language.affixes import AFFIXES, Affixes
from language.folding import key, words
from language.function_words import FUNCTION_WORDS
from ontology.errors import Misconfigured
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
class _Entry:
    english: tuple[str, ...]
    certainty: Certainty


class Lexicon:
    """The words of one language with their English glosses.

    Args:
        rows: Forms with `|` between them, glosses with `; ` between them, certainty.
        affixes: What may stand before and after a form.
    """

    def __init__(self, rows: Iterable[tuple[str, str, str]], affixes: Affixes) -> None:
        self._affixes = affixes
        self._entries: dict[tuple[str, ...], _Entry] = {}
        for forms, english, certainty in rows:
            entry = _Entry(tuple(english.split("; ")), Certainty(certainty))
            for form in forms.split("|"):
                self._entries.setdefault(tuple(key(form).split()), entry)
        self._words = frozenset(word for form in self._entries for word in form)
        self._forms = lru_cache(maxsize=65536)(self._find_forms)

    def __len__(self) -> int:
        return len(self._entries)

    def gloss(self, text: str) -> list[Gloss]:
        """The words of a text that the lexicon knows, in order; the longest phrase wins; the others are left out."""
        return [it for it in self._read(words(text)) if it.english]

    def unknown(self, text: str) -> list[str]:
        """The folded words of a text that the lexicon does not know: what is left to add."""
        return [it.words[0] for it in self._read(words(text)) if not it.english and it.words[0] not in FUNCTION_WORDS]

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
        stripped = (form for _, form in sorted(self._affixes.bases(word)) if form not in FUNCTION_WORDS)
        return tuple(dict.fromkeys(form for form in (word, *stripped) if form in self._words))


@cache
def lexicons() -> Mapping[str, Lexicon]:
    """The lexicons that ship with Kesher, by language; read once.

    Raises:
        Misconfigured: a row is not three columns; the message names the file and the line.
    """
    return MappingProxyType({lang: Lexicon(_rows(lang), affixes) for lang, affixes in AFFIXES.items()})


def _rows(lang: str) -> Iterator[tuple[str, str, str]]:
    name = f"{lang}.tsv"
    lines = (files("language") / "lexicon" / name).read_text("utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("#"):
            forms, *rest = line.split("\t")
            if len(rest) != 2:
                raise Misconfigured(
                    f"{name}, line {number}: {len(rest) + 1} columns instead of forms, English, certainty."
                )
            yield forms, rest[0], rest[1]
