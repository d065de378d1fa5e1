"""The review of proposed links: people accept, reject, change and take back, and what they decide is kept.

A decision moves the link from what programs propose into the graph `review`, in the dataset of its item, as one write;
an accepted link is then a plain statement too, beside it. Each decision is an activity of PROV-O with its agent and its
time, and stays when it is taken back. No ingestion touches what is decided, and it is not proposed again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pyoxigraph as ox

from ingest.catalog import Facts
from ingest.draft import Draft, subjects
from ingest.ledger import Dataset, Intent
from ingest.links import PROPOSED, REVIEW, Link, LinkState, read_link, read_links, text, triples_of
from ingest.writer import Writer
from ontology.errors import Conflict, InvalidParameter, StaleEdit, UnknownEntity
from ontology.kinds import Iri
from ontology.namespaces import PROV, RDF, XSD

DOOR = "review"
_FACTS = Facts(title="What people have decided about links")
_ACTIVITY, _USED = ox.NamedNode(PROV.Activity), ox.NamedNode(PROV.used)
_AGENT, _ENDED = ox.NamedNode(PROV.wasAssociatedWith), ox.NamedNode(PROV.endedAtTime)
_VALUE, _TYPE = ox.NamedNode(RDF.value), ox.NamedNode(RDF.type)
#: What an activity says that was taken back.
UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Stored:
    """A link where it stands.

    Attributes:
        graph: The graph that speaks of it.
        etag: Changes with anything that is stated of it.
    """

    link: Link
    node: ox.NamedNode
    graph: ox.NamedNode
    dataset: Dataset
    etag: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a link's history."""

    outcome: str
    agent: str
    at: str


