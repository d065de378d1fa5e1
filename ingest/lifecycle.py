"""The states of an entry that people write by hand, and the steps between them.

A draft is a graph of its own in the private dataset, so that no public door can show it: not search, SPARQL, counts or
dumps. Publishing moves what it says to the curation of the public dataset. What has been published is never hidden
again, it is retired: its address goes on answering (W3C, Cool URIs). A practice record is published as its own source,
judged as ingestion judges it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType

import pyoxigraph as ox

from graph.embedded import stored
from ingest.catalog import Facts
from ingest.curate import DOOR, DRAFTING, Edit, SetValues, Undo, clean_edits, curate, etag, expect_fresh
from ingest.draft import Draft, content_hash, replacement
from ingest.elsewhere import Elsewhere
from ingest.ledger import Dataset, Intent
from ingest.overlay import slot_of, spoken_slots
from ingest.practice import PRACTICE, STATUS, TYPE
from ingest.privacy import separate
from ingest.writer import Commit, Writer
from ontology.errors import InvalidEntity, InvalidParameter, UnknownEntity, WrongState
from ontology.kinds import Iri
from ontology.namespaces import DCTERMS, KS

DRAFTS = "draft/"
#: Drafts of practice records; whoever reads them needs the scope for private records.
RECORD_DRAFTS = "draft/practice/"
BY_HAND = "source/by-hand/"
REPLACED_BY = ox.NamedNode(DCTERMS.isReplacedBy)
_DRAFT, _PUBLISHED, _RETIRED = (ox.NamedNode(it) for it in (KS.Draft, KS.Published, KS.Retired))


class State(StrEnum):
    """Where an entry is in its life."""

    ABSENT = "absent"
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


#: From each state, what an entry may become, and by which word.
STEPS: Mapping[State, Mapping[State, str]] = MappingProxyType(
    {
        State.ABSENT: {State.DRAFT: "create"},
        State.DRAFT: {State.PUBLISHED: "publish", State.ABSENT: "discard"},
        State.PUBLISHED: {State.RETIRED: "retire"},
        State.RETIRED: {State.PUBLISHED: "reinstate"},
    }
)


def state_of(writer: Writer, iri: Iri) -> State:
    """The state of an entry. One that only private files speak of is absent: by hand it can still be made."""
    node, store = ox.NamedNode(iri), writer.store(Dataset.PUBLIC)
    if any(True for _ in store.quads(node, TYPE)):
        retired = any(True for _ in store.quads(node, STATUS, _RETIRED))
        return State.RETIRED if retired else State.PUBLISHED
    return State.DRAFT if draft_of(writer, iri) else State.ABSENT


def expect_step(iri: Iri, now: State, then: State) -> None:
    """Return if an entry may go from one state to another.

    Raises:
        UnknownEntity: there is nothing to change.
        WrongState: it may not; says what it can become.
    """
    if then in STEPS[now]:
        return
    if now is State.ABSENT:
        raise UnknownEntity(f"There is no entity {iri}.", remedy="PUT makes a draft of it.")
    ways = ", ".join(f"{word} ({state})" for state, word in STEPS[now].items())
    told = f"{iri} is {now}, so it cannot become {then}."
    raise WrongState(told, remedy=f"What can be done with it: edit, {ways}.")


def draft_of(writer: Writer, iri: Iri) -> set[ox.Triple]:
    """What a draft says; nothing where there is none."""
    name = draft_name(writer, iri)
    return {it.triple for it in writer.store(Dataset.PRIVATE).quads(graph=writer.graph(name))} if name else set()


def draft_name(writer: Writer, iri: Iri) -> str:
    """The graph of a draft; empty for an address that is none of this installation's entries."""
    own = f"{writer.base}id/"
    return DRAFTS + iri.removeprefix(own) if iri.startswith(own) else ""


def drafts(writer: Writer) -> list[Iri]:
    """Every draft, by address."""
    prefix = writer.graph(DRAFTS).value
    graphs = (it.value for it in writer.catalog(Dataset.PRIVATE).graphs() if it.value.startswith(prefix))
    return sorted(Iri(f"{writer.base}id/{it.removeprefix(prefix)}") for it in graphs)


def save(
    writer: Writer, iri: Iri, triples: Iterable[ox.Triple], *, agent: str, expected: Sequence[str] | None
) -> Commit:
    """Make a draft say exactly this; nothing removes it.

    Raises:
        StaleEdit: it is not as expected.
    """
    name, content = draft_name(writer, iri), set(triples)
    facts = Facts(title="Draft", content_hash=content_hash(content)) if content else None

    def plan() -> Draft | None:
        expect_fresh(writer, iri, expected, Dataset.PRIVATE)
        draft = replacement(writer.store(Dataset.PRIVATE), writer.overlay, writer.graph(name), content)
        return draft if draft.changed else None

    return writer.write(Intent(DRAFTING, agent, Dataset.PRIVATE, (name,)), plan, facts)


def begun(iri: Iri, kind_class: str, edits: Sequence[Edit]) -> set[ox.Triple]:
    """What a new draft says."""
    node = ox.NamedNode(iri)
    own = {ox.Triple(node, TYPE, ox.NamedNode(kind_class)), ox.Triple(node, STATUS, _DRAFT)}
    return edited(own, iri, edits)


