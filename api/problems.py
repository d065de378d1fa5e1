"""Errors as RFC 9457 problems: one table from error class to status, and the handlers that use it."""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import structlog
from asgi_correlation_id import correlation_id
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from api.logs import blotted
from api.portal.render import render
from ontology import errors

MEDIA_TYPE = "application/problem+json"

#: Characters of a detail: an asker who sent much is not sent all of it back.
_LONGEST = 1000

_FOR_PROGRAMS = ("/api/", "/sparql", "/graphs", "/health", "/metrics")

log = structlog.get_logger("kesher.problems")


@dataclass(frozen=True, slots=True)
class Outward:
    """How one class of error looks from outside: its HTTP status and the headers that go with it."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


_BEARER = {"WWW-Authenticate": 'Bearer realm="kesher"'}
_SCOPE = {"WWW-Authenticate": 'Bearer realm="kesher", error="insufficient_scope"'}

#: Every class of the error tree, exactly; a test holds the two together.
TABLE: Mapping[type[errors.KesherError], Outward] = {
    errors.KesherError: Outward(500),
    errors.NotFound: Outward(404),
    errors.UnknownEntity: Outward(404),
    errors.UnknownQuestion: Outward(404),
    errors.UnknownQuery: Outward(404),
    errors.UnknownSnapshot: Outward(404),
    errors.UnknownJob: Outward(404),
    errors.Withdrawn: Outward(410),
    errors.BadInput: Outward(400),
    errors.InvalidParameter: Outward(422),
    errors.MalformedQuery: Outward(400),
    errors.ForbiddenQuery: Outward(400),
    errors.QueryTooComplex: Outward(400),
    errors.UnreadableFile: Outward(422),
    errors.UnsupportedFormat: Outward(415),
    errors.InvalidEntity: Outward(422),
    errors.NotAcceptable: Outward(406),
    errors.LimitReached: Outward(503, {"Retry-After": "5"}),
    errors.QueryTimeout: Outward(504),
    errors.QueryMemoryLimit: Outward(422),
    errors.ResultTooLarge: Outward(413),
    errors.TooManyJobs: Outward(429, {"Retry-After": "5"}),
    errors.BudgetSpent: Outward(429),
    errors.TooOften: Outward(429),
    errors.Unavailable: Outward(503, {"Retry-After": "5"}),
    errors.NoWorker: Outward(503, {"Retry-After": "1"}),
    errors.EncoderBusy: Outward(503, {"Retry-After": "1"}),
    errors.QueueFull: Outward(503, {"Retry-After": "10"}),
    errors.DiskLow: Outward(507, {"Retry-After": "60"}),
    errors.NotReady: Outward(503, {"Retry-After": "2"}),
    errors.RemoteStoreFailed: Outward(503, {"Retry-After": "5"}),
    errors.Denied: Outward(403),
    errors.Unauthenticated: Outward(401, _BEARER),
    errors.MissingScope: Outward(403, _SCOPE),
    errors.Conflict: Outward(409),
    errors.FolderInUse: Outward(409),
    errors.StaleEdit: Outward(412),
    errors.MissingPrecondition: Outward(428),
    errors.WrongState: Outward(409),
    errors.ChangedOutside: Outward(409),
    errors.Misconfigured: Outward(500),
    errors.FolderTooNew: Outward(500),
    errors.FolderTooOld: Outward(500),
    errors.FolderDamaged: Outward(500),
    errors.ModelMismatch: Outward(500),
}

#: Problems that arise in HTTP itself, before any code of ours: status -> (code, what it means).
PLAIN: Mapping[int, tuple[str, str]] = {
    400: ("bad-request", "the request cannot be understood"),
    404: ("no-such-page", "no page or route has this address"),
    405: ("method-not-allowed", "this address does not answer to this method; Allow names those it does"),
    412: ("precondition-failed", "what is being edited has changed meanwhile"),
    413: ("body-too-large", "the body of the request is larger than this address takes"),
    415: ("unsupported-media-type", "the body of the request is in a format that this address does not take"),
    422: ("invalid-parameters", "parameters or fields have values outside their range; `errors` names each"),
    500: ("internal-error", "something failed inside; the request id leads to the log entry"),
    507: ("disk-full", "there is no space left on the disk of the data folder"),
}


def problem(request: Request, status: int, code: str, title: str, detail: str, **extra: object) -> Response:
    """A problem document; `instance` is the request id, `extra` are members that are left out when empty.

    A browser that asks for a page of the portal gets the same words as a page.
    """
    body = {
        "type": f"{request.app.state.base}problems/{code}",
        "title": title,
        "status": status,
        "detail": blotted(detail if len(detail) <= _LONGEST else f"{detail[:_LONGEST]} …"),
        "instance": f"urn:uuid:{correlation_id.get() or 'unknown'}",
    }
    body |= {name: value for name, value in extra.items() if value not in (None, "", [])}
    if "text/html" in request.headers.get("Accept", "") and not request.url.path.startswith(_FOR_PROGRAMS):
        return render(request, "problem.html", status=status, problem=body)
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


def outward(error: errors.KesherError) -> Outward:
    """The row of the table for an error: its class's, or its nearest ancestor's."""
    return next(TABLE[cls] for cls in type(error).__mro__ if cls in TABLE)


def problem_of(request: Request, error: errors.KesherError) -> Response:
    """The answer that an error becomes."""
    return _kesher_error(request, error)


def _kesher_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, errors.KesherError):
        raise error
    out = outward(error)
    if isinstance(error, errors.Misconfigured):  # names files of the server: for the log, not for the reader
        return _hidden(request, error)
    carried = {name: getattr(error, name, None) for name in ("parameter", "line", "column", "place", "problem")}
    if isinstance(error, errors.InvalidEntity):
        carried["errors"] = list(error.faults)
    answer = problem(request, out.status, error.code, error.title, error.message, remedy=error.remedy, **carried)
    answer.headers.update(out.headers)
    if isinstance(error, errors.BudgetSpent):
        answer.headers["Retry-After"] = str(error.retry_after_s)
    return answer


def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    code, meaning = PLAIN.get(error.status_code, ("http-error", "the request was refused"))
    phrase = HTTPStatus(error.status_code).phrase
    told = error.detail if error.detail not in ("", phrase) else f"{meaning[0].upper()}{meaning[1:]}."
    if error.status_code == HTTPStatus.NOT_FOUND and error.detail == phrase:
        told = f"Nothing has the address {request.url.path[:200]!r}."
    answer = problem(request, error.status_code, code, phrase, told)
    answer.headers.update(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join(sorted(_methods(request))) or answer.headers.get("Allow", "")
    return answer


def _methods(request: Request) -> set[str]:
    """Every method that the description knows at this address: the framework names those of one route only."""
    described = request.app.openapi()["paths"].items()
    here = (operations for path, operations in described if compile_path(path)[0].match(request.url.path))
    named = {method.upper() for operations in here for method in operations}
    return named | ({"HEAD"} if "GET" in named else set())


def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    wrong = [{"at": ".".join(map(str, it["loc"])), "message": it["msg"]} for it in error.errors()]
    told = "; ".join(f"{it['at']}: {it['message']}" for it in wrong)
    return problem(request, 422, "invalid-parameters", "Invalid parameters", told, errors=wrong)


def _disk(request: Request, error: Exception) -> Response:
    if getattr(error, "errno", None) != errno.ENOSPC:
        return _hidden(request, error)
    log.error("disk full", exc_info=error)
    return problem(request, 507, "disk-full", "Disk full", "There is no space left on the disk of the data folder.",
                   remedy="Free some space; nothing was half-written.")  # fmt: skip


def _hidden(request: Request, error: Exception) -> Response:
    """What only the log may say in full."""
    log.error("unexpected error", exc_info=error)
    told = "Something failed inside. The operators find what it was under this request id."
    return problem(request, 500, "internal-error", "Internal error", told)


def _internal(request: Request, error: Exception) -> Response:
    answer = _hidden(request, error)
    answer.headers["X-Request-ID"] = correlation_id.get() or ""  # this answer passes no middleware
    return answer


def install(app: FastAPI) -> None:
    """Answer every error of the app as a problem; none shows a stack trace or a path of the server."""
    app.add_exception_handler(errors.KesherError, _kesher_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(OSError, _disk)
    app.add_exception_handler(Exception, _internal)


def explanations() -> dict[str, tuple[str, str, int]]:
    """Code -> (title, meaning, status) of every problem; the meanings are those of the tree in ontology.errors."""
    tree = dict(re.findall(r"[├└]── (\w+) {2,}(\S.*)", errors.__doc__ or ""))
    ours = {cls.code: (cls.title, tree.get(cls.__name__, cls.title), row.status) for cls, row in TABLE.items()}
    plain = {code: (HTTPStatus(status).phrase, meaning, status) for status, (code, meaning) in PLAIN.items()}
    return ours | plain
