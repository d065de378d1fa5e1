"""Everything that can go wrong, as one tree. No HTTP and no terminal in it: `api.problems` maps it outward.

KesherError
├── NotFound
│   ├── UnknownEntity            no such entity, role or tool
│   ├── UnknownQuestion          no such named query
│   ├── UnknownSnapshot          a state of the graph that is not kept, or not yet there
│   └── Withdrawn                it was here and was taken away
├── BadInput
│   ├── InvalidParameter         a value outside its range; names the parameter
│   ├── MalformedQuery           SPARQL that does not parse; carries line and column
│   ├── ForbiddenQuery           SERVICE, LOAD, an update at the query door
│   ├── QueryTooComplex          refused by the gate before any evaluation
│   ├── UnreadableFile           a file or record that no reader can take; carries its place
│   ├── UnsupportedFormat        no reader or writer for this media type
│   └── NotAcceptable            none of the formats asked for can be made
├── LimitReached
│   ├── QueryTimeout             stopped at the time limit
│   ├── QueryMemoryLimit         stopped at the memory limit
│   ├── ResultTooLarge           more than can be sent
│   └── BudgetSpent              a client has used up its query-seconds for now; says for how long
├── Unavailable
│   ├── NoWorker                 all query workers are busy or restarting
│   └── NotReady                 the service, or a part of it, is still starting
├── Denied
│   ├── Unauthenticated          no token, a broken one, an expired one
│   └── MissingScope             a valid token without the scope this needs
├── Conflict
│   ├── FolderInUse              another process holds the data folder; names it
│   └── StaleEdit                what is being edited has changed meanwhile
└── Misconfigured
    ├── FolderTooNew             written by a later version of Kesher
    ├── FolderTooOld             needs `kesher migrate`
    ├── FolderDamaged            the stores of the folder disagree or cannot be opened
    └── ModelMismatch            the model's files are not the ones that were pinned
"""

from __future__ import annotations


class KesherError(Exception):
    """Root of the tree.

    Args:
        message: One sentence a user can act on: what was wrong, and where.
        remedy: What to do about it; empty when the message says it all.
    """

    code = "error"
    title = "Something went wrong"

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class NotFound(KesherError):
    code = "not-found"
    title = "Not found"


class UnknownEntity(NotFound):
    code = "unknown-entity"
    title = "Unknown entity"


class UnknownQuestion(NotFound):
    code = "unknown-question"
    title = "Unknown named question"


class UnknownSnapshot(NotFound):
    code = "unknown-snapshot"
    title = "Unknown snapshot"


class Withdrawn(NotFound):
    code = "withdrawn"
    title = "Withdrawn"


class BadInput(KesherError):
    code = "bad-input"
    title = "Bad input"


class InvalidParameter(BadInput):
    code = "invalid-parameter"
    title = "Invalid parameter"

    def __init__(self, parameter: str, message: str, *, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.parameter = parameter


class MalformedQuery(BadInput):
    code = "malformed-query"
    title = "The SPARQL query does not parse"

    def __init__(self, message: str, *, line: int, column: int, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.line = line
        self.column = column


class ForbiddenQuery(BadInput):
    code = "forbidden-query"
    title = "The query uses a feature that is switched off"


class QueryTooComplex(BadInput):
    code = "query-too-complex"
    title = "The query is too complex"


class UnreadableFile(BadInput):
    code = "unreadable-file"
    title = "The file cannot be read"

    def __init__(self, message: str, *, place: str, problem: str, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.place = place
        self.problem = problem


class UnsupportedFormat(BadInput):
    code = "unsupported-format"
    title = "Unsupported format"


class NotAcceptable(BadInput):
    code = "not-acceptable"
    title = "Not available in that format"


class LimitReached(KesherError):
    code = "limit-reached"
    title = "A limit was reached"


class QueryTimeout(LimitReached):
    code = "query-timeout"
    title = "The query ran past its time limit"


class QueryMemoryLimit(LimitReached):
    code = "query-memory-limit"
    title = "The query ran past its memory limit"


class ResultTooLarge(LimitReached):
    code = "result-too-large"
    title = "The result is too large"


class BudgetSpent(LimitReached):
    code = "budget-spent"
    title = "The query budget is spent"

    def __init__(self, message: str, *, retry_after_s: int, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after_s = retry_after_s


class Unavailable(KesherError):
    code = "unavailable"
    title = "Unavailable for the moment"


class NoWorker(Unavailable):
    code = "no-worker"
    title = "No query worker is free"


class NotReady(Unavailable):
    code = "not-ready"
    title = "Still starting"


class Denied(KesherError):
    code = "denied"
    title = "Not allowed"


class Unauthenticated(Denied):
    code = "unauthenticated"
    title = "A valid token is needed"


class MissingScope(Denied):
    code = "missing-scope"
    title = "The token lacks a scope"


class Conflict(KesherError):
    code = "conflict"
    title = "Conflict"


class FolderInUse(Conflict):
    code = "folder-in-use"
    title = "The data folder is open in another process"

    def __init__(self, message: str, *, pid: int, url: str | None, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.pid = pid
        self.url = url


class StaleEdit(Conflict):
    code = "stale-edit"
    title = "The entity has changed meanwhile"


class Misconfigured(KesherError):
    code = "misconfigured"
    title = "Misconfigured"


class FolderTooNew(Misconfigured):
    code = "folder-too-new"
    title = "The data folder is newer than this program"


class FolderTooOld(Misconfigured):
    code = "folder-too-old"
    title = "The data folder needs migration"


class FolderDamaged(Misconfigured):
    code = "folder-damaged"
    title = "The data folder is damaged"


class ModelMismatch(Misconfigured):
    code = "model-mismatch"
    title = "The model is not the pinned one"
