"""What is wrong with what was asked, or with who asks."""

from __future__ import annotations

from ontology.errors.root import KesherError


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


class UnknownJob(NotFound):
    code, title = "unknown-job", "Unknown job"


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
