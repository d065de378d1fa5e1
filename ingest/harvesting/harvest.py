"""The journey of a harvest: ask, keep the page, read it into the graph like any file, ask for the next.

What was kept stands, whatever happens next: the same command goes on with the token of the last page, or, after the
end, asks only for what has changed since.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.harvesting.answer import Answer, answer_of
from ingest.harvesting.mirror import Mirror, state_of
from ingest.harvesting.repository import Limits, Repository
from ingest.ledger import Dataset
from ingest.pipeline import DOOR, Options, ingest_sources
from ingest.source import Source, source_graph
from ingest.writer import Writer
from ontology.errors import InvalidParameter, UnreadableFile
from ontology.model import Problem, Report

_DAY, _SECOND = "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"
_LIMITS = Limits()
_STALE, _NOTHING = "badResumptionToken", "noRecordsMatch"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a repository.

    Attributes:
        address: Its base URL.
        source: Name for what comes of it.
        prefix: Format of its metadata.
        set: One of its sets; "" for all.
        since: First date, as the repository writes dates; "" for what has changed since the last harvest.
        until: Last date; "" without.
        anywhere: A person has named the address; without that only this machine is asked.
        limits: What it may cost.
    """

    address: str
    source: str
    prefix: str = "oai_dc"
    set: str = ""
    since: str = ""
    until: str = ""
    anywhere: bool = False
    limits: Limits = _LIMITS


def harvest(wanted: Wanted, folder: Path, writer: Writer, options: Options) -> Report:
    """Bring a repository's records into the graph, and account for each.

    Args:
        wanted: What is asked, of whom.
        folder: Where mirrors are kept; this one's is made in it.
        writer: The door.
        options: How to ingest a page.

    Raises:
        InvalidParameter: the address is none that is asked, or the name is that of another repository's mirror.
    """
    repository = Repository(wanted.address, wanted.limits, anywhere=wanted.anywhere)
    name = source_graph(wanted.source).removeprefix("source/")
    try:
        with Mirror(folder / name.replace("/", "%2F")) as mirror:
            return _Harvest(wanted, name, repository, mirror, writer, replace(options, complete=True)).run()
    finally:
        repository.close()


@dataclass(frozen=True, slots=True)
class _Harvest:
    wanted: Wanted
    name: str
    repository: Repository
    mirror: Mirror
    writer: Writer
    options: Options

    def run(self) -> Report:
        self._claim()
        report = self._read()  # what a harvest before this one has kept and not read
        try:
            for known in self._pages():
                report += Report(read=known, skipped=known) + self._read()
        except UnreadableFile as error:
            problem = Problem(error.problem, self.wanted.source, error.place, error.message, error.remedy)
            report += Report(read=1, failed=1, problems=(problem,))
        return report

    def _claim(self) -> None:
        """The name belongs to one repository and one choice of its records."""
        asked = state_of({"url": self.wanted.address, "set": self.wanted.set, "prefix": self.wanted.prefix})
        owner = self.mirror.get("repository")
        if owner and owner != asked:
            message = f"{self.wanted.source!r} is the name of another harvest ({owner})"
            raise InvalidParameter("source", message, remedy="Give this one a name of its own with --source.")
        self.mirror.set(repository=asked)

    def _pages(self) -> Iterator[int]:
        """Keep page after page; yields how many records of each were known as they are."""
        seconds = "T" in self._answer({"verb": "Identify"}).granularity
        if not self.mirror.get("token"):
            self._begin()
        answered = {self.mirror.get("token")} - {""}
        for _ in range(self.wanted.limits.pages):
            answer = self._list()
            began = self.mirror.get("began") or _stamp(answer.date, seconds=seconds)
            if answer.token in answered:
                raise _endless("gives the same resumptionToken again and again")
            answered |= {answer.token} - {""}
            if answer.token:
                yield self.mirror.take(answer.records, token=answer.token, began=began)
            else:
                yield self.mirror.take(answer.records, token="", began="", since=began)  # no token: the end
                return
        raise _endless(f"has given {self.wanted.limits.pages} pages and does not end")

    def _begin(self) -> None:
        self.mirror.set(**{"token": "", "began": "", "from": self.wanted.since or self.mirror.get("since")})

    def _list(self) -> Answer:
        """The next page; from the beginning again where the repository has forgotten the token."""
        token = self.mirror.get("token")
        answer = self._answer({"verb": "ListRecords", "resumptionToken": token} if token else self._first())
        if token and answer.error[0] == _STALE:
            self._begin()
            answer = self._answer(self._first())
        if answer.error[0] and answer.error[0] != _NOTHING:
            message = f"The repository answered {answer.error[0]}: {answer.error[1]}"
            remedy = "Ask for other records: see --set, --prefix, --from and --until."
            raise UnreadableFile(message, place="repository", problem="E134", remedy=remedy)
        return answer

    def _first(self) -> dict[str, str]:
        asked = {"set": self.wanted.set, "from": self.mirror.get("from"), "until": self.wanted.until}
        given = {name: value for name, value in asked.items() if value}
        return {"verb": "ListRecords", "metadataPrefix": self.wanted.prefix, **given}

    def _answer(self, arguments: dict[str, str]) -> Answer:
        return answer_of(self.repository.ask(arguments), self.wanted.source)

    def _read(self) -> Report:
        """Read into the graph what is kept and not read."""
        report = Report()
        for page, is_new in self.mirror.unread():
            path = self.mirror.path(page)
            source = Source(path, f"{self.name}/{path.name}", f"source/{self.name}/{page:06}", f"harvest:{path}")
            if self.mirror.is_empty(page):
                self._withdraw(source)
            told = sum(ingest_sources([source], self.writer, self.options), Report())
            # What stays on a page that records have left was counted when it came.
            report += told if is_new else Report(changed_triples=told.changed_triples)
            self.mirror.was_read(page)
        return report

    def _withdraw(self, source: Source) -> None:
        for dataset in Dataset:
            self.writer.replace(source.graph, (), door=DOOR, agent=self.options.agent, dataset=dataset)


def _stamp(told: str, *, seconds: bool) -> str:
    """The moment of an answer in the repository's granularity: by its clock, unless that is ahead of ours or broken."""
    now = datetime.now(UTC)
    try:
        moment = min(now, datetime.strptime(told, _SECOND).replace(tzinfo=UTC))
    except ValueError:
        moment = now - timedelta(days=1)
    return moment.strftime(_SECOND if seconds else _DAY)


def _endless(how: str) -> UnreadableFile:
    remedy = "Tell whoever runs it; what has come so far was taken."
    return UnreadableFile(f"The repository {how}", place="repository", problem="E148", remedy=remedy)
