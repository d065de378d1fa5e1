"""Semantic search in a query from outside: its search blocks are answered here, before any worker sees it.

The text is `graph`'s and the search is `search`'s; this is where they meet. A query that uses neither a block nor
ks:similarity passes through to the gate as it is.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import pyoxigraph as ox

from api.services import Services
from graph import gate
from graph.block_finder import expect_inside, read_blocks
from graph.comparisons import read_comparisons
from graph.diagnosis import error_at
from graph.lexer import Token, tokens
from graph.naming import prefixes_of
from graph.search_blocks import ADDRESS, Column, SearchBlock, with_rows, without_address
from graph.vector_files import Comparisons
from language.encoder import Encoder
from language.folding import clean
from language.lexicons import Lexicons
from ontology.errors import BadInput, NotFound, NotReady, QueryTimeout
from ontology.namespaces import KS
from search.answers import LONGEST_QUERY, Hit, SearchRequest
from search.engine import SearchEngine
from search.entity_vectors import entity_vectors
from search.index import VectorIndex
from search.question import Question, ask
from search.ranking import DIGITS, Ranked

#: A query without any of these words has nothing to do with search, or is refused as every other would be.
_WORDS = (ADDRESS, "similarity", "ks:query", str(KS.query))
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})

Row: TypeAlias = Sequence[ox.NamedNode | ox.Literal]
_Found: TypeAlias = tuple[Question, list[Ranked]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query that is ready for the cage.

    Attributes:
        text: What any store can run.
        sent: The query as it came, where the gate has read it and `text` is what came of it; else empty.
        comparisons: What ks:similarity needs.
        headers: What the answer must say of the model and the index that were used.
    """

    text: str
    sent: str = ""
    comparisons: Comparisons | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: _NO_HEADERS)


def searches(text: str) -> bool:
    """False for a query that has nothing to do with search; most are told by their words."""
    return any(it in text for it in _WORDS)


def prepared(services: Services, text: str) -> Prepared:
    """Check a query that may search at the gate, and answer what in it is search. Another one is left to the cage.

    Raises:
        ForbiddenQuery, QueryTooComplex, MalformedQuery: as `gate.check`; or a search in it is not as it should be.
        BadInput: it compares meanings, and the store is a remote one.
        NotReady: it searches or compares, and the encoder or the index is not there yet.
        QueryTimeout: its searches alone took all its time.
    """
    if not searches(text):
        return Prepared(text)
    gate.check_size(text)
    words = list(tokens(text))
    prefixes = prefixes_of(words)
    blocks = read_blocks(text, words, prefixes)
    gate.check(without_address(text, blocks))
    expect_inside(text, words, prefixes, blocks)
    compares, texts = read_comparisons(text, words, prefixes)
    if not (blocks or compares):
        return Prepared(text)
    engine = services.search.with_meaning()  # one for all: another index may take the place meanwhile
    headers = _state(services, engine.index)
    comparisons = _comparisons(services, engine, text, texts) if compares else None
    return Prepared(with_rows(text, _answers(services, engine, text, blocks)), text, comparisons, headers)


def _state(services: Services, index: VectorIndex) -> Mapping[str, str]:
    """The model and the state of the index, before anything is read from it."""
    if not index.watermark:
        raise NotReady("The index is still being made.", remedy="Try again in a minute.")
    state = f"watermark={index.watermark}, ledger={services.ledger.last}"
    return {"Kesher-Model": index.name, "Kesher-Index": state}


def _answers(
    services: Services, engine: SearchEngine, text: str, blocks: Iterable[SearchBlock]
) -> Iterator[tuple[SearchBlock, list[Row]]]:
    """Each block with its rows. What two blocks ask alike is searched once."""
    seconds = services.settings.sparql_timeout_s
    deadline = time.monotonic() + seconds
    found: dict[SearchBlock, _Found] = {}
    for block in blocks:
        if time.monotonic() > deadline:
            raise QueryTimeout(f"The searches of the query took {seconds:g} s, its time limit.", remedy="Ask in parts.")
        asked = replace(block, start=0, opening=0, end=0, entity="", columns=())
        if asked not in found:
            found[asked] = _search(engine, text, block)
        yield block, _rows(engine, block, *found[asked])


def _search(engine: SearchEngine, text: str, block: SearchBlock) -> _Found:
    request = SearchRequest(
        block.query,
        kinds=block.kinds,
        content_lang=block.content_lang,
        role=block.role,
        subject=block.subject,
        min_evidence=block.min_evidence,
    )
    try:
        return engine.deep(request, block.limit)
    except (BadInput, NotFound) as refused:  # a role that is none, say: in a query, its text is what is wrong
        raise error_at(text, block.start, refused.message, refused.remedy) from refused


def _rows(engine: SearchEngine, block: SearchBlock, question: Question, ranked: Sequence[Ranked]) -> list[Row]:
    columns = [column for column, _ in block.columns]
    told = {Column.SNIPPET, Column.BECAUSE}.intersection(columns)
    hits = engine.hits(ranked, question, block.lang) if told else ()
    cells: dict[Column, list[ox.Literal]] = {
        Column.SCORE: [ox.Literal(round(it.score, DIGITS)) for it in ranked],
        Column.RANK: [ox.Literal(rank) for rank in range(1, len(ranked) + 1)],
        Column.MODEL: [ox.Literal(engine.model)] * len(ranked),
        Column.SNIPPET: [ox.Literal(it.snippet, language=it.snippet_lang) for it in hits],
        Column.BECAUSE: [ox.Literal(_sentences(it), language=block.lang) for it in hits],
    }
    entities = [ox.NamedNode(it.iri) for it in ranked]
    return list(zip(entities, *(cells[column] for column in columns), strict=True))


def _sentences(hit: Hit) -> str:
    return " ".join(it.sentence for it in hit.because)


def _comparisons(services: Services, engine: SearchEngine, text: str, texts: Mapping[str, Token]) -> Comparisons:
    if services.settings.graph_query_url:
        raise BadInput(
            "ks:similarity is computed beside the embedded store, and this service works with a remote one.",
            remedy="Search with SERVICE <urn:kesher:search> { ... }, which works with every store.",
        )
    index, encoder = engine.index, engine.encoder
    if encoder is None:
        raise NotReady("The encoder is not loaded.", remedy="Try again in a minute.")
    file = services.vector_files.current((index.generation, index.watermark), lambda: entity_vectors(index))
    vectors = {it: _vector(encoder, engine.lexicons, text, it, token) for it, token in texts.items()}
    return Comparisons(file, vectors)


def _vector(encoder: Encoder, lexicons: Lexicons, text: str, value: str, token: Token) -> bytes:
    """The vector of a constant text, by its glosses where it is in Hebrew or Arabic."""
    if len(value) > LONGEST_QUERY:
        problem = f"the text has {len(value):,} characters; {LONGEST_QUERY:,} is the most."
        raise error_at(text, token.start, problem, "Compare with the sentences that matter most.")
    dense = ask(clean(value), encoder, lexicons).dense
    if dense is None:
        languages = ", ".join(sorted(encoder.languages))
        problem = f"the text cannot be compared: the encoder reads {languages}, and the lexicon knows no word of it."
        raise error_at(text, token.start, problem, "Write it in English, or search for it: a search compares words.")
    return dense.astype(np.float32).tobytes()
