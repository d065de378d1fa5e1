"""Which statements are private: those of practice records that not everybody may see. Denied unless allowed.

A record is shown when its consent is `public` and holds today, its persons are hidden, and no personal data is found in
its texts, or a curator has cleared these very texts. Whatever keeps a record that says `public` from being shown is
named, without repeating what was found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from ingest.elsewhere import Elsewhere
from ingest.evidence import Evidence, evidence_in, kinds_of
from ingest.practice import AUDIENCE, COMPANIONS, EPISODE, PRACTICE, QUARANTINED, STATUS, TYPE
from ingest.record import Node
from ontology.kinds import is_genid
from ontology.model import Problem
from ontology.namespaces import KS

PUBLIC = "public"
#: Code of the one hold that a curator can lift.
QUARANTINE = "W200"


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a record is not shown although it says `public`.

    Attributes:
        code: W200 personal data, W201 expired, W202 withdrawn, W203 guardians, W204 not anonymised.
        message: The reason, as a sentence without its full stop; never what was found.
        evidence: What was found, where that is the reason. Private.
    """

    code: str
    record: Node
    message: str
    remedy: str
    evidence: Evidence | None = None

    def problem(self, file: str) -> Problem:
        """The hold as its owner hears of it."""
        place = self.record.value if isinstance(self.record, ox.NamedNode) else "document"
        return Problem(self.code, file, place, self.message, self.remedy)


@dataclass(frozen=True, slots=True)
class Separation:
    """What a file says, by who may see it.

    Attributes:
        records: The records that are private, with their parts.
        hidden: These, and those of which only what this file adds is private.
        holds: Why those of them are that say `public`.
    """

    public: set[ox.Triple]
    private: set[ox.Triple]
    records: set[Node]
    hidden: set[Node]
    holds: tuple[Hold, ...]


def separate(triples: Iterable[ox.Triple], elsewhere: Elsewhere, today: date) -> Separation:
    """Public and private triples of a file.

    The parts of a private record go with it: its episode and its nodes without a name of their own, and so does every
    statement that points at it. What waits for a curator is marked `ks:Quarantined`; nobody else states that.

    Args:
        triples: Everything that a file says.
        elsewhere: What other graphs say of the same records.
        today: The day on which consent must hold.
    """
    file = _File({it for it in triples if (it.predicate, it.object) != (STATUS, QUARANTINED)}, elsewhere)
    denied = file.unconsented()
    holds = [hold for record in file.claimed(denied) for hold in file.holds(record, today)]
    records = file.with_parts(denied | {hold.record for hold in holds if file.decides(hold)})
    hidden = records | file.with_parts({hold.record for hold in holds})
    private = {it for it in file.triples if it.subject in hidden or it.object in hidden}
    marks = {ox.Triple(hold.record, STATUS, QUARANTINED) for hold in holds if hold.code == QUARANTINE}
    return Separation(file.triples - private, private | marks, records, hidden, tuple(holds))


class _File:
    """What a file says, by subject."""

    def __init__(self, triples: set[ox.Triple], elsewhere: Elsewhere) -> None:
        self.triples = triples
        self._elsewhere = elsewhere
        self._about = by_subject(triples)
        self.practice = {it.subject for it in triples if (it.predicate, it.object) == (TYPE, PRACTICE)}

    def unconsented(self) -> set[Node]:
        """Practice records, and what is known as private, without a consent that says `public` and nothing else."""
        concerned = {node for node in self._about if node in self.practice or self._elsewhere.is_private(node)}
        spoken = {node for node in self._about if self._speaks_of_consent(node) and self._elsewhere.is_practice(node)}
        claiming = {node for node in concerned | spoken if self._audiences(node) == {PUBLIC}}
        return (concerned | spoken) - {node for node in claiming if self._speaks_of_consent(node)}

    def claimed(self, denied: set[Node]) -> list[Node]:
        """The other records that this file speaks of: everybody may see them if nothing holds them."""
        mine = {node for node in self._about if node in self.practice or self._elsewhere.is_practice(node)}
        told = {node for node in self._about if self._speaks_of_consent(node) and self._elsewhere.is_private(node)}
        return sorted((mine | told) - denied, key=str)

    def holds(self, record: Node, today: date) -> Iterator[Hold]:
        """What keeps a record from being shown."""
        yield from _obstacles(record, (*self._about[record], *self._elsewhere.consent(record)), today)
        cleared = self._elsewhere.cleared(record)
        own = [it for node in sorted(self.with_parts({record}), key=str) for it in self._about.get(node, ())]
        for said in (own, list(self._elsewhere.curated(record))):
            found = evidence_in(said)
            if found.findings and found.hash not in cleared:
                yield _quarantine(record, found)

    def decides(self, hold: Hold) -> bool:
        """False where a file only adds a text to a record that stands elsewhere: then that text alone is private."""
        return hold.code != QUARANTINE or hold.record in self.practice or not self._elsewhere.is_practice(hold.record)

    def with_parts(self, records: set[Node]) -> set[Node]:
        """Records with their parts in this file."""
        return with_parts(records, self._about, self._elsewhere.writer.base)

    def _audiences(self, node: Node) -> set[str]:
        said = (*self._about[node], *self._elsewhere.consent(node))
        return {getattr(it.object, "value", "") for it in said if it.predicate == AUDIENCE}

    def _speaks_of_consent(self, node: Node) -> bool:
        return any(it.predicate == AUDIENCE for it in self._about[node])


