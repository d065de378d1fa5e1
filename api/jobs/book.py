"""The book of jobs: what was asked, how far it is and what came of it, on disk before anybody is told."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.jobs.job import Asked, Fault, Job, State, without_problems
from ontology.errors import UnknownJob
from ontology.kinds import Iri
from ontology.model import Report

#: Kinds of the lines of a report.
PROBLEM, REMOVED, ADDED = "problem", "removed", "added"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS job (
  id TEXT PRIMARY KEY, agent TEXT NOT NULL, name TEXT NOT NULL, asked TEXT NOT NULL, files TEXT NOT NULL,
  created TEXT NOT NULL, key TEXT, state TEXT NOT NULL, started TEXT, ended TEXT, files_done INTEGER NOT NULL,
  starts INTEGER NOT NULL, report TEXT NOT NULL, fault TEXT, UNIQUE (agent, key)
) STRICT;
CREATE TABLE IF NOT EXISTS line (
  job TEXT NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (job, kind, number)
) STRICT, WITHOUT ROWID;
"""
_INSERT = (
    "INSERT INTO job VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', NULL, NULL, 0, 0, ?, NULL)"
    " ON CONFLICT (agent, key) DO NOTHING"
)
_KNOWN = "SELECT * FROM job WHERE agent = ? AND key = ?"
_ONE = "SELECT * FROM job WHERE id = ?"
_LISTED = "SELECT * FROM job WHERE agent = coalesce(?, agent) ORDER BY created DESC, id LIMIT ? OFFSET ?"
_QUEUED = "SELECT * FROM job WHERE state = 'queued' ORDER BY created, id"
_INTERRUPTED = "SELECT * FROM job WHERE state IN ('reading', 'committing', 'indexing')"
_BEGIN = (
    "UPDATE job SET state = 'reading', started = coalesce(started, ?), starts = starts + 1"
    " WHERE id = ? AND state = 'queued'"
)
_END = "UPDATE job SET state = ?, ended = ?, fault = ?, report = json_set(report, '$.encoded', ?) WHERE id = ?"
_CANCEL = "UPDATE job SET state = 'cancelled', ended = ? WHERE id = ? AND state = 'queued'"
_OLD = "DELETE FROM job WHERE state IN ('done', 'failed', 'cancelled') AND ended < ?"
_ORPHANS = "DELETE FROM line WHERE job NOT IN (SELECT id FROM job)"


