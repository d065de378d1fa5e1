"""Curation by hand: one person's edits to one entity, as one write that no re-ingest undoes.

Editing is optimistic: the curator sends the `etag` of what was on the screen, and an entity that has changed since then
is not written over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox

from graph.embedded import stored
from graph.store import GraphStore
from ingest.catalog import CATALOG, Facts
from ingest.describe import tidy
from ingest.draft import Draft, subjects
from ingest.ledger import Dataset, Intent
from ingest.overlay import CURATION, Overlay, Slot, slot_of, stated
from ingest.practice import CLEARED, CONSENT
from ingest.precedence import in_sources, keeping, matching
from ingest.writer import Commit, Writer
from ontology.errors import InvalidParameter, StaleEdit
from ontology.kinds import Iri, graph_iri
from ontology.model import Problem

Term: TypeAlias = ox.NamedNode | ox.Literal

DOOR = "curation"
#: The door by which a curator clears a quarantined record.
CLEARANCE = "clearance"
#: The door by which drafts are written; a draft may say who shall see it, as nobody does yet.
DRAFTING = "draft"
FACTS = Facts(title="Curation")


@dataclass(frozen=True, slots=True)
class SetValues:
    """These values take the place of whatever sources say in a slot; none at all empties it.

    Attributes:
        lang: Language of the slot; every value must be text in it, or none when it is empty.
    """

    predicate: Iri
    values: tuple[Term, ...]
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """Curation takes back what it says of a slot; what sources say returns."""

    predicate: Iri
    lang: str = ""


Edit: TypeAlias = SetValues | Undo


def etag(writer: Writer, subject: Iri, dataset: Dataset = Dataset.PUBLIC) -> str:
    """Fingerprint, 32 hexadecimal digits, of everything stated about a subject; it changes when any of it does."""
    ignored = ox.NamedNode(graph_iri(writer.base, CATALOG))
    quads = writer.store(dataset).quads(ox.NamedNode(subject))
    lines = "\n".join(sorted(str(quad) for quad in quads if quad.graph_name != ignored))
    return hashlib.sha256(lines.encode()).hexdigest()[:32]


def expect_fresh(writer: Writer, subject: Iri, expected: Sequence[str] | None, dataset: Dataset) -> None:
    """Return if a subject is as one of these `etag`s says, or None is given.

    Raises:
        StaleEdit: it is not.
    """
    if expected is not None and etag(writer, subject, dataset) not in expected:
        remedy = "Load the entity again and repeat the edit."
        raise StaleEdit(f"{subject} has changed since it was loaded", remedy=remedy)


def curate(  # noqa: PLR0913 - keywords, each a fact of one edit
    writer: Writer,
    subject: Iri,
    edits: Sequence[Edit],
    *,
    agent: str,
    expected: str | Sequence[str] | None = None,
    dataset: Dataset = Dataset.PUBLIC,
    door: str = DOOR,
) -> Commit:
    """Make edits to one entity: all of them or none.

    Args:
        writer: The door.
        subject: The entity.
        edits: One for each slot.
        agent: IRI of the curator.
        expected: The `etag` that the edits were made against, or several; None to write whatever has happened since.
        dataset: Where the entity stands.
        door: By which door the edits come, for the ledger.

    Raises:
        StaleEdit: the entity is not as expected.
        InvalidParameter: a value is too long or does not fit the language of its slot, two edits speak of one slot, or
            an edit is of consent or of clearance.
    """
    wanted = clean_edits(subject, edits, door)
    tags = [expected] if isinstance(expected, str) else expected

    def plan() -> Draft | None:
        expect_fresh(writer, subject, tags, dataset)
        return _draft(writer.store(dataset), writer.overlay, wanted)

    return writer.write(Intent(door, agent, dataset, (CURATION,)), plan, FACTS)


def clean_edits(subject: Iri, edits: Sequence[Edit], door: str = DOOR) -> dict[Slot, tuple[Term, ...] | None]:
    """What edits want in each slot, with clean text; None: curation takes back what it says there.

    Raises:
        InvalidParameter: as for `curate`.
    """
    wanted = dict(_wanted(subject, edit, door) for edit in edits)
    if len(wanted) < len(edits):
        raise InvalidParameter("edits", "Two edits speak of the same property and language", remedy="Send one of them.")
    return wanted


def foreseen(writer: Writer, subject: Iri, edits: Sequence[Edit], dataset: Dataset) -> set[ox.Triple]:
    """What will be said of a subject after edits; changes nothing."""
    store, aside = writer.store(dataset), writer.overlay.overridden
    ours = {aside, ox.NamedNode(graph_iri(writer.base, CATALOG))}
    now = {it for it in store.quads(ox.NamedNode(subject)) if it.graph_name not in ours}
    if draft := _draft(store, writer.overlay, clean_edits(subject, edits)):
        now = (now - draft.removed) | {it for it in draft.added if it.graph_name not in ours}
    return {it.triple for it in now if it.subject == ox.NamedNode(subject)}


def _wanted(subject: Iri, edit: Edit, door: str) -> tuple[Slot, tuple[Term, ...] | None]:
    """The slot of an edit, and its values with clean text; None to take back what curation says there."""
    try:
        slot = Slot(ox.NamedNode(subject), ox.NamedNode(edit.predicate), edit.lang.lower())
    except ValueError as error:
        raise InvalidParameter("predicate", f"{edit.predicate!r} is no address of a property: {error}") from error
    _expect_editable(slot.predicate, door)
    if isinstance(edit, Undo):
        return slot, None
    if any(slot_of(ox.Triple(slot.subject, slot.predicate, it)) != slot for it in edit.values):
        wanted = f"text tagged {slot.lang}" if slot.lang else "a link, a number or text without a language"
        raise InvalidParameter("values", f"A value of {edit.predicate} is not {wanted}")
    return slot, tuple(_clean(slot, value) for value in edit.values)


def _expect_editable(predicate: ox.NamedNode, door: str) -> None:
    """Raise InvalidParameter for what decides where a record stands; clearance comes by its own door only."""
    if predicate in CONSENT and door != DRAFTING:
        remedy = "Change it in the record's own file and ingest that: the record then moves as a whole."
        message = "Consent decides where a record stands; it is not edited here"
        raise InvalidParameter("predicate", message, remedy=remedy)
    if predicate == CLEARED and door != CLEARANCE:
        remedy = "Clear the record: `kesher clear`, or POST to /clear below its address."
        raise InvalidParameter("predicate", "Whoever clears a text must have seen it", remedy=remedy)


def _clean(slot: Slot, value: Term) -> Term:
    if isinstance(value, ox.NamedNode):
        return value
    for outcome in tidy(ox.Triple(slot.subject, slot.predicate, value), "", ""):
        if isinstance(outcome, Problem) and outcome.code.startswith("E"):
            raise InvalidParameter("values", outcome.message, remedy=outcome.remedy)
        if isinstance(outcome, ox.Triple) and isinstance(outcome.object, ox.Literal):
            value = outcome.object
    return value


def _draft(store: GraphStore, overlay: Overlay, wanted: Mapping[Slot, tuple[Term, ...] | None]) -> Draft | None:
    present: set[ox.Quad] = set()
    future: set[ox.Quad] = set()
    for slot, values in wanted.items():
        said = set(_said(store, overlay, slot))
        sources = set(in_sources(store, overlay, slot))
        nodes = set(keeping(store, overlay, slot))
        present |= said | sources | nodes
        if values is None:
            future |= sources | set(stated(nodes))
        else:
            future |= set(_saying(overlay, slot, values)) | nodes | _aside(overlay, sources)
    future = stored(future)
    if present == future:
        return None
    effective = {quad for quad in present ^ future if quad.graph_name != overlay.overridden}
    touched = subjects(quad for quad in effective if quad.subject in {slot.subject for slot in wanted})
    return Draft(frozenset(present - future), frozenset(future - present), len(effective), touched)


def _saying(overlay: Overlay, slot: Slot, values: Sequence[Term]) -> Iterator[ox.Quad]:
    if not values:
        yield from overlay.marker(slot)
    for value in values:
        yield ox.Quad(slot.subject, slot.predicate, value, overlay.curation)


def _said(store: GraphStore, overlay: Overlay, slot: Slot) -> Iterator[ox.Quad]:
    """What curation says of a slot: its values, or that it has none."""
    yield from matching(store, slot, overlay.curation)
    yield from (quad for mark in overlay.marker(slot) for quad in store.quads(*mark))


def _aside(overlay: Overlay, sources: set[ox.Quad]) -> set[ox.Quad]:
    return {quad for source in sources for quad in overlay.set_aside(source)}