class ReviewQueue:
    """Every link that programs propose or people have decided.

    Args:
        writer: Reads and writes both datasets.
        datasets: Those that this reader may see.
    """

    def __init__(self, writer: Writer, datasets: Iterable[Dataset] = (Dataset.PUBLIC,)) -> None:
        self._writer = writer
        self._datasets = tuple(datasets)

    def every(self) -> Iterator[Stored]:
        """All of them, the likeliest first."""
        found = [
            self._stored(link, node, graph, dataset)
            for dataset in self._datasets
            for node, graph, link in read_links(self._writer.store(dataset))
            if self._is_ours(graph)
        ]
        return iter(sorted(found, key=lambda it: (-(it.link.confidence or 0.0), it.link.item, it.link.concept)))

    def find(self, id: str) -> Stored:
        """One of them.

        Raises:
            UnknownEntity: there is none of this id that this reader may see.
        """
        for dataset in self._datasets if id.isalnum() else ():
            node, store = ox.NamedNode(f"{self._writer.base}id/link/{id}"), self._writer.store(dataset)
            graphs = {it.graph_name for it in store.quads(node)}
            for graph in sorted((it for it in graphs if isinstance(it, ox.NamedNode) and self._is_ours(it)), key=str):
                link = read_link(store, node, graph)
                if link is not None:
                    return self._stored(link, node, graph, dataset)
        raise UnknownEntity(
            f"There is no link {id[:40]!r} to review.", remedy="`kesher review list` shows what there is."
        )

    def history(self, stored: Stored) -> list[Decision]:
        """What was decided about a link, the oldest first."""
        store = self._writer.store(stored.dataset)
        nodes = {it.subject for it in store.quads(None, _USED, stored.node, self._graph)}
        found = []
        for node in nodes:
            if isinstance(node, ox.NamedNode):
                said = {it.predicate: text(it.object) for it in store.quads(node, None, None, self._graph)}
                found.append(Decision(said.get(_VALUE, ""), said.get(_AGENT, ""), said.get(_ENDED, "")))
        return sorted(found, key=lambda it: it.at)

    def decide(
        self, id: str, outcome: LinkState, *, agent: str, expected: str | None = None, concept: str = ""
    ) -> Stored:
        """Accept a link, reject it, or, with another concept, change it: that link is then accepted in its place.

        Args:
            id: Of the link.
            outcome: ACCEPTED, REJECTED or EDITED.
            agent: IRI of who decides.
            expected: The `etag` of what was on the screen; None to decide whatever has happened since.
            concept: What it should lead to, if it is changed.

        Raises:
            UnknownEntity: there is no such link.
            StaleEdit: it is not as expected.
            Conflict: it is decided already.
            InvalidParameter: this is no outcome, or a change names no other concept.
        """
        if outcome not in {LinkState.ACCEPTED, LinkState.REJECTED, LinkState.EDITED}:
            raise InvalidParameter("action", f"{outcome} is no decision", remedy="accept, reject or edit.")

        def change(stored: Stored) -> tuple[Stored, set[ox.Quad]]:
            if self._is_decided(stored) and stored.link.state is not LinkState.STALE:
                remedy = "Take that back first (undo)."
                raise Conflict(f"The link {id} is {stored.link.state} already", remedy=remedy)
            decided = replace(stored.link, state=outcome, reviewer=agent)
            said = self._said(decided)
            if outcome is LinkState.EDITED:
                said |= self._said(self._other(stored.link, concept, agent))
            return stored, said

        return self._change(id, change, agent=agent, outcome=outcome, expected=expected)

    def undo(self, id: str, *, agent: str, expected: str | None = None) -> Stored:
        """Take a decision back: the link is proposed again, as it was; the decision stays in its history.

        Raises:
            UnknownEntity: there is no such link.
            StaleEdit: it is not as expected.
            Conflict: nothing was decided about it.
        """

        def change(stored: Stored) -> tuple[Stored, set[ox.Quad]]:
            if not self._is_decided(stored):
                raise Conflict(f"Nothing is decided about the link {id}", remedy="There is nothing to take back.")
            again = replace(stored.link, state=LinkState.PROPOSED, reviewer="")
            return stored, {self._in_review(it) for it in triples_of(again, self._writer.base)}

        return self._change(id, change, agent=agent, outcome=UNDONE, expected=expected)

    def _change(
        self,
        id: str,
        change: Callable[[Stored], tuple[Stored, set[ox.Quad]]],
        *,
        agent: str,
        outcome: str,
        expected: str | None,
    ) -> Stored:
        found = self.find(id)

        def plan() -> Draft:
            stored = self.find(id)
            if expected is not None and expected != stored.etag:
                raise StaleEdit(f"The link {id} has changed since it was loaded", remedy="Load it again, then decide.")
            stored, after = change(stored)
            before = self._present(stored)
            after |= self._activity(stored, outcome, agent)
            removed, added = before - after, after - before
            return Draft(frozenset(removed), frozenset(added), len(removed) + len(added), subjects((*removed, *added)))

        self._writer.write(Intent(DOOR, agent, found.dataset, (REVIEW,)), plan, _FACTS)
        return self.find(id)

    def _present(self, stored: Stored) -> set[ox.Quad]:
        """What is stated of a link now, with the statement that holds by it."""
        store = self._writer.store(stored.dataset)
        plain = self._in_review(stored.link.statement)
        return {*store.quads(stored.node, None, None, stored.graph), *(it for it in (plain,) if any(store.quads(*it)))}

    def _said(self, link: Link) -> set[ox.Quad]:
        quads = {self._in_review(it) for it in triples_of(link, self._writer.base)}
        return quads | ({self._in_review(link.statement)} if link.state is LinkState.ACCEPTED else set())

    def _other(self, link: Link, concept: str, agent: str) -> Link:
        if not concept or concept == link.concept:
            raise InvalidParameter("concept", "A change names another concept", remedy="Give its address.")
        known = (any(True for _ in self._writer.store(it).quads(ox.NamedNode(concept))) for it in self._datasets)
        if not any(known):
            raise UnknownEntity(f"Nothing describes {concept[:200]}.", remedy="Give the address of a known concept.")
        return Link(link.item, link.predicate, Iri(concept), LinkState.ACCEPTED, reviewer=agent)

    def _activity(self, stored: Stored, outcome: str, agent: str) -> set[ox.Quad]:
        number = len(self.history(stored)) + 1
        node = ox.NamedNode(f"{self._writer.base}id/decision/{stored.link.id}-{number}")
        at = ox.Literal(datetime.now(UTC).isoformat(timespec="milliseconds"), datatype=ox.NamedNode(XSD.dateTime))
        said = ((_TYPE, _ACTIVITY), (_USED, stored.node), (_AGENT, ox.NamedNode(agent)), (_ENDED, at))
        told = (*said, (_VALUE, ox.Literal(outcome)))
        return {ox.Quad(node, predicate, value, self._graph) for predicate, value in told}

    @property
    def _graph(self) -> ox.NamedNode:
        return self._writer.graph(REVIEW)

    def _in_review(self, triple: ox.Triple) -> ox.Quad:
        return ox.Quad(triple.subject, triple.predicate, triple.object, self._graph)

    def _is_decided(self, stored: Stored) -> bool:
        return stored.graph == self._graph and stored.link.state is not LinkState.PROPOSED

    def _is_ours(self, graph: ox.NamedNode) -> bool:
        name = self._writer.name(graph)
        return name == REVIEW or name.startswith(f"{PROPOSED}/")

    def _stored(self, link: Link, node: ox.NamedNode, graph: ox.NamedNode, dataset: Dataset) -> Stored:
        said = "\n".join(sorted(str(it) for it in triples_of(link, self._writer.base)))
        return Stored(link, node, graph, dataset, hashlib.sha256(said.encode()).hexdigest()[:32])
