"""The review of proposed links: people accept, reject, change and take back, and what they decide is kept.

A decision moves the link from what programs propose into the graph `review`, in the dataset of its item, as one write;
an accepted link is then a plain statement too, beside it. Each decision is an activity of PROV-O with its agent and its
time, and stays when it is taken back. No ingestion touches what is decided, and it is not proposed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import uuid4

import pyoxigraph as ox

from ingest.draft import Draft, subjects
from ingest.item_texts import concept_digest, digest, texts_of
from ingest.ledger import Dataset, Intent
from ingest.link_graphs import FACTS, USED, LinkGraphs
from ingest.links import LINKS, REVIEW, Link, LinkState
from ingest.queue import ACTIVITY_AGENT, ACTIVITY_END, ACTIVITY_OUTCOME, Queue, Stored
from ontology.errors import Conflict, InvalidParameter, StaleEdit, UnknownEntity
from ontology.kinds import Iri
from ontology.namespaces import DCTERMS, PROV, RDF, XSD

DOOR = "review"
#: What an activity says that was taken back.
UNDONE = "undone"
_TYPE, _ACTIVITY = ox.NamedNode(RDF.type), ox.NamedNode(PROV.Activity)
_REPLACED_BY = ox.NamedNode(DCTERMS.isReplacedBy)
_OUTCOMES = {LinkState.ACCEPTED, LinkState.REJECTED, LinkState.EDITED}


@dataclass(frozen=True, slots=True)
class _Change:
    """What one decision does to a link.

    Attributes:
        goes: What was stated of it, and of what it stood for.
        comes: What is stated now.
    """

    goes: frozenset[ox.Quad]
    comes: frozenset[ox.Quad]


class ReviewQueue(Queue):
    """The review queue, and what people decide about it."""

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
        if outcome not in _OUTCOMES:
            raise InvalidParameter("action", f"{outcome} is no decision", remedy="accept, reject or edit.")

        def plan() -> Draft:
            stored = self._expected(id, expected)
            return self._draft([self._decided(stored, outcome, agent, concept)], [stored], outcome, agent)

        self._write(self.find(id).dataset, plan, agent)
        return self.find(id)

    def accept_all(self, links: Sequence[Stored], *, agent: str) -> int:
        """Accept links as one write for each dataset, and one activity; counts those that were still proposed."""
        accepted = 0
        for dataset in Dataset:
            chosen = [it for it in links if it.dataset is dataset]

            def plan(chosen: list[Stored] = chosen) -> Draft | None:
                nonlocal accepted
                now = [it for one in chosen if (it := self.find(one.link.id)).link.state is LinkState.PROPOSED]
                accepted += len(now)
                made = [self._decided(it, LinkState.ACCEPTED, agent, "") for it in now]
                return self._draft(made, now, LinkState.ACCEPTED, agent) if now else None

            if chosen:
                self._write(dataset, plan, agent)
        return accepted

    def undo(self, id: str, *, agent: str, expected: str | None = None) -> Stored:
        """Take a decision back: the link is proposed again, as it was; the decision stays in its history.

        What a change put in its place goes with it.

        Raises:
            UnknownEntity: there is no such link.
            StaleEdit: it is not as expected.
            Conflict: nothing was decided about it.
        """

        def plan() -> Draft:
            stored = self._expected(id, expected)
            if not self._is_decided(stored):
                raise Conflict(f"Nothing is decided about the link {id}", remedy="There is nothing to take back.")
            again = replace(stored.link, state=LinkState.PROPOSED, reviewer="")
            change = _Change(
                frozenset(self._present(stored) | self._replacement(stored)),
                frozenset(self._graphs.quads([again], REVIEW)),
            )
            return self._draft([change], [stored], UNDONE, agent)

        self._write(self.find(id).dataset, plan, agent)
        return self.find(id)

    @property
    def _graphs(self) -> LinkGraphs:
        return LinkGraphs(self._writer)

    @property
    def _graph(self) -> ox.NamedNode:
        return self._writer.graph(REVIEW)

    def _write(self, dataset: Dataset, plan: Callable[[], Draft | None], agent: str) -> None:
        self._writer.write(Intent(DOOR, agent, dataset, (REVIEW, LINKS)), plan, FACTS)

    def _expected(self, id: str, expected: str | None) -> Stored:
        stored = self.find(id)
        if expected is not None and expected != stored.etag:
            raise StaleEdit(f"The link {id} has changed since it was loaded", remedy="Load it again, then decide.")
        return stored

    def _decided(self, stored: Stored, outcome: LinkState, agent: str, concept: str) -> _Change:
        if self._is_decided(stored) and stored.link.state is not LinkState.STALE:
            remedy = "Take that back first (undo)."
            raise Conflict(f"The link {stored.link.id} is {stored.link.state} already", remedy=remedy)
        decided = self._read_now(replace(stored.link, state=outcome, reviewer=agent))
        goes, comes = self._present(stored), self._graphs.quads([decided], REVIEW)
        if outcome is LinkState.EDITED:
            other = self._other(stored, concept, agent)
            goes |= self._graphs.stored(stored.dataset, [other], LINKS)
            comes |= self._graphs.quads([other], REVIEW)
            comes.add(ox.Quad(stored.node, _REPLACED_BY, other.node(self._writer.base), self._graph))
        return _Change(frozenset(goes), frozenset(comes))

    def _read_now(self, link: Link) -> Link:
        """A link with the digests of what a person reads now."""
        said = (it.triple for one in self._datasets for it in self._writer.store(one).quads(ox.NamedNode(link.item)))
        return link.read_as(digest(texts_of(said)), concept_digest(self._writer.store(Dataset.PUBLIC), link.concept))

    def _present(self, stored: Stored) -> set[ox.Quad]:
        """What is stated of a link now, with the statement that holds by it."""
        return self._graphs.stored(stored.dataset, [stored.link], self._writer.name(stored.graph))

    def _replacement(self, stored: Stored) -> set[ox.Quad]:
        """The link that a change put in the place of this one."""
        store = self._writer.store(stored.dataset)
        nodes = [it.object for it in store.quads(stored.node, _REPLACED_BY, None, self._graph)]
        ids = [it.value.rpartition("/")[2] for it in nodes if isinstance(it, ox.NamedNode)]
        found = (it for it in map(self.find, ids) if it.graph == self._graph)
        return {quad for it in found for quad in self._present(it)}

    def _other(self, stored: Stored, concept: str, agent: str) -> Link:
        if not concept or concept == stored.link.concept:
            raise InvalidParameter("concept", "A change names another concept", remedy="Give its address.")
        node = ox.NamedNode(concept)
        if not any(True for it in self._datasets for _ in self._writer.store(it).quads(node)):
            raise UnknownEntity(f"Nothing describes {concept[:200]}.", remedy="Give the address of a known concept.")
        link = Link(stored.link.item, stored.link.predicate, Iri(concept), LinkState.ACCEPTED, reviewer=agent)
        if any(True for _ in self._writer.store(stored.dataset).quads(link.node(self._writer.base), graph=self._graph)):
            raise Conflict(f"Somebody has decided about {concept[:200]} already", remedy="Reject this one instead.")
        return self._read_now(link)

    def _draft(self, changes: Sequence[_Change], links: Sequence[Stored], outcome: str, agent: str) -> Draft:
        goes = frozenset[ox.Quad]().union(*(it.goes for it in changes))
        comes = frozenset[ox.Quad]().union(*(it.comes for it in changes)) | self._activity(links, outcome, agent)
        removed, added = goes - comes, comes - goes
        return Draft(removed, added, len(removed) + len(added), subjects((*removed, *added)))

    def _activity(self, links: Iterable[Stored], outcome: str, agent: str) -> set[ox.Quad]:
        """One decision as an activity of PROV-O, which used the links that it is about."""
        node = ox.NamedNode(f"{self._writer.base}id/decision/{uuid4().hex}")
        at = ox.Literal(datetime.now(UTC).isoformat(timespec="microseconds"), datatype=ox.NamedNode(XSD.dateTime))
        told: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
            (_TYPE, _ACTIVITY),
            (ACTIVITY_AGENT, ox.NamedNode(agent)),
            (ACTIVITY_END, at),
            (ACTIVITY_OUTCOME, ox.Literal(outcome)),
            *((USED, it.node) for it in links),
        ]
        return {ox.Quad(node, predicate, value, self._graph) for predicate, value in told}

    def _is_decided(self, stored: Stored) -> bool:
        return stored.graph == self._graph and stored.link.state is not LinkState.PROPOSED
