"""The work on one job: the pipeline of the command line over its files, accounted for file by file, then the index.

What is done is noted after each file, so a job whose process was killed goes on with the file that it was at. If that
one was written already, it changes nothing the second time, and its records count as skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyoxigraph as ox

from api.jobs.book import JobBook
from api.jobs.job import MAPPING, Job, without_problems
from api.jobs.progress import Following
from ingest.pipeline import Options, ingest_sources, not_located
from ingest.source import Sent, locate_sent
from ingest.writer import Writer


@dataclass(slots=True)
class _Difference:
    """Statements that a dry run would remove and add."""

    removed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    def take(self, removed: Collection[ox.Quad], added: Collection[ox.Quad]) -> None:
        self.removed += sorted(map(str, removed))
        self.added += sorted(map(str, added))

    def taken(self) -> tuple[list[str], list[str]]:
        """What came since the last time."""
        removed, added, self.removed, self.added = self.removed, self.added, [], []
        return removed, added


@dataclass(frozen=True, slots=True)
class Work:
    """What jobs are worked on with.

    Attributes:
        follow: Does what follows an ingestion, told of its progress; says how many passages were encoded.
        most_bytes: Largest file that is taken.
    """

    writer: Writer
    follow: Callable[[Callable[[int, int], None]], int]
    book: JobBook
    most_bytes: int

    def do(self, job: Job, folder: Path, following: Following) -> int:
        """Work on a job until it is done; says how many passages were encoded.

        Raises:
            Stopped: it was cancelled, or the server is ending.
            KesherError: something that is not a matter of one file.
        """
        self._ingest(job, folder, following)
        if job.asked.dry_run:
            return 0
        following.index()
        return self.follow(following.encode)

    def _ingest(self, job: Job, folder: Path, following: Following) -> None:
        difference = _Difference()
        files = [Sent(folder / str(number), name) for number, name in enumerate(job.files)]
        sources, problems = locate_sent(files, job.asked.source, job.agent, self.writer.ledger)
        report, done = job.report, job.files_done
        if not done:
            refused = not_located(problems)
            report, done = refused, len(files) - len(sources)
            self.book.account(job.id, refused, ((), ()), done)
        left = sources[done - (len(files) - len(sources)) :]
        following.begin(done, report.read, committed=bool(report.committed or report.changed_triples))
        for account in ingest_sources(left, self.writer, self._options(job, folder, following, difference)):
            report, done = without_problems(report) + account, done + 1
            self.book.account(job.id, replace(report, problems=account.problems), difference.taken(), done)
            following.done(report.read)

    def _options(self, job: Job, folder: Path, following: Following, difference: _Difference) -> Options:
        mapping = folder / MAPPING
        return Options(
            agent=job.agent,
            mapping=mapping if mapping.is_file() else None,
            licence=job.asked.licence,
            encoding=job.asked.encoding,
            most_bytes=self.most_bytes,
            lang=job.asked.lang,
            dry_run=job.asked.dry_run,
            differing=difference.take,
            reading=following.read,
            writing=following.write,
        )
