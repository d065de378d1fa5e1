"""Which statements are private: those of practice records that not everybody may see. Denied unless allowed.

A record is shown when its consent is `public` and holds today, its persons are hidden, and no personal data is found in
its texts, or a curator has cleared these very texts. Whatever keeps a record that says `public` from being shown is
named, without repeating what was found.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from ingest.belonging import Known
from ingest.elsewhere import Elsewhere
from ingest.evidence import Found, kinds_of
from ingest.practice import AUDIENCE, CLEARED, PRACTICE, QUARANTINED, STATUS, TYPE
from ingest.record import Node
from ontology.model import Problem
from ontology.namespaces import KS

PUBLIC = "public"
#: Code of the one hold that a curator can lift.
QUARANTINE = "W200"
#: A day, also with a time or a zone.
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:t\d\d:\d\d:\d\d(?:\.\d{1,9})?)?(?:z|[+-]\d\d:\d\d)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a record is not shown although it says `public`.

    Attributes:
        code: W200 personal data, W201 expired, W202 withdrawn, W203 guardians, W204 not anonymised; W205 keeps nothing
            from being shown: it tells of a clearance that is no curator's; W206 was shown in vain.
        message: The reason, as a sentence without its full stop; never what was found.
    """

    code: str
    record: Node
    message: str
    remedy: str

    def problem(self, file: str) -> Problem:
        """The hold as its owner hears of it."""
        place = self.record.value if isinstance(self.record, ox.NamedNode) else "document"
        return Problem(self.code, file, place, self.message, self.remedy)


@dataclass(frozen=True, slots=True)
class Separation:
    """What a file says, by who may see it.

    Attributes:
        records: The records that are private, with their parts.
        hidden: These, and the private records that it only mentions.
        holds: Why those of them are that say `public`.
    """

    public: set[ox.Triple]
    private: set[ox.Triple]
    records: set[Node]
    hidden: set[Node]
    holds: tuple[Hold, ...]


def separate(triples: Iterable[ox.Triple], elsewhere: Elsewhere, today: date) -> Separation:
    """Public and private triples of a file.

    The parts of a private record go with it, and so does every statement that points at it. What waits for a curator is
    marked `ks:Quarantined`; nobody else states that, and nobody else says what is cleared.

    Args:
        triples: Everything that a file says.
        elsewhere: What other graphs say of the same records.
        today: The day on which consent must hold.
    """
    stated = {it for it in triples if (it.predicate, it.object) != (STATUS, QUARANTINED)}
    claims = {it for it in stated if it.predicate == CLEARED}
    known = Known(stated - claims, elsewhere)
    records = known.records()
    claiming = sorted((it for it in records if _says_public(known, it)), key=str)
    holds = [hold for record in claiming for hold in holds_of(known, record, today)]
    shown = {it for it in claiming if _is_for_all(known, it)} - {it.record for it in holds}
    private = known.with_parts(records - shown)
    hidden = private | known.mentioned()
    withheld = {it for it in known.triples if it.subject in hidden or it.object in hidden}
    marks = {ox.Triple(it.record, STATUS, QUARANTINED) for it in holds if it.code == QUARANTINE}
    # A class that is misspelt or left out today opens nothing tomorrow.
    marks |= {ox.Triple(it, TYPE, PRACTICE) for it in records - shown if elsewhere.stood_private(it, known.classes)}
    told = (*holds, *(_unheard(it) for it in sorted({it.subject for it in claims}, key=str)))
    return Separation(known.triples - withheld, withheld | marks, private, hidden, told)


def _says_public(known: Known, record: Node) -> bool:
    """True when all that is said of the consent to a record is `public`, in the same file that calls it a record."""
    audiences = {getattr(it.object, "value", "") for it in known.said(record) if it.predicate == AUDIENCE}
    return audiences == {PUBLIC} and (known.speaks_of(record, AUDIENCE) or not known.is_called_record(record))


def _is_for_all(known: Known, record: Node) -> bool:
    """True when a record stands in public, or this file brings it there: only who speaks of its consent does."""
    stands = not known.elsewhere.is_private(record, known.classes)
    return stands or known.speaks_of(record, AUDIENCE)


def holds_of(known: Known, record: Node, today: date) -> Iterator[Hold]:
    """What keeps a record from being shown that says `public`."""
    yield from _obstacles(record, known.said(record), today)
    if found := findings(known, record):
        yield _quarantine(record, found)


def findings(known: Known, record: Node) -> set[Found]:
    """What is found in the texts of a record and its parts, and not cleared."""
    cleared = known.elsewhere.cleared(record)
    return {it for it in known.found(known.with_parts({record})) if it.text not in cleared}


def _unheard(node: Node) -> Hold:
    remedy = "Take ks:clearedText out of the file; a curator clears with `kesher clear`."
    return Hold("W205", node, "A text is cleared by a curator only; what the file says of it was left out", remedy)


def _obstacles(record: Node, said: Iterable[ox.Quad], today: date) -> Iterator[Hold]:
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
    written = _DAY.fullmatch(day)
    try:
        return not written or date.fromisoformat(written[1]) < today
    except ValueError:
        return True


def _word(triple: ox.Quad) -> str:
    return getattr(triple.object, "value", "").strip().lower()


def _quarantine(record: Node, found: set[Found]) -> Hold:
    kinds, places = ", ".join(kinds_of(found)), ", ".join(sorted({it.term for it in found}))
    message = f"It may hold personal data ({kinds}) in {places}; it waits in quarantine, unseen"
    remedy = "Take it out and ingest again, or have a curator look: `kesher clear`."
    return Hold(QUARANTINE, record, message, remedy)
