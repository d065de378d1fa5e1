"""The words of a SPARQL query, one after the other, with the place each stands in.

The lexical rules are those of SPARQL 1.1 (section 19.8), except where Oxigraph's parser reads more: its keywords need
no space after them (`SERVICESILENT<x>`, `1SERVICE<x>`). A `<` is a comparison after an operand inside an expression
and the start of an IRI elsewhere, so the lexer knows which brackets hold expressions. There is no recursion, and every
repetition is possessive or bounded: reading takes time in proportion to the text, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_FIRST = rf"{_BASE}_"
_VARIABLE = rf"{_FIRST}0-9\u00b7\u0300-\u036f\u203f\u2040"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_LOCAL = rf"(?:[{_VARIABLE}:-]|{_ESCAPED})"

_TOKEN = re.compile(
    rf"""
    (?:[ \t\r\n]++|\#[^\r\n]*+)*+ (?:
    (?P<iri><(?:[^\x00-\x20<>"{{}}|^`\\]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
  | (?P<string>"{{3}}(?:"{{0,2}}+(?:[^"\\]|\\.))*+"{{3}} | '{{3}}(?:'{{0,2}}+(?:[^'\\]|\\.))*+'{{3}}
      | "(?:[^"\\\r\n]|\\.)*+" | '(?:[^'\\\r\n]|\\.)*+')
  | (?P<unclosed>["'])
  | (?P<name>_:[{_FIRST}0-9](?:\.*+[{_VARIABLE}-])*+
      | (?:[{_BASE}](?:\.{{0,4}}+[{_VARIABLE}-]){{0,63}}+)?+:
        (?:(?:[{_FIRST}:0-9]|{_ESCAPED}){_LOCAL}*+(?:\.++{_LOCAL}++)?+)?+)
  | (?P<variable>[?$][{_FIRST}0-9][{_VARIABLE}]*+)
  | (?P<language>@[A-Za-z]++(?:-++[A-Za-z0-9]++)*+)
  | (?P<number>(?:[0-9]++(?:\.[0-9]++)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+)
  | (?P<word>[{_FIRST}][{_FIRST}0-9]*+)
  | (?P<mark>\^\^|&&|\|\||!=|<=|>=|.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_TERMS = frozenset({"iri", "string", "name", "variable", "language", "number"})
_CLOSERS = frozenset({")", "}"})  # of what an expression compares: a call, or EXISTS { }
_CONSTANTS = frozenset({"true", "false"})
_CLAUSE = re.compile("select|group|order|having")


class Place(Enum):
    """What the innermost bracket around a word holds."""

    OUTSIDE = auto()
    GROUP = auto()
    VALUES = auto()
    LIST = auto()
    EXPRESSION = auto()


class Token(NamedTuple):
    """One word of a query. A bracket counts as inside what it opens or closes.

    Attributes:
        kind: iri, string, unclosed (a quote that nothing closes), name (prefixed, or a blank node), variable, language,
            number, word (a keyword) or mark (an operator or a bracket).
        word: A keyword in lower case; empty for every other kind.
        start: Offset of its first character.
        depth: How many brackets are open around it.
    """

    kind: str
    text: str
    word: str
    start: int
    place: Place
    depth: int

    @property
    def prefix(self) -> str:
        """The prefix of a prefixed name in lower case; empty for everything else."""
        return self.text.partition(":")[0].lower() if self.kind == "name" else ""

    @property
    def is_term(self) -> bool:
        """True of what can stand as subject, predicate or object, or as an operand."""
        return self.kind in _TERMS or self.word in _CONSTANTS


#: What stands before the first word.
NOTHING = Token("mark", "", "", 0, Place.OUTSIDE, 0)


def tokens(text: str) -> Iterator[Token]:
    """The words of a query in order, without space and comments. Every text has a reading; nothing is raised."""
    reading = _Reading()
    position = 0
    while match := _TOKEN.match(text, position):
        kind = match.lastgroup or "mark"
        start, position = match.span(kind)
        if kind == "iri" and reading.compares:
            kind, position = "mark", start + 1
        yield reading.take(kind, text[start:position], start)


class _Reading:
    """What must be remembered of the words so far to read the next one."""

    def __init__(self) -> None:
        self.places = [Place.OUTSIDE]
        self.before = self.previous = NOTHING
        self.in_clause = False
        self.values_next = False

    @property
    def compares(self) -> bool:
        """True where a `<` is a comparison."""
        return self.places[-1] is Place.EXPRESSION and (self.previous.is_term or self.previous.text in _CLOSERS)

    def take(self, kind: str, text: str, start: int) -> Token:
        places = self.places
        if kind == "mark" and text in "{[(":
            places.append(self._opened_by(text))
        word = text.lower() if kind == "word" else ""
        token = Token(kind, text, word, start, places[-1], len(places) - 1)
        if kind == "mark" and text in "}])" and len(places) > 1:
            places.pop()
        if word or text in "{}":
            self._note(token)
        self.before, self.previous = self.previous, token
        return token

    def _opened_by(self, bracket: str) -> Place:
        if bracket == "(":
            return self._opened_by_parenthesis()
        return Place.VALUES if bracket == "{" and self.values_next else Place.GROUP

    def _opened_by_parenthesis(self) -> Place:
        if self.places[-1] in (Place.EXPRESSION, Place.VALUES):
            return self.places[-1]
        word = self.previous.word
        after_keyword = word not in {"", "a", *_CONSTANTS} and not word.endswith("values")
        filters = self.previous.kind in {"iri", "name"} and self.before.word.endswith("filter")
        return Place.EXPRESSION if self.in_clause or after_keyword or filters else Place.LIST

    def _note(self, token: Token) -> None:
        """Remember what decides how later brackets are read: a clause of expressions, a data block to come."""
        if not token.word:
            self.in_clause = self.values_next = False
        elif token.place is not Place.EXPRESSION:
            self.in_clause = self.in_clause or bool(_CLAUSE.search(token.word))
            self.values_next = self.values_next or token.word.endswith("values")
