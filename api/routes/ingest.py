"""Sending files to be ingested: they are taken in piece by piece, and become a job that waits its turn."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.concurrency import contextmanager_in_threadpool
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api import problems
from api.dependencies import ServicesDep
from api.jobs.form import Form, FormReader
from api.jobs.job import Job
from api.jobs.judging import FIELDS, asked_for, refusals
from api.jobs.schemas import JobOut, job_out
from api.tokens import Principal, Scope, require
from ontology.errors import BadInput
from ontology.model import Problem, Report

PATH = "/api/v1/ingest"
#: Bytes of a request around its files: heads of parts and short fields.
ENVELOPE = 1 << 20
_TOGETHER = 256 << 10  # bytes that are taken in at once
_LONGEST_KEY = 200

SenderDep = Annotated[Principal, Depends(require(Scope.INGEST))]
KeyDep = Annotated[
    str | None, Header(alias="Idempotency-Key", description="the same key again gives the same job, and sends nothing")
]
_TEXT = {"type": "string"}
_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
_FIELDS = {
    "files": {"type": "array", "items": _FILE, "description": "the files, each with its name; a YAML beside one too"},
    "mapping": _FILE | {"description": "a YAML mapping for every table"},
    "source": _TEXT | {"description": "name of the source, or of a folder above several files"},
    "licence": _TEXT | {"description": "an address, or an SPDX identifier such as CC-BY-4.0"},
    "encoding": _TEXT | {"description": "encoding of the files; else what they show themselves to be in"},
    "lang": _TEXT | {"enum": ["en", "he", "ar"], "description": "language in which to be told what to mend"},
    "dry_run": {"type": "boolean", "description": "tell what would change, and write nothing"},
}
_BODY = {
    "required": True,
    "content": {"multipart/form-data": {"schema": {"type": "object", "required": ["files"], "properties": _FIELDS}}},
}

router = APIRouter(tags=["ingestion"])


async def received(
    request: Request, sender: SenderDep, services: ServicesDep, key: KeyDep = None
) -> Job | tuple[Problem, ...]:
    """The job that an upload becomes, or why nothing of it can be read.

    Raises:
        BadInput, InvalidParameter, UnsupportedFormat: the form, or a field of it, is not as it should be.
        QueueFull, TooManyJobs, DiskLow: it must wait.
    """
    key = key and key[:_LONGEST_KEY]
    if key and (known := await run_in_threadpool(services.jobs.book.known, sender.agent, key)):
        return known
    number, size = uuid4().hex, request.headers.get("Content-Length", "")
    coming = int(size) if size.isascii() and size.isdigit() else services.settings.max_upload_mb << 20
    async with contextmanager_in_threadpool(services.jobs.receiving(sender.agent, number, coming)) as folder:
        form = await _taken_apart(request, FormReader(request.headers.get("Content-Type", ""), folder, FIELDS))
        asked = asked_for(form.fields)
        if reasons := await run_in_threadpool(refusals, form.files, asked):
            services.jobs.spool.discard(number)
            return reasons
        files = tuple(it.name for it in form.files)
        job = Job(number, sender.agent, sender.name, asked, files, datetime.now(UTC), key or None)
        return await run_in_threadpool(services.jobs.submit, job)


async def _taken_apart(request: Request, reader: FormReader) -> Form:
    try:
        waiting = bytearray()
        async for some in request.stream():
            waiting += some
            if len(waiting) >= _TOGETHER:
                await run_in_threadpool(reader.feed, bytes(waiting))
                waiting.clear()
        await run_in_threadpool(reader.feed, bytes(waiting))
        return reader.form()
    except ClientDisconnect as error:
        raise BadInput("The upload was cut off; nothing of it was kept.") from error
    finally:
        reader.close()


@router.post(
    PATH,
    status_code=202,
    response_model=JobOut,
    summary="Send files to be ingested",
    openapi_extra={"requestBody": _BODY},
)
def send(
    request: Request,
    response: Response,
    services: ServicesDep,
    sender: SenderDep,
    taken: Annotated[Job | tuple[Problem, ...], Depends(received)],
) -> Any:  # noqa: ANN401 - a job, or a problem document with the account in it
    """Take files in; `Location` is the job that tells what comes of them. Needs the scope ingest.

    The same pipeline and the same report as `kesher ingest`. 422 when no file can be read: `report` says why of each.
    429 or 503 with Retry-After when too much waits, 507 when the disk has no room.
    """
    if isinstance(taken, tuple):
        return _refused(request, taken)
    response.headers["Location"] = f"/api/v1/jobs/{taken.id}"
    response.headers["Cache-Control"] = "no-store"
    return job_out(services.jobs, taken, sender, services.settings.job_days, range(0))


def _refused(request: Request, reasons: tuple[Problem, ...]) -> Response:
    """No file can be read: a problem, with the account that a job would have given."""
    report = asdict(Report(read=len(reasons), failed=len(reasons), problems=reasons))
    first = reasons[0]
    told = f"{first.file}: {first.message}." if len(reasons) == 1 else f"None of {len(reasons)} files can be read."
    return problems.problem(
        request, 422, "unreadable-file", "The file cannot be read", told, remedy=first.remedy, place=first.place,
        problem=first.code, report=report,
    )  # fmt: skip
