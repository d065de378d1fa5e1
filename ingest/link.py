"""Proposals: each item is linked to the concepts that its words name, for people to decide.

Nothing here says that an item is about a concept: it stores that a program thinks so, how sure it is and by which
words. A code that names one concept is an exception: that link is accepted at once. What a person has decided is not
proposed again, and what the sources state already needs no proposal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from ingest.draft import Draft, subjects
from ingest.item_texts import ITEMS, concept_digest, digest, kinds_of, texts_of
from ingest.ledger import Dataset, Intent
from ingest.link_graphs import FACTS, LinkGraphs
from ingest.links import LINKS, REVIEW, Link, LinkState
from ingest.proposing import BY_CODE, Found, proposals
from ingest.writer import Writer
from language.linking import Linker
from ontology.kinds import Iri, Kind

DOOR = "linking"
_BATCH = 200  # items of one write


@dataclass(frozen=True, slots=True)
class Proposer:
    """Links items to concepts.

    Attributes:
        writer: Reads and writes both datasets.
        linker: Finds the concepts that a text is about.
        method: What the linker's proposals say of how they came about.
        agent: IRI of who or what has it done.
        codes: Code -> the one concept that it names.
    """

    writer: Writer
    linker: Linker
    method: str
    agent: str
    codes: Mapping[str, Iri] = field(default_factory=dict)

    def propose(self, items: Iterable[Iri]) -> int:
        """Bring the links of some items to what their texts say now; counts the statements that this changed.

        A link stands in the dataset of its item, and follows it there, decided or not. One that was accepted becomes
        stale when its item or its concept says something else than was read, and accepted again when that is undone.
        """
        every = sorted(set(items))
        return sum(self._brought(every[it : it + _BATCH]) for it in range(0, len(every), _BATCH))

    def _brought(self, items: list[Iri]) -> int:
        known = {item: self._home(item) for item in items}
        changed = self._graphs.follow(known, agent=self.agent, door=DOOR)
        found = {item: self._found(item, home) for item, home in known.items() if home is not None}
        return changed + sum(self._written(dataset, items, known, found) for dataset in Dataset)

    @property
    def _graphs(self) -> LinkGraphs:
        return LinkGraphs(self.writer)

    def _home(self, item: Iri) -> Dataset | None:
        """Where an item stands; None for what is gone, or is none."""
        known = (it for it in (Dataset.PRIVATE, Dataset.PUBLIC) if kinds_of(self.writer.store(it), item) & ITEMS)
        return next(known, None)

    def _found(self, item: Iri, home: Dataset) -> Found:
        store = self.writer.store(home)
        said = [it.triple for it in store.quads(ox.NamedNode(item)) if it.graph_name not in self._own]
        kinds = kinds_of(store, item)
        return Found(item, kinds, texts_of(said), frozenset(it.object for it in said))

    @property
    def _own(self) -> set[ox.NamedNode]:
        """What links themselves say of an item is no statement of a source."""
        return {self.writer.graph(LINKS), self.writer.graph(REVIEW)}

    def _written(
        self,
        dataset: Dataset,
        items: Iterable[Iri],
        known: Mapping[Iri, Dataset | None],
        found: Mapping[Iri, Found],
    ) -> int:
        wanted = {it: self._proposed(found[it]) if known[it] is dataset else [] for it in items}

        def plan() -> Draft | None:
            removed: set[ox.Quad] = set()
            added: set[ox.Quad] = set()
            for item, links in wanted.items():
                text = digest(found[item].texts) if item in found else ""
                before, after = self._difference(dataset, item, links, text)
                removed |= before - after
                added |= after - before
            if not removed and not added:
                return None
            return Draft(frozenset(removed), frozenset(added), len(removed) + len(added), subjects((*removed, *added)))

        intent = Intent(DOOR, self.agent, dataset, (LINKS, REVIEW))
        return self.writer.write(intent, plan, FACTS).changed_triples

    def _difference(
        self, dataset: Dataset, item: Iri, links: list[Link], text: str
    ) -> tuple[set[ox.Quad], set[ox.Quad]]:
        """What a dataset says of the links of an item, and what it should say."""
        graphs = self._graphs
        stood, decided = (graphs.standing(dataset, item, it) for it in (LINKS, REVIEW))
        before = graphs.stored(dataset, stood, LINKS) | graphs.stored(dataset, decided, REVIEW)
        new = [it for it in links if it.id not in {one.id for one in decided}]
        ids = {it.id for it in (*new, *decided)}
        old = [it for it in stood if it.id not in ids and self._is_superseded(it, text)]
        after = graphs.quads((*new, *(it.becoming(LinkState.SUPERSEDED) for it in old)), LINKS)
        return before, after | graphs.quads((self._restated(it, text) for it in decided), REVIEW)

    def _is_superseded(self, link: Link, text: str) -> bool:
        """True for what an earlier method proposed for the same text, and the present one does not."""
        return link.method not in {self.method, BY_CODE} and link.text_hash == text

    def _restated(self, link: Link, text: str) -> Link:
        """An accepted link as it is now that its item and its concept say what they say."""
        if link.state not in {LinkState.ACCEPTED, LinkState.STALE}:
            return link
        holds = link.text_hash == text and link.concept_hash == self._digest(link.concept)
        return link.becoming(LinkState.ACCEPTED if holds else LinkState.STALE)

    def _digest(self, concept: Iri) -> str:
        return concept_digest(self.writer.store(Dataset.PUBLIC), concept)

    def _proposed(self, found: Found) -> list[Link]:
        return [
            it.read_as(digest(found.texts), self._digest(it.concept))
            for it in proposals(found, self.linker, self.codes, self._kinds, self.agent)
        ]

    def _kinds(self, concept: Iri) -> frozenset[Kind]:
        return kinds_of(self.writer.store(Dataset.PUBLIC), concept)


def linked_to(writer: Writer, nodes: Iterable[Iri]) -> Iterator[Iri]:
    """The items of which links stand that lead to some concepts."""
    graphs = LinkGraphs(writer)
    for node in nodes:
        yield from graphs.items_of(node)
