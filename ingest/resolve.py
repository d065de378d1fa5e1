"""Same thing once: which address a work that comes in has, by what the world knows it by.

Identifiers decide (`ingest.identifiers`), and only where the titles do not speak against it. Likeness of titles only
proposes. A work keeps the address that its own file gave it before, so that the same file again changes nothing.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process

from graph.store import GraphStore
from ingest.identifiers import isbns_of
from ingest.merge import redirects
from ingest.record import Item, Record
from ingest.work import Likeness, Work, agree, stated_by, work_of
from ontology.kinds import Iri, Kind, entity_iri, is_web_address, slug_of
from ontology.model import Problem
from ontology.namespaces import BIBO

#: Titles less alike than this (rapidfuzz, 0-100) speak against one identifier's word; an ISBN is shared by chapters.
_DISAGREE = 70
_DISAGREE_ISBN = 85
#: Titles of one year at least this alike are proposed as one work.
_ALIKE = 92
_LEAST_TITLE = 15


class Known:
    """The works of the knowledge, by identifier; read from the store when the first one comes in."""

    def __init__(self, store: GraphStore, base: str) -> None:
        self.base = base
        self.redirects = redirects(store, base)
        self._store = store
        self._said: dict[str, dict[Iri, Work]] | None = None

    @property
    def said(self) -> dict[str, dict[Iri, Work]]:
        """Graph to the works that it describes."""
        if self._said is None:
            rows: defaultdict[tuple[str, Iri], list[tuple[str, str]]] = defaultdict(list)
            for row in self._store.select("identified-sources"):
                key = str(row["graph"].value), Iri(str(row["source"].value))
                rows[key].append((str(row["property"].value), str(row["value"].value)))
            self._said = {}
            for (graph, iri), stated in rows.items():
                self._said.setdefault(graph, {})[iri] = work_of(stated)
        return self._said

    def keep(self, graph: str, works: dict[Iri, Work]) -> None:
        """A file was read: this is what its graph says now."""
        if works:
            self.said[graph] = works

    def forget(self, loser: Iri, winner: Iri) -> None:
        """An address was merged into another: what follows in this run finds only that."""
        self.redirects[loser] = winner
        for works in self.said.values():
            if loser in works:
                works.setdefault(winner, works.pop(loser))


@dataclass(slots=True)
class Resolver:
    """Gives the works of one file their addresses.

    Attributes:
        graph: Address of the graph that the file becomes.
        merges: Addresses that turned out to be one: the losing one to the one that stays.
        likenesses: What may be one.
        works: The works of this file so far.
    """

    known: Known
    graph: str
    file: str
    merges: dict[Iri, Iri] = field(default_factory=dict)
    likenesses: list[Likeness] = field(default_factory=list)
    works: dict[Iri, Work] = field(default_factory=dict)
    _by_name: dict[str, Iri] = field(default_factory=dict)
    _elsewhere: dict[Iri, list[Work]] = field(default_factory=dict)
    _by_year: defaultdict[str, dict[str, Iri]] = field(default_factory=lambda: defaultdict(dict))
    _before: frozenset[Iri] | None = None

    def resolved(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items of a reader, each work under the address by which it is known."""
        for item in items:
            if isinstance(item, Record) and item.kind is Kind.SOURCE and (own := self._own(item)):
                yield from self._resolved(item, own)
            else:
                yield item

    def _resolved(self, record: Record, own: Iri) -> Iterator[Item]:
        self._open()
        stated = list(stated_by(record))
        work = work_of(stated)
        yield from self._wrong_isbns(record, stated)
        own = self.known.redirects.get(own, own)
        iri, losing, against = self._decided(work, own)
        if against:
            yield self._conflict(record, against)
        for loser in losing:
            self.merges[loser] = iri
            yield self._merged(record, loser, iri)
        if iri not in self._elsewhere and not against and (like := self._like(work, iri)):
            self.likenesses.append(like)
            remedy = "Accept the proposed link if they are one work, or give both the same DOI or ISBN."
            message = f"This may be the same work as {like.other}: {like.reason}"
            yield Problem("W162", self.file, record.place, message, remedy)
        known = iri != own and not self._has_named(iri) and self._is_foreign(iri)
        self._note(iri, work, taking=not against)
        yield replace(record, name=iri, known=known)

    def _decided(self, work: Work, own: Iri) -> tuple[Iri, list[Iri], dict[str, Iri]]:
        """The address of a work, those that lead to it from now on, and the identifiers that cannot be its own."""
        agreeing, against = self._judged(work, own)
        if against:
            alone = agreeing[0] if len(agreeing) == 1 else own
            return (self._apart(own, work) if alone in against.values() else alone), [], against
        before = [own] if own in (self._before or ()) else []
        same = list(dict.fromkeys([*agreeing, *before])) or [own]
        return same[0], same[1:], {}

    def _wrong_isbns(self, record: Record, stated: list[tuple[str, str]]) -> Iterator[Problem]:
        for wrong in (wrong for it, text in stated if it == str(BIBO.isbn) for wrong in isbns_of(text)[1]):
            message = f"{wrong!r} has a wrong check digit: it was kept, and nothing was recognised by it"
            yield Problem("W161", self.file, record.place, message, "Compare it with the imprint of the book.")

    def _own(self, record: Record) -> Iri | None:
        """The address that the file itself gives; None where none can be made, which `describe` tells."""
        if is_web_address(record.name) or record.name.startswith("urn:"):
            return Iri(record.name)
        kind, slash, slug = record.name.partition("/")
        if slash and kind in set(Kind) and slug_of(slug):
            return entity_iri(self.known.base, Kind(kind), slug_of(slug))
        plain = slug_of(record.name) if "://" not in record.name else ""
        return entity_iri(self.known.base, Kind.SOURCE, plain) if plain else None

    def _open(self) -> None:
        """Look at what the other graphs say, once for the file."""
        if self._before is not None:
            return
        self._before = frozenset(self.known.said.get(self.graph, ()))
        for graph, works in self.known.said.items():
            if graph != self.graph:
                for iri, work in works.items():
                    self._elsewhere.setdefault(iri, []).append(work)
                    self._remember(iri, work)

    def _remember(self, iri: Iri, work: Work) -> None:
        for name in work.names:
            self._by_name.setdefault(name, iri)
        for title in work.titles:
            if len(title) >= _LEAST_TITLE:
                self._by_year[work.year].setdefault(title, iri)

    def _note(self, iri: Iri, work: Work, *, taking: bool) -> None:
        self.works[iri] = work
        self._elsewhere.setdefault(iri, []).append(work)
        self._remember(iri, work if taking else replace(work, names=()))

    def _judged(self, work: Work, own: Iri) -> tuple[list[Iri], dict[str, Iri]]:
        """The addresses that its identifiers lead to, strongest first: with titles that agree, and that do not."""
        found = {name: self._by_name[name] for name in work.names if name in self._by_name}
        found |= {"address": own} if own in self._elsewhere else {}
        agreeing: dict[Iri, None] = {}
        against: dict[str, Iri] = {}
        for name, iri in found.items():
            least = _DISAGREE_ISBN if name.startswith("isbn:") else _DISAGREE
            if any(agree(work, it, least) for it in self._elsewhere.get(iri, [])):
                agreeing[iri] = None
            else:
                against[name] = iri
        ranked = sorted(agreeing, key=lambda it: not self._is_foreign(it))  # stable: what has a name of its own first
        return ranked, {name: iri for name, iri in against.items() if iri not in agreeing}

    def _apart(self, own: Iri, work: Work) -> Iri:
        told = hashlib.sha256(" ".join(work.titles).encode()).hexdigest()[:8]
        return Iri(f"{own}-{told}")

    def _is_foreign(self, iri: Iri) -> bool:
        """True for a work that somebody gave a name: not one that ingestion makes of a DOI or a title."""
        slug = iri.rpartition("/")[2]
        if iri in self.works or iri not in self._elsewhere:
            return False
        made = {slug_of(name.removeprefix("doi:")) for it in self._elsewhere[iri] for name in it.names}
        made |= {slug_of(title)[:30] for it in self._elsewhere[iri] for title in it.titles}
        return not any(slug.startswith(start) for start in made if start)

    def _has_named(self, iri: Iri) -> bool:
        """True when this file gave the work a title before: then it goes on doing so."""
        before = self.known.said.get(self.graph, {}).get(iri)
        return before is not None and bool(before.titles)

    def _like(self, work: Work, iri: Iri) -> Likeness | None:
        title = next((it for it in work.titles if len(it) >= _LEAST_TITLE), "")
        years = (work.year, str(int(work.year) - 1), str(int(work.year) + 1)) if work.year else ("",)
        for year in years if title else ():
            near = process.extractOne(title, self._by_year[year].keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
            other = near and self._by_year[year][near[0]]
            if near and other and other != iri and self._same_people(work, other):
                reason = f"the titles are {near[1]:.0f}% alike, year {year or 'not given'}"
                return Likeness(iri, other, round(near[1] / 100, 2), reason)
        return None

    def _same_people(self, work: Work, other: Iri) -> bool:
        people = [it.people for it in self._elsewhere[other]]
        return not work.people or not any(people) or any(work.people & it for it in people)

    def _conflict(self, record: Record, against: dict[str, Iri]) -> Problem:
        told = "; ".join(f"{name} is {iri}" for name, iri in against.items())
        message = f"Its identifiers belong to a work with another title ({told}); they were kept apart"
        return Problem("W160", self.file, record.place, message, "Correct the identifier, or the title.")

    def _merged(self, record: Record, loser: Iri, winner: Iri) -> Problem:
        message = f"{loser} and {winner} are one work by their identifiers; the first now leads to the second"
        return Problem("W163", self.file, record.place, message, "")
