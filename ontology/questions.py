"""The named questions: SPARQL queries as files, each with a comment that says what it answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from ontology.errors import UnknownQuestion

_SUFFIX = ".rq"


def question(name: str) -> str:
    """The SPARQL text of the named question.

    Raises:
        UnknownQuestion: there is no `ontology/queries/{name}.rq`.
    """
    try:
        return _texts()[name]
    except KeyError:
        raise UnknownQuestion(
            f"There is no named question {name!r}.", remedy=f"The named questions are: {', '.join(_texts())}."
        ) from None


@cache
def questions() -> Mapping[str, str]:
    """What each named question answers, in order of name."""
    return MappingProxyType({name: _comment(text) for name, text in _texts().items()})


def variables(name: str) -> tuple[str, ...]:
    """The variables that the named question projects, in order; each may be bound to a value.

    Raises:
        UnknownQuestion: as for `question`.
    """
    head = re.split(r"\bWHERE\b", _without_comments(question(name)), maxsplit=1)[0]
    projected = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\bAS\b\s*(\?\w+)\s*\)", r"\1", head.partition("SELECT")[2])
    return tuple(re.findall(r"\?(\w+)", projected))


def bound(name: str, values: Mapping[str, str]) -> str:
    """The named question with a block of VALUES that binds some of its variables, for a store that takes only text.

    Args:
        name: Its name.
        values: Terms as SPARQL writes them (`<https://...>`, `"text"@en`), by variable. Whoever gives them has had them
            written by a library, never by hand.

    Raises:
        UnknownQuestion: as for `question`.
    """
    if not values:
        return question(name)
    heads, terms = " ".join(f"?{it}" for it in values), " ".join(values.values())
    return f"{question(name)}\nVALUES ( {heads} ) {{ ( {terms} ) }}\n"


@cache
def _texts() -> Mapping[str, str]:
    found = (files("ontology") / "queries").iterdir()
    texts = {it.name.removesuffix(_SUFFIX): it.read_text("utf-8") for it in found if it.name.endswith(_SUFFIX)}
    return MappingProxyType(dict(sorted(texts.items())))


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))


def _comment(text: str) -> str:
    """The lines of `#` that a query begins with, as one line."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# ").rstrip())
    return " ".join(lines)
