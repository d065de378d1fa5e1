"""Why a query does not parse, said so that a person can mend it.

Oxigraph's parser reports the furthest character it looked at, which a failed keyword shifts by up to its length, and
then lists everything it would have taken. Parsing the query again with wide gaps between its words keeps such a shift
inside a gap, so that the word at fault can be told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches

from graph.gate import place
from graph.lexer import NOTHING, Token, tokens
from ontology.errors import MalformedQuery

_GAP = " " * 40  # longer than any keyword
_MESSAGE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
#: Marks that may have space on either side, where they are not half of one: {| |}.
_LOOSE = set("(){}[],;.")
#: Among the expectations ("{", FILTER, ['0'..='9']) those that are sentences.
_SENTENCE = re.compile(r"(?:^|, )([A-Za-z]+ [^\[\"]*?[A-Za-z]\.?)(?=, [\"\[A-Z<]|$)")
_KEYWORDS = """
    SELECT ASK CONSTRUCT DESCRIBE WHERE FROM NAMED PREFIX BASE DISTINCT REDUCED OPTIONAL UNION MINUS GRAPH FILTER BIND
    VALUES EXISTS NOT IN AS GROUP ORDER BY HAVING LIMIT OFFSET ASC DESC UNDEF COUNT SUM MIN MAX AVG SAMPLE SEPARATOR
    GROUP_CONCAT STR LANG LANGMATCHES DATATYPE BOUND IRI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE
    ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS NOW UUID MD5
    SHA256 COALESCE IF STRLANG STRDT SAMETERM ISIRI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE
""".split()  # noqa: SIM905 - eighty words in quotes and commas would hide what they are


def explain(query: str, parse: Callable[[str], str], prefixes: Iterable[str]) -> MalformedQuery:
    """The error to raise for a query that does not parse.

    Args:
        query: The text that was refused.
        parse: What the parser says against a text; empty when it finds nothing wrong.
        prefixes: Those that need no declaration.
    """
    words = list(tokens(query))
    spread = _spread(words)
    for text, starts in (spread, (query, [word.start for word in words])):
        if words and (found := _MESSAGE.match(parse(text))):
            offset = _offset(text, int(found[1]), int(found[2]))
            at = max((number for number, start in enumerate(starts) if start <= offset), default=0)
            sentence = _SENTENCE.search(found[3])
            if not sentence and offset >= len(text):
                return error_at(query, len(query.rstrip()), *_ended(words))
            return error_at(query, words[at].start, *_problem(words, at, sentence[1] if sentence else "", prefixes))
    return error_at(query, len(query), "the query does not parse." if words else "there is no query.", "")


def error_at(query: str, offset: int, problem: str, remedy: str) -> MalformedQuery:
    """The error to raise for what stands at an offset of a query."""
    line, column = place(query, offset)
    return MalformedQuery(f"Line {line}, column {column}: {problem}", line=line, column=column, remedy=remedy)


def _spread(words: list[Token]) -> tuple[str, list[int]]:
    """The query with wide gaps wherever one may stand, and where each word begins in it."""
    parts: list[str] = []
    starts, length = [], 0
    for previous, word in zip((NOTHING, *words), words, strict=False):
        gap = _GAP if _may_part(previous, word) else ""
        starts.append(length + len(gap))
        parts += (gap, word.text)
        length = starts[-1] + len(word.text)
    return "".join((*parts, _GAP)), starts


def _may_part(previous: Token, word: Token) -> bool:
    if word.start > previous.start + len(previous.text):
        return True
    pair = {previous.text, word.text}
    return "|" not in pair and bool(pair & _LOOSE or "variable" in {previous.kind, word.kind})


def _offset(text: str, line: int, column: int) -> int:
    before = text.split("\n")[: line - 1]
    return sum(len(it) + 1 for it in before) + column - 1


def _ended(words: list[Token]) -> tuple[str, str]:
    braces = sum((word.text == "{") - (word.text == "}") for word in words)
    return "the query ends too early.", "A closing } is missing." if braces > 0 else ""


def _problem(words: list[Token], at: int, sentence: str, prefixes: Iterable[str]) -> tuple[str, str]:
    """What is wrong at a word, and what to do about it."""
    word, previous = words[at], words[at - 1] if at else NOTHING
    if sentence == "Prefix not found" and word.kind == "name":
        return _undeclared(word.text.partition(":")[0], prefixes)
    if sentence == "IRI parsing failed":
        return f"{word.text} is not a full IRI.", "Write it in full, or declare BASE <...>."
    if "variable that is unbound" in sentence:
        remedy = "Is each variable of SELECT in the pattern and, beside COUNT and the like, in GROUP BY?"
        return f"{sentence.rstrip('.')}.", remedy
    if sentence and word.kind != "name":
        return f"{sentence.rstrip('.')}.", ""
    after = f" after {previous.text}" if previous is not NOTHING else " at the beginning"
    return f"{word.text} is not expected{after}.", _meant(word)


def _meant(word: Token) -> str:
    """What the writer of an unexpected word may have meant."""
    if word.text.upper() in _KEYWORDS:
        return "Is a bracket, a dot or a word missing before it?"
    near = get_close_matches(word.text.upper(), _KEYWORDS, 1, 0.7) if word.word else []
    return f"Did you mean {near[0]}?" if near else ""


def _undeclared(prefix: str, prefixes: Iterable[str]) -> tuple[str, str]:
    meant = get_close_matches(prefix, list(prefixes), 1)
    other = f" Or did you mean {meant[0]}:, which needs no declaration?" if meant else ""
    return f"the prefix {prefix}: is not declared.", f"Did you forget PREFIX {prefix}: <...>?{other}"
