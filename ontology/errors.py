"""Everything that can go wrong, as one tree. No HTTP and no terminal in it: `api.problems` maps it outward.

KesherError
├── NotFound
│   ├── UnknownEntity            no such entity, role or tool
│   ├── UnknownQuestion          no such named query
│   ├── UnknownQuery             no such saved query or example question
│   ├── UnknownSnapshot          a state of the graph that is not kept, or not yet there
│   └── Withdrawn                it was here and was taken away
├── BadInput
│   ├── InvalidParameter         a value outside its range; names the parameter
│   ├── MalformedQuery           SPARQL that does not parse; carries line and column
│   ├── ForbiddenQuery           SERVICE, LOAD, an update at the query door
│   ├── QueryTooComplex          refused by the gate before any evaluation
│   ├── UnreadableFile           a file or record that no reader can take; carries its place
│   ├── UnsupportedFormat        no reader or writer for this media type
│   ├── InvalidEntity            an entry would not have the shape it should; names each field with its remedy
│   └── NotAcceptable            none of the formats asked for can be made
├── LimitReached
│   ├── QueryTimeout             stopped at the time limit
│   ├── QueryMemoryLimit         stopped at the memory limit
│   ├── ResultTooLarge           more than can be sent
│   └── BudgetSpent              a client has used up its query-seconds for now; says for how long
│       └── TooOften             an address asks, writes or tries tokens too often
├── Unavailable
│   ├── NoWorker                 all query workers are busy or restarting
│   ├── EncoderBusy              too many texts are being encoded at once; words can still be searched
│   ├── NotReady                 the service, or a part of it, is still starting
│   └── RemoteStoreFailed        the graph store at an endpoint does not answer, or not as it should
├── Denied
│   ├── Unauthenticated          no token, a broken one, an expired one
│   └── MissingScope             a valid token without the scope this needs
├── Conflict
│   ├── FolderInUse              another process holds the data folder; names it
│   ├── StaleEdit                what is being edited has changed meanwhile
│   ├── MissingPrecondition      a change of what exists does not say which version it was made against
│   ├── WrongState               an entry cannot go from the state that it is in to the one asked for
│   └── ChangedOutside           another program has written to the graph store at an endpoint
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

    code, title = "error", "Something went wrong"

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class NotFound(KesherError):
    code, title = "not-found", "Not found"


class UnknownEntity(NotFound):
    code, title = "unknown-entity", "Unknown entity"


class UnknownQuestion(NotFound):
    code, title = "unknown-question", "Unknown named question"


class UnknownQuery(NotFound):
    code, title = "unknown-query", "Unknown query"


class UnknownSnapshot(NotFound):
    code, title = "unknown-snapshot", "Unknown snapshot"


class Withdrawn(NotFound):
    code, title = "withdrawn", "Withdrawn"


class BadInput(KesherError):
    code, title = "bad-input", "Bad input"


class InvalidParameter(BadInput):
    code, title = "invalid-parameter", "Invalid parameter"

    def __init__(self, parameter: str, message: str, *, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.parameter = parameter


class MalformedQuery(BadInput):
    code, title = "malformed-query", "The SPARQL query does not parse"

    def __init__(self, message: str, *, line: int, column: int, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.line = line
        self.column = column


class ForbiddenQuery(BadInput):
    code, title = "forbidden-query", "The query uses a feature that is switched off"


class QueryTooComplex(BadInput):
    code, title = "query-too-complex", "The query is too complex"


class UnreadableFile(BadInput):
    code, title = "unreadable-file", "The file cannot be read"

    def __init__(self, message: str, *, place: str, problem: str, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.place = place
        self.problem = problem


class UnsupportedFormat(BadInput):
    code, title = "unsupported-format", "Unsupported format"


class InvalidEntity(BadInput):
    code, title = "invalid-entity", "The entry does not have the shape it should"

    def __init__(self, message: str, *, faults: tuple[dict[str, str], ...], remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.faults = faults


class NotAcceptable(BadInput):
    code, title = "not-acceptable", "Not available in that format"


class LimitReached(KesherError):
    code, title = "limit-reached", "A limit was reached"


class QueryTimeout(LimitReached):
    code, title = "query-timeout", "The query ran past its time limit"


class QueryMemoryLimit(LimitReached):
    code, title = "query-memory-limit", "The query ran past its memory limit"


class ResultTooLarge(LimitReached):
    code, title = "result-too-large", "The result is too large"


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


class NotReady(Unavailable):
    code, title = "not-ready", "Still starting"


class RemoteStoreFailed(Unavailable):
    code, title = "remote-store-failed", "The graph store does not answer as it should"


class Denied(KesherError):
    code, title = "denied", "Not allowed"


class Unauthenticated(Denied):
    code, title = "unauthenticated", "A valid token is needed"


class MissingScope(Denied):
    code, title = "missing-scope", "The token lacks a scope"


class Conflict(KesherError):
    code, title = "conflict", "Conflict"


class FolderInUse(Conflict):
    code, title = "folder-in-use", "The data folder is open in another process"

    def __init__(self, message: str, *, pid: int, url: str | None, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.pid = pid
        self.url = url


class StaleEdit(Conflict):
    code, title = "stale-edit", "The entity has changed meanwhile"


class MissingPrecondition(Conflict):
    code, title = "precondition-required", "Say which version you have seen"


class WrongState(Conflict):
    code, title = "wrong-state", "Not from the state it is in"


class ChangedOutside(Conflict):
    code, title = "changed-outside", "Another program has written to the graph store"


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
