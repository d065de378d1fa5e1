"""What one asks of search, and what one gets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from language.folding import clean
from language.script import primary
from ontology.errors import InvalidParameter
from ontology.kinds import Iri, Kind
from ontology.model import LANGUAGES
from search.naming import Named

LONGEST_QUERY = 2000
MOST_HITS = 100
HIGHEST_GRADE = 20
HIGHEST_EVIDENCE = 4
#: What BCP 47 lets a language tag look like, roughly.
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,4}")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One page of one query.

    Attributes:
        query: What the user typed.
        lang: Language to show names and reasons in.
        kinds: Kinds of entity to find; None: all.
        content_lang: What an item is written in, ISO 639-1.
        role: Address or slug of a role: only what belongs to it.
        near: Address, `kind/slug` or name of an entity: only what is one or two links away from it.
        subject: Address or slug of a school subject.
        grade: School grade, 0 (kindergarten) to 20.
        min_evidence: Least research grade, 0-4.
        limit: Hits on a page, 1-100.
        cursor: The `next` of the page before; None: the first page.
        source: Name or address of the graph of one source, such as `source/notes.md`: only what it describes.
        min_field_evidence: Least grade of evidence from the field, 0-4.
        diversity: 0 ranks by relevance; up to 1, what is like a hit before it comes later.
    """

    query: str
    lang: str = "en"
    kinds: frozenset[Kind] | None = None
    content_lang: str | None = None
    role: str | None = None
    subject: str | None = None
    grade: int | None = None
    min_evidence: int | None = None
    limit: int = 10
    cursor: str | None = None
    near: str | None = None
    source: str | None = None
    min_field_evidence: int | None = None
    diversity: float = 0.0

    def checked_query(self) -> str:
        """The query without control characters, after every parameter was found to be in its range.

        Raises:
            InvalidParameter: one is not; names it.
        """
        check_range("limit", self.limit, 1, MOST_HITS)
        check_range("grade", self.grade, 0, HIGHEST_GRADE)
        check_range("min_evidence", self.min_evidence, 0, HIGHEST_EVIDENCE)
        check_range("min_field_evidence", self.min_field_evidence, 0, HIGHEST_EVIDENCE)
        check_range("diversity", self.diversity, 0, 1)
        if len(self.query) > LONGEST_QUERY:
            raise InvalidParameter(
                "q",
                f"The query has {len(self.query):,} characters; {LONGEST_QUERY:,} is the most.",
                remedy="Ask with the sentences that matter most.",
            )
        if not (query := clean(self.query)):
            raise InvalidParameter("q", "The query is empty.", remedy="Give at least one word.")
        if primary(self.lang) not in LANGUAGES:
            remedy = f"One of {', '.join(LANGUAGES)}; the query itself may be in any language."
            raise InvalidParameter("lang", f"{self.lang[:40]!r} is no language of names.", remedy=remedy)
        if self.content_lang and not _LANGUAGE_TAG.fullmatch(self.content_lang):
            raise InvalidParameter(
                "content_lang",
                f"{self.content_lang[:40]!r} is no language tag.",
                remedy="Write it as in he, ar or en-GB.",
            )
        return query

    @property
    def narrowed(self) -> bool:
        """Whether a filter leaves out what else might answer."""
        filters = (self.kinds, self.content_lang, self.role, self.near, self.subject, self.source, self.grade)
        return any(it is not None for it in (*filters, self.min_evidence, self.min_field_evidence))


class ReasonKind(StrEnum):
    """Why a hit is one."""

    LABEL = "label"
    NAME = "name"
    TERMS = "terms"
    GLOSS = "gloss"
    MEANING = "meaning"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a hit, as a sentence in the language asked for and in its parts.

    Attributes:
        label: The name that the query equals, or that has these words of it.
        terms: Words of the passage that the query says too, as the passage writes them.
        cosine: Cosine of query and passage, -1 to 1.
    """

    kind: ReasonKind
    sentence: str
    label: str | None = None
    terms: tuple[str, ...] = ()
    cosine: float | None = None


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """What made the score of a hit, each part on the scale of its own leg, which fusion evens out.

    Attributes:
        words: BM25 of the words of the query in the best passage; 0 where it has none of them.
        gloss: The same of its English glosses; None where the query has none.
        meaning: Cosine of query and passage, -1 to 1; None where meaning was not compared.
        named: Whether the query is exactly a name of the entity, which puts it above every other.
    """

    words: float = 0.0
    gloss: float | None = None
    meaning: float | None = None
    named: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One entity that answers.

    Attributes:
        lang: Language of the label.
        snippet_lang: Language of the snippet.
        highlights: Where the snippet says words of the query: first character, and the one behind the last, counted
            in Unicode code points.
        score: Greater is better; comparable within one result only.
        needs_review: The label has no source yet.
        statuses: Illustrative, proposed, unverified...: must be shown with the hit.
        parts: What the score is made of; None where only names were compared.
    """

    iri: Iri
    kind: Kind
    label: str
    lang: str
    snippet: str
    snippet_lang: str
    score: float
    because: tuple[Reason, ...]
    needs_review: bool = False
    statuses: tuple[str, ...] = ()
    highlights: tuple[tuple[int, int], ...] = ()
    parts: ScoreParts | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One step of a path through the graph."""

    subject: Iri
    predicate: Iri
    object: Iri


@dataclass(frozen=True, slots=True)
class Related:
    """An entity that the graph links to a hit, and is none itself.

    Attributes:
        sentence: The path in words, in the language asked for.
        path: The statements from the hit to it.
    """

    entity: Named
    sentence: str
    path: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class IndexUsed:
    """Which vectors answered, how far they had followed the ledger, and which index of all that there were it was."""

    name: str
    watermark: int
    generation: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits.

    Attributes:
        facets: Facet -> value -> how many of all the hits that can be paged to, not only of this page, have it. What
            lies near in meaning has no end, so these are counts of the best, never of the whole index.
        next: Cursor of the following page; None: this is the last.
        degraded: The encoder is not ready, or has too much to do, and only words were compared.
        answered: False where nothing fits well; the hits are then only the nearest that there is.
        did_you_mean: The query in words that are known here; None where its own are, or none is near.
        related: Graph neighbours of the best hits, which are not hits of this page; only with the first page.
        broader: Where nothing answers: the broader concepts that most of the nearest hits lie under.
    """

    query: str
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    next: str | None
    degraded: bool
    index: IndexUsed
    answered: bool = True
    did_you_mean: str | None = None
    related: tuple[Related, ...] = ()
    broader: tuple[Related, ...] = ()


def check_range(parameter: str, value: float | None, least: int, most: int) -> None:
    """Refuse a number outside its range; None is allowed.

    Raises:
        InvalidParameter: names the parameter, the number and the range.
    """
    if value is not None and not least <= value <= most:
        raise InvalidParameter(
            parameter, f"{parameter} is {value}.", remedy=f"It must be from {least} to {most}, or left out."
        )
