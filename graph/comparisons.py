"""The calls of ks:similarity in a query, and the constant texts that they compare. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from graph.diagnosis import error_at
from graph.lexer import Token
from graph.naming import iri_of, text_of
from ontology.namespaces import KS

#: Texts that one query may compare.
MOST_TEXTS = 20
_FUNCTION = str(KS.similarity)


def read_comparisons(
    text: str, words: Sequence[Token], prefixes: Mapping[str, str]
) -> tuple[bool, Mapping[str, Token]]:
    """Whether the query calls the function, and each constant text that it hands over, with the first word saying it.

    Raises:
        MalformedQuery: a call has not two arguments, a text has an escape of no character, or there are too many texts.
    """
    calls, texts = False, dict[str, Token]()
    for at, (name, opening) in enumerate(pairwise(words)):
        if opening.text != "(" or not _is_function(name, prefixes):
            continue
        calls = True
        for token in _constants(text, name, words[at + 1 :]):
            texts.setdefault(_read(text, token), token)
        if len(texts) > MOST_TEXTS:
            problem = f"the query compares more than {MOST_TEXTS} texts, the limit."
            raise error_at(text, name.start, problem, "Ask in parts.")
    return calls, texts


def _is_function(name: Token, prefixes: Mapping[str, str]) -> bool:
    try:
        return iri_of(name, prefixes) == _FUNCTION
    except ValueError:  # an escape of no character, which the parser will find
        return False


def _constants(text: str, name: Token, words: Sequence[Token]) -> list[Token]:
    """The arguments of a call that are texts; `words` begins with its bracket."""
    depth, commas = words[0].depth, 0
    found = []
    for previous, token in pairwise(words):
        if token.depth > depth:
            continue
        if token.text == ")":
            break
        commas += token.text == ","
        if token.kind == "string" and previous.text in {"(", ","}:
            found.append(token)
    if commas != 1:
        problem = f"{name.text} compares two things, and has {commas + 1} arguments."
        raise error_at(text, name.start, problem, "Write two variables, or a variable and a text in quotes.")
    return found


def _read(text: str, token: Token) -> str:
    try:
        return text_of(token)
    except ValueError as error:
        raise error_at(
            text, token.start, f"{error}.", "Write the character itself, or \\\\ for a backslash."
        ) from error
