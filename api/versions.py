"""The history of an entity and the difference between two of its versions, as JSON; the words are PROV's."""

from __future__ import annotations

from datetime import datetime

import pyoxigraph as ox
from pydantic import Field

from api.editing import prefixed
from api.schemas import Out
from api.services import Services
from ingest.history import Act
from ingest.ledger import Dataset
from ingest.lifecycle import draft_name
from ingest.overlay import named
from ingest.turns import said_at
from ontology.errors import InvalidParameter, NotFound
from ontology.kinds import Iri


class VersionOut(Out):
    """A write that changed an entity: a PROV activity, with its agent and its end."""

    version: int = Field(description="number of the write in the ledger")
    ended: datetime
    agent: Iri = Field(description="who is answerable; empty for what a crash left behind")
    activity: str = Field(description="curation, draft, ingest, sparql, merge...")
    graphs: list[str]
    removed: int | None = Field(description="statements of the entity that went; null where that is not kept")
    added: int | None = Field(description="statements of the entity that came; null where that is not kept")


class HistoryOut(Out):
    """Every write that changed an entity, the newest first."""

    iri: Iri
    versions: list[VersionOut]


class SaidOut(Out):
    """A statement about an entity."""

    predicate: Iri
    term: str = Field(description="the property with its prefix")
    value: str
    lang: str = ""
    datatype: Iri | None = None
    graph: Iri


class DifferenceOut(Out):
    """What changed between two versions of an entity, and the writes that did it."""

    iri: Iri
    earlier: int
    later: int
    removed: list[SaidOut]
    added: list[SaidOut]
    versions: list[VersionOut]


def acts_on(services: Services, iri: Iri, *, drafts: bool) -> list[Act]:
    """The writes that changed an entity; those to its draft for curators."""
    return services.ledger.acts_on(iri, draft_name(services.writer, iri), drafts=drafts)


def history(services: Services, iri: Iri, *, drafts: bool) -> HistoryOut:
    """The history of an entity that the reader may see."""
    acts = acts_on(services, iri, drafts=drafts)
    return HistoryOut(iri=iri, versions=[_version(it) for it in reversed(acts) if it.turn or it.door != "recovery"])


def difference(services: Services, iri: Iri, earlier: int | None, later: int | None) -> DifferenceOut:
    """What changed from one version to a later one; without numbers, by the last write that changed it.

    Raises:
        InvalidParameter: the numbers are the wrong way round.
        NotFound: there is no later version, or what was said at a time is not kept.
    """
    acts = acts_on(services, iri, drafts=False)
    if not acts:
        raise NotFound(f"No write of {iri} is known, so it has no versions.", remedy="It came before they were kept.")
    last = acts[-1].sequence if later is None else later
    first = max((it.sequence for it in acts if it.sequence < last), default=0) if earlier is None else earlier
    if first > last:
        raise InvalidParameter("from", f"Version {first} is later than {last}.", remedy="Exchange `from` and `to`.")
    store, base = services.writer.store(Dataset.PUBLIC), services.settings.base_iri
    before, after = (said_at(store, iri, base, acts, it) for it in (first, last))
    return DifferenceOut(
        iri=iri,
        earlier=first,
        later=last,
        removed=_statements(before - after),
        added=_statements(after - before),
        versions=[_version(it) for it in acts if first < it.sequence <= last],
    )


def _version(act: Act) -> VersionOut:
    removed, added = (act.turn.removed, act.turn.added) if act.turn else (None, None)
    return VersionOut(
        version=act.sequence,
        ended=datetime.fromisoformat(act.at),
        agent=act.agent,
        activity=act.door,
        graphs=[it for it in act.graphs if it],
        removed=None if removed is None else len(removed.splitlines()),
        added=None if removed is None else len((added or "").splitlines()),
    )


def _statements(quads: set[ox.Quad]) -> list[SaidOut]:
    return sorted((_statement(it) for it in quads), key=lambda it: (it.term, it.lang, it.value, it.graph))


def _statement(quad: ox.Quad) -> SaidOut:
    value = quad.object
    literal = value if isinstance(value, ox.Literal) else None
    return SaidOut(
        predicate=Iri(quad.predicate.value),
        term=prefixed(quad.predicate.value),
        value=getattr(value, "value", str(value)),
        lang=(literal.language or "") if literal else "",
        datatype=Iri(literal.datatype.value) if literal and not literal.language else None,
        graph=Iri(named(quad.graph_name).value),
    )
