"""What waits for a curator because personal data may be in it, and the clearance that lets it out.

Clearing names the texts that the curator has seen, by their hash: a text that changes afterwards is not cleared. It is
a curation like any other, so no re-ingest undoes it; the record then moves to the public dataset as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import pyoxigraph as ox

from ingest.belonging import Known
from ingest.catalog import Catalog, Facts
from ingest.consent import publish
from ingest.curate import CLEARANCE, SetValues, curate
from ingest.draft import Draft, content_hash, replacement
from ingest.elsewhere import Elsewhere
from ingest.evidence import Found, joint_hash
from ingest.ledger import Dataset, Intent
from ingest.overlay import CURATION
from ingest.practice import CLEARED, QUARANTINED, STATUS
from ingest.privacy import QUARANTINE, findings, holds_of, separate
from ingest.record import Node
from ingest.writer import Writer
from ontology.errors import Conflict, StaleEdit, UnknownEntity
from ontology.kinds import Iri
from ontology.namespaces import RDF

_SUBJECT, _OBJECT = ox.NamedNode(RDF.subject), ox.NamedNode(RDF.object)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record in quarantine.

    Attributes:
        text: SHA-256, in hexadecimal, of its texts in which something was found: what a clearance must name.
        hashes: The same for each of these texts: what the clearance will state.
        findings: What was found in them. Private.
        obstacles: What would keep it private after clearance too.
    """

    iri: Iri
    text: str
    hashes: frozenset[str]
    findings: tuple[Found, ...]
    obstacles: tuple[str, ...]


def waiting(writer: Writer, today: date) -> list[Waiting]:
    """Every record in quarantine, by address."""
    read = (_read(writer, record, today) for record in _quarantined(writer))
    return [it for it in read if it.findings]


def look(writer: Writer, iri: Iri, today: date) -> Waiting:
    """One record in quarantine.

    Raises:
        UnknownEntity: it is not in quarantine; whether it is anywhere else is not said.
    """
    record = ox.NamedNode(iri)
    found = _read(writer, record, today) if record in _quarantined(writer) else None
    if not found or not found.findings:
        raise UnknownEntity(f"{iri} is not in quarantine.", remedy="`kesher clear` lists what is.")
    return found


def clear(writer: Writer, iri: Iri, *, seen: str, agent: str, today: date) -> Waiting:
    """Declare the texts of a quarantined record free of personal data, and let it out; gives what was cleared.

    Args:
        writer: The door.
        iri: The record.
        seen: `Waiting.text` of what the curator has read.
        agent: IRI of the curator.
        today: The day on which its consent must hold.

    Raises:
        UnknownEntity: it is not in quarantine.
        StaleEdit: its texts are no longer those that the curator has read.
        Conflict: its consent does not hold, so clearance would not let it out.
    """
    found = look(writer, iri, today)
    if found.text != seen:
        raise StaleEdit(f"The texts of {iri} are not those that were read.", remedy="Read them again, then clear them.")
    if found.obstacles:
        raise Conflict(f"{found.obstacles[0]}; clearance would not publish it.", remedy="Mend that in its file first.")
    record = ox.NamedNode(iri)
    hashes = {*found.hashes, *Elsewhere(writer, CURATION).cleared(record)}
    edit = SetValues(Iri(CLEARED.value), tuple(map(ox.Literal, sorted(hashes))))
    curate(writer, iri, [edit], agent=agent, dataset=Dataset.PRIVATE, door=CLEARANCE)
    _let_out(writer, record, agent, today)
    return found


def _quarantined(writer: Writer) -> list[ox.NamedNode]:
    """Records that carry the mark, also where a curator has written another status over it."""
    store, overlay = writer.store(Dataset.PRIVATE), writer.overlay
    marked = {quad.subject for quad in store.quads(None, STATUS, QUARANTINED)}
    nodes = [it.subject for it in store.quads(None, _OBJECT, QUARANTINED, overlay.overridden)]
    aside = {quad.object for it in nodes if isinstance(it, ox.NamedNode) for quad in store.quads(it, _SUBJECT)}
    return sorted((it for it in marked | aside if isinstance(it, ox.NamedNode)), key=str)


def _read(writer: Writer, record: ox.NamedNode, today: date) -> Waiting:
    """What every source says of a record, together."""
    known = Known(set(), Elsewhere(writer, ""))
    found = findings(known, record)
    hashes = frozenset(it.text for it in found)
    holds = holds_of(known, record, today)
    obstacles = tuple(sorted({it.message for it in holds if it.code != QUARANTINE}))
    return Waiting(Iri(record.value), joint_hash(hashes), hashes, tuple(sorted(found)), obstacles)


def _let_out(writer: Writer, record: ox.NamedNode, agent: str, today: date) -> None:
    """Bring what each source says of a record where it now belongs: first into the one, then out of the other."""
    nodes = Known(set(), Elsewhere(writer, "")).with_parts({record})
    publish(writer, nodes, agent=agent)
    for name in sorted(_sources_of(writer, nodes)):
        content = {it for dataset in Dataset for it in writer.content(name, dataset)}
        told = frozenset(it for it in content if it.subject in nodes or it.object in nodes)
        said = separate(told, Elsewhere(writer, name, frozenset({record})), today)
        for dataset, belongs in ((Dataset.PUBLIC, said.public), (Dataset.PRIVATE, said.private)):
            moved = partial(_with, belongs, told)
            bring(writer, Change(name, dataset, moved), agent=agent, door=CLEARANCE)


def _sources_of(writer: Writer, nodes: Iterable[Node]) -> set[str]:
    """Names of the sources that speak of some nodes where only curators see it."""
    store, prefix = writer.store(Dataset.PRIVATE), writer.graph("").value
    named = [it for it in nodes if isinstance(it, ox.NamedNode)]
    graphs = {quad.graph_name for it in named for quad in (*store.quads(it), *store.quads(None, None, it))}
    names = (it.value.removeprefix(prefix) for it in graphs if isinstance(it, ox.NamedNode))
    return {it for it in names if it.startswith("source/")}


def _with(belongs: set[ox.Triple], said: frozenset[ox.Triple], content: set[ox.Triple]) -> set[ox.Triple]:
    return (content - said) | belongs


@dataclass(frozen=True, slots=True)
class Change:
    """What a source will hold in one of the datasets, worked out from what it holds."""

    name: str
    dataset: Dataset
    after: Callable[[set[ox.Triple]], set[ox.Triple]]


def bring(writer: Writer, change: Change, *, agent: str, door: str) -> None:
    """Make a change to a source, under the title and licence that it has.

    Raises:
        StaleEdit: somebody else wrote it at this moment.
    """
    name, dataset = change.name, change.dataset
    before = writer.content(name, dataset)
    after = change.after(before)
    if before == after:
        return
    catalogues = (Catalog(writer.store(it), writer.base) for it in Dataset)
    known = next(filter(None, (it.facts(writer.graph(name)) for it in catalogues)), Facts())
    facts = replace(known, content_hash=content_hash(after))

    def plan() -> Draft:
        if writer.content(name, dataset) != before:
            raise StaleEdit(f"{name} is being written at this moment.", remedy="Do it again.")
        return replacement(writer.store(dataset), writer.overlay, writer.graph(name), after)

    intent = Intent(door, agent, dataset, (name,), facts.content_hash)
    writer.write(intent, plan, facts if after else None)
