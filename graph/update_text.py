"""What an update says, read from its words: its operations, the graphs that it can write, the dataset it reads. Pure.

It is read in the process of a draft worker; an update may be as long as a request may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from graph.lexer import Token
from ontology.errors import BadInput

Kind: TypeAlias = Literal["insert data", "delete data", "other"]

#: What an IRI looks like that needs nothing else to be understood.
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\\]*$")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of an update: where it stands in the text, with the prologue before it and without."""

    kind: Kind
    words: tuple[Token, ...]  # outside every bracket
    prologue: int
    start: int
    end: int
    writes: tuple[Token, ...]  # terms that name a graph it may write
    anywhere: bool  # it may write graphs that it does not name
    is_shorthand: bool  # DELETE WHERE: its pattern is its template

    @property
    def reads(self) -> Token | None:
        """The word WHERE of an operation with a pattern; None for one without."""
        return next((it for it in self.words if it.word == "where"), None)

    @property
    def is_open(self) -> bool:
        """True when it has a pattern, and does not say which dataset that reads."""
        return self.reads is not None and not self.names_dataset

    @property
    def names_dataset(self) -> bool:
        """True when it says itself what its pattern reads (USING, WITH)."""
        return any(it.word in {"using", "with"} for it in self.words)


@dataclass(frozen=True, slots=True)
class UpdateText:
    """An update, read.

    Attributes:
        prefixes: Declared anywhere in it, with their namespaces; None for one that is declared twice differently.
    """

    text: str
    operations: tuple[Operation, ...]
    prefixes: Mapping[str, str | None]

    @property
    def needs_no_graph(self) -> bool:
        """True when every operation gives its statements in full."""
        return all(it.kind != "other" for it in self.operations)

    @property
    def sweeping(self) -> bool:
        """True when an operation empties whatever there is: CLEAR or DROP, of ALL or NAMED."""
        return any({"all", "named"} & {it.word for it in op.words} and _clears(op) for op in self.operations)

    def data(self) -> Iterator[tuple[bool, str]]:
        """Each operation of data as one that inserts it into an empty store, with what it does: True for INSERT."""
        for it in self.operations:
            verb = it.words[0]
            rest = self.text[verb.start + len(verb.text) : it.end]
            yield it.kind == "insert data", f"{self._prologues(it)}\nINSERT {rest}"

    def targets(self, known: Mapping[str, str]) -> frozenset[str] | None:
        """The named graphs that it may write; None when it may be any.

        Args:
            known: Prefixes that need no declaration.
        """
        found = set()
        for token in (token for it in self.operations for token in it.writes):
            iri = self.resolved(token, known)
            if iri is None:
                return None
            found.add(iri)
        return None if any(it.anywhere for it in self.operations) else frozenset(found)

    def reading(self, default: Iterable[str], named: Iterable[str]) -> str:
        """The text with this dataset for every pattern (SPARQL 1.1 Protocol, 2.2.3); with neither, as it is.

        Raises:
            BadInput: an operation names a dataset itself.
        """
        clauses = "".join((*(f"USING <{it}> " for it in default), *(f"USING NAMED <{it}> " for it in named)))
        if clauses and any(it.names_dataset for it in self.operations):
            told = "The update names a dataset (USING or WITH), and so does the request."
            raise BadInput(told, remedy="Leave out using-graph-uri and using-named-graph-uri, or USING and WITH.")
        return self.rewritten(clauses) if clauses else self.text

    def rewritten(self, clauses: str) -> str:
        """The text with USING clauses before each WHERE whose operation names no dataset."""
        parts: list[str] = []
        at = 0
        for it in self.operations:
            parts += (self.text[at : it.start], self._reading(it, clauses))
            at = it.end
        return "".join((*parts, self.text[at:]))

    def alone(self, operation: Operation, clauses: str = "") -> str:
        """One operation as an update of its own, with USING clauses where it names no dataset."""
        return f"{self._prologues(operation)} {self._reading(operation, clauses)}"

    def _reading(self, operation: Operation, clauses: str) -> str:
        where = operation.reads
        if where is None or not clauses or not operation.is_open:
            return self.text[operation.start : operation.end]
        before, after = self.text[operation.start : where.start], self.text[where.start : operation.end]
        template = after.removeprefix(where.text) if operation.is_shorthand else ""  # DELETE WHERE takes no USING
        return f"{before}{template} {clauses}{after}"

    def _prologues(self, operation: Operation) -> str:
        before = [it for it in self.operations if it.start <= operation.start]
        return " ".join(self.text[it.prologue : it.start] for it in before)

    def resolved(self, token: Token, known: Mapping[str, str]) -> str | None:
        """The whole IRI that a term writes; None when that cannot be told from the words alone."""
        if "\\" in token.text:
            return None
        if token.kind == "iri":
            return token.text[1:-1] if ABSOLUTE.match(token.text[1:-1]) else None
        prefix, _, local = token.text.partition(":")
        namespace = self.prefixes[prefix] if prefix in self.prefixes else known.get(prefix)
        return namespace + local if namespace and ":" in namespace else None


def _clears(operation: Operation) -> bool:
    return operation.words[0].word in {"clear", "drop"}
