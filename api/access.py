"""Who may use a route. Each states its rule where it is, by the dependency that enforces it: nothing is listed twice.

An app with a route that states none is not made: `doors` reads the same dependencies that FastAPI calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fastapi import Depends
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import BaseRoute

from api.tokens import Required, Scope, principal_of

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route asks of who uses it.

    Attributes:
        scopes: The token must have all of these; none at all: everybody may, without a token.
        looks: A token that is sent is looked at, and must be valid, also where none is needed.
    """

    scopes: frozenset[Scope] = frozenset()
    looks: bool = False

    @property
    def words(self) -> str:
        """The rule as documentation has it."""
        if self.scopes:
            return " and ".join(sorted(self.scopes))
        return "everybody; a token shows more" if self.looks else "everybody"


@dataclass(frozen=True, slots=True)
class Everybody:
    """A dependency that lets everybody in.

    Attributes:
        writes: Also by methods that are not only for reading: questions that come as a body, a reader's word.
    """

    writes: bool = False

    async def __call__(self) -> None:
        """Nothing is asked."""


#: For a router or a route: everybody may GET. What changes something states a rule of its own beside it.
EVERYBODY_READS = Depends(Everybody())
#: For a route that takes a body from everybody and changes no knowledge.
EVERYBODY_ASKS = Depends(Everybody(writes=True))


@dataclass(frozen=True, slots=True)
class Door:
    """One method of one path, and its rule; None where it states none."""

    method: str
    path: str
    rule: Rule | None


def doors(routes: Iterable[BaseRoute]) -> Iterator[Door]:
    """Every method of every route of an app, with its rule."""
    for route in iter_route_contexts(list(routes)):
        for method in sorted(_methods(route) - {"HEAD"}):
            yield Door(method, route.path or "", _rule_of(route, method))


def expect_rules(routes: Iterable[BaseRoute]) -> None:
    """Return if every route states its rule.

    Raises:
        LookupError: one states none; names it.
    """
    for door in doors(routes):
        if door.rule is None:
            remedy = "Give it EVERYBODY_READS or EVERYBODY_ASKS of api.access, or Depends(require(Scope...))."
            raise LookupError(f"{door.method} {door.path} does not say who may use it. {remedy}")


def table(routes: Iterable[BaseRoute]) -> list[str]:
    """The rules as rows of Markdown, a row for each door; what everybody may GET is not listed."""
    listed = (it for it in doors(routes) if it.rule and (it.rule.scopes or it.method != "GET"))
    rows = sorted({(it.path, it.method, it.rule.words) for it in listed if it.rule})
    return [f"| {method} `{path}` | {words} |" for path, method, words in rows]


def _rule_of(route: RouteContext, method: str) -> Rule | None:
    tree: Dependant | None = getattr(route, "dependant", None)
    if tree is None:
        return Rule() if _told(route) else None
    calls = [it.call for it in _flat(tree)]
    scopes = frozenset(it.scope for it in calls if isinstance(it, Required))
    if scopes:
        return Rule(scopes, looks=True)
    if any(isinstance(it, Everybody) and (it.writes or method in _READING) for it in calls):
        return Rule(looks=principal_of in calls)
    return None


def _told(route: RouteContext) -> Everybody | None:
    """What speaks ASGI itself says for itself whom it lets in: everybody, as it has no dependencies to ask with."""
    told = getattr(getattr(route.original_route, "app", None), "access", None) or getattr(
        route.endpoint, "access", None
    )
    return told if isinstance(told, Everybody) else None


def _methods(route: RouteContext) -> set[str]:
    told = _told(route)
    return route.methods or ({"GET", "POST"} if told and told.writes else {"GET"})


def _flat(tree: Dependant) -> Iterator[Dependant]:
    for it in tree.dependencies:
        yield it
        yield from _flat(it)
