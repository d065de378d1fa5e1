"""Proposals: each item that a source tells of is linked to the concepts that its words name, for people to decide.

Nothing here says that an item is about a concept: it stores that a program thinks so, how sure it is and by which
words. What a person has decided is not proposed again, and what the sources state already needs no proposal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from graph.store import GraphStore
from ingest.catalog import Facts
from ingest.draft import Draft, subjects
from ingest.ledger import Dataset, Intent
from ingest.links import PROPOSED, REVIEW, SOURCE, STATE, Link, LinkState, read_link, triples_of
from ingest.practice import TYPE
from ingest.writer import Writer
from language.linking import Linker
from ontology.kinds import CLASS_OF, Iri, Kind
from ontology.namespaces import DCTERMS, KS, RDFS, SKOS

DOOR = "linking"
#: Proposals for one item, at most, and how sure each must be: five are what a person looks through.
MOST, LEAST = 5, 0.03

_LINKED = frozenset(ox.NamedNode(CLASS_OF[it]) for it in (Kind.PRACTICE, Kind.TOOL, Kind.SOURCE))
_CONCEPTS = tuple(
    ox.NamedNode(CLASS_OF[it]) for it in (Kind.COMPETENCY, Kind.MISCONCEPTION, Kind.SUBJECT, Kind.CONCEPT)
)
_LABELS = tuple(map(ox.NamedNode, (SKOS.prefLabel, SKOS.altLabel)))
_TEXTS = (
    *_LABELS[:1],
    *map(
        ox.NamedNode, (SKOS.definition, DCTERMS.abstract, DCTERMS.description, RDFS.comment, KS.observation, KS.outcome)
    ),
)
_ABOUT = Iri(str(DCTERMS.subject))


class Proposer:
    """Links the items of sources to concepts.

    Args:
        writer: Reads and writes both datasets.
        linker: Finds the concepts that a text names.
        agent: IRI of who or what has it done.
    """

    def __init__(self, writer: Writer, linker: Linker, agent: str) -> None:
        self._writer = writer
        self._linker = linker
        self._agent = agent

    def propose(self, source: str) -> int:
        """Bring the proposals for a source to what its texts say now; counts the statements that this changed.

        A link that was accepted for words that its item does not say any more becomes stale: a person looks again.
        """
        return sum(self._proposed(source, dataset) + self._staled(source, dataset) for dataset in Dataset)

    def _proposed(self, source: str, dataset: Dataset) -> int:
        name = f"{PROPOSED}/{source}"
        found = {triple for link in self._links(source, dataset) for triple in triples_of(link, self._writer.base)}
        facts = Facts(title=f"Links proposed for {source}")
        commit = self._writer.replace(name, found, door=DOOR, agent=self._agent, facts=facts, dataset=dataset)
        return commit.changed_triples

    def _links(self, source: str, dataset: Dataset) -> Iterator[Link]:
        for item, triples in self._items(source, dataset).items():
            yield from self._of(Iri(item.value), triples)

    def _items(self, source: str, dataset: Dataset) -> dict[ox.NamedNode, list[ox.Triple]]:
        said: defaultdict[ox.NamedNode, list[ox.Triple]] = defaultdict(list)
        for triple in self._writer.content(source, dataset):
            if isinstance(triple.subject, ox.NamedNode):
                said[triple.subject].append(triple)
        return {item: it for item, it in said.items() if any(one.object in _LINKED for one in it)}

    def _staled(self, source: str, dataset: Dataset) -> int:
        """How many statements say so of links that have become stale."""
        store, review = self._writer.store(dataset), self._writer.graph(REVIEW)
        stale = {
            ox.Quad(node, STATE, ox.Literal(LinkState.ACCEPTED), review)
            for item, triples in self._items(source, dataset).items()
            for quad in store.quads(None, SOURCE, item, review)
            if isinstance(node := quad.subject, ox.NamedNode)
            and (link := read_link(store, node, review)) is not None
            and link.state is LinkState.ACCEPTED
            and not self._still_holds(link, triples)
        }
        if not stale:
            return 0
        now = {ox.Quad(it.subject, STATE, ox.Literal(LinkState.STALE), review) for it in stale}
        draft = Draft(frozenset(stale), frozenset(now), len(stale) + len(now), subjects(stale))
        return self._writer.write(Intent(DOOR, self._agent, dataset, (REVIEW,)), lambda: draft).changed_triples

    def _still_holds(self, link: Link, triples: Iterable[ox.Triple]) -> bool:
        known = any(True for _ in self._writer.store(Dataset.PUBLIC).quads(ox.NamedNode(link.concept)))
        return known and any(link.span in text for text in texts_of(triples))

    def _of(self, item: Iri, triples: Iterable[ox.Triple]) -> Iterator[Link]:
        stated = {it.object for it in triples} | {ox.NamedNode(item)}
        best: dict[str, Link] = {}
        for text in texts_of(triples):
            for it in self._linker.propose(text, MOST):
                if ox.NamedNode(it.iri) not in stated and it.confidence >= LEAST:
                    link = Link(item, _ABOUT, Iri(it.iri), LinkState.PROPOSED, it.confidence, it.method, it.span.text)
                    best[it.iri] = max(best.get(it.iri, link), link, key=lambda one: one.confidence or 0.0)
        likeliest = sorted(best.values(), key=lambda it: (-(it.confidence or 0.0), it.concept))[:MOST]
        return (it for it in likeliest if not self._is_in_review(it))

    def _is_in_review(self, link: Link) -> bool:
        """True where people have decided, or have taken a decision back: the review keeps such a link itself."""
        node, graph = link.node(self._writer.base), self._writer.graph(REVIEW)
        return any(read_link(self._writer.store(dataset), node, graph) for dataset in Dataset)


def texts_of(triples: Iterable[ox.Triple]) -> list[str]:
    """What an item says of itself, one text for each language, its name first."""
    said: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for it in triples:
        if it.predicate in _TEXTS and isinstance(it.object, ox.Literal):
            said[it.object.language or ""].append((_TEXTS.index(it.predicate), it.object.value))
    return [". ".join(text for _, text in sorted(texts)) for _, texts in sorted(said.items())]


def concept_labels(store: GraphStore, base: str) -> dict[str, list[str]]:
    """The names of what items are about. Concepts of our own lists (grades, kinds of tools) are none of it."""
    labels: defaultdict[str, list[str]] = defaultdict(list)
    for kind in _CONCEPTS:
        for concept in sorted({it.subject for it in store.quads(None, TYPE, kind)}, key=str):
            if isinstance(concept, ox.NamedNode) and not concept.value.startswith(f"{base}id/concept/"):
                names = (quad.object for label in _LABELS for quad in store.quads(concept, label))
                labels[concept.value] += sorted({it.value for it in names if isinstance(it, ox.Literal)})
    return labels
