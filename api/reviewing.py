"""Proposed links as routes and commands show them: the words that caused one beside what the concept is."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
from pydantic import Field

from api.names import read_name
from api.schemas import Out
from api.services import Services
from api.statements import Statements
from ingest.bulk import Sampled
from ingest.item_texts import texts_of
from ingest.ledger import Dataset
from ingest.links import LinkState
from ingest.queue import Decision, Stored, Wanted
from ingest.review import ReviewQueue
from ontology.kinds import Iri, local_name
from ontology.namespaces import DCTERMS, SKOS
from search.naming import Named

_AROUND = 120  # characters of a passage on either side of the words that caused a link
_DEFINITIONS = tuple(map(ox.NamedNode, (SKOS.definition, DCTERMS.description, SKOS.scopeNote)))


class DecisionOut(Out):
    """One decision about a link."""

    outcome: str = Field(description="accepted, rejected, edited or undone")
    agent: Iri
    at: str


class ReviewOut(Out):
    """A link, with what a person needs to decide about it."""

    id: str
    item: Named
    predicate: Iri
    term: str = Field(description="local name of the predicate")
    concept: Named
    state: LinkState
    confidence: float | None
    method: str
    span: str = Field(description="the words of the item that caused it")
    passage: str = Field(description="where these words stand in the item")
    definition: str = Field(description="what the concept is, in the language of names or in any")
    reviewer: Iri | None
    private: bool
    etag: str
    history: list[DecisionOut] = Field(default_factory=list)


class QueueOut(Out):
    """A page of links, and how many there are in each state that pass the other filters."""

    links: list[ReviewOut]
    counts: dict[str, int]
    total: int
    next: int | None = Field(description="`offset` of the following page")


class SampleOut(Out):
    """The sample that is asked for before many links are accepted at once."""

    sample: int
    waiting: list[str] = Field(description="ids of links of the sample that nobody has decided")
    right: float = Field(description="part of the decided ones that was accepted")
    wrong: int = Field(description="links of the sample that were rejected or changed")
    others: int = Field(description="links that would be accepted with it")
    accepted: int = Field(description="links that were accepted now")


def queue_of(services: Services, *, private: bool) -> ReviewQueue:
    """The links that a reader may see."""
    return ReviewQueue(services.writer, Dataset if private else (Dataset.PUBLIC,))


def page_of(  # noqa: PLR0913 - a page of what, for whom
    services: Services, queue: ReviewQueue, wanted: Wanted, lang: str, *, limit: int, offset: int
) -> QueueOut:
    """A page of the links that are wanted, the likeliest first.

    Raises:
        InvalidParameter: `wanted` cannot be meant.
    """
    page = queue.page(wanted, limit, offset)
    return QueueOut(
        links=[review_out(services, it, lang) for it in page.links],
        counts=dict(page.counts),
        total=page.total,
        next=offset + limit if offset + limit < page.total else None,
    )


def review_out(services: Services, stored: Stored, lang: str, history: Iterable[Decision] = ()) -> ReviewOut:
    """One link as JSON."""
    stores = [services.graph, services.private] if stored.dataset is Dataset.PRIVATE else [services.graph]
    statements, link = Statements(stores), stored.link
    return ReviewOut(
        id=link.id,
        item=read_name(statements, link.item, lang),
        predicate=link.predicate,
        term=local_name(link.predicate),
        concept=read_name(statements, link.concept, lang),
        state=link.state,
        confidence=link.confidence,
        method=link.method,
        span=link.span,
        passage=_passage(services, stored),
        definition=_definition(services, link.concept, lang),
        reviewer=Iri(link.reviewer) if link.reviewer else None,
        private=stored.dataset is Dataset.PRIVATE,
        etag=stored.etag,
        history=[DecisionOut(outcome=it.outcome, agent=Iri(it.agent), at=it.at) for it in history],
    )


def sample_out(sample: Sampled, accepted: int = 0) -> SampleOut:
    """A sample as JSON."""
    return SampleOut(
        sample=len(sample.links),
        waiting=[it.link.id for it in sample.waiting],
        right=sample.right,
        wrong=sample.wrong,
        others=len(sample.others) - accepted,
        accepted=accepted,
    )


def _passage(services: Services, stored: Stored) -> str:
    """Where the words stand in what the item says, cut at spaces."""
    quads = services.writer.store(stored.dataset).quads(ox.NamedNode(stored.link.item))
    for text in texts_of(it.triple for it in quads):
        place = text.find(stored.link.span) if stored.link.span else -1
        if place >= 0:
            start, end = max(0, place - _AROUND), place + len(stored.link.span) + _AROUND
            before = text[start:place].partition(" ")[2] if start else text[:place]
            after = text[place + len(stored.link.span) : end]
            after = after.rpartition(" ")[0] if end < len(text) else after
            return f"{'…' if start else ''}{before}{stored.link.span}{after}{'…' if end < len(text) else ''}"
    return ""


def _definition(services: Services, concept: Iri, lang: str) -> str:
    node = ox.NamedNode(concept)
    found = [
        (it.object.language != lang, it.object.language != "en", it.object.value)
        for predicate in _DEFINITIONS
        for it in services.graph.quads(node, predicate)
        if isinstance(it.object, ox.Literal)
    ]
    return min(found)[2] if found else ""