def edited(triples: Iterable[ox.Triple], iri: Iri, edits: Sequence[Edit]) -> set[ox.Triple]:
    """A draft after edits; to take back what is said there is to say nothing."""
    wanted = clean_edits(iri, edits, DRAFTING)
    kept = {it for it in triples if slot_of(it) not in wanted}
    said = {
        ox.Triple(slot.subject, slot.predicate, it)
        for slot, values in wanted.items()
        for it in (*(values or ()), *((_DRAFT,) if slot.predicate == STATUS else ()))
    }
    quads = (ox.Quad(it.subject, it.predicate, it.object, ox.DefaultGraph()) for it in kept | said)
    return {it.triple for it in stored(quads)}


def publish(writer: Writer, iri: Iri, *, agent: str, today: date) -> Commit:
    """Show a draft to everybody; what it says is curation from now on, which no re-ingest touches.

    Raises:
        WrongState: there is no draft.
        InvalidEntity: it is a practice record, and consent or its texts keep it private; says why.
    """
    content = draft_of(writer, iri)
    if not content:
        expect_step(iri, state_of(writer, iri), State.PUBLISHED)
    seen = etag(writer, iri, Dataset.PRIVATE)
    if any(it.predicate == TYPE and it.object == PRACTICE for it in content):
        commit = _publish_record(writer, iri, content, agent, today)
    else:
        commit = curate(writer, iri, _as_edits(content), agent=agent)
    save(writer, iri, (), agent=agent, expected=[seen])
    return commit


def retire(writer: Writer, iri: Iri, *, agent: str, replaced_by: Iri | None, expected: Sequence[str] | None) -> Commit:
    """Take an entry out of use; its address goes on answering, and names what takes its place.

    Raises:
        InvalidParameter: what takes its place is not published, or leads back to it.
    """
    expect_step(iri, state_of(writer, iri), State.RETIRED)
    edits: list[Edit] = [SetValues(Iri(STATUS.value), (*_marks(writer, iri), _RETIRED))]
    if replaced_by is not None:
        _expect_successor(writer, iri, replaced_by)
        edits.append(SetValues(Iri(REPLACED_BY.value), (ox.NamedNode(replaced_by),)))
    return curate(writer, iri, edits, agent=agent, expected=expected)


def reinstate(writer: Writer, iri: Iri, *, agent: str, expected: Sequence[str] | None) -> Commit:
    """Bring a retired entry into use again, without a successor."""
    expect_step(iri, state_of(writer, iri), State.PUBLISHED)
    status = SetValues(Iri(STATUS.value), (*_marks(writer, iri), _PUBLISHED))
    return curate(writer, iri, [status, SetValues(Iri(REPLACED_BY.value), ())], agent=agent, expected=expected)


def whole(writer: Writer, iri: Iri, edits: Sequence[Edit]) -> list[Edit]:
    """Edits after which curation says of a published entry what these say and no more; its state and kind stay."""
    curation = writer.store(Dataset.PUBLIC).quads(graph=writer.overlay.curation)
    spoken = {it for it in spoken_slots(curation) if it.subject == ox.NamedNode(iri)}
    named = set(clean_edits(iri, edits))
    gone = {it for it in spoken - named if it.predicate not in {TYPE, STATUS, REPLACED_BY}}
    return [*edits, *(Undo(Iri(it.predicate.value), it.lang) for it in sorted(gone, key=str))]


def _marks(writer: Writer, iri: Iri) -> tuple[ox.NamedNode, ...]:
    """What is said of an entry beside its state: illustrative, proposed, unverified."""
    said = {it.object for it in writer.store(Dataset.PUBLIC).quads(ox.NamedNode(iri), STATUS)}
    marks = said - {_DRAFT, _PUBLISHED, _RETIRED}
    return tuple(sorted((it for it in marks if isinstance(it, ox.NamedNode)), key=str))


def _expect_successor(writer: Writer, iri: Iri, successor: Iri) -> None:
    if state_of(writer, successor) is not State.PUBLISHED:
        told = f"{successor} is not published, so it cannot take the place of another."
        raise InvalidParameter("replacedBy", told, remedy="Publish it first, or name another.")
    if successor == iri:
        raise InvalidParameter("replacedBy", "An entry cannot take its own place.", remedy="Name another, or none.")


def _as_edits(content: Iterable[ox.Triple]) -> list[Edit]:
    """A draft as edits of what everybody sees."""
    slots: dict[tuple[Iri, str], list[ox.NamedNode | ox.Literal]] = defaultdict(list)
    for it in content:
        value = _PUBLISHED if it.object == _DRAFT and it.predicate == STATUS else it.object
        if isinstance(value, ox.NamedNode | ox.Literal):
            slots[Iri(it.predicate.value), slot_of(it).lang].append(value)
    return [SetValues(predicate, tuple(values), lang) for (predicate, lang), values in sorted(slots.items())]


def _publish_record(writer: Writer, iri: Iri, content: set[ox.Triple], agent: str, today: date) -> Commit:
    name = BY_HAND + draft_name(writer, iri).removeprefix(DRAFTS)
    draft = ox.Triple(ox.NamedNode(iri), STATUS, _DRAFT)
    shown = content - {draft} | {ox.Triple(ox.NamedNode(iri), STATUS, _PUBLISHED)}
    said = separate(shown, Elsewhere(writer, name), today)
    if said.private:
        faults = tuple({"at": it.code, "message": it.message, "remedy": it.remedy} for it in said.holds)
        told = "; ".join(it["message"] for it in faults) or "It does not say that everybody may see it (ks:consent)"
        raise InvalidEntity(f"{iri} stays a draft: {told}.", faults=faults, remedy="Edit the draft, then publish it.")
    return writer.replace(name, said.public, door=DOOR, agent=agent, facts=Facts(title="Written by hand"))
