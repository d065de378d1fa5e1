"""What an update touches, seen while it runs.

To compare a large graph with what it was takes seconds, and most updates change little of it. So the pattern of each
operation gets a filter that lets everything through and notes what the variables of its templates are bound to: a
statement that comes or goes is about a node so noted, or about one that a template names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from string import Template
from typing import TypeAlias

import pyoxigraph as ox

from graph.lexer import Token, tokens
from graph.update_text import Operation, UpdateText

Node: TypeAlias = ox.NamedNode | ox.BlankNode

#: The function that notes what it is given.
SEEN = ox.NamedNode("urn:kesher:seen")
_WATCHED = Template(files("ingest").joinpath("witnessed.ru").read_text("utf-8").partition("\n")[2])
_TRUE = ox.Literal(True)
#: From so many nodes on, comparing everything is as quick.
_MOST = 20_000


@dataclass
class Witness:
    """Notes the nodes that an update touches; `text` is the update with the filters that make it do so."""

    text: str
    nodes: set[Node] = field(default_factory=set)

    @property
    def overrun(self) -> bool:
        """True when there were too many nodes to note all of them."""
        return len(self.nodes) > _MOST

    def __call__(self, term: object) -> ox.Literal:
        if isinstance(term, ox.NamedNode | ox.BlankNode) and not self.overrun:
            self.nodes.add(term)
        return _TRUE


def witness_of(update: UpdateText, prefixes: Mapping[str, str]) -> Witness | None:
    """A witness of an update; None where what it touches cannot be seen in this way.

    That is so where an operation has no pattern, a template makes blank nodes, or a name in one cannot be resolved.

    Args:
        update: An update that parses.
        prefixes: Those that it need not declare.
    """
    words = list(tokens(update.text))
    named: set[Node] = set()
    parts: list[str] = []
    at = 0
    for operation in update.operations:
        clauses = _clauses(operation, [it for it in words if operation.start <= it.start < operation.end])
        if clauses is None:
            return None
        found = _named(clauses.template, update, prefixes)
        if found is None:
            return None
        named |= found
        parts += (update.text[at : clauses.start], clauses.watched(update.text))
        at = clauses.end
    return Witness("".join((*parts, update.text[at:])), named)


@dataclass(frozen=True, slots=True)
class _Clauses:
    """The parts of an operation with a pattern.

    Attributes:
        template: The words of its templates.
        start: Where the word WHERE begins.
        opening: Where the pattern begins, with its brace.
        end: Where it ends.
        is_shorthand: The pattern is the template.
    """

    template: Sequence[Token]
    start: int
    opening: int
    end: int
    is_shorthand: bool

    def watched(self, text: str) -> str:
        """WHERE and the pattern, with the filter."""
        pattern = text[self.opening : self.end]
        variables = sorted({f"?{it.text[1:]}" for it in self.template if it.kind == "variable"})
        notes = " && ".join(f"{SEEN}(COALESCE({it}, 0))" for it in variables)
        template = pattern if self.is_shorthand else ""
        return _WATCHED.substitute(template=template, pattern=pattern, notes=notes or "true")


def _clauses(operation: Operation, words: Sequence[Token]) -> _Clauses | None:
    where = operation.reads
    if where is None:
        return None
    pattern = [it for it in words if it.start > where.start and it.depth]
    template = pattern if operation.is_shorthand else [it for it in words if it.start < where.start and it.depth]
    closing = next((it for it in reversed(pattern) if it.text == "}" and it.depth == 1), None)
    if closing is None or pattern[0].text != "{":
        return None
    return _Clauses(template, where.start, pattern[0].start, closing.start + 1, operation.is_shorthand)


def _named(template: Sequence[Token], update: UpdateText, prefixes: Mapping[str, str]) -> set[Node] | None:
    """The nodes that a template names; None where it makes some, or names one that cannot be resolved."""
    if any(it.kind == "mark" and it.text in "[(<" for it in template):
        return None
    iris = list(_iris(template, update, prefixes))
    return None if None in iris else {ox.NamedNode(it) for it in iris if it is not None}


def _iris(template: Sequence[Token], update: UpdateText, prefixes: Mapping[str, str]) -> Iterator[str | None]:
    for token in template:
        if token.kind == "iri" or (token.kind == "name" and not token.text.startswith("_:")):
            yield update.resolved(token, prefixes)
        elif token.kind == "name":
            yield None
