"""The label index: which entity is called that, exactly, as typed so far, or nearly.

It is immutable: `replaced` gives a new one, so that readers in other threads never see half of a change.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from language.folding import key, keys, words
from language.script import primary
from ontology.kinds import Iri, Kind

_LAST_PART = re.compile(r"[^/#]*$")


@dataclass(frozen=True, slots=True)
class LabelEntry:
    """One name of one entity; needs_review until a source shows the term."""

    iri: Iri
    kind: Kind
    text: str
    lang: str
    preferred: bool = True
    needs_review: bool = False


class LabelIndex:
    """Names of entities in every language and script."""

    def __init__(self, entries: Iterable[LabelEntry] = ()) -> None:
        self._entries = tuple(sorted(set(entries), key=lambda it: (it.iri, it.lang, not it.preferred, it.text)))
        self._of: dict[Iri, list[LabelEntry]] = defaultdict(list)
        self._exact: dict[str, set[LabelEntry]] = defaultdict(set)
        self._addressed: dict[str, set[Iri]] = defaultdict(set)
        self._with_word: dict[str, set[LabelEntry]] = defaultdict(set)
        for entry in self._entries:
            self._add(entry)
        for iri in self._of:
            self._addressed[iri].add(iri)
            self._addressed[key(_LAST_PART.findall(iri)[0])].add(iri)
        self._vocabulary = sorted(self._with_word)

    def _add(self, entry: LabelEntry) -> None:
        self._of[entry.iri].append(entry)
        for form in keys(entry.text):
            self._exact[form].add(entry)
        for word in words(entry.text):
            self._with_word[word].add(entry)

    def __len__(self) -> int:
        return len(self._entries)

    def replaced(self, iris: Iterable[Iri], entries: Iterable[LabelEntry]) -> LabelIndex:
        """A new index in which these entities have these names and no others."""
        gone = frozenset(iris)
        return LabelIndex([*(it for it in self._entries if it.iri not in gone), *entries])

    def exact(self, text: str) -> list[LabelEntry]:
        """The names that equal the text after folding; also the entity whose address, or its last part, it is.

        Preferred names come first; the order is otherwise that of the addresses.
        """
        found = set(self._exact.get(key(text), ()))
        addressed = {iri for form in (text.strip(), key(text)) for iri in self._addressed.get(form, ())}
        found.update(self._of[iri][0] for iri in addressed - {it.iri for it in found})
        return sorted(found, key=lambda it: (not it.preferred, it.iri, it.lang, it.text))

    def best(self, iri: Iri, lang: str) -> LabelEntry | None:
        """The name for a reader of `lang`: preferred before alternative, then English, then any; None: no name."""
        order = {primary(lang): 0, "en": 1, "": 2}
        own = self._of.get(iri)
        return min(own, key=lambda it: (not it.preferred, order.get(primary(it.lang), 3))) if own else None

    def of_kind(self, kind: Kind) -> list[LabelEntry]:
        """One name of each entity of a kind, in order of address."""
        return [own[0] for own in self._of.values() if own[0].kind is kind]

    def suggest(self, text: str, lang: str, limit: int = 10) -> list[LabelEntry]:
        """Names that a reader who has typed `text` so far may mean, one for each entity, best first.

        Every word must be in the name, the last one only begun. Words of four letters may have one slip and words
        of eight two (optimal string alignment); names without slips come before names with.
        """
        typed = words(text)
        if not typed:
            return []
        found = self._matching(typed, self._spelt)
        if len({it.iri for it in found}) < limit:
            found = self._matching(typed, self._misspelt) | found
        return list(_one_each(sorted(found, key=lambda it: _order(it, found[it], key(text), lang)), limit))

    def _matching(self, typed: list[str], match: Callable[[str, bool], Mapping[str, int]]) -> dict[LabelEntry, int]:
        """Entries that have every typed word, with the number of slips it takes."""
        costs: dict[LabelEntry, int] | None = None
        for position, word in enumerate(typed):
            found: dict[LabelEntry, int] = {}
            for spelt, slips in match(word, position == len(typed) - 1).items():
                for entry in self._with_word[spelt]:
                    found[entry] = min(slips, found.get(entry, slips))
            costs = found if costs is None else {it: costs[it] + found[it] for it in costs.keys() & found.keys()}
        return costs or {}

    def _spelt(self, word: str, begun: bool) -> Mapping[str, int]:
        """The word itself, or every word that begins with it."""
        if not begun:
            return {word: 0} if word in self._with_word else {}
        start = bisect_left(self._vocabulary, word)
        following = (self._vocabulary[it] for it in range(start, len(self._vocabulary)))
        return dict.fromkeys(takewhile(lambda it: it.startswith(word), following), 0)

    def _misspelt(self, word: str, begun: bool) -> Mapping[str, int]:
        """Words within the slips that its length allows; of a word only begun, the beginnings of words."""
        slips = min(len(word) // 4, 2)
        near: dict[str, int] = {}
        for length in range(len(word) - slips, len(word) + slips + 1) if begun else (None,):
            choices = [it[:length] for it in self._vocabulary]
            for _, distance, position in extract_iter(word, choices, scorer=OSA.distance, score_cutoff=slips):
                spelt = self._vocabulary[position]
                near[spelt] = min(int(distance), near.get(spelt, slips))
        return near | dict(self._spelt(word, begun))


def _order(entry: LabelEntry, slips: int, typed: str, lang: str) -> tuple[int, bool, bool, bool, int, str, Iri]:
    return (
        slips,
        not key(entry.text).startswith(typed),
        primary(entry.lang) != primary(lang),
        not entry.preferred,
        len(entry.text),
        entry.text,
        entry.iri,
    )


def _one_each(entries: Iterable[LabelEntry], limit: int) -> Iterator[LabelEntry]:
    seen: set[Iri] = set()
    for entry in entries:
        if len(seen) == limit:
            return
        if entry.iri not in seen:
            seen.add(entry.iri)
            yield entry
