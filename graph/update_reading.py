"""Reading an update: word by word into operations, and held to the limits of what may run. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph import gate
from graph.gate import GateLimits, place
from graph.lexer import NOTHING, Token, tokens
from graph.update_text import ABSOLUTE, Kind, Operation, UpdateText
from ontology.errors import MalformedQuery, QueryTooComplex

#: Every keyword that may stand outside the brackets of an update.
_WORDS = frozenset(
    """
    prefix base version insert delete data where with using named graph default all load clear drop create add move
    copy silent into to
    """.split()  # noqa: SIM905 - twenty words in quotes and commas would hide what they are
)
_PROLOGUE = {"prefix", "base", "version"}
_NESTING = GateLimits().nesting
_VISIBLE = re.compile(r"\S")


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
    parts: list[str] = []
    at = 0
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
        absolute = namespace if namespace and ABSOLUTE.match(namespace) else None
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
