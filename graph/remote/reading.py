"""Kesher's own questions to an endpoint: their answers whole, in memory, or an error that says the store failed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pyoxigraph as ox

from graph.remote.endpoint import Endpoint, Pairs
from graph.remote.exchange import AGAIN, Allowance, Reply
from graph.remote.received import TABLE, broken, cut_by_itself, opened, shed
from graph.store import Row
from ontology.errors import BadInput, LimitReached, RemoteStoreFailed, ResultTooLarge, Unavailable

#: For a question that a page waits for, and for reading all there is.
SHORT_S = 10.0
LONG_S = 120.0
_MOST = 512 << 20


@cache
def text_of(file: str) -> str:
    """A query or a template of this package."""
    return (files("graph.remote") / file).read_text("utf-8")


def rows(endpoint: Endpoint, text: str, dataset: Pairs = (), seconds: float = SHORT_S) -> list[Row]:
    """The rows of a SELECT; what is unbound is absent from its row.

    Raises:
        RemoteStoreFailed: the store does not answer, or not with the whole table.
        ResultTooLarge: the table is larger than this process should hold.
    """
    found = _table(endpoint, text, dataset, seconds)
    if isinstance(found, bool):
        raise RemoteStoreFailed("The graph store answers a SELECT with a truth value.")
    return found


def holds(endpoint: Endpoint, text: str, dataset: Pairs = (), seconds: float = SHORT_S) -> bool:
    """The answer to an ASK. Errors as for `rows`."""
    found = _table(endpoint, text, dataset, seconds)
    if not isinstance(found, bool):
        raise RemoteStoreFailed("The graph store answers an ASK with a table.")
    return found


def _table(endpoint: Endpoint, text: str, dataset: Pairs, seconds: float) -> list[Row] | bool:
    try:
        reply = endpoint.query(text, TABLE, dataset, Allowance(seconds, _MOST))
        return _read(reply)
    except (Unavailable, ResultTooLarge) as error:
        raise shed(error) from None
    except (BadInput, LimitReached) as error:  # our own question is neither wrong nor slow
        raise shed(RemoteStoreFailed(error.message, remedy=AGAIN)) from None


def _read(reply: Reply) -> list[Row] | bool:
    if reply.cut:
        raise ResultTooLarge(f"The graph store's answer is larger than {_MOST >> 20} MB.")
    found = opened(reply)
    if cut_by_itself(reply):
        raise RemoteStoreFailed("The graph store leaves rows out at a limit of its own.")
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    if not isinstance(found, ox.QuerySolutions):
        raise RemoteStoreFailed("The graph store answers a SELECT with a graph.")
    names = [variable.value for variable in found.variables]
    try:
        return [
            {name: term for name, term in zip(names, solution, strict=True) if isinstance(term, _TERMS)}
            for solution in found
        ]
    except SyntaxError as error:
        raise RemoteStoreFailed(broken(reply, error).message) from error


_TERMS = (ox.NamedNode, ox.BlankNode, ox.Literal)
