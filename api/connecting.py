"""Practice and research, connected: the body of the answer, for HTTP and `--json` alike, and texts out of files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from api.schemas import Out, StepOut
from language.linking import Span
from ontology.errors import UnreadableFile
from ontology.kinds import Kind
from search.answers import IndexUsed
from search.connections import LONGEST_TEXT, Connection, Connections, Mention, Side
from search.naming import Named

#: UTF-8 takes at most four bytes a character.
_MOST_BYTES = 4 * LONGEST_TEXT


class GroundOut(Out):
    """One reason: a sentence, the words of the text that caused it, and the statements that lead on from there."""

    sentence: str
    span: Span | None = Field(description="null where the stored entity itself is linked")
    path: list[StepOut] = Field(description="empty where the passages themselves meet")
    contribution: float


class ConnectionOut(Out):
    """An entity of the other side; `score` is the sum of the contributions and of `further`."""

    entity: Named
    score: float
    because: list[GroundOut]
    further: float


class ConnectionsOut(Out):
    """What practice and research have to say to a text or an entity. A kind that was not asked for is null."""

    entity: Named | None
    text: str | None = Field(description="the stored text that spans are places of; null for a text that was sent")
    to: list[Side]
    answered: bool = Field(description="false where nothing fits; only `nearest` then has entries")
    degraded: bool = Field(description="meaning was not compared")
    concepts: list[Mention] = Field(description="what the text names")
    sources: list[ConnectionOut] | None = Field(description="studies that speak to it")
    tools: list[ConnectionOut] | None = Field(description="tools that speak to it, or put it to work")
    roles: list[ConnectionOut] | None = Field(description="roles that should know it")
    practices: list[ConnectionOut] | None = Field(description="practice records that it explains")
    nearest: list[ConnectionOut]
    index: IndexUsed


def connections_out(found: Connections) -> ConnectionsOut:
    """The body of an answer."""
    kinds = {kind: _each(own) for kind, own in found.found.items()}
    return ConnectionsOut(
        entity=found.entity,
        text=found.text,
        to=list(found.to),
        answered=found.answered,
        degraded=found.degraded,
        concepts=list(found.concepts),
        sources=kinds.get(Kind.SOURCE),
        tools=kinds.get(Kind.TOOL),
        roles=kinds.get(Kind.ROLE),
        practices=kinds.get(Kind.PRACTICE),
        nearest=_each(found.nearest),
        index=found.index,
    )


def text_of(file: Path) -> str:
    """The text of a UTF-8 file.

    Raises:
        UnreadableFile: it cannot be opened, is too long, or is not in UTF-8; never repeats what is in it.
    """
    try:
        with file.open("rb") as opened:
            taken = opened.read(_MOST_BYTES + 1)
        if len(taken) > _MOST_BYTES:
            raise _unreadable(file, "it is too long", f"Connect at most {LONGEST_TEXT:,} characters at a time.")
        return taken.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        remedy = "Save it as text in UTF-8; Word, PDF and other files go through `kesher ingest`."
        raise _unreadable(file, f"byte {error.start} is not UTF-8", remedy) from None
    except OSError as error:
        raise _unreadable(file, error.strerror or "it cannot be opened", "Name a file of text.") from error


def _unreadable(file: Path, why: str, remedy: str) -> UnreadableFile:
    return UnreadableFile(f"{file} cannot be read: {why}.", place=str(file), problem="E-UNREADABLE", remedy=remedy)


def _each(found: Iterable[Connection]) -> list[ConnectionOut]:
    return [_connection(it) for it in found]


def _connection(found: Connection) -> ConnectionOut:
    because = [
        GroundOut(
            sentence=it.sentence,
            span=it.span,
            path=[StepOut(subject=o.subject, predicate=o.predicate, object=o.object, source=o.graph) for o in it.path],
            contribution=it.contribution,
        )
        for it in found.because
    ]
    return ConnectionOut(entity=found.entity, score=found.score, because=because, further=found.further)
