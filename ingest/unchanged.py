"""Is a file as it was when it was last read, and would it come to the same today?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.account import Account
from ingest.catalog import MARK
from ingest.ledger import Dataset
from ingest.practice import CONSENT, PRACTICE
from ingest.readings import Reading, hash_of
from ingest.source import Source
from ingest.writer import Writer


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it is now.

    Attributes:
        hash: Of everything that decides what it says; "" where it cannot be opened.
        day: Today (ISO).
    """

    writer: Writer
    source: Source
    hash: str
    day: str

    @classmethod
    def of(cls, writer: Writer, source: Source, mapping: Path | None, day: str, *options: str) -> Version:
        """The version of a source's file, with its mapping and the options under which it is read."""
        paths = [source.path, *([mapping] if mapping else [])]
        return cls(writer, source, hash_of(paths, source.name, writer.base, str(bool(mapping)), *options), day)

    @property
    def known(self) -> Reading | None:
        """The last reading, if it still holds."""
        known = self.writer.ledger.readings.of(self.source.graph)
        holds = known and self.hash == known.hash and known.day in {"", self.day} and known.state == self._state()
        return known if self.hash and holds else None

    def keep(self, account: Account) -> None:
        """It was read, and written."""
        speaks = any(it.predicate in CONSENT or it.object == PRACTICE for it in account.triples)
        reading = Reading(self.hash, self.day if speaks else "", self._state(), account.taken, account.told())
        if self.hash and not account.failed:
            self.writer.ledger.readings.keep(self.source.graph, reading)

    def _state(self) -> str:
        """Numbers of the last writes to the graphs that it becomes; whoever changes one of them changes this."""
        graph = self.writer.graph(self.source.graph)
        entries = (it for dataset in Dataset for it in self.writer.catalog(dataset).entry(graph))
        return " ".join(str(it.object) for it in entries if it.predicate == MARK)
