"""The label index: which entity is called that, exactly, as typed so far, or nearly.

It is immutable: `replaced` gives a new one, so that readers in other threads never see half of a change.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
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


class _Inverted:
    """Form -> entries that have it. Immutable: `replaced` shares what it does not touch."""

    def __init__(self, forms: Callable[[LabelEntry], Iterable[str]], entries: Iterable[LabelEntry] = ()) -> None:
        self._forms = forms
        self._entries: Mapping[str, Set[LabelEntry]] = self._by_form(entries)

    def _by_form(self, entries: Iterable[LabelEntry]) -> dict[str, set[LabelEntry]]:
        found: dict[str, set[LabelEntry]] = {}
        for entry in entries:
            for form in self._forms(entry):
                found.setdefault(form, set()).add(entry)
        return found

    def __getitem__(self, form: str) -> Set[LabelEntry]:
        return self._entries.get(form, frozenset())

    def __contains__(self, form: str) -> bool:
        return form in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def replaced(self, gone: Set[LabelEntry], new: Set[LabelEntry]) -> _Inverted:
        other = _Inverted(self._forms)
        added = self._by_form(new)
        touched = self._by_form(gone).keys() | added.keys()
        changed = {it: (self[it] - gone) | added.get(it, set()) for it in touched}
        other._entries = {form: own for form, own in {**self._entries, **changed}.items() if own}
        return other


class LabelIndex:
    """Names of entities in every language and script."""

    def __init__(self, entries: Iterable[LabelEntry] = ()) -> None:
        every = set(entries)
        self._of = _Inverted(lambda it: (it.iri,), every)
        self._exact = _Inverted(lambda it: keys(it.text), every)
        self._addressed = _Inverted(lambda it: (it.iri, key(_LAST_PART.findall(it.iri)[0])), every)
        self._with_word = _Inverted(lambda it: words(it.text), every)
        self._vocabulary = sorted(self._with_word)

    def __len__(self) -> int:
        return sum(len(self._of[it]) for it in self._of)

    def replaced(self, iris: Iterable[Iri], entries: Iterable[LabelEntry]) -> LabelIndex:
        """A new index in which these entities have these names and no others."""
        gone, new = {it for iri in iris for it in self._of[iri]}, set(entries)
        other = LabelIndex()
        other._of = self._of.replaced(gone, new)
        other._exact = self._exact.replaced(gone, new)
        other._addressed = self._addressed.replaced(gone, new)
        other._with_word = self._with_word.replaced(gone, new)
        other._vocabulary = sorted(other._with_word)
        return other

    def exact(self, text: str) -> list[LabelEntry]:
        """The names that equal the text after folding; also the entity whose address, or its last part, it is.

        Preferred names come first; the order is otherwise that of the addresses.
        """
        found = set(self._exact[key(text)])
        addressed = {it.iri for form in (text.strip(), key(text)) for it in self._addressed[form]}
        found.update(min(self._of[iri], key=_own_order) for iri in addressed - {it.iri for it in found})
        return sorted(found, key=lambda it: (not it.preferred, it.iri, it.lang, it.text))

    def best(self, iri: Iri, lang: str) -> LabelEntry | None:
        """The name for a reader of `lang`: preferred before alternative, then English, then any; None: no name."""
        order = {primary(lang): 0, "en": 1, "": 2}
        return min(
            self._of[iri],
            key=lambda it: (not it.preferred, order.get(primary(it.lang), 3), *_own_order(it)),
            default=None,
        )

    def of_kind(self, kind: Kind) -> list[LabelEntry]:
        """One name of each entity of a kind, in order of address."""
        named = (min(self._of[it], key=_own_order) for it in sorted(self._of))
        return [it for it in named if it.kind is kind]

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


def _own_order(entry: LabelEntry) -> tuple[str, bool, str]:
    """The order of one entity's names where nothing else decides."""
    return (entry.lang, not entry.preferred, entry.text)


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
