"""The label index: which entity is called that, exactly, as typed so far, or nearly.

It is immutable: `replaced` gives a new one, so that readers in other threads never see half of a change. It is kept as
tables of names, of which each later one is small against the one before: a change makes a small table, and tables of
like size become one (a log-structured merge, O'Neil et al. 1996), so that a change costs little however many names
there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from heapq import merge

from language.folding import key, words
from language.label_table import LabelEntry, LabelTable, bare, own_place
from language.script import primary
from language.spelling import forgiven
from ontology.kinds import Iri, Kind

__all__ = ["LabelEntry", "LabelIndex"]

#: A table is joined with the one before it when it is more than one part in so many of it.
_SMALL = 4


@dataclass(frozen=True, slots=True)
class _Layer:
    """A table, and the entities whose names in it count no more."""

    table: LabelTable
    gone: Set[Iri] = frozenset()

    def live(self, entries: Iterable[LabelEntry]) -> Iterator[LabelEntry]:
        """Those of these names that still count."""
        return (it for it in entries if it.iri not in self.gone)

    def suggested(self, typed: Sequence[str], lang: str, *, slips: bool) -> Iterator[tuple[int, LabelEntry]]:
        """`LabelTable.suggested`, without the names that count no more."""
        found = self.table.suggested(typed, lang, slips=slips)
        return ((fit, it) for fit, it in found if it.iri not in self.gone)

    def says(self, word: str) -> bool:
        """Whether a name has a folded word as it is."""
        at = self.table.spelling.position(word)
        return at is not None and any(self.live(self.table.saying(at)))

    def with_word(self, word: str) -> Iterator[LabelEntry]:
        """The names that have a folded word, as it is or with something written together with it."""
        at = self.table.spelling.position(word)
        return iter(()) if at is None else self.live(self.table.with_word(at))


class LabelIndex:
    """Names of entities in every language and script."""

    def __init__(self, entries: Iterable[LabelEntry] = ()) -> None:
        self._layers: tuple[_Layer, ...] = (_Layer(LabelTable(entries)),)

    def __len__(self) -> int:
        return sum(len(list(it.live(it.table.entries))) for it in self._layers)

    def replaced(self, iris: Iterable[Iri], entries: Iterable[LabelEntry]) -> LabelIndex:
        """A new index in which these entities have these names and no others."""
        new = list(entries)
        touched = frozenset(iris) | {it.iri for it in new}
        other = LabelIndex()
        layers = [replace(it, gone=it.gone | touched.intersection(it.table.iris)) for it in self._layers]
        other._layers = tuple(_joined([*layers, _Layer(LabelTable(new))]))
        return other

    def exact(self, text: str) -> list[LabelEntry]:
        """The names that equal the text after folding; also the entity whose address, or its last part, it is.

        Preferred names come first; the order is otherwise that of the addresses.
        """
        found = {it for layer in self._layers for it in layer.live(layer.table.exact(key(text)))}
        addressed = {
            it.iri
            for layer in self._layers
            for form in (text.strip(), key(text))
            for it in layer.live(layer.table.addressed(form))
        }
        found.update(min(self._of(iri), key=_own_order) for iri in addressed - {it.iri for it in found})
        return sorted(found, key=lambda it: (not it.preferred, it.iri, it.lang, it.text))

    def best(self, iri: Iri, lang: str) -> LabelEntry | None:
        """The name for a reader of `lang`: preferred before alternative, then English, then any; None: no name."""
        order = {primary(lang): 0, "en": 1, "": 2}
        return min(
            self._of(iri),
            key=lambda it: (not it.preferred, order.get(primary(it.lang), 3), *_own_order(it)),
            default=None,
        )

    def names(self, iri: Iri) -> list[str]:
        """All names of an entity, in every language."""
        return [it.text for it in self._of(iri)]

    def of_kind(self, kind: Kind) -> list[LabelEntry]:
        """One name of each entity of a kind, in order of address."""
        every = {it.iri for layer in self._layers for it in layer.live(layer.table.entries) if it.kind is kind}
        named = (min(self._of(it), key=_own_order) for it in sorted(every))
        return [it for it in named if it.kind is kind]

    def suggest(self, text: str, lang: str, limit: int = 10) -> list[LabelEntry]:
        """Names that a reader who has typed `text` so far may mean, one for each entity, best first.

        Every word must be in the name, the last one only begun. What Hebrew and Arabic write together with a word may
        stand before it, in the name or in what is typed. Words of four letters may have one slip and words of eight
        two (optimal string alignment); names without slips come before names with.
        """
        typed = words(text)
        if not typed:
            return []
        found = list(_one_each(self._suggested(typed, lang, slips=False), limit))
        if len(found) < limit and any(map(forgiven, typed)):
            found = list(_one_each(self._suggested(typed, lang, slips=True), limit))
        return found

    def knows(self, word: str) -> bool:
        """Whether a name has this folded word; either may have something written together with it."""
        named = any(True for layer in self._layers for _ in layer.with_word(word))
        return named or any(layer.says(it) for layer in self._layers for it in bare(word))

    def nearest(self, word: str) -> list[str]:
        """Folded words of names that this one may be a slip of, the likeliest first: fewest slips, then most names."""
        slips: dict[str, int] = {}
        for layer in self._layers:
            near = layer.table.spelling.near(word, begun=False)
            slips |= {layer.table.spelling.words[at]: taken for at, taken in near.items()}
        counts = {it: len(self._with_word(it)) for it in slips}
        return sorted((it for it in slips if counts[it]), key=lambda it: (slips[it], -counts[it], it))

    def written(self, word: str) -> str:
        """A name that has this folded word, as it stands in the graph; empty where there is none."""
        return next((it.text for it in self._with_word(word)), "")

    def _with_word(self, word: str) -> list[LabelEntry]:
        return [it for layer in self._layers for it in layer.with_word(word)]

    def _of(self, iri: Iri) -> list[LabelEntry]:
        return [it for layer in self._layers for it in layer.live(layer.table.of(iri))]

    def _suggested(self, typed: Sequence[str], lang: str, *, slips: bool) -> Iterator[LabelEntry]:
        """Names of all tables, best first."""
        found = (layer.suggested(typed, lang, slips=slips) for layer in self._layers)
        return (it for _, it in merge(*found, key=lambda found: (found[0], own_place(found[1]))))


def _joined(layers: list[_Layer]) -> list[_Layer]:
    """The layers, with those at the end joined that are no longer small against the one before them."""
    while len(layers) > 1 and len(layers[-1].table.entries) * _SMALL >= len(layers[-2].table.entries):
        *layers, before, last = layers
        layers.append(_Layer(LabelTable([*before.live(before.table.entries), *last.live(last.table.entries)])))
    return layers


def _own_order(entry: LabelEntry) -> tuple[str, bool, str]:
    """The order of one entity's names where nothing else decides."""
    return (entry.lang, not entry.preferred, entry.text)


def _one_each(entries: Iterable[LabelEntry], limit: int) -> Iterator[LabelEntry]:
    seen: set[Iri] = set()
    for entry in entries:
        if entry.iri not in seen:
            seen.add(entry.iri)
            yield entry
        if len(seen) == limit:
            return
