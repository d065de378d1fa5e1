"""Errors on the way from a worker process: as a header, and raised again where the reply is read."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping

from graph.frames import Header
from ontology.errors import BadInput, KesherError, MalformedQuery, QueryMemoryLimit, QueryTimeout, QueryTooComplex

_PLACE = ("line", "column")


def described(error: KesherError) -> Header:
    """The header of a reply that is a refusal: code, message, remedy, and the place in a text where it has one."""
    place = {name: getattr(error, name) for name in _PLACE if hasattr(error, name)}
    return {"error": error.code, "message": error.message, "remedy": error.remedy, **place}


def expect_none(header: Header) -> None:
    """Return if a reply is no refusal.

    Raises:
        KesherError: the one that was described.
    """
    if "error" not in header:
        return
    message, remedy = header["message"], header["remedy"]
    if header["error"] == MalformedQuery.code:
        raise MalformedQuery(message, line=header["line"], column=header["column"], remedy=remedy)
    raise _plain().get(header["error"], BadInput)(message, remedy=remedy)


def cause_of_death(ending: int) -> KesherError | None:
    """What it means for a query that its process ended like this (minus the signal's number); None: nothing known."""
    match -ending:
        case signal.SIGABRT | signal.SIGKILL:  # the allocator's own end, or the kernel's
            return QueryMemoryLimit(
                "The query needed more memory than one query may have.",
                remedy="Ask for fewer rows, or sort and group less at once.",
            )
        case signal.SIGSEGV | signal.SIGBUS:
            return QueryTooComplex("The query overran the evaluator's stack.", remedy="Nest or chain fewer parts.")
        case signal.SIGXCPU:
            return QueryTimeout("The query was stopped at its limit of processor time.")
        case _:
            return None


def _plain() -> Mapping[str, type[KesherError]]:
    """Code -> class of those errors that have no more to say than the root of the tree."""
    return {it.code: it for it in _tree(KesherError) if it.__init__ is KesherError.__init__}


def _tree(cls: type[KesherError]) -> Iterator[type[KesherError]]:
    yield cls
    for below in cls.__subclasses__():
        yield from _tree(below)
