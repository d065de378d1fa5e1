"""The journey of a file: guard, reader, description, privacy, and the writer, one graph for each source.

A file with failed records gives the good ones, and takes nothing away from other subjects: they may be the failed ones.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path, PurePath

import pyoxigraph as ox

from ingest.account import Account, account_of, expect_whole_records, unreadable, warn_of_unknown_links
from ingest.caged import Caged
from ingest.catalog import Facts
from ingest.claimed import disclaim
from ingest.consent import publish, withdraw
from ingest.elsewhere import Elsewhere
from ingest.foreign import foreign_claims
from ingest.formats import PROSE, TABLES, promised_format
from ingest.guard import MEGABYTE, open_document
from ingest.large import is_large, write_large
from ingest.ledger import Dataset, Intent
from ingest.licence import licence_iri
from ingest.merge import merge, redirected
from ingest.overlay import spoken_slots
from ingest.privacy import separate
from ingest.recognise import recognise
from ingest.record import Context, Document, Item, Node, Record
from ingest.resolve import Known, Resolver
from ingest.sameness import propose
from ingest.shaping import Surroundings, shape_problems
from ingest.source import BESIDE, Source, locate, mapping_beside
from ingest.unchanged import Version
from ingest.writer import Writer
from ontology.errors import UnreadableFile
from ontology.kinds import Iri
from ontology.model import Problem, Report

DOOR = "ingest"


def silent(*_told: object) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to ingest.

    Attributes:
        agent: IRI of who asks for it, for the ledger.
        source: Name of the source, or of a folder above the sources; None for their own names.
        mapping: YAML mapping for every table; None to look beside each.
        licence: Licence of what comes in: an IRI, or an SPDX identifier such as CC-BY-4.0.
        encoding: Encoding of the files; None for what they show themselves to be in.
        most_bytes: Largest file that is taken.
        lang: Language in which a curator is told what to mend.
        dry_run: Report what would happen, and write nothing.
        force: Read a file again that is as it was.
        complete: What a file no longer says is gone, also where some of its records fail.
        today: The day on which the consent to a record must hold.
        progress: Called before each file with its name, files done and files in all.
        differing: Called in a dry run with the public statements that a file would remove and add.
        reading: Called with the number of records of a file that have been read; may raise to stop there.
        writing: Called before anything of a file is written; may raise to leave everything as it was.
    """

    agent: str
    source: str | None = None
    mapping: Path | None = None
    licence: str = ""
    encoding: str | None = None
    most_bytes: int = 100 * MEGABYTE
    lang: str = "en"
    dry_run: bool = False
    force: bool = False
    complete: bool = False
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    progress: Callable[[str, int, int], None] = silent
    differing: Callable[[Collection[ox.Quad], Collection[ox.Quad]], None] = silent
    reading: Callable[[int], None] = silent
    writing: Callable[[], None] = silent


def ingest(paths: Iterable[Path], writer: Writer, options: Options) -> Report:
    """Read files and folders into a graph per source, and account for every record.

    Raises:
        InvalidParameter: an option is not what it should be (licence, encoding).
    """
    sources, problems = locate(paths, options.source, writer.ledger)
    return sum(ingest_sources(sources, writer, options), not_located(problems))


def not_located(problems: Iterable[Problem]) -> Report:
    """The account of what `ingest.source` could not make sources of."""
    problems = tuple(problems)
    refused = sum(problem.code.startswith("E") for problem in problems)
    return Report(read=refused, failed=refused, problems=problems)


def ingest_sources(sources: Iterable[Source], writer: Writer, options: Options) -> Iterator[Report]:
    """The account of each source, once it is written: for sources that somebody has named already, such as uploads."""
    sources, licence = list(sources), licence_iri(options.licence)
    known = Known(writer.store(Dataset.PUBLIC), writer.base)
    with Caged() as readers:
        run = _Run(writer, options, licence, known, readers)
        for done, source in enumerate(sources):
            options.progress(source.name, done, len(sources))
            yield run.take(source)


