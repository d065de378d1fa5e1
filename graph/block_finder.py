"""Where the search blocks of a query are, and what of a search stands outside of them.

The address must be written in full, as `SERVICE <urn:kesher:search>`: other spellings are left to the gate, which
refuses them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import pairwise

from graph.block_reader import BlockReader
from graph.diagnosis import error_at
from graph.lexer import Token
from graph.naming import iri_of
from graph.search_blocks import ADDRESS, MOST_BLOCKS, SearchBlock
from ontology.namespaces import KS


def read_blocks(text: str, words: Sequence[Token], prefixes: Mapping[str, str]) -> tuple[SearchBlock, ...]:
    """The blocks of a query in their order.

    Args:
        text: The query.
        words: Its tokens.
        prefixes: Those that it may use.

    Raises:
        MalformedQuery: a block is not as it should be, or there are too many.
    """
    found: list[SearchBlock] = []
    at = 0
    while at < len(words):
        if not (behind := _behind_address(words, at)):
            at += 1
            continue
        first = words[at]
        if not first.depth:
            raise error_at(text, first.start, "a search stands outside of the braces of WHERE.", "Put it inside them.")
        if len(found) == MOST_BLOCKS:
            raise error_at(
                text, first.start, f"there are more than {MOST_BLOCKS} searches, the limit.", "Ask in parts."
            )
        reader = BlockReader(text, words, prefixes, behind)
        found.append(reader.read(first))
        at = reader.at
    return tuple(found)


def expect_inside(
    text: str, words: Sequence[Token], prefixes: Mapping[str, str], blocks: Sequence[SearchBlock]
) -> None:
    """Refuse `ks:query "..."` as a pattern of the graph: nothing there has it, and no rows would look like no hits.

    Raises:
        MalformedQuery: it stands outside of every block.
    """
    for name, value in pairwise(words):
        if value.kind != "string" or any(it.start <= name.start < it.end for it in blocks):
            continue
        with suppress(ValueError):  # an escape of no character, which the parser will find
            if iri_of(name, prefixes) == str(KS.query):
                problem = f"{name.text} says what to search for, and stands outside of a search."
                remedy = f"Put it inside: SERVICE <{ADDRESS}> {{ ?x {name.text} ... }}."
                raise error_at(text, name.start, problem, remedy)


def _behind_address(words: Sequence[Token], at: int) -> int:
    """Number of the word behind the address, where a block begins here; else 0."""
    if words[at].word != "service":
        return 0
    at += 2 if at + 1 < len(words) and words[at + 1].word == "silent" else 1
    return at + 1 if at < len(words) and words[at].text == f"<{ADDRESS}>" else 0
