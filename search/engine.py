"""Search: a query in any language to ranked entities, each with the reasons that made it a hit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Self

from graph.store import GraphStore
from language.analyzer import sparse_query
from language.encoder import Encoder
from language.labels import LabelEntry, LabelIndex
from language.lexicons import Lexicons
from language.script import primary
from ontology.errors import EncoderBusy, UnknownEntity
from ontology.kinds import Iri
from search.addressing import equal_names, find_any, named_by
from search.answers import Hit, IndexUsed, ScoreParts, SearchRequest, SearchResult
from search.cursor import fingerprint, read_cursor, write_cursor
from search.entities import label_entries, read_entities
from search.filtering import narrowed
from search.index import Candidate, Filter, Leg, VectorIndex
from search.offers import Asked, Offers
from search.parts import score_parts
from search.payload import strings_of
from search.question import Question, ask
from search.ranking import DIGITS, Ranked, deepen, facets, group, pin
from search.reading import read, said_in
from search.reasons import Called, reasons
from search.retrieval import candidates, in_english
from search.snippet import snippet, spans
from search.variety import likeness, varied

#: Passages that a ranking is made of; more cannot be paged to.
POOL = 100
#: Passages of the pools that a deep search goes on to, one after the other, until it has enough entities.
_DEEPER = (4_000, 16_000, 64_000)
#: Entities that one query can name exactly.
_PINS = 10


class SearchEngine:
    """Search over one index and the names of one graph.

    Args:
        graph: Where names, and what belongs to a role, are read.
        index: Passages of the graph's entities.
        encoder: None until it is loaded; set `encoder` when it is. Until then only words are compared.
        base: What addresses of entities begin with.
        data: Data folder, where an institute's own words may be; None: those that ship with Kesher are all.
    """

    def __init__(
        self, graph: GraphStore, index: VectorIndex, encoder: Encoder | None, base: str, data: Path | None = None
    ) -> None:
        self.encoder = encoder
        self.lexicons = Lexicons(data)
        self.labels = LabelIndex()
        self._graph = graph
        self._index = index
        self._base = base
        self._offers = Offers(graph, self.lexicons)
        self._renaming = Lock()  # two changes at once must not lose one another
        self.refresh()

    def over(self, index: VectorIndex, encoder: Encoder | None) -> Self:
        """The same names over another index. Whoever holds this engine goes on with the index that it began with."""
        other = copy(self)
        vars(other).update(_index=index, encoder=encoder)
        return other

    @property
    def index(self) -> VectorIndex:
        """What is searched."""
        return self._index

    @property
    def model(self) -> str:
        """Name of the encoder whose vectors are compared."""
        return self._index.name

    def refresh(self, iris: Iterable[Iri] | None = None) -> None:
        """Read the names of these entities (None: all) again. To be called after each change of the graph."""
        self._offers.forget()
        if iris is None:
            self.labels = LabelIndex(label_entries(read_entities(self._graph)))
            return
        touched = frozenset(iris)
        entries = list(label_entries(read_entities(self._graph, touched)))
        with self._renaming:
            self.labels = self.labels.replaced(touched, entries)

    def search(self, request: SearchRequest) -> SearchResult:
        """One page of the entities that answer a query best.

        Raises:
            InvalidParameter: a parameter is outside its range; names it.
            UnknownEntity: there is no such role or entity; names the nearest.
        """
        query = request.checked_query()
        where = narrowed(request, self._graph, self.labels, self._base)
        used = IndexUsed(self._index.name, self._index.watermark, self._index.generation)
        ranking = fingerprint(replace(request, cursor=None, limit=1), used)
        offset = read_cursor(request.cursor, ranking)
        question, degraded = self._question(query)
        ranked = self._varied(self._rank(question, where), request.diversity)
        page = ranked[offset : offset + request.limit]
        more = offset + request.limit < len(ranked)
        result = SearchResult(
            query=query,
            hits=self.hits(page, question, request.lang),
            facets=facets(ranked),
            next=write_cursor(ranking, offset + request.limit) if more else None,
            degraded=degraded,
            index=used,
        )
        asked = Asked(question, request.lang, tuple(it.best.text for it in ranked))
        return (
            result
            if offset
            else self._offers.beside(result, asked, self.labels, lambda query: self._best(query, where))
        )

    def _best(self, query: str, where: Filter) -> tuple[Question, tuple[Hit, ...]]:
        """The question that another query puts, and its best hits."""
        question, _ = self._question(query)
        return question, self.hits(self._rank(question, where)[:_PINS], question, "en")

    def _question(self, query: str) -> tuple[Question, bool]:
        """The question, and True where it is one of words alone: the encoder is not there, or has too much to do."""
        encoder = self.encoder
        try:
            return self._ask(query, encoder), encoder is None
        except EncoderBusy:
            return self._ask(query, None), True

    def _ask(self, query: str, encoder: Encoder | None) -> Question:
        reading = read(query, self.labels, self.lexicons, said_in(self._index))
        return ask(reading, encoder, self.lexicons, query)

    def deep(self, request: SearchRequest, wanted: int) -> tuple[Question, list[Ranked]]:
        """The question, and the best `wanted` entities for it; their first are those of `search`, in its order.

        A greater `wanted` never changes the order of what a smaller one gives. Errors are those of `search`, and:

        Raises:
            EncoderBusy: too many queries are being encoded; nothing is compared by words alone here.
        """
        question = self._ask(request.checked_query(), self.encoder)
        where = narrowed(request, self._graph, self.labels, self._base)
        ranked = self._rank(question, where)
        for pool in _DEEPER:
            if len(ranked) >= wanted:
                break
            found = self.candidates(question, where, pool)
            ranked = deepen(ranked, group(found))
            if len(found) < pool:
                break
        return question, ranked[:wanted]

    def hits(self, page: Sequence[Ranked], question: Question, lang: str) -> tuple[Hit, ...]:
        """Ranked entities as hits: with names, snippets and reasons in a language."""
        parts = score_parts(self._index, page, question)
        return tuple(self._hit(it, question, own, lang) for it, own in zip(page, parts, strict=True))

    def suggest(self, text: str, lang: str, limit: int = 10) -> list[LabelEntry]:
        """Names that a reader who has typed so far may mean; see `LabelIndex.suggest`."""
        return self.labels.suggest(text, lang, limit)

    def similar(self, iri: Iri, lang: str, limit: int = 10) -> tuple[Hit, ...]:
        """Entities whose passages are nearest to those of one entity, of any kind.

        Raises:
            UnknownEntity: there is nothing at this address.
        """
        name = self.labels.best(iri, "en")
        own = self._presented(name, Filter()) if name else []
        if not own:
            raise UnknownEntity(f"There is no entity {iri}.", remedy="`kesher search` finds what there is.")
        text = own[0].text
        vector = self._index.vectors([own[0].id]).get(own[0].id)
        question = Question(text, "", (Leg(sparse_query(text)),), vector)
        found = self.candidates(question, Filter())
        return self.hits([it for it in group(found) if it.iri != iri][:limit], question, lang)

    def address(self, named: str) -> Iri:
        """The address of the entity of any kind that is named by its address, `kind/slug`, or a name or slug.

        Raises:
            UnknownEntity: there is none; names the nearest.
        """
        return find_any(self.labels, self._base, named)

    def _rank(self, question: Question, where: Filter) -> list[Ranked]:
        return pin(group(self.candidates(question, where)), self._named(question.text, where))

    def _varied(self, ranked: list[Ranked], diversity: float) -> list[Ranked]:
        """The same entities in an order of more variety; what the query names exactly stays in front."""
        if not diversity:
            return ranked
        named, others = [it for it in ranked if it.pinned], [it for it in ranked if not it.pinned]
        vectors = self._index.vectors([it.best.id for it in others])
        alike = likeness([it.best.text for it in others], [vectors.get(it.best.id) for it in others])
        return [*named, *(others[it] for it in varied([it.score for it in others], alike, diversity))]

    def candidates(self, question: Question, where: Filter, pool: int = POOL) -> list[Candidate]:
        """The best passages for a question, best first."""
        return candidates(self._index, question, where, pool, self._translated)

    def _translated(self, found: Candidate) -> bool:
        """Whether the glosses of a question can find an entity: something of it is in English."""
        name = None if in_english(found) else self.labels.best(found.iri, "en")
        return name is None or primary(name.lang) == "en"

    def _named(self, query: str, where: Filter) -> list[Candidate]:
        """What the query names exactly and the filter lets through."""
        named = list({it.iri: it for it in reversed(named_by(self.labels, query))}.values())[::-1][:_PINS]
        return [found for it in named for found in self._presented(it, where)]

    def _presented(self, name: LabelEntry, where: Filter) -> list[Candidate]:
        """The passage that says a name of an entity; none where the filter keeps the entity out."""
        if where.iris is not None and name.iri not in where.iris:
            return []
        only = replace(where, iris=frozenset({name.iri}))
        return self._index.hybrid(dense=None, sparse=[Leg(sparse_query(name.text))], where=only, limit=1)

    def _hit(self, ranked: Ranked, question: Question, parts: ScoreParts, lang: str) -> Hit:
        found = ranked.best
        label = self.labels.best(found.iri, lang) or LabelEntry(found.iri, found.kind, found.iri, "")
        names = equal_names(self.labels, found.iri, question.text) if ranked.pinned else []
        heading = (self.labels.best(found.iri, found.lang) or label).text
        query = question.in_words_of(found.lang)
        shown = snippet(found.text, heading, query)
        return Hit(
            iri=found.iri,
            kind=found.kind,
            label=label.text,
            lang=label.lang,
            snippet=shown,
            snippet_lang=found.lang,
            score=round(ranked.score, DIGITS),
            because=reasons(found, question, Called(names, heading, label.text), parts.meaning, lang),
            needs_review=label.needs_review,
            statuses=strings_of(found.payload, "statuses"),
            highlights=spans(shown, query),
            parts=parts,
        )