@dataclass(frozen=True, slots=True)
class _Run:
    """What is the same for every file of one ingestion."""

    writer: Writer
    options: Options
    licence: str
    known: Known
    readers: Caged

    def take(self, source: Source) -> Report:
        """Read one file and write what it says, unless it is as it was."""
        version = self._version(source)
        if not self.options.force and (known := version.known):
            self.options.reading(known.taken)
            return Report(read=known.taken, skipped=known.taken, problems=known.problems)
        try:
            account, changed = self._taken(source)
        except UnreadableFile as error:
            account, changed = unreadable(error, source.name), 0
        if not self.options.dry_run:
            version.keep(account)
        return Report(
            read=account.taken + account.failed,
            committed=account.taken if changed else 0,
            skipped=0 if changed else account.taken,
            failed=account.failed,
            changed_triples=changed,
            problems=account.told(),
        )

    def _version(self, source: Source) -> Version:
        it, mapping = self.options, self.options.mapping or mapping_beside(source)
        said = (self.licence, it.encoding or "", it.lang, str(it.most_bytes))
        return Version.of(self.writer, source, mapping, it.today.isoformat(), *said)

    def _taken(self, source: Source) -> tuple[Account, int]:
        """Its account, and how many statements changed."""
        promised, it = promised_format(source.name), self.options
        document = open_document(source.path, source.name, encoding=it.encoding, most_bytes=it.most_bytes)
        mapping = self._mapping(source) if promised in TABLES | PROSE else None
        found = recognise(document, promised, has_mapping=mapping is not None)
        if is_large(document, found) and not self.options.dry_run and not self.known.redirects:
            self.options.writing()
            intent = Intent(DOOR, self.options.agent, Dataset.PUBLIC, (source.graph,), origin=source.origin)
            if written := write_large(self.writer, document, found, intent, Facts(source.name, self.licence)):
                written[0].problems += document.told
                return written[0], written[1].changed_triples
        context = Context(self.writer.base, source.graph, mapping)
        resolver = Resolver(self.known, self.writer.graph(source.graph).value, source.name)
        items = self._counted(self.readers.read(found, document, context))
        account = account_of(resolver.resolved(items), context, source.name)
        account.problems += (*document.told, *(mapping.told if mapping else ()))
        account.triples = redirected(account.triples, self.known.redirects)
        disclaim(account)
        warn_of_unknown_links(account, self._is_known)
        return account, self._written(account, source, resolver) if account.taken else 0

    def _counted(self, items: Iterable[Item]) -> Iterator[Item]:
        """The same, while `Options.reading` hears of every record."""
        read = 0
        for item in items:
            yield item
            if not isinstance(item, Problem):
                read += 1 if isinstance(item, Record) else item.taken or 1
                self.options.reading(read)

    def _written(self, account: Account, source: Source, resolver: Resolver) -> int:
        """Write what the file says, and that which it shows to be one thing."""
        changed = self._write(account, source)
        self.known.keep(resolver.graph, resolver.works)
        if self.options.dry_run:
            return changed
        for loser, winner in resolver.merges.items():
            changed += merge(self.writer, loser, winner, door=DOOR, agent=self.options.agent).changed_triples
            self.known.forget(loser, winner)
        return changed + propose(self.writer, resolver.likenesses, door=DOOR, agent=self.options.agent)

    def _mapping(self, source: Source) -> Document | None:
        path = self.options.mapping or mapping_beside(source)
        name = path.name if path is self.options.mapping and path else PurePath(source.name).with_suffix(BESIDE).name
        return open_document(path, name, encoding=None, most_bytes=MEGABYTE) if path else None

    def _misshapen(self, account: Account, source: Source, held: Collection[Node]) -> Iterator[Problem]:
        """What is not as its shape asks among the things of which this file says something new."""
        before = {it for dataset in Dataset for it in self.writer.content(source.graph, dataset)}
        stores = tuple(self.writer.store(dataset) for dataset in Dataset)
        slots = {slot for store in stores for slot in spoken_slots(store.quads(graph=self.writer.overlay.curation))}
        around = Surroundings(stores, self.writer.graph(source.graph), slots, held, self.options.lang)
        return shape_problems(account, before, around)

    def _write(self, account: Account, source: Source) -> int:
        """Bring the public and the private graph of a source to what its account says; counts changed statements."""
        said = separate(account.triples, Elsewhere(self.writer, source.graph), self.options.today)
        expect_whole_records(account, said.hidden, self.writer.store(Dataset.PRIVATE))
        account.triples = {it for it in account.triples if it.subject not in account.failing}
        account.problems += (hold.problem(source.name) for hold in said.holds)
        account.problems += foreign_claims(account, self.writer.store(Dataset.PUBLIC), self.writer.base)
        account.problems += self._misshapen(account, source, {hold.record for hold in said.holds})
        changed = 0
        if not self.options.dry_run:
            self.options.writing()
            changed += withdraw(self.writer, said.records, agent=self.options.agent)
            changed += publish(self.writer, account.subjects - said.hidden, agent=self.options.agent)
        shown = {it for it in said.public if it.subject not in account.failing}
        changed += self._replace(account, source, Dataset.PUBLIC, shown)
        return changed + self._replace(account, source, Dataset.PRIVATE, said.private)

    def _replace(self, account: Account, source: Source, dataset: Dataset, triples: set[ox.Triple]) -> int:
        triples |= self._kept(account, source, dataset)
        if self.options.dry_run:
            draft = self.writer.preview(source.graph, triples, dataset)
            if dataset is Dataset.PUBLIC:
                self.options.differing(draft.removed, draft.added)
            return draft.changed
        commit = self.writer.replace(
            source.graph,
            triples,
            door=DOOR,
            agent=self.options.agent,
            facts=Facts(source.name, self.licence),
            dataset=dataset,
            origin=source.origin,
        )
        return commit.changed_triples

    def _kept(self, account: Account, source: Source, dataset: Dataset) -> set[ox.Triple]:
        """What stays although the file does not say it: all of other subjects, while some of its records fail."""
        if not account.failed or self.options.complete:
            return set()
        said, described = self.writer.content(source.graph, dataset), account.subjects
        return {it for it in said if it.subject not in described}

    def _is_known(self, iri: Iri) -> bool:
        return any(any(self.writer.store(dataset).quads(ox.NamedNode(iri))) for dataset in Dataset)
