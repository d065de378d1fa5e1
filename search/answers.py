"""What one asks of search, and what one gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from language.folding import clean
from ontology.errors import InvalidParameter
from ontology.kinds import Iri, Kind

LONGEST_QUERY = 2000
MOST_HITS = 100
HIGHEST_GRADE = 20
HIGHEST_EVIDENCE = 4


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One page of one query.

    Attributes:
        query: What the user typed.
        lang: Language to show names and reasons in.
        kinds: Kinds of entity to find; None: all.
        content_lang: What an item is written in, ISO 639-1.
        role: Address or slug of a role: only what belongs to it.
        subject: Address or slug of a school subject.
        grade: School grade, 0 (kindergarten) to 20.
        min_evidence: Least research grade, 0-4.
        limit: Hits on a page, 1-100.
        cursor: The `next` of the page before; None: the first page.
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

    def checked_query(self) -> str:
        """The query without control characters, after every parameter was found to be in its range.

        Raises:
            InvalidParameter: one is not; names it.
        """
        check_range("limit", self.limit, 1, MOST_HITS)
        check_range("grade", self.grade, 0, HIGHEST_GRADE)
        check_range("min_evidence", self.min_evidence, 0, HIGHEST_EVIDENCE)
        if len(self.query) > LONGEST_QUERY:
            raise InvalidParameter(
                "q",
                f"The query has {len(self.query):,} characters; {LONGEST_QUERY:,} is the most.",
                remedy="Ask with the sentences that matter most; `kesher connect` takes whole texts.",
            )
        if not (query := clean(self.query)):
            raise InvalidParameter("q", "The query is empty.", remedy="Give at least one word.")
        return query


class ReasonKind(StrEnum):
    """Why a hit is one."""

    LABEL = "label"
    TERMS = "terms"
    GLOSS = "gloss"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a hit, as a sentence in the language asked for and in its parts.

    Attributes:
        label: The name that the query equals.
        terms: Words of the passage that the query says too, as the passage writes them.
        cosine: Cosine of query and passage, -1 to 1.
    """

    kind: ReasonKind
    sentence: str
    label: str | None = None
    terms: tuple[str, ...] = ()
    cosine: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One entity that answers.

    Attributes:
        lang: Language of the label.
        snippet_lang: Language of the snippet.
        score: Greater is better; comparable within one result only.
        needs_review: The label has no source yet.
        statuses: Illustrative, proposed, unverified...: must be shown with the hit.
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
        facets: Facet -> value -> how many of all hits, not only of this page, have it.
        next: Cursor of the following page; None: this is the last.
        degraded: The encoder is not ready, or has too much to do, and only words were compared.
    """

    query: str
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    next: str | None
    degraded: bool
    index: IndexUsed


def check_range(parameter: str, value: int | None, least: int, most: int) -> None:
    """Refuse a number outside its range; None is allowed.

    Raises:
        InvalidParameter: names the parameter, the number and the range.
    """
    if value is not None and not least <= value <= most:
        raise InvalidParameter(
            parameter, f"{parameter} is {value}.", remedy=f"It must be from {least} to {most}, or left out."
        )
