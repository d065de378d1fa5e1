"""A table of names: entries in the order in which they are shown where nothing else decides, and the words they have.

Every name has a number, its place in that order, so that to rank is to sort numbers. The names with a word stand
together, and the words in alphabetic order, so that the names with a word that begins in some way are one slice.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from language.affixes import without_prefix
from language.folding import key, keys, words
from language.script import language_of, primary
from language.spelling import Spelling
from ontology.kinds import Iri, Kind

_Costs: TypeAlias = NDArray[np.int16]
_Numbers: TypeAlias = NDArray[np.uint32]
_LAST_PART = re.compile(r"[^/#]*$")
_NEVER = 10_000
#: What it costs a name that a word of it is matched by taking off what is written together with it, and by a slip.
PREFIX, SLIP = 1, 2


@dataclass(frozen=True, slots=True)
class LabelEntry:
    """One name of one entity; needs_review until a source shows the term."""

    iri: Iri
    kind: Kind
    text: str
    lang: str
    preferred: bool = True
    needs_review: bool = False


def bare(word: str) -> list[str]:
    """A Hebrew or Arabic word without what may be written together with it, least first; nothing for others."""
    if word.isascii():
        return []
    return [it for it in without_prefix(word, language_of(word)) if len(it) > 2]


class LabelTable:
    """Names of entities. Immutable.

    Args:
        entries: The names; repeated ones count once.
    """

    def __init__(self, entries: Iterable[LabelEntry]) -> None:
        self.entries: Sequence[LabelEntry] = sorted(set(entries), key=own_place)
        said = [words(it.text) for it in self.entries]
        without = [[form for word in it for form in bare(word)] for it in said]
        self.spelling = Spelling(word for forms in (said, without) for it in forms for word in it)
        self._written = _Postings(said, self.spelling.words)
        self._bare = _Postings(without, self.spelling.words)
        self._of = _grouped(self.entries, lambda it: (it.iri,))
        self._exact = _grouped(self.entries, _keys)
        self._addressed = _grouped(self.entries, lambda it: (it.iri, key(_LAST_PART.findall(it.iri)[0])))
        starts = [" ".join(it) for it in said]
        order = sorted(range(len(starts)), key=starts.__getitem__)
        self._starts = [starts[it] for it in order]
        self._place_of_start = np.argsort(np.array(order, np.uint32))
        self._langs = np.array([primary(it.lang) for it in self.entries], dtype="U8")

    @property
    def iris(self) -> Iterable[Iri]:
        """The entities that have a name here."""
        return map(Iri, self._of)

    def of(self, iri: Iri) -> Sequence[LabelEntry]:
        """The names of an entity."""
        return self._of.get(iri, ())

    def exact(self, form: str) -> Sequence[LabelEntry]:
        """The names that have this key (`language.folding.keys`)."""
        return self._exact.get(form, ())

    def addressed(self, form: str) -> Sequence[LabelEntry]:
        """The names of the entities whose address, or its folded last part, this is."""
        return self._addressed.get(form, ())

    def with_word(self, position: int) -> Iterator[LabelEntry]:
        """The names that have the word at a position of the spelling, as it is, then with something before it."""
        for postings in (self._written, self._bare):
            yield from (self.entries[it] for it in postings[position, position + 1])

    def suggested(self, typed: Sequence[str], lang: str, *, slips: bool) -> Iterator[tuple[int, LabelEntry]]:
        """Names with every typed word, the last of which may be only begun: how well they fit, and each, best first.

        Args:
            typed: Folded words, at least one.
            lang: Language of the reader.
            slips: Whether misspelt words are matched too.
        """
        costs = self._costs(typed[-1], begun=True, slips=slips)
        for word in typed[:-1]:
            costs = costs + self._costs(word, begun=False, slips=slips)
        found = np.flatnonzero(costs < _NEVER)
        first, behind = (bisect_left(self._starts, " ".join(typed) + it) for it in ("", "\U0010ffff"))
        starting = (self._place_of_start[found] >= first) & (self._place_of_start[found] < behind)
        fit = 4 * costs[found].astype(np.int64) + 2 * ~starting + (self._langs[found] != primary(lang))
        for number in np.sort(fit * len(self.entries) + found):
            yield int(number) // len(self.entries), self.entries[int(number) % len(self.entries)]

    def _costs(self, word: str, *, begun: bool, slips: bool) -> _Costs:
        """By the number of each name, what it costs to find this word in it."""
        costs = np.full(len(self.entries), _NEVER, np.int16)
        stripped = bare(word)
        if slips:
            for form, dear in (*((it, PREFIX) for it in stripped), (word, 0)):
                self._mark_near(costs, form, dear, begun=begun)
        for it in stripped:
            self._mark(costs, self._bare, it, PREFIX, begun=begun)
            self._mark(costs, self._written, it, PREFIX, begun=begun)
        self._mark(costs, self._bare, word, PREFIX, begun=begun)
        self._mark(costs, self._written, word, 0, begun=begun)
        return costs

    def _mark(self, costs: _Costs, postings: _Postings, word: str, cost: int, *, begun: bool) -> None:
        if begun:
            costs[postings[self.spelling.beginning(word)]] = cost
        elif (at := self.spelling.position(word)) is not None:
            costs[postings[at, at + 1]] = cost

    def _mark_near(self, costs: _Costs, word: str, dear: int, *, begun: bool) -> None:
        for at, slips in sorted(self.spelling.near(word, begun=begun).items(), key=lambda it: -it[1]):
            for postings, more in ((self._bare, PREFIX), (self._written, 0)):
                found = postings[at, at + 1]
                costs[found] = np.minimum(costs[found], SLIP * slips + dear + more)


class _Postings:
    """The numbers of the names with each word; those of neighbouring words are one slice."""

    def __init__(self, said: Sequence[Sequence[str]], order: Sequence[str]) -> None:
        place = {word: at for at, word in enumerate(order)}
        pairs = [(place[word], number) for number, own in enumerate(said) for word in own]
        at, numbers = np.array(pairs, np.uint32).reshape(-1, 2).T
        by_word = np.argsort(at, kind="stable")
        self._numbers: _Numbers = numbers[by_word]
        self._offsets = np.searchsorted(at[by_word], np.arange(len(order) + 1))

    def __getitem__(self, span: tuple[int, int]) -> _Numbers:
        """The numbers of the names with a word at these positions, from the first to before the second."""
        return self._numbers[self._offsets[span[0]] : self._offsets[span[1]]]


def _keys(entry: LabelEntry) -> Iterable[str]:
    return keys(entry.text) if "/" in entry.text else (key(entry.text),)


def own_place(entry: LabelEntry) -> tuple[bool, int, str, Iri]:
    """The order of names where nothing else decides: preferred ones first, short before long."""
    return (not entry.preferred, len(entry.text), entry.text, entry.iri)


def _grouped(
    entries: Sequence[LabelEntry], forms: Callable[[LabelEntry], Iterable[str]]
) -> Mapping[str, list[LabelEntry]]:
    found: defaultdict[str, list[LabelEntry]] = defaultdict(list)
    for entry in entries:
        for form in forms(entry):
            found[form].append(entry)
    return dict(found)
