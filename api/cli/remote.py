"""Asking a running server, for when its data folder is open there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import httpx

from api.sparql_protocol import DIRECT
from ontology.errors import KesherError, Unavailable

_TIMEOUT_S = 120


def ask(
    url: str,
    path: str,
    params: Mapping[str, object],
    *,
    accept: str = "application/json",
    query: str | None = None,
) -> httpx.Response:
    """GET a route of a server, or POST a SPARQL query to it; parameters that are None are left out.

    Raises:
        Unavailable: nobody answers at this address.
        KesherError: the server answered with a problem, which is passed on in its own words.
    """
    given = {name: _texts(value) for name, value in params.items() if value is not None}
    headers = {"Accept": accept} | ({"Content-Type": DIRECT} if query else {})
    return _answer(url, "POST" if query else "GET", path, params=given, headers=headers, content=query)


def send(
    url: str, method: str, path: str, body: object | None, headers: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """Send a request to a route of a server, and give its answer, {} for none; raises what `ask` does."""
    answer = _answer(url, method, path, json=body, headers=headers)
    return dict(answer.json()) if answer.content else {}


def _answer(url: str, method: str, path: str, **sent: Any) -> httpx.Response:  # noqa: ANN401 - whatever httpx takes
    try:
        with httpx.Client(timeout=_TIMEOUT_S) as client:
            answer = client.request(method, url.rstrip("/") + path, **sent)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeEncodeError) as error:
        raise no_server(url, error) from error
    if answer.is_error:
        raise passed_on(answer)
    return answer


def no_server(url: str, error: Exception) -> Unavailable:
    """Nobody answers at an address."""
    told = f"No Kesher server answers at {url} ({error})."
    return Unavailable(told, remedy="Start one with `kesher serve`, or leave out --url.")


def _texts(value: object) -> str | list[str]:
    """A value of a parameter; a list repeats it."""
    return [str(it) for it in value] if isinstance(value, list) else str(value)


def passed_on(answer: httpx.Response) -> KesherError:
    """The problem that a server answered with, in its own words."""
    if "json" not in answer.headers.get("Content-Type", ""):
        return Unavailable(f"{answer.url} answered {answer.status_code} {answer.reason_phrase}: no Kesher server?")
    body = answer.json()
    error = KesherError(body.get("detail", answer.reason_phrase), remedy=body.get("remedy", ""))
    error.title = body.get("title", error.title)
    return error
