"""Search: a query in any language to ranked entities, each with the reasons that made it a hit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Self
from uuid import UUID

import pyoxigraph as ox

from graph.store import GraphStore
from language.affixes import without_prefix
from language.analyzer import sparse_query
from language.encoder import Encoder, Vector
from language.folding import key, keys
from language.labels import LabelEntry, LabelIndex
from language.lexicons import Lexicons
from language.script import language_of, primary
from ontology.errors import EncoderBusy, UnknownEntity
from ontology.kinds import Iri, Kind
from search.addressing import described, find, find_subject
from search.answers import Hit, IndexUsed, SearchRequest, SearchResult
from search.cursor import fingerprint, read_cursor, write_cursor
from search.entities import label_entries, read_entities
from search.index import Candidate, Filter, Leg, VectorIndex
from search.question import Question, ask
from search.ranking import DIGITS, Ranked, deepen, facets, group, pin
from search.reading import read, said_in
from search.reasons import reasons
from search.retrieval import candidates, in_english
from search.snippet import snippet
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
            UnknownEntity: there is no such role; names the nearest.
        """
        query = request.checked_query()
        where = self._filter(request)
        used = IndexUsed(self._index.name, self._index.watermark, self._index.generation)
        ranking = fingerprint(replace(request, cursor=None, limit=1), used)
        offset = read_cursor(request.cursor, ranking)
        question, degraded = self._question(query)
        ranked = self._varied(self._rank(question, where), request.diversity)
        page = ranked[offset : offset + request.limit]
        more = offset + request.limit < len(ranked)
        return SearchResult(
            query=query,
            hits=self.hits(page, question, request.lang),
            facets=facets(ranked),
            next=write_cursor(ranking, offset + request.limit) if more else None,
            degraded=degraded,
            index=used,
        )

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
        where = self._filter(request)
        ranked = self._rank(question, where)
        for pool in _DEEPER:
            if len(ranked) >= wanted:
                break
            found = self._candidates(question, where, pool)
            ranked = deepen(ranked, group(found))
            if len(found) < pool:
                break
        return question, ranked[:wanted]

    def hits(self, page: Sequence[Ranked], question: Question, lang: str) -> tuple[Hit, ...]:
        """Ranked entities as hits: with names, snippets and reasons in a language."""
        vectors: Mapping[UUID, Vector] = {}
        if question.dense is not None:
            vectors = self._index.vectors([it.best.id for it in page])
        return tuple(self._hit(it, question, vectors.get(it.best.id), lang) for it in page)

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
        found = self._candidates(question, Filter())
        return self.hits([it for it in group(found) if it.iri != iri][:limit], question, lang)

    def _filter(self, request: SearchRequest) -> Filter:
        return Filter(
            kinds=request.kinds,
            content_lang=primary(request.content_lang) if request.content_lang else None,
            subject=find_subject(self.labels, self._base, request.subject) if request.subject else None,
            grade=request.grade,
            min_research_grade=request.min_evidence,
            min_field_grade=request.min_field_evidence,
            iris=self._within(request),
        )

    def _within(self, request: SearchRequest) -> frozenset[Iri] | None:
        """What belongs to a role and what a source describes, where they are asked for."""
        found: list[frozenset[Iri]] = []
        if request.role:
            found.append(self._belonging_to(request.role))
        if request.source:
            found.append(described(self._graph, self._base, request.source))
        return frozenset.intersection(*found) if found else None

    def _belonging_to(self, role: str) -> frozenset[Iri]:
        iri = find(self.labels, self._base, Kind.ROLE, role)
        rows = self._graph.select("role-neighbourhood", role=ox.NamedNode(iri))
        return frozenset(Iri(it["entity"].value) for it in rows)

    def _rank(self, question: Question, where: Filter) -> list[Ranked]:
        return pin(group(self._candidates(question, where)), self._named(question.text, where))

    def _varied(self, ranked: list[Ranked], diversity: float) -> list[Ranked]:
        """The same entities in an order of more variety; what the query names exactly stays in front."""
        if not diversity:
            return ranked
        named, others = [it for it in ranked if it.pinned], [it for it in ranked if not it.pinned]
        vectors = self._index.vectors([it.best.id for it in others])
        alike = likeness([it.best.text for it in others], [vectors.get(it.best.id) for it in others])
        return [*named, *(others[it] for it in varied([it.score for it in others], alike, diversity))]

    def _candidates(self, question: Question, where: Filter, pool: int = POOL) -> list[Candidate]:
        return candidates(self._index, question, where, pool, self._translated)

    def _translated(self, found: Candidate) -> bool:
        """Whether the glosses of a question can find an entity: something of it is in English."""
        name = None if in_english(found) else self.labels.best(found.iri, "en")
        return name is None or primary(name.lang) == "en"

    def _named(self, query: str, where: Filter) -> list[Candidate]:
        """What the query names exactly and the filter lets through."""
        entries = {it.iri: it for it in reversed(self._names(query))}
        named = list(entries.values())[::-1][:_PINS]
        return [found for it in named for found in self._presented(it, where)]

    def _names(self, query: str) -> list[LabelEntry]:
        """Names that the query is, as it stands or else without a prefix written together with its first word."""
        shorter = map(self.labels.exact, without_prefix(key(query), language_of(query)))
        return self.labels.exact(query) or next(filter(None, shorter), [])

    def _presented(self, name: LabelEntry, where: Filter) -> list[Candidate]:
        """The passage that says a name of an entity; none where the filter keeps the entity out."""
        if where.iris is not None and name.iri not in where.iris:
            return []
        only = replace(where, iris=frozenset({name.iri}))
        return self._index.hybrid(dense=None, sparse=[Leg(sparse_query(name.text))], where=only, limit=1)

    def _hit(self, ranked: Ranked, question: Question, vector: Vector | None, lang: str) -> Hit:
        found = ranked.best
        label = self.labels.best(found.iri, lang) or LabelEntry(found.iri, found.kind, found.iri, "")
        names = self._equal_names(found.iri, question.text) if ranked.pinned else []
        cosine = None if vector is None or question.dense is None else float(vector @ question.dense)
        heading = self.labels.best(found.iri, found.lang) or label
        return Hit(
            iri=found.iri,
            kind=found.kind,
            label=label.text,
            lang=label.lang,
            snippet=snippet(found.text, heading.text, question.in_words_of(found.lang)),
            snippet_lang=found.lang,
            score=round(ranked.score, DIGITS),
            because=reasons(found, question, names, cosine, lang),
            needs_review=label.needs_review,
            statuses=_strings(found.payload.get("statuses")),
        )

    def _equal_names(self, iri: Iri, query: str) -> list[str]:
        """The names of an entity that equal the query; the query itself where it is the address."""
        own = [it.text for it in self._names(query) if it.iri == iri]
        forms = {key(query), *without_prefix(key(query), language_of(query))}
        return [it for it in own if forms & keys(it)] or [query]


def _strings(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
