"""The gate: what a query from outside may look like, decided before any parser sees it.

Oxigraph's parser and evaluator recurse, so a 2 kB query of nested braces ends the process that reads it; and it would
follow SERVICE to any address. The gate refuses both by the look of the text. It is the first of two walls: the second
is the caged worker (`graph.cage`), which survives what the gate lets through and has no network.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

from graph.lexer import NOTHING, Place, Token, tokens
from ontology.errors import ForbiddenQuery, MalformedQuery, QueryTooComplex

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(000[0-9A-Fa-f]{5}|0010[0-9A-Fa-f]{4})")
_UPDATE = re.compile(r"insert|delete|(?:load|clear|drop|create|add|move|copy)$")


@dataclass(frozen=True, slots=True)
class GateLimits:
    """The most of each that a query may hold; far above real queries, far below what harms the evaluator.

    Attributes:
        bytes: Of the text in UTF-8.
        nesting: Open brackets around any word.
        operators: Operators, function calls and groups, in the whole query.
        triples: Triple patterns, about: separators, groups and list items are counted.
        paths: `/`, `|` and `^` in property paths.
        assignments: Uses of AS.
        outside: Terms outside every bracket: what DESCRIBE, FROM, PREFIX and ORDER BY name.
    """

    bytes: int = 65_536
    nesting: int = 64
    operators: int = 1_000
    triples: int = 200
    optionals: int = 50
    paths: int = 100
    assignments: int = 200
    outside: int = 1_000


_NAMES = {
    "operators": "operators and groups",
    "triples": "triple patterns",
    "optionals": "OPTIONAL parts",
    "paths": "steps in property paths",
    "assignments": "uses of AS",
    "outside": "terms outside its braces",
}
_COUNTED_TERMS = {Place.LIST: ("triples",), Place.OUTSIDE: ("outside",)}
_COUNTED_IN_PATTERNS = {
    ".": ("triples",),
    ";": ("triples",),
    ",": ("triples",),
    "[": ("triples",),
    "{": ("triples", "operators"),
    "/": ("paths",),
    "|": ("paths",),
    "^": ("paths",),
    "^^": (),
}


def check(text: str, limits: GateLimits | None = None) -> None:
    """Return if the query may go to a worker. It may still be malformed: only the parser finds all of that.

    Raises:
        ForbiddenQuery: it uses SERVICE or LOAD, in any spelling, or is an update.
        QueryTooComplex: it is past a limit; the message says which.
        MalformedQuery: a string is not closed.
    """
    limits = limits or GateLimits()
    check_size(text, limits)
    check_words(text, limits)


def check_words(text: str, limits: GateLimits, *, updates: bool = False) -> None:
    """As `check`, however long the text is; with `updates`, it may change the graph.

    Raises:
        ForbiddenQuery, QueryTooComplex, MalformedQuery: as for `check`.
    """
    _check_reading(text, limits, updates=updates)
    if (decoded := _ESCAPE.sub(_character, text)) != text:
        # SPARQL 1.1 (section 19.2) decodes escapes first, Oxigraph only inside strings and IRIs: both readings count.
        with suppress(QueryTooComplex, MalformedQuery):
            _check_reading(decoded, limits, updates=updates)


def check_size(text: str, limits: GateLimits | None = None) -> None:
    """Return if the query is short enough to be looked at.

    Raises:
        QueryTooComplex: it is not.
    """
    most = (limits or GateLimits()).bytes
    if (size := len(text.encode("utf-8", "surrogatepass"))) > most:
        raise QueryTooComplex(f"The query is {size:,} bytes long; the limit is {most:,}.", remedy=_SPLIT)


def names_dataset(text: str) -> bool:
    """True if the query has a dataset clause (FROM or FROM NAMED)."""
    return "from" in text.lower() and any("from" in token.word for token in tokens(text) if not token.depth)


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a character, both counted from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


_SPLIT = "Ask it in several smaller queries."


def _check_reading(text: str, limits: GateLimits, *, updates: bool) -> None:
    counts: Counter[str] = Counter()
    before = previous = NOTHING
    for token in tokens(text):
        if token.word:
            _refuse_keyword(text, token, updates=updates)
        elif token.kind in {"mark", "unclosed"}:
            _refuse_mark(text, token, previous, before)
        if token.depth > limits.nesting:
            raise QueryTooComplex(f"The query nests more than {limits.nesting} brackets, the limit.", remedy=_SPLIT)
        for name in _counts_as(token):
            counts[name] += 1
            if counts[name] > (most := getattr(limits, name)):
                raise QueryTooComplex(f"The query has more than {most:,} {_NAMES[name]}, the limit.", remedy=_SPLIT)
        before, previous = previous, token


def _refuse_keyword(text: str, token: Token, *, updates: bool) -> None:
    if "service" in token.word:
        raise _service(text, token)
    if updates and token.word.startswith("load"):
        raise ForbiddenQuery(
            f"{_at(text, token)}: LOAD is never allowed; no update of this endpoint calls another server.",
            remedy="Fetch the document yourself, and PUT it to /graphs?graph=<iri>.",
        )
    if not updates and (token.word == "load" or (not token.depth and _UPDATE.match(token.word))):
        raise ForbiddenQuery(
            f"{_at(text, token)}: {token.text.upper()} changes the graph, and this is the door for questions.",
            remedy="POST it to /sparql/update with a token of scope admin; LOAD is never allowed.",
        )


def _refuse_mark(text: str, token: Token, previous: Token, before: Token) -> None:
    if token.kind == "unclosed":
        raise _malformed(text, token, "a string begins that is not closed.")
    if token.text == "{" and "service" in previous.prefix and not before.word.endswith("graph"):
        raise _service(text, previous)  # Oxigraph takes `SERVICEz:x {` for a call to z:x
    if token.text == "(" and "filter" in previous.prefix and previous.place is not Place.EXPRESSION:
        message = f"{previous.text}( reads both as a name and as FILTER with a function."
        raise _malformed(text, previous, message, "Write a space after FILTER, or choose a prefix without that word.")


def _counts_as(token: Token) -> tuple[str, ...]:
    """Which limits one word counts against."""
    if token.word:
        return ("optionals",) if "optional" in token.word else ("assignments",) if token.word.endswith("as") else ()
    if token.kind != "mark":
        return _COUNTED_TERMS.get(token.place, ()) if token.is_term else ()
    if token.place is Place.VALUES or token.text in ")]}":
        return ()
    if token.place is Place.EXPRESSION:
        return () if token.text == "," else ("operators",)
    return _COUNTED_IN_PATTERNS.get(token.text, ("operators",))


def _service(text: str, token: Token) -> ForbiddenQuery:
    return ForbiddenQuery(
        f"{_at(text, token)}: SERVICE is switched off; no query of this endpoint calls another one.",
        remedy="Ask the other endpoint yourself, and bring its answer in with VALUES. Only the search of this one can "
        "be called, by its address in full: SERVICE <urn:kesher:search> { ... }.",
    )


def _malformed(text: str, token: Token, problem: str, remedy: str = "") -> MalformedQuery:
    line, column = place(text, token.start)
    return MalformedQuery(f"{_at(text, token)}: {problem}", line=line, column=column, remedy=remedy)


def _at(text: str, token: Token) -> str:
    line, column = place(text, token.start)
    return f"At line {line}, column {column}"


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1] or escape[2], 16))
