"""What the words of a query stand for: its prefixes, and the IRIs and texts that its tokens write (SPARQL 1.1, 4.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from graph.lexer import NOTHING, Token
from ontology.namespaces import PREFIXES

_FORMS = ("select", "ask", "construct", "describe")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS: Mapping[str, str] = MappingProxyType(
    {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
)


def prefixes_of(words: Iterable[Token]) -> dict[str, str]:
    """Prefix -> namespace: those that need no declaration, and those that the query declares."""
    found = dict(PREFIXES)
    before = previous = NOTHING
    for token in words:
        if token.depth or token.word.startswith(_FORMS):
            break
        if token.kind == "iri" and previous.kind == "name":
            name = previous.text.partition(":")[0]
            if not before.word.endswith("prefix"):  # Oxigraph needs no space: PREFIXks:<...>
                name = name[len("prefix") :]
            found[name] = unescaped(token.text[1:-1])
        before, previous = previous, token
    return found


def iri_of(token: Token, prefixes: Mapping[str, str]) -> str:
    """The IRI that a token writes, in full or by a prefix; empty for every other token. BASE is not applied."""
    if token.kind == "iri":
        return unescaped(token.text[1:-1])
    prefix, _, local = token.text.partition(":")
    if token.kind != "name" or prefix not in prefixes:
        return ""
    return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def text_of(token: Token) -> str:
    """The text that a string token writes.

    Raises:
        ValueError: an escape in it stands for no character.
    """
    quotes = 3 if token.text[:3] in {'"""', "'''"} else 1
    return unescaped(token.text[quotes:-quotes])


def unescaped(text: str) -> str:
    """A text with its escapes decoded.

    Raises:
        ValueError: an escape stands for no character.
    """
    return _ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    if escape[3]:
        if escape[3] not in _LETTERS:
            raise ValueError(f"{escape[0]} is not an escape")
        return _LETTERS[escape[3]]
    number = int(escape[1] or escape[2], 16)
    if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        raise ValueError(f"{escape[0]} is no character")
    return chr(number)