def with_parts(records: Iterable[Node], about: Mapping[Node, Iterable[ox.Triple]], base: str) -> set[Node]:
    """Records with their episodes, the companions described beside them, and nodes without a name, however deep."""
    found = set(records)
    waiting = list(found)
    while waiting:
        said = about.get(waiting.pop(), ())
        new = {part for it in said if (part := _part_of(it, base)) or (part := _companion(it, about))} - found
        found |= new
        waiting.extend(new)
    return found


def _part_of(triple: ox.Triple, base: str) -> ox.NamedNode | None:
    """The part that a statement gives to its subject."""
    value = triple.object
    if not isinstance(value, ox.NamedNode):
        return None
    return value if triple.predicate == EPISODE or is_genid(value.value, base) else None


def _companion(triple: ox.Triple, about: Mapping[Node, Iterable[ox.Triple]]) -> ox.NamedNode | None:
    """Who or what a statement names beside a record, where the same file describes it."""
    value = triple.object
    told = triple.predicate in COMPANIONS and isinstance(value, ox.NamedNode) and value in about
    return value if told and isinstance(value, ox.NamedNode) else None


def by_subject(triples: Iterable[ox.Triple]) -> defaultdict[Node, list[ox.Triple]]:
    """Triples by what they are about."""
    about: defaultdict[Node, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        about[triple.subject].append(triple)
    return about


def _obstacles(record: Node, said: Iterable[ox.Triple], today: date) -> Iterator[Hold]:
    """Each reason for which the consent to a record does not hold for the public today, by what is said of it."""
    words: dict[str, set[str]] = defaultdict(set)
    for triple in said:
        words[triple.predicate.value].add(_word(triple))
    if any(_is_over(day, today) for day in words[str(KS.consentExpires)]):
        remedy = "Ask again, and write the new ks:consentExpires."
        yield Hold("W201", record, "Its consent has expired, so it is private", remedy)
    if words[str(KS.consentWithdrawn)]:
        remedy = "Leave it so, or ask the persons in it again."
        yield Hold("W202", record, "Its consent was withdrawn, so it is private", remedy)
    if words[str(KS.guardianConsent)] - {"true", "1"}:
        message = "The guardians of its pupils have not agreed, so it is private"
        remedy = "Ask them, or take the pupils out and the ks:guardianConsent with them."
        yield Hold("W203", record, message, remedy)
    if not words[str(KS.anonymisation)] or words[str(KS.anonymisation)] - {"full", "partial"}:
        message = "It does not hide the persons in it, so it is private"
        yield Hold("W204", record, message, "Hide them and say so: ks:anonymisation is full or partial.")


def _is_over(day: str, today: date) -> bool:
    """True after the last day, and where the day cannot be read."""
    try:
        return date.fromisoformat(day[:10]) < today
    except ValueError:
        return True


def _word(triple: ox.Triple) -> str:
    return getattr(triple.object, "value", "").strip().lower()


def _quarantine(record: Node, found: Evidence) -> Hold:
    kinds, places = ", ".join(kinds_of(found.findings)), ", ".join(sorted({it.term for it in found.findings}))
    message = f"It may hold personal data ({kinds}) in {places}; it waits in quarantine, unseen"
    remedy = "Take it out and ingest again, or have a curator look: `kesher clear`."
    return Hold(QUARANTINE, record, message, remedy, found)