class JobBook:
    """The file jobs.sqlite of a data folder; what is deleted in it is overwritten. Safe to share between threads.

    Args:
        path: The file; made when the first job comes, readable by its owner alone.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, job: Job) -> Job:
        """Keep a new job; if its client has sent one with the same key before, that one is returned."""
        asked, files = json.dumps(asdict(job.asked)), json.dumps(job.files)
        row = (job.id, job.agent, job.name, asked, files, job.created.isoformat(), job.key, _counts(Report()))
        with self._open() as database:
            if database.execute(_INSERT, row).rowcount:
                return job
        return self.known(job.agent, job.key or "") or job

    def known(self, agent: Iri, key: str) -> Job | None:
        """The job that a client calls so."""
        return next(iter(self._jobs(_KNOWN, agent, key)), None)

    def get(self, id: str) -> Job:
        """One job.

        Raises:
            UnknownJob: there is none, or none any more.
        """
        found = self._jobs(_ONE, id)
        if not found:
            raise UnknownJob(f"There is no job {id[:40]!r}.", remedy="`GET /api/v1/jobs` lists those that there are.")
        return found[0]

    def listed(self, agent: Iri | None, limit: int, offset: int) -> list[Job]:
        """The jobs of a client, or of all, newest first."""
        return self._jobs(_LISTED, agent, limit, offset)

    def queued(self) -> list[Job]:
        """What waits, oldest first."""
        return self._jobs(_QUEUED)

    def interrupted(self) -> list[Job]:
        """What was running when the process that ran it ended."""
        return self._jobs(_INTERRUPTED)

    def lines(self, id: str, kind: str, offset: int, limit: int) -> list[str]:
        """Some lines of a report, as JSON."""
        statement = "SELECT body FROM line WHERE job = ? AND kind = ? AND number >= ? ORDER BY number LIMIT ?"
        with self._open() as database:
            return [row["body"] for row in database.execute(statement, (id, kind, offset, limit))]

    def count(self, id: str, kind: str) -> int:
        """How many lines of a kind a report has."""
        with self._open() as database:
            row = database.execute("SELECT count(*) FROM line WHERE job = ? AND kind = ?", (id, kind)).fetchone()
            return int(row[0])

    def begin(self, id: str) -> bool:
        """Note that a job is begun; False when it no longer waits."""
        return self._change(_BEGIN, _now(), id)

    def enter(self, id: str, state: State) -> None:
        """Note that a running job is somewhere else now."""
        self._change("UPDATE job SET state = ? WHERE id = ?", state, id)

    def account(
        self, id: str, report: Report, difference: tuple[Iterable[str], Iterable[str]], files_done: int
    ) -> None:
        """Note what came of the next files: the report of all so far, with the problems of these alone."""
        problems = (json.dumps(asdict(it), ensure_ascii=False) for it in report.problems)
        removed, added = ((json.dumps(it, ensure_ascii=False) for it in some) for some in difference)
        with self._open() as database:
            for kind, lines in ((PROBLEM, problems), (REMOVED, removed), (ADDED, added)):
                _append(database, id, kind, lines)
            row = (_counts(report), files_done, id)
            database.execute("UPDATE job SET report = ?, files_done = ? WHERE id = ?", row)

    def wait_again(self, id: str, *, counted: bool) -> None:
        """Put a job that was begun back into the queue; `counted`: the beginning counts."""
        less = 0 if counted else 1
        self._change("UPDATE job SET state = 'queued', starts = starts - ? WHERE id = ?", less, id)

    def end(self, id: str, state: State, fault: Fault | None = None, encoded: int = 0) -> None:
        """Note that nothing more will come of a job."""
        told = json.dumps(asdict(fault), ensure_ascii=False) if fault else None
        self._change(_END, state, _now(), told, encoded, id)

    def cancel(self, id: str) -> bool:
        """End a job that waits; False when it does not wait any more."""
        return self._change(_CANCEL, _now(), id)

    def expire(self, days: float) -> None:
        """Forget what ended longer ago than that."""
        before = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        if self._change(_OLD, before):
            self._change(_ORPHANS)

    def _change(self, statement: str, *values: object) -> bool:
        with self._open() as database:
            return database.execute(statement, values).rowcount > 0

    def _jobs(self, statement: str, *values: object) -> list[Job]:
        if not self._path.exists():
            return []
        with self._open() as database:
            return [_job(row) for row in database.execute(statement, values)]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction on a connection of this thread, on disk when it is over."""
        if not self._path.exists():
            self._path.touch(mode=0o600)
        with closing(sqlite3.connect(self._path, timeout=30)) as database, database:
            database.row_factory = sqlite3.Row
            database.execute("PRAGMA secure_delete = ON")
            database.executescript(_SCHEMA)
            database.execute("BEGIN IMMEDIATE")
            yield database


def _append(database: sqlite3.Connection, id: str, kind: str, lines: Iterable[str]) -> None:
    (first,) = database.execute("SELECT count(*) FROM line WHERE job = ? AND kind = ?", (id, kind)).fetchone()
    rows = ((id, kind, number, body) for number, body in enumerate(lines, first))
    database.executemany("INSERT INTO line VALUES (?, ?, ?, ?)", rows)


def _counts(report: Report) -> str:
    return json.dumps({name: it for name, it in asdict(without_problems(report)).items() if name != "problems"})


def _job(row: sqlite3.Row) -> Job:
    return Job(
        row["id"],
        Iri(row["agent"]),
        row["name"],
        Asked(**json.loads(row["asked"])),
        tuple(json.loads(row["files"])),
        datetime.fromisoformat(row["created"]),
        row["key"],
        State(row["state"]),
        _moment(row["started"]),
        _moment(row["ended"]),
        row["files_done"],
        row["starts"],
        Report(**json.loads(row["report"])),
        Fault(**json.loads(row["fault"])) if row["fault"] else None,
    )


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _now() -> str:
    return datetime.now(UTC).isoformat()
