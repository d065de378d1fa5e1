"""What an update says, read from its words: its operations, the graphs that it can write, the dataset it reads. Pure.

It is read in the process of a draft worker; an update may be as long as a request may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from graph import gate
from graph.gate import GateLimits, place
from graph.lexer import NOTHING, Token, tokens
from ontology.errors import BadInput, MalformedQuery, QueryTooComplex

Kind: TypeAlias = Literal["insert data", "delete data", "other"]

#: Every keyword that may stand outside the brackets of an update.
_WORDS = frozenset(
    [
        "prefix",
        "base",
        "insert",
        "delete",
        "data",
        "where",
        "with",
        "using",
        "named",
        "graph",
        "default",
        "all",
        "load",
        "clear",
        "drop",
        "create",
        "add",
        "move",
        "copy",
        "silent",
        "into",
        "to",
        "version",
    ]
)
_PROLOGUE = {"prefix", "base", "version"}
_NESTING = GateLimits().nesting
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\\]*$")
_VISIBLE = re.compile(r"\S")


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
    def is_data(self) -> bool:
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
            iri = self._resolved(token, known)
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
        parts, at = [], 0
        for it in self.operations:
            if it.reads is None or it.names_dataset:
                continue
            parts += (self.text[at : it.reads.start], self._template(it), clauses)
            at = it.reads.start
        return "".join((*parts, self.text[at:]))

    def _template(self, operation: Operation) -> str:
        """The template that DELETE WHERE leaves out, which takes no USING: its own pattern."""
        where = operation.reads
        if where is None or not operation.is_shorthand:
            return ""
        return f"{self.text[where.start + len(where.text) : operation.end]} "

    def _prologues(self, operation: Operation) -> str:
        before = [it for it in self.operations if it.start <= operation.start]
        return " ".join(self.text[it.prologue : it.start] for it in before)

    def _resolved(self, token: Token, known: Mapping[str, str]) -> str | None:
        """The whole IRI that a term writes; None when that cannot be told from the words alone."""
        if "\\" in token.text:
            return None
        if token.kind == "iri":
            return token.text[1:-1] if _ABSOLUTE.match(token.text[1:-1]) else None
        prefix, _, local = token.text.partition(":")
        namespace = self.prefixes[prefix] if prefix in self.prefixes else known.get(prefix)
        return namespace + local if namespace and ":" in namespace else None


def read_update(text: str, limits: GateLimits | None = None) -> UpdateText:
    """Read an update, if it may go to the evaluator. It may still be malformed: only the parser finds all of that.

    Data given in full may be as long as it likes; all else is held to the limits of queries.

    Raises:
        ForbiddenQuery: it uses SERVICE or LOAD.
        QueryTooComplex: it is past a limit.
        MalformedQuery: a string is not closed, or a word outside every bracket is none of SPARQL's.
    """
    limits, reading = limits or GateLimits(), _Reading(text)
    for token in tokens(text):
        reading.take(token)
    patterns = _blanked(text, reading.data)
    if (size := len(" ".join(patterns.split()).encode("utf-8", "surrogatepass"))) > limits.bytes:
        told = f"The update is {size:,} bytes long, beside its data; the limit is {limits.bytes:,}."
        raise QueryTooComplex(told, remedy="Make it in several smaller updates.")
    gate.check_words(patterns, limits, updates=True)
    reading.end_operation(len(text))
    return UpdateText(text, tuple(reading.operations), reading.prefixes)


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with spaces for some of its parts; what stands elsewhere keeps its line and column."""
    parts, at = [], 0
    for start, end in spans:
        parts += (text[at:start], _VISIBLE.sub(" ", text[start:end]))
        at = end
    return "".join((*parts, text[at:]))


class _Reading:
    """What must be remembered of the words so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.operations: list[Operation] = []
        self.data: list[tuple[int, int]] = []
        self.prefixes: dict[str, str | None] = {}
        self._previous = self._before = NOTHING
        self._begin(0)

    def take(self, token: Token) -> None:
        if token.depth:
            self._take_inside(token)
        elif token.text == ";":
            self.end_operation(token.start)
            self._begin(token.start + 1)
        else:
            self._take_outside(token)
        self._before, self._previous = self._previous, token

    def end_operation(self, end: int) -> None:
        """Note the operation that ends here; a prologue alone is none."""
        if self._words:
            words, writes = tuple(self._words), tuple(self._writes)
            marks = (self._anywhere, self._is_shorthand)
            self.operations.append(Operation(self._kind, words, self._begun, words[0].start, end, writes, *marks))

    def _begin(self, offset: int) -> None:
        self._begun, self._opened = offset, 0
        self._anywhere = self._is_shorthand = False
        self._words: list[Token] = []
        self._writes: list[Token] = []

    @property
    def _kind(self) -> Kind:
        match [it.word for it in self._words[:2]]:
            case ["insert", "data"]:
                return "insert data"
            case ["delete", "data"]:
                return "delete data"
        return "other"

    @property
    def _reads(self) -> bool:
        """True inside the pattern of an operation that has templates as well."""
        return bool(self._words) and self._words[-1].word == "where" and not self._is_shorthand

    def _take_outside(self, token: Token) -> None:
        if token.word:
            self._take_word(token)
        elif token.kind in {"iri", "name"}:
            self._take_name(token)

    def _take_word(self, token: Token) -> None:
        if token.word not in _WORDS:
            line, column = place(self.text, token.start)
            told = f"Line {line}, column {column}: {token.text} is no word of an update."
            raise MalformedQuery(told, line=line, column=column, remedy="Is a space missing?")
        if self._words or token.word not in _PROLOGUE:
            self._words.append(token)
            self._is_shorthand = self._is_shorthand or (token.word, self._previous.word) == ("where", "delete")
            after_using = self._previous.word == "using"
            self._anywhere = self._anywhere or token.word == "all" or (token.word == "named" and not after_using)

    def _take_name(self, token: Token) -> None:
        if self._words:
            read_only = "using" in {self._previous.word, self._before.word}
            self._writes += () if read_only else (token,)
        elif token.kind == "iri" and self._previous.kind == "name":
            self._declare(self._previous.text[:-1], token.text[1:-1])
        elif token.kind == "iri" and self._previous.word == "base":
            self._declare("", None)

    def _declare(self, prefix: str, namespace: str | None) -> None:
        absolute = namespace if namespace and _ABSOLUTE.match(namespace) else None
        same = prefix not in self.prefixes or self.prefixes[prefix] == absolute
        self.prefixes[prefix] = absolute if same else None

    def _take_inside(self, token: Token) -> None:
        if token.depth > _NESTING:
            raise QueryTooComplex(f"The update nests more than {_NESTING} brackets, the limit.", remedy="Nest less.")
        if self._previous.word == "graph" and not self._reads:
            if token.kind in {"iri", "name"}:
                self._writes.append(token)
            else:
                self._anywhere = True
        if self._kind != "other" and token.depth == 1 and token.text in "{}":
            self._take_brace(token)

    def _take_brace(self, token: Token) -> None:
        if token.text == "{":
            self._opened = token.start + 1
        else:
            self.data.append((self._opened, token.start))


def _clears(operation: Operation) -> bool:
    return operation.words[0].word in {"clear", "drop"}
