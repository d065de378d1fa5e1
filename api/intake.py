"""What brings knowledge in by a command or an upload, and what follows it, whichever door it came by."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from api.linker_choice import LinkerChoice
from api.proposing import propose_links
from api.searching import Searching
from api.settings import Settings
from graph.folder import DataFolder
from ingest.harvesting.harvest import Wanted, harvest
from ingest.pipeline import Options, ingest
from ingest.writer import Writer
from language.encoder import Encoder
from ontology.errors import NotReady
from ontology.kinds import Iri
from ontology.model import Report

Progress = Callable[[int, int], None]


def silent(_done: int, _total: int) -> None:
    """No progress is shown."""


class Intake(ABC):
    """The part of the services that files and repositories come in by."""

    settings: Settings
    folder: DataFolder
    writer: Writer
    search: Searching

    @property
    @abstractmethod
    def agent(self) -> Iri:
        """Who acts where no token says who."""

    def ingest(self, paths: Iterable[Path], options: Options, progress: Progress = silent) -> Report:
        """Read files into the graph, then do what follows."""
        report = ingest(paths, self.writer, options)
        return report if options.dry_run else replace(report, encoded=self.follow(progress))

    def follow(self, progress: Progress = silent) -> int:
        """What follows an ingestion, by whatever door: index what changed, propose links for it, and index those.

        Says how many passages were encoded.
        """
        encoded = self.search.catch_up(progress)
        self.propose_links()
        return encoded + self.search.catch_up(progress)

    def propose_links(self, *, everything: bool = False) -> int:
        """Bring the links that are proposed up to date; counts the statements that this changed."""
        choice = LinkerChoice(
            self._encoder if self.settings.linking == "meaning" else None, self.settings.data, self.folder.link_model
        )
        return propose_links(self.writer, self.folder.linked, self.agent, choice, everything=everything)

    def harvest(self, wanted: Wanted, options: Options, progress: Progress = silent) -> Report:
        """Bring a repository's records into the graph, then index what changed."""
        report = harvest(wanted, self.folder.harvests, self.writer, options)
        return replace(report, encoded=self.follow(progress))

    def _encoder(self) -> Encoder | None:
        """What compares meanings: a command waits for it; a server does without while it has none."""
        try:
            return self.search.with_meaning().encoder
        except NotReady:
            return None
