"""What is wrong, or too much, where the answer is made."""

from __future__ import annotations

from ontology.errors.root import KesherError


class LimitReached(KesherError):
    code, title = "limit-reached", "A limit was reached"


class QueryTimeout(LimitReached):
    code, title = "query-timeout", "The query ran past its time limit"


class QueryMemoryLimit(LimitReached):
    code, title = "query-memory-limit", "The query ran past its memory limit"


class ResultTooLarge(LimitReached):
    code, title = "result-too-large", "The result is too large"


class TooManyJobs(LimitReached):
    code, title = "too-many-jobs", "Too many jobs of one client"


class BudgetSpent(LimitReached):
    code, title = "budget-spent", "The query budget is spent"

    def __init__(self, message: str, *, retry_after_s: int, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after_s = retry_after_s


class TooOften(BudgetSpent):
    code, title = "too-often", "Too often"


class Unavailable(KesherError):
    code, title = "unavailable", "Unavailable for the moment"


class NoWorker(Unavailable):
    code, title = "no-worker", "No query worker is free"


class EncoderBusy(Unavailable):
    code, title = "encoder-busy", "Too many queries at once"


class QueueFull(Unavailable):
    code, title = "queue-full", "The queue of jobs is full"


class DiskLow(Unavailable):
    code, title = "disk-low", "Too little room on the disk"


class NotReady(Unavailable):
    code, title = "not-ready", "Still starting"


class RemoteStoreFailed(Unavailable):
    code, title = "remote-store-failed", "The graph store does not answer as it should"


class Misconfigured(KesherError):
    code, title = "misconfigured", "Misconfigured"


class FolderTooNew(Misconfigured):
    code, title = "folder-too-new", "The data folder is newer than this program"


class FolderTooOld(Misconfigured):
    code, title = "folder-too-old", "The data folder needs migration"


class FolderDamaged(Misconfigured):
    code, title = "folder-damaged", "The data folder is damaged"


class ModelMismatch(Misconfigured):
    code, title = "model-mismatch", "The model is not the pinned one"
