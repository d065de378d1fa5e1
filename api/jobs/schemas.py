"""A job as HTTP tells of it. The report in it is the body of `kesher ingest --json`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from api.jobs.book import ADDED, PROBLEM, REMOVED
from api.jobs.job import Job, State
from api.jobs.queue import JobQueue
from api.schemas import Out
from api.tokens import Principal, Scope
from ontology.model import Problem

#: Lines of a report that are told at once.
PAGE = 1_000


class ProblemOut(Out):
    """Something wrong with one record; see docs/problems.md."""

    code: str
    file: str
    place: str
    message: str
    remedy: str


class DifferenceOut(Out):
    """Statements that a dry run would remove and add, as N-Quads without the full stop."""

    removed: list[str]
    added: list[str]


class ReportOut(Out):
    """The body of `kesher ingest --json`: read = committed + skipped + failed."""

    read: int
    committed: int
    skipped: int
    failed: int
    changed_triples: int
    encoded: int
    problems: list[ProblemOut]
    difference: DifferenceOut | None = Field(default=None, exclude_if=lambda it: it is None)


class ProgressOut(Out):
    """How far a running job is."""

    files: int = Field(description="files that are done")
    of: int = Field(description="files in all")
    records: int = Field(description="records read so far")
    per_second: float = Field(description="records a second since it was begun")
    encoded: int = Field(description="passages encoded so far")
    to_encode: int = Field(description="of how many")


class FaultOut(Out):
    """Why the job failed as a whole."""

    code: str
    title: str
    detail: str
    remedy: str


class JobOut(Out):
    """One upload: where it is, how far, and what came of it."""

    id: str
    state: State
    by: str = Field(description="whoever sent it")
    files: list[str]
    options: dict[str, Any]
    created: datetime
    started: datetime | None
    ended: datetime | None
    expires: datetime | None = Field(description="when its report is forgotten")
    starts: int = Field(description="how often it was begun: more than once if the server ended while it ran")
    before: int | None = Field(description="jobs that wait before it, in order of arrival")
    progress: ProgressOut
    report: ReportOut = Field(description="of the files that are done; whole when the job has ended")
    lines: int = Field(description="problems, or statements of the difference, whichever are more")
    next: str | None = Field(description="address of the next page of problems and statements")
    fault: FaultOut | None


class JobsOut(Out):
    """Some jobs, newest first, without the lines of their reports."""

    jobs: list[JobOut]
    next: str | None


def may_read(job: Job, reader: Principal) -> bool:
    """May somebody read the words of a report: its owner, or whoever may read what is private."""
    return job.agent == reader.agent or reader.may(Scope.READ_PRIVATE)


def job_out(queue: JobQueue, job: Job, reader: Principal, days: float, page: range) -> JobOut:
    """A job with some of the lines of its report; an empty page: with none.

    Whoever may not read its words is told the counts and the codes, and neither names nor places.
    """
    most = max(queue.book.count(job.id, it) for it in (PROBLEM, REMOVED, ADDED)) if page else 0
    return JobOut(
        id=job.id,
        state=job.state,
        by=job.name,
        files=list(job.files) if may_read(job, reader) else ["" for _ in job.files],
        options=asdict(job.asked) if may_read(job, reader) else {"dry_run": job.asked.dry_run},
        created=job.created,
        started=job.started,
        ended=job.ended,
        expires=job.ended + timedelta(days=days) if job.ended else None,
        starts=job.starts,
        before=queue.place(job.id) if job.state is State.QUEUED else None,
        progress=_progress(queue, job),
        report=_report(queue, job, page, readable=may_read(job, reader)),
        lines=most,
        next=f"/api/v1/jobs/{job.id}?offset={page.stop}&limit={len(page)}" if page.stop < most else None,
        fault=FaultOut(**asdict(job.fault)) if job.fault else None,
    )


def _progress(queue: JobQueue, job: Job) -> ProgressOut:
    now = queue.progress(job.id)
    if now is None:
        seconds = (job.ended - job.started).total_seconds() if job.ended and job.started else 0
        rate = round(job.report.read / seconds, 1) if seconds else 0.0
        encoded = job.report.encoded
        return ProgressOut(
            files=job.files_done, of=len(job.files), records=job.report.read, per_second=rate,
            encoded=encoded, to_encode=encoded,
        )  # fmt: skip
    return ProgressOut(
        files=now.files, of=len(job.files), records=now.records, per_second=now.per_second,
        encoded=now.encoded, to_encode=now.to_encode,
    )  # fmt: skip


def _report(queue: JobQueue, job: Job, page: range, *, readable: bool) -> ReportOut:
    def lines(kind: str) -> list[Any]:
        return [json.loads(it) for it in queue.book.lines(job.id, kind, page.start, len(page))] if page else []

    problems = [ProblemOut(**it) if readable else _withheld(it["code"]) for it in lines(PROBLEM)]
    counts = {name: it for name, it in asdict(job.report).items() if name != "problems"}
    difference = DifferenceOut(removed=lines(REMOVED), added=lines(ADDED)) if job.asked.dry_run and readable else None
    return ReportOut(**counts, problems=problems, difference=difference)


def _withheld(code: str) -> ProblemOut:
    told = "Only who sent the file, and who may read what is private, is told the words."
    return ProblemOut(**asdict(Problem(code, "", "", told)))
