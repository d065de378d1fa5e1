"""Random SPARQL for fuzzing the gate: mostly valid, written as tightly and as misleadingly as the grammar allows."""

import random
from collections.abc import Callable
from itertools import pairwise

PREFIXES = "".join(f"PREFIX {name}:<urn:>" for name in ("ex", "service", "filter", "load", "a"))
PROLOGUE = f"{PREFIXES}PREFIX z:<http://127.0.0.1:1/>"
_GAPS = ["", "", "", " ", "\n", "#c\n", "#>\n", '#"\n', "#'''\n", " #} SERVICE\n"]
_IRIS = [
    *("<urn:p>", "<urn:x#y>", "<urn:(a)>", "<urn:\\u0041>", "ex:p", "ex:", "ex:a.b", "ex:a.b.", "ex:é", "ex:a\\-b"),
    *("ex:%41", "a:b:c", "service:p", "load:x"),
]
_VARIABLES = ["?s", "?p", "?o", "$s", "?service", "?x1"]
_LITERALS = [
    *("1", "1.5", "1e3", "-1", "+2.", "true", "false", "'a'", '"b"', "'it\\'s'", '"""l"o""ng"""', "'''x\ny'''"),
    *("'x'@en", "'x'@en-GB", "'x'@en--ltr", "'1'^^<urn:d>", "'1'^^ex:d", "'#'", "'<'", "'>'", '"SERVICE"'),
]
_OPERATORS = ["<", "<=", ">", "=", "!=", "&&", "||", "+", "*", "/", " - "]


class Sparql:
    """Writes queries from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a fuzzer, not a secret
        self._bound = self._depth = 0

    def query(self, *, calls_service: bool) -> str:
        parts = [self._element() for _ in range(self._random.randint(0, 3))]
        if calls_service:
            parts.insert(self._random.randint(0, len(parts)), self._service())
        form = self._one(["SELECT*", "SELECT *", "ASK", "SELECT DISTINCT ?s ", "CONSTRUCT{?s ?p ?o}WHERE"])
        return f"{PROLOGUE}{form}{{{self._gap().join(parts)}{self._gap()}}}"

    def damaged(self, text: str) -> str:
        """The text with one character replaced or inserted."""
        place = self._random.randrange(len(text))
        mark = self._one(["", "<", ">", "#", '"', "'", "(", ")", "\n", "SERVICE", "\\"])
        return text[:place] + mark + text[place + self._random.randint(0, 1) :]

    def _one(self, choices: list[str]) -> str:
        return self._random.choice(choices)

    def _any(self, *makers: Callable[[], str]) -> str:
        return self._random.choice(makers)()

    def _gap(self) -> str:
        return self._one(_GAPS)

    def _term(self) -> str:
        return self._one(self._random.choice([_VARIABLES, _VARIABLES, _IRIS, _LITERALS]))

    def _expression(self, depth: int = 0) -> str:
        if depth > 2:
            return self._term()
        inner = depth + 1
        return self._any(
            self._term,
            self._term,
            lambda: self._expression(inner) + self._one(_OPERATORS) + self._expression(inner),
            lambda: f"({self._expression(inner)})",
            lambda: f"!{self._expression(inner)}",
            lambda: f"{self._one(['STR', 'isIRI', 'str'])}{self._gap()}({self._expression(inner)})",
            lambda: f"{self._one(_IRIS)}({self._expression(inner)},{self._expression(inner)})",
            lambda: f"{self._expression(inner)}{self._gap()}IN({self._expression(inner)},{self._expression(inner)})",
            lambda: f"{self._one(['', 'NOT '])}EXISTS{{{self._elements()}}}",
        )

    def _path(self, depth: int = 0) -> str:
        if depth > 2:
            return self._one(_IRIS)
        return self._any(
            lambda: self._one([*_IRIS, "a", *_VARIABLES]),
            lambda: f"({self._path(depth + 1)})",
            lambda: self._path(depth + 1) + self._one(["/", "|"]) + self._path(depth + 1),
            lambda: f"^{self._one(_IRIS)}",
            lambda: self._one(_IRIS) + self._one(["*", "+", "?"]),
            lambda: f"!({self._one(_IRIS)}|{self._one(_IRIS)})",
        )

    def _node(self, depth: int = 0) -> str:
        if depth > 1:
            return self._term()
        return self._any(
            self._term,
            self._term,
            lambda: f"({''.join(f'{self._node(depth + 1)} ' for _ in range(self._random.randint(0, 3)))})",
            lambda: f"[{self._one(_IRIS)} {self._node(depth + 1)}]",
            lambda: f"<<({self._one(_VARIABLES)} {self._one(_IRIS)} {self._node(depth + 1)})>>",
        )

    def _triple(self) -> str:
        more = self._any(lambda: ".", str, lambda: f";{self._one(_IRIS)} {self._node()}.", lambda: f",{self._node()}.")
        subject = self._any(lambda: self._one(_VARIABLES), self._node)
        return f"{subject}{self._gap() or ' '}{self._path()}{self._gap() or ' '}{self._node()}{more}"

    def _values(self) -> str:
        terms = [self._one([*_IRIS, *_LITERALS, "UNDEF"]) for _ in range(self._random.randint(0, 4))]
        if self._random.random() < 0.5:
            return f"VALUES{self._gap()}{self._one(_VARIABLES)}{self._gap()}{{{' '.join(terms)} }}"
        rows = "".join(f"({one} {self._gap()}{two} ){self._gap()}" for one, two in pairwise(terms))
        return f"values{self._gap()}({self._one(_VARIABLES)} ?zz){{{rows}}}"

    def _service(self) -> str:
        keyword = self._one(["SERVICE", "service", "SeRvIcE", "SERVICE SILENT ", "SERVICESILENT"])
        target = self._one(["<http://127.0.0.1:1/>", "z:x", "z:", "?v", "?service", "$v"])
        body = self._one(["", "?a ?b ?c", "<urn:a><urn:b>1"])
        return f"{keyword}{self._gap()}{target}{self._gap()}{{{self._gap()}{body}}}"

    def _elements(self) -> str:
        return f"{self._element()}{self._gap()}"

    def _element(self) -> str:
        self._bound += 1
        self._depth += 1
        try:
            return self._triple() if self._depth > 4 else self._any(*self._kinds())
        finally:
            self._depth -= 1

    def _kinds(self) -> list[Callable[[], str]]:
        return [
            self._triple,
            self._triple,
            self._triple,
            self._values,
            lambda: f"{self._one(['FILTER', 'filter'])}{self._constraint()}",
            lambda: f"{self._one(['OPTIONAL', 'MINUS', ''])}{self._gap()}{{{self._elements()}}}",
            lambda: f"BIND({self._expression()}{self._gap()} AS{self._gap()}?b{self._bound})",
            lambda: f"GRAPH {self._one([*_IRIS, *_VARIABLES])}{self._gap()}{{{self._elements()}}}",
            lambda: f"{{SELECT{self._gap()}*{{{self._elements()}}}{self._ending()}}}",
            lambda: f"{{{self._elements()}}}UNION{{{self._elements()}}}",
        ]

    def _constraint(self) -> str:
        return self._any(
            lambda: f"({self._expression()})",
            lambda: f" {self._one(_IRIS)}{self._gap()}({self._expression()})",
            lambda: f"{self._gap()}isIRI({self._expression()})",
        )

    def _ending(self) -> str:
        return self._any(str, lambda: "LIMIT 3", lambda: f"HAVING({self._expression()})", lambda: "GROUP BY ?s")
