"""Jobs of ingestion: one's own, how far each is, and its report; whoever has the scope admin sees all."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.dependencies import ServicesDep
from api.jobs.job import Job
from api.jobs.schemas import PAGE, JobOut, JobsOut, job_out
from api.routes.ingest import SenderDep
from api.tokens import Principal, Scope
from ontology.errors import MissingScope, UnknownJob

_JOBS = 20
_POLL_S = "1"

router = APIRouter(prefix="/api/v1/jobs", tags=["ingestion"])

OffsetDep = Annotated[int, Query(ge=0, le=10_000_000)]


def job_of(id: str, services: ServicesDep, reader: SenderDep) -> Job:
    """The job of a path, if it is one's own.

    Raises:
        UnknownJob: there is none that this reader may see.
    """
    job = services.jobs.book.get(id)
    if job.agent != reader.agent and not reader.may(Scope.ADMIN):
        raise UnknownJob(f"There is no job {id[:40]!r}.", remedy="`GET /api/v1/jobs` lists those that there are.")
    return job


JobDep = Annotated[Job, Depends(job_of)]


@router.get("", summary="Jobs, newest first")
def listed(  # noqa: PLR0913, PLR0917 - FastAPI passes what a handler needs one by one
    services: ServicesDep,
    reader: SenderDep,
    response: Response,
    all: Annotated[bool, Query(description="of everybody; needs the scope admin")] = False,
    offset: OffsetDep = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = _JOBS,
) -> JobsOut:
    """One's own jobs, or everybody's."""
    if all and not reader.may(Scope.ADMIN):
        raise MissingScope("Only the scope admin sees the jobs of others.")
    response.headers["Cache-Control"] = "no-store"
    found = services.jobs.book.listed(None if all else reader.agent, limit + 1, offset)
    onward = f"/api/v1/jobs?{'all=true&' if all else ''}offset={offset + limit}&limit={limit}"
    return JobsOut(
        jobs=[_told(services, it, reader, range(0)) for it in found[:limit]],
        next=onward if len(found) > limit else None,
    )


@router.get("/{id}", summary="A job and its report")
def one(  # noqa: PLR0913, PLR0917 - FastAPI passes what a handler needs one by one
    job: JobDep,
    services: ServicesDep,
    reader: SenderDep,
    response: Response,
    offset: OffsetDep = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
) -> JobOut:
    """Where a job is, how far, and its report, which is the body of `kesher ingest --json`.

    Long lists of problems come in pages: `next`. Retry-After while the job has not ended.
    """
    response.headers["Cache-Control"] = "no-store"
    if not job.state.ended:
        response.headers["Retry-After"] = _POLL_S
    return _told(services, job, reader, range(offset, offset + limit))


@router.delete("/{id}", status_code=202, summary="Cancel a job")
def cancel(job: JobDep, services: ServicesDep, reader: SenderDep) -> JobOut:
    """Cancel a job of which nothing is written; a running one stops at its next record. 409 when it is too late."""
    services.jobs.cancel(job)
    now = services.jobs.book.get(job.id)
    return _told(services, now, reader, range(0))


def _told(services: ServicesDep, job: Job, reader: Principal, page: range) -> JobOut:
    return job_out(services.jobs, job, reader, services.settings.job_days, page)
