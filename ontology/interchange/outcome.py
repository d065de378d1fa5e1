"""What a mapping came to: triples, and an account in which nothing is missing.

For concepts and for links alike: what a file has = kept + dropped, and every dropped one has a problem that names its
place. docs/problems.md says what each code means.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import ftfy
import pyoxigraph as ox

from ontology.interchange.limits import is_too_long
from ontology.kinds import Kind
from ontology.model import Problem
from ontology.namespaces import RDF, SKOS
from ontology.text import clean, is_repaired, language_tag

_DESCRIBING = frozenset(map(ox.NamedNode, (RDF.type, SKOS.prefLabel)))


@dataclass(frozen=True, slots=True)
class Count:
    """How many concepts (things with a name) and links (relations between things)."""

    concepts: int = 0
    links: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.concepts + other.concepts, self.links + other.links)


@dataclass(frozen=True, slots=True)
class Mapped:
    """A file, mapped.

    Attributes:
        triples: What it says.
        problems: `E...` for each thing that was dropped, `W...` for each repair; in the order of the file.
        kept: What the triples hold.
        dropped: What of the file they do not.
    """

    triples: frozenset[ox.Triple]
    problems: tuple[Problem, ...]
    kept: Count
    dropped: Count

    @property
    def read(self) -> Count:
        """All that the account knows of; the tests hold it against counts of their own."""
        return self.kept + self.dropped


@dataclass(slots=True)
class Tally:
    """The account of a mapping while it runs.

    Attributes:
        file: Name for problems.
        base: Base IRI of this installation, whose addresses a file should not claim; "" where nobody asks.
        missing: What the file points at and does not describe, as far as it was told.
    """

    file: str
    base: str = ""
    problems: list[Problem] = field(default_factory=list)
    kept: Count = Count()
    dropped: Count = Count()
    missing: set[str] = field(default_factory=set)

    def keep_concept(self) -> None:
        """One concept is among the triples."""
        self.kept += Count(concepts=1)

    def keep_link(self) -> None:
        """One link is among the triples."""
        self.kept += Count(links=1)

    def drop_concept(self, code: str, place: str, message: str, remedy: str = "") -> None:
        """One concept is not among the triples, for this reason."""
        self.dropped += Count(concepts=1)
        self.note(code, place, message, remedy)

    def drop_link(self, code: str, place: str, message: str, remedy: str = "") -> None:
        """One link is not among the triples, for this reason."""
        self.dropped += Count(links=1)
        self.note(code, place, message, remedy)

    def drop_circle(self, child: str, parent: str, place: str) -> None:
        """One link up is not among the triples, because it would close a circle."""
        message = f"{child} under {parent} would close a circle; the link was left out"
        self.drop_link("E163", place, message, "Take one link of the circle out of the file.")

    def miss(self, iri: str, place: str) -> None:
        """W153 once for what the file points at and does not describe."""
        if iri not in self.missing:
            self.missing.add(iri)
            self.note("W153", place, f"The file does not describe {iri}; links to it were kept")

    def note(self, code: str, place: str, message: str, remedy: str = "") -> None:
        """Something the owner of the file should know."""
        self.problems.append(Problem(code, self.file, place, message, remedy))

    def text(self, written: str, place: str) -> str:
        """A text as it may be stored; W154 where it was encoded twice, W150 where control characters were taken out."""
        mended = _unmixed(written)
        if mended != written:
            self.note("W154", place, f"Text that was encoded twice was repaired: {written[:40]!r} is {mended[:40]!r}")
        cleaned = clean(mended)
        if is_repaired(mended, cleaned):
            self.note("W150", place, "Control characters were taken out of a text", "Remove them in the file.")
        return cleaned if cleaned == written or _unmixed(cleaned) == cleaned else self.text(cleaned, place)

    def language(self, written: str, place: str) -> str:
        """A language tag of today (`iw` is `he`), or "" after W155 where it is none."""
        tag = language_tag(written)
        if not tag:
            self.note("W155", place, f"{written[:40]!r} is no language tag; the text was kept without one")
        elif tag != written.lower():
            self.note("W156", place, f"The language tag {written!r} was written as {tag!r}")
        return tag

    def outcome(self, triples: Iterable[ox.Triple]) -> Mapped:
        """The account, closed; W189 for each text that is too long and that no mapping left out with its thing."""
        stated = frozenset(it for it in triples if self._is_short(it))  # first, because making them may still count
        self._tell_of_claims(stated)
        return Mapped(stated, tuple(self.problems), self.kept, self.dropped)

    def _is_short(self, triple: ox.Triple) -> bool:
        if not isinstance(triple.object, ox.Literal) or not is_too_long(triple.predicate.value, triple.object):
            return True
        about = triple.subject.value if isinstance(triple.subject, ox.NamedNode) else "document"
        self.note("W189", about, f"A text of {triple.predicate.value} is longer than is taken; it was left out")
        return False

    def _tell_of_claims(self, stated: Iterable[ox.Triple]) -> None:
        """W231 where the file describes things under addresses that entries of this installation have."""
        entries = tuple(f"{self.base}id/{kind}/" for kind in Kind) if self.base else ()
        described = {it.subject for it in stated if it.predicate in _DESCRIBING}
        named = (it.value for it in described if isinstance(it, ox.NamedNode))
        if claimed := sorted(iri for iri in named if iri.startswith(entries)):
            more = f", and of {len(claimed) - 1} more" if len(claimed) > 1 else ""
            message = f"The file claims the address of an entry here, {claimed[0]}{more}; what it says was kept"
            remedy = "Give your things addresses of your own, unless the file is an export of this installation."
            self.note("W231", claimed[0], message, remedy)


def _unmixed(text: str) -> str:
    """The text with every layer of double encoding undone."""
    mended = ftfy.fix_encoding(text)
    return text if mended == text else _unmixed(mended)
