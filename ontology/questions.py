"""The named questions: SPARQL queries as files, each with a comment that says what it answers."""

from __future__ import annotations

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


def questions() -> Mapping[str, str]:
    """What each named question answers, in order of name."""
    return MappingProxyType({name: _comment(text) for name, text in _texts().items()})


@cache
def _texts() -> Mapping[str, str]:
    found = (files("ontology") / "queries").iterdir()
    texts = {it.name.removesuffix(_SUFFIX): it.read_text("utf-8") for it in found if it.name.endswith(_SUFFIX)}
    return MappingProxyType(dict(sorted(texts.items())))


def _comment(text: str) -> str:
    """The lines of `#` that a query begins with, as one line."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# ").rstrip())
    return " ".join(lines)
