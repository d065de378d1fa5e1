"""Search inside SPARQL: the blocks `SERVICE <urn:kesher:search> { ... }`, and what takes their place. Pure.

    SERVICE <urn:kesher:search> { ?x ks:query "..." ; ks:score ?s ; ks:limit 50 ; ks:kind ks:Tool }

A block says what to look for by properties with constants, and what it wants to know of each hit by properties with
variables. The rows that answer it take its place as VALUES, so that any store can run the rest of the query.
`graph.block_finder` finds blocks and `graph.block_reader` reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pyoxigraph as ox

from ontology.kinds import Kind
from ontology.namespaces import KS

#: The address that a block calls; no network is behind it.
ADDRESS = "urn:kesher:search"
MOST_HITS = 1_000
MOST_BLOCKS = 10


class Column(StrEnum):
    """What a block can tell of a hit; the value is the property that asks for it."""

    SCORE = str(KS.score)
    RANK = str(KS.rank)
    SNIPPET = str(KS.snippet)
    BECAUSE = str(KS.because)
    MODEL = str(KS.model)


@dataclass(frozen=True, slots=True)
class SearchBlock:
    """One block.

    Attributes:
        start: Offset of its first character.
        opening: Offset of its brace.
        end: Offset of the first character behind it.
        entity: The variable that stands for each hit, as it is written.
        columns: What is asked of each hit, with its variable, in the order written.
        limit: The most hits, 1 to 1,000.
        role: Address or slug; so `subject`.
        lang: Language of the reasons.
    """

    start: int
    opening: int
    end: int = 0
    entity: str = ""
    query: str = ""
    columns: tuple[tuple[Column, str], ...] = ()
    limit: int = 100
    kinds: frozenset[Kind] | None = None
    role: str | None = None
    subject: str | None = None
    content_lang: str | None = None
    min_evidence: int | None = None
    lang: str = "en"


def without_address(text: str, blocks: Iterable[SearchBlock]) -> str:
    """The query with nothing but spaces before the braces of its blocks, every character of the rest in its place."""
    parts: list[str] = []
    end = 0
    for block in blocks:
        head = "".join(it if it in "\r\n" else " " for it in text[block.start : block.opening])
        parts += (text[end : block.start], head)
        end = block.opening
    return "".join((*parts, text[end:]))


def with_rows(text: str, answers: Iterable[tuple[SearchBlock, Iterable[Sequence[ox.NamedNode | ox.Literal]]]]) -> str:
    """The query with rows of terms in place of each block: its entity, then its columns. Lines keep their numbers."""
    parts: list[str] = []
    end = 0
    for block, rows in answers:
        variables = " ".join((block.entity, *(variable for _, variable in block.columns)))
        written = "".join(f"({' '.join(map(str, row))})" for row in rows)
        lines = "\n" * text.count("\n", block.start, block.end)
        parts += (text[end : block.start], f" VALUES ({variables}) {{{written}}} {lines}")
        end = block.end
    return "".join((*parts, text[end:]))
