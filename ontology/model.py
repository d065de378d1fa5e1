"""The domain's types: frozen, slotted, free of any store.

Shapes follow the standards they come from: SKOS for labels, PROV for where a statement comes from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ontology.kinds import Iri, Kind

LANGUAGES = ("en", "he", "ar")


class Certainty(StrEnum):
    """How sure a label is; it rises only by a source that shows the term."""

    SURE = "sure"
    LIKELY = "likely"
    UNCERTAIN = "uncertain"


def certainty_of(written: str) -> Certainty:
    """The certainty that a label node states; what it states otherwise is none to rely on."""
    return Certainty(written) if written in set(Certainty) else Certainty.UNCERTAIN


@dataclass(frozen=True, slots=True)
class Text:
    """A literal with its BCP 47 language tag; the tag is empty where the source gives none."""

    text: str
    lang: str


@dataclass(frozen=True, slots=True)
class Label:
    """A name of an entity. Only `sure` labels are free of the needs-review mark."""

    text: str
    lang: str
    preferred: bool = True
    certainty: Certainty = Certainty.SURE

    @property
    def needs_review(self) -> bool:
        """True until a source shows the term."""
        return self.certainty is not Certainty.SURE


@dataclass(frozen=True, slots=True)
class Link:
    """One statement between two entities, with the named graph that makes it."""

    subject: Iri
    predicate: Iri
    object: Iri
    graph: Iri


@dataclass(frozen=True, slots=True)
class Entity:
    """What search, pages and recommendation need to know of one thing.

    Attributes:
        content_languages: Languages the item itself is written in; empty means any.
        subjects: School subjects it serves; empty means all.
        grades: Lowest and highest grade, inclusive, 0 is kindergarten; None where it does not apply.
        research_grade: 0-4, from research; None where nobody has graded it.
        field_grade: 0-4, from field experience; never merged with the former.
        statuses: Local names of its ks:status values (illustrative, proposed, unverified...).
    """

    iri: Iri
    kind: Kind
    labels: tuple[Label, ...]
    descriptions: tuple[Text, ...] = ()
    content_languages: tuple[str, ...] = ()
    subjects: tuple[Iri, ...] = ()
    grades: tuple[int, int] | None = None
    research_grade: int | None = None
    field_grade: int | None = None
    statuses: tuple[str, ...] = ()

    def label(self, lang: str) -> Label:
        """The best name for a reader of `lang`: preferred before alternative, then English, then any."""
        if not self.labels:
            return Label(self.iri, "", certainty=Certainty.SURE)
        wanted = {lang: 0, "en": 1, "": 2}
        return min(self.labels, key=lambda it: (not it.preferred, wanted.get(it.lang, 3)))


@dataclass(frozen=True, slots=True)
class Change:
    """What one acknowledged write touched: the unit that derived stores follow.

    Attributes:
        sequence: Its number in the ledger; strictly increasing.
        iris: The subjects whose statements changed; None means "unknown: look at everything".
    """

    sequence: int
    iris: frozenset[Iri] | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with one record of the input, said so that its owner can mend it.

    Attributes:
        code: Stable, `E...` when the record was refused, `W...` when it was taken with a repair.
        place: Where inside the file: "line 12", "row 3", "record smith2010".
    """

    code: str
    file: str
    place: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The account of one ingestion: read = committed + skipped + failed, always."""

    read: int = 0
    committed: int = 0
    skipped: int = 0
    failed: int = 0
    changed_triples: int = 0
    encoded: int = 0
    problems: tuple[Problem, ...] = field(default_factory=tuple)

    def __add__(self, other: Report) -> Report:
        return Report(
            self.read + other.read,
            self.committed + other.committed,
            self.skipped + other.skipped,
            self.failed + other.failed,
            self.changed_triples + other.changed_triples,
            self.encoded + other.encoded,
            self.problems + other.problems,
        )
