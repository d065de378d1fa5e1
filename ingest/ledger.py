"""The ledger: one numbered row for every write, on disk before the write counts as done.

A number is first reserved, then the graph is written under it, then the row is acknowledged: that is on disk when the
call returns (SQLite, synchronous=FULL), and with it the reservation, which need not be before. Numbers grow and are
never given twice, not even after one was reserved in vain. Each row has the tally of its dataset then, and a seal.
Whoever derives something from the graph follows `changes_since`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from ingest import history, sealing
from ingest.history import Turn
from ingest.ledger_file import LedgerFile
from ingest.ledger_reader import LedgerReader
from ingest.readings import Readings
from ingest.redo import Difference
from ontology.kinds import Iri
from ontology.model import Change


class Dataset(StrEnum):
    """Which of the two stores a write goes to."""

    PUBLIC = "public"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Intent:
    """What is about to be written, by whom and through which door.

    Attributes:
        door: "ingest", "curation", "starter", "sparql", "graph-store"...
        agent: IRI of the person or program.
        graphs: Names of the graphs that it writes.
        content_hash: SHA-256 of what came in; empty where nothing came in as a whole.
        origin: Where it came from on this machine; for this ledger only, it is never published.
    """

    door: str
    agent: str
    dataset: Dataset
    graphs: tuple[str, ...]
    content_hash: str = ""
    origin: str = ""


class Ledger(LedgerReader):
    """The rows in one SQLite file; safe to use from several threads.

    Args:
        path: The file; made when it is not there.

    Raises:
        FolderDamaged: the file is not a ledger.

    Attributes:
        file: What it is kept in.
        is_new: It was not there.
    """

    def __init__(self, path: Path) -> None:
        self.is_new = not path.exists()
        self.file = LedgerFile(path)
        super().__init__(self.file)
        self._number, self._transaction = self.file.number, self.file.transaction
        self.readings = Readings(self.file)

    @property
    def last(self) -> int:
        """Number of the last acknowledged write; 0 before the first."""
        return self._number("select max(sequence) from writes where acknowledged")

    def last_of(self, dataset: Dataset) -> int:
        """Number of the last acknowledged write to one dataset; 0 before the first."""
        return self._number("select max(sequence) from writes where acknowledged and dataset = ?", dataset)

    @property
    def withdrawn(self) -> int:
        """States of the public dataset before this number may hold what has become private since; 0: there is none.

        An ingestion takes out of the public dataset first, then writes to the private one; consent and the sweep put
        into the private one first. Drafts and readers' words were never public.
        """
        return self._number(
            "select max(sequence) from writes where acknowledged and ("
            "dataset = 'private' and door in ('consent', 'sweep')"
            " or dataset = 'public' and sequence < (select max(sequence) from writes where acknowledged"
            " and dataset = 'private' and door not in ('draft', 'feedback')))"
        )

    @property
    def highest(self) -> int:
        """The greatest number that was ever given, acknowledged or not."""
        return self._number("select max(seq) from sqlite_sequence where name = 'writes'")

    def tally_of(self, dataset: Dataset) -> str:
        """The tally of a dataset after its last acknowledged write; empty where none was taken."""
        rows = self._rows("select tally from writes where sequence = ?", self.last_of(dataset))
        return str(rows[0][0]) if rows else ""

    def reserve(self, intent: Intent) -> int:
        """A new number for a write that is about to be made."""
        row = (
            *(_now(), intent.door, intent.agent, intent.dataset),
            *("\n".join(intent.graphs), intent.content_hash, intent.origin),
        )
        with self._transaction(at_once=False) as cursor:
            cursor.execute(
                "insert into writes (at, door, agent, dataset, graphs, content_hash, origin)"
                " values (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            return int(cursor.lastrowid or 0)

    def keep(self, sequence: int, difference: Difference) -> None:
        """Keep what a reserved write changes; on disk when it is acknowledged."""
        with self._transaction(at_once=False) as cursor:
            difference.keep(cursor, sequence)

    def acknowledge(  # noqa: PLR0913 - keywords, each a fact of one write
        self,
        sequence: int,
        changed: int,
        touched: Iterable[Iri],
        *,
        content_hash: str = "",
        tally: str = "",
        turns: Iterable[Turn] = (),
    ) -> None:
        """Record that the write is safe: how many triples changed, and the public subjects whose statements did.

        The content hash is given here where it was not known when the number was reserved; `turns` are for the history.
        """
        with self._transaction() as cursor:
            cursor.execute(
                "update writes set acknowledged = 1, triples_changed = ?, tally = ?,"
                " content_hash = coalesce(nullif(?, ''), content_hash) where sequence = ?",
                (changed, tally, content_hash, sequence),
            )
            cursor.executemany("insert into touched values (?, ?)", ((sequence, iri) for iri in sorted(touched)))
            history.keep(cursor, sequence, turns)
            sealing.seal(cursor, sequence)

    def abandon(self, sequence: int) -> None:
        """Strike out a reservation whose write was not made; its number stays used."""
        with self._transaction() as cursor:
            cursor.execute("delete from writes where sequence = ? and not acknowledged", (sequence,))
            cursor.execute("delete from differences where sequence = ?", (sequence,))

    def recover(self, sequence: int, dataset: Dataset, tally: str = "") -> None:
        """Acknowledge a write that the graph holds and the ledger does not; what it touched is unknown."""
        with self._transaction() as cursor:
            cursor.execute(
                "insert into writes"
                " (sequence, at, door, agent, dataset, graphs, content_hash, origin, acknowledged, recovered, tally)"
                " values (?, ?, 'recovery', '', ?, '', '', '', 1, 1, ?)"
                " on conflict (sequence) do update set acknowledged = 1, recovered = 1, tally = excluded.tally",
                (sequence, _now(), dataset, tally),
            )
            sealing.reseal(cursor)

    def difference_of(self, sequence: int) -> Difference | None:
        """What a write changes, acknowledged or only reserved, where that was kept."""
        rows = self._rows("select removed, added from differences where sequence = ?", sequence)
        return Difference.read(*rows[0]) if rows else None

    def acknowledged_after(self, sequence: int, dataset: Dataset) -> list[int]:
        """Numbers of the acknowledged writes to a dataset after one, in their order."""
        rows = self._rows(
            "select sequence from writes where acknowledged and dataset = ? and sequence > ? order by sequence",
            *(dataset, sequence),
        )
        return [number for (number,) in rows]

    def forget_differences(self) -> None:
        """The stores have everything on disk: nothing of it is left in the file, nor in its journal."""
        with self.file.lock:
            if self._number("select count(*) from differences"):
                with self._transaction() as cursor:
                    cursor.execute("delete from differences")
                self.file.leave_no_trace()

    def reseal(self) -> None:
        """Seal every row anew, for whoever has changed rows on purpose, such as an erasure."""
        with self._transaction() as cursor:
            sealing.reseal(cursor)

    def unfinished(self, dataset: Dataset, held: int) -> list[int]:
        """Reservations, up to the number that a dataset holds, that were never acknowledged."""
        rows = self._rows(
            "select sequence from writes where not acknowledged and dataset = ? and sequence <= ?", dataset, held
        )
        return [sequence for (sequence,) in rows]

    def strike_unfinished(self) -> None:
        """Forget every reservation that was never acknowledged; for opening, after recovery."""
        with self._transaction() as cursor:
            cursor.execute(
                "delete from differences where sequence in (select sequence from writes where not acknowledged)"
            )
            cursor.execute("delete from writes where not acknowledged")

    def changes_since(self, sequence: int) -> Iterator[Change]:
        """Acknowledged writes after a number, in their order; a write to the private dataset touches nothing public."""
        rows = self._rows(
            "select sequence, dataset, recovered from writes where acknowledged and sequence > ? order by sequence",
            sequence,
        )
        for number, dataset, recovered in rows:
            if dataset == Dataset.PRIVATE:
                yield Change(number, frozenset())
            elif recovered:
                yield Change(number, None)
            else:
                iris = self._rows("select iri from touched where sequence = ?", number)
                yield Change(number, frozenset(Iri(iri) for (iri,) in iris))

    def taken_over(self, dataset: Dataset) -> int:
        """Number of the dataset's last write, if another program made it and this ledger only found it; else 0."""
        found = self._rows(
            "select sequence, door from writes where acknowledged and dataset = ? order by sequence desc limit 1",
            dataset,
        )
        return int(found[0][0]) if found and found[0][1] == "recovery" else 0

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
