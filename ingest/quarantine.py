"""What waits for a curator because personal data may be in it, and the clearance that lets it out.

Clearing names the texts that the curator has seen, by their hash: a text that changes afterwards is not cleared. It is
a curation like any other, so no re-ingest undoes it; the record then moves to the public dataset as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import pyoxigraph as ox

from ingest.catalog import Catalog, Facts
from ingest.consent import publish
from ingest.curate import CLEARANCE, SetValues, curate
from ingest.draft import Draft, content_hash, replacement
from ingest.elsewhere import Elsewhere
from ingest.evidence import Found, joint_hash
from ingest.ledger import Dataset, Intent
from ingest.overlay import CURATION
from ingest.practice import CLEARED, PRACTICE, QUARANTINED, STATUS, TYPE
from ingest.privacy import Separation, by_subject, separate, with_parts
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
        text: SHA-256, in hexadecimal, of its texts: what a clearance must name.
        hashes: The same for the texts of each source: what the clearance will state.
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
    return [_read(writer, record, parts, today) for record, parts in _parts(writer, _quarantined(writer)).items()]


def look(writer: Writer, iri: Iri, today: date) -> Waiting:
    """One record in quarantine.

    Raises:
        UnknownEntity: it is not in quarantine; whether it is anywhere else is not said.
    """
    record = ox.NamedNode(iri)
    if record not in _quarantined(writer):
        raise UnknownEntity(f"{iri} is not in quarantine.", remedy="`kesher clear` lists what is.")
    return _read(writer, record, _parts(writer, [record])[record], today)


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
    if hashes:
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


def _read(writer: Writer, record: ox.NamedNode, parts: list[_Part], today: date) -> Waiting:
    held = [it for part in parts for it in part.judged(writer, record, today).holds]
    evidence = {it.evidence.hash: it.evidence for it in held if it.evidence}
    return Waiting(
        Iri(record.value),
        joint_hash(evidence),
        frozenset(evidence),
        tuple(sorted({it for found in evidence.values() for it in found.findings})),
        tuple(sorted({hold.message for hold in held if not hold.evidence})),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What one source says of a record, in both datasets.

    Attributes:
        name: The graph of the source.
        nodes: The record and its parts.
        said: Statements about the record and its parts, and those that point at them.
    """

    name: str
    nodes: frozenset[Node]
    said: frozenset[ox.Triple]

    def judged(self, writer: Writer, record: ox.NamedNode, today: date) -> Separation:
        """What everybody might see of it if the record were let out."""
        return separate(self.said, Elsewhere(writer, self.name, frozenset({record})), today)


def _parts(writer: Writer, records: Iterable[ox.NamedNode]) -> dict[ox.NamedNode, list[_Part]]:
    """What each source says of each record, the one that calls it a practice record first: the others add to that."""
    parts: dict[ox.NamedNode, list[_Part]] = {record: [] for record in records}
    sources: defaultdict[str, list[ox.NamedNode]] = defaultdict(list)
    for record in parts:
        for name in _sources_of(writer, record):
            sources[name].append(record)
    for name, told in sources.items():  # read once, however many records wait in it
        content = {it for dataset in Dataset for it in writer.content(name, dataset)}
        about, pointing = by_subject(content), _by_object(content)
        for record in told:
            nodes = frozenset(with_parts({record}, about, writer.base))
            said = (it for node in nodes for it in (*about.get(node, ()), *pointing.get(node, ())))
            parts[record].append(_Part(name, nodes, frozenset(said)))
    return {record: _main_first(record, found) for record, found in parts.items()}


def _main_first(record: ox.NamedNode, parts: list[_Part]) -> list[_Part]:
    return sorted(parts, key=lambda it: (ox.Triple(record, TYPE, PRACTICE) not in it.said, it.name))


def _sources_of(writer: Writer, record: ox.NamedNode) -> set[str]:
    """Names of the sources that speak of a record where only curators see it."""
    store, prefix = writer.store(Dataset.PRIVATE), writer.graph("").value
    graphs = {it.graph_name for it in (*store.quads(record), *store.quads(None, None, record))}
    names = (it.value.removeprefix(prefix) for it in graphs if isinstance(it, ox.NamedNode))
    return {it for it in names if it.startswith("source/")}


def _by_object(triples: Iterable[ox.Triple]) -> defaultdict[object, list[ox.Triple]]:
    pointing: defaultdict[object, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        pointing[triple.object].append(triple)
    return pointing


def _let_out(writer: Writer, record: ox.NamedNode, agent: str, today: date) -> None:
    """Bring what each source says of a record where it now belongs: first into the one, then out of the other."""
    parts = _parts(writer, [record])[record]
    publish(writer, frozenset[Node]().union(*(part.nodes for part in parts)), agent=agent)
    for part in parts:
        said = part.judged(writer, record, today)
        for dataset, belongs in ((Dataset.PUBLIC, said.public), (Dataset.PRIVATE, said.private)):
            moved = partial(_with, belongs, part.said)
            bring(writer, Change(part.name, dataset, moved), agent=agent, door=CLEARANCE)


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
