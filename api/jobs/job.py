"""A job: who asked for what, how far it is, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from ingest.source import BESIDE
from ontology.kinds import Iri
from ontology.model import Report

#: What one that is asked for in the form or the command line is kept as, beside the files.
MAPPING = f"tables{BESIDE}"


class State(StrEnum):
    """Where a job is. From `committing` on something of it is written, and it cannot be cancelled any more."""

    QUEUED = "queued"
    READING = "reading"
    COMMITTING = "committing"
    INDEXING = "indexing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Nothing more will come of it."""
        return self in {State.DONE, State.FAILED, State.CANCELLED}


@dataclass(frozen=True, slots=True)
class Asked:
    """How to ingest, as the options of the command line; see `ingest.pipeline.Options`."""

    source: str | None = None
    licence: str = ""
    encoding: str | None = None
    lang: str = "en"
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a job failed as a whole."""

    code: str
    title: str
    detail: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One upload.

    Attributes:
        id: 32 hexadecimal digits, which nobody can guess.
        agent: PROV agent of whoever sent it.
        name: What the holder of the token is called.
        files: What each file is called; the nth is kept under the name n.
        files_done: How many of them are accounted for.
        starts: How often it was begun: more than once when the server ended while it ran.
        report: The account of the files that are done; its problems are kept apart.
        key: What the client calls it (Idempotency-Key); None: nothing.
    """

    id: str
    agent: Iri
    name: str
    asked: Asked
    files: tuple[str, ...]
    created: datetime
    key: str | None = None
    state: State = State.QUEUED
    started: datetime | None = None
    ended: datetime | None = None
    files_done: int = 0
    starts: int = 0
    report: Report = field(default_factory=Report)
    fault: Fault | None = None


def without_problems(report: Report) -> Report:
    """The counts alone."""
    return replace(report, problems=())
