"""What one asks of the connection between practice and research, and what one gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from language.folding import clean
from language.linking import Span
from language.script import primary
from ontology.errors import InvalidParameter
from ontology.kinds import Kind
from ontology.model import LANGUAGES, Link
from search.answers import IndexUsed, check_range
from search.naming import Named

#: Characters of a text: some ten pages, or a long abstract twenty times.
LONGEST_TEXT = 20_000
MOST_CONNECTIONS = 50
#: The part of a text that control characters may be before it is taken for something else.
_CONTROLS = 0.01


class Side(StrEnum):
    """The two sides: what is done in schools, and what was found out about it."""

    PRACTICE = "practice"
    RESEARCH = "research"


#: What answers on each side: studies and tools that speak to a practice; roles that should know a study, tools that
#: put it to work, practices that it explains.
ANSWERS: Mapping[Side, tuple[Kind, ...]] = MappingProxyType(
    {Side.RESEARCH: (Kind.SOURCE, Kind.TOOL), Side.PRACTICE: (Kind.ROLE, Kind.TOOL, Kind.PRACTICE)}
)


@dataclass(frozen=True, slots=True)
class ConnectRequest:
    """A text or a stored entity, and the side to connect it to.

    Attributes:
        text: Anything that somebody wrote: an episode, a lesson note, an abstract. It is read and forgotten.
        entity: Address, `kind/slug` or name of a stored entity, in place of a text.
        to: None: the other side of a practice record or a study, and both sides for all else.
        lang: Language of names and sentences.
        limit: Answers of each kind, 1-50.
    """

    text: str = ""
    entity: str = ""
    to: Side | None = None
    lang: str = "en"
    limit: int = 5

    def check(self) -> None:
        """Return if everything is in its range.

        Raises:
            InvalidParameter: it is not; names the parameter, and never repeats the text.
        """
        check_range("limit", self.limit, 1, MOST_CONNECTIONS)
        if primary(self.lang) not in LANGUAGES:
            remedy = f"One of {', '.join(LANGUAGES)}; the text itself may be in any language."
            raise InvalidParameter("lang", f"{self.lang[:40]!r} is no language of names.", remedy=remedy)
        if self.text and self.entity:
            raise InvalidParameter("entity", "Both a text and an entity are given.", remedy="Give one of the two.")
        for parameter, given in (("text", self.text), ("entity", self.entity)):
            if any("\ud800" <= it <= "\udfff" for it in given):  # JSON can say half a character
                told = "Half of a character stands alone (a surrogate)."
                raise InvalidParameter(parameter, told, remedy="Send whole characters, in UTF-8.")
        if not self.entity:
            _check_text(self.text)


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason for an answer.

    Attributes:
        sentence: In the reader's language.
        span: The words of the text that caused it; None where the stored entity itself is linked.
        path: The statements from what these words are about to the answer; empty where the passages themselves meet.
        contribution: Its part of the score.
    """

    sentence: str
    span: Span | None
    path: tuple[Link, ...]
    contribution: float


@dataclass(frozen=True, slots=True)
class Connection:
    """An entity of the other side.

    Attributes:
        score: The sum of the contributions in `because` and of `further`; comparable within one kind of one answer.
        because: The strongest reasons, greatest contribution first.
        further: What all other reasons contribute together.
    """

    entity: Named
    score: float
    because: tuple[Ground, ...]
    further: float


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that the text names.

    Attributes:
        confidence: As the linker gives it, 0 to 1.
        method: What proposed it, with its version.
    """

    entity: Named
    span: Span
    confidence: float
    method: str


@dataclass(frozen=True, slots=True)
class Connections:
    """What practice and research have to say to a text or an entity.

    Attributes:
        entity: The stored entity; None for a text.
        text: The stored text that the spans are places of; None for a text that was given, which is not repeated.
        to: The sides that were asked.
        answered: False where nothing fits: all lists are then empty but `nearest`.
        degraded: Meaning was not compared, because the encoder is not there or has too much to do.
        nearest: Where nothing fits, the nearest that there is.
    """

    entity: Named | None
    text: str | None
    to: tuple[Side, ...]
    answered: bool
    degraded: bool
    concepts: tuple[Mention, ...]
    found: Mapping[Kind, tuple[Connection, ...]]
    nearest: tuple[Connection, ...]
    index: IndexUsed


def _check_text(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise InvalidParameter(
            "text",
            f"The text has {len(text):,} characters; {LONGEST_TEXT:,} is the most.",
            remedy="Connect it in parts: an episode, a section or an abstract at a time.",
        )
    controls = sum(it < " " and it not in "\t\n\r\f\v" for it in text)
    if "\0" in text or controls > len(text) * _CONTROLS:
        remedy = "Give the words themselves; `kesher ingest` reads Word, PDF and other files."
        raise InvalidParameter("text", "This is no text: it has control characters.", remedy=remedy)
    if not any(it.isalpha() for it in clean(text)):
        raise InvalidParameter("text", "The text has no words.", remedy="Give a sentence or more.")
