"""What the ledger keeps so that an entry has a history: who changed it when, and what each change took and brought.

A *turn* is what one write did to one entry. Turns are kept of writes that are small, as those of people are; what a
large file brings is not kept a second time. An entry that is gone takes its turns along: they are deleted, not hidden.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from ontology.kinds import Iri

#: What is deleted is gone from the file, and not only from sight.
TABLES = """
PRAGMA secure_delete=ON;
CREATE INDEX IF NOT EXISTS touched_by_iri ON touched (iri, sequence);
CREATE TABLE IF NOT EXISTS turns (
    iri TEXT NOT NULL,
    sequence INTEGER NOT NULL REFERENCES writes (sequence),
    removed TEXT,
    added TEXT,
    PRIMARY KEY (iri, sequence)
) WITHOUT ROWID;
"""
#: Parameters: the entry, and the graph of its draft or "".
ACTS = """
select w.sequence, w.at, w.door, w.agent, w.graphs, t.iri is not null, t.removed, t.added
from writes w left join turns t on t.sequence = w.sequence and t.iri = ?1
where w.acknowledged and (w.sequence in (select sequence from touched where iri = ?1)
    or w.graphs = nullif(?2, '') or (w.recovered and w.dataset = 'public'))
order by w.sequence
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one write did to one entry.

    Attributes:
        removed: Statements that went, as N-Quads; None: nothing was said of the entry before.
        added: Statements that came; None: nothing is said of it any more.
    """

    iri: Iri
    removed: str | None
    added: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """A write, seen from an entry.

    Attributes:
        sequence: Its number in the ledger, which is the number of the version that it made.
        at: When (ISO 8601, UTC).
        door: By which door: "curation", "ingest", "draft"...
        agent: IRI of who made it; empty for what a crash left behind and this program found.
        graphs: Names of the graphs that it wrote.
        turn: What it did to the entry; None where that is not kept.
    """

    sequence: int
    at: str
    door: str
    agent: Iri
    graphs: tuple[str, ...]
    turn: Turn | None

    @classmethod
    def read(cls, *row: object) -> Act:
        """An act from a row of `ACTS`."""
        sequence, at, door, agent, graphs, kept, removed, added = row
        turn = Turn(Iri(""), _text(removed), _text(added)) if kept else None
        return cls(int(str(sequence)), str(at), str(door), Iri(str(agent)), tuple(str(graphs).split("\n")), turn)


def keep(cursor: sqlite3.Cursor, sequence: int, turns: Iterable[Turn]) -> None:
    """Write turns down, in the transaction that acknowledges their write; forget those of entries that are gone."""
    for it in turns:
        if it.added is None:
            cursor.execute("delete from turns where iri = ?", (it.iri,))
        else:
            cursor.execute("insert or replace into turns values (?, ?, ?, ?)", (it.iri, sequence, it.removed, it.added))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
