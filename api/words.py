"""What readers say of entries, as JSON comes in and goes out, and what a curator does with it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import pyoxigraph as ox
from pydantic import Field

from api.curation import Curator
from api.editing import EditIn, EditsIn, ValueIn, address, edit_of
from api.preconditions import Seen
from api.schemas import Out
from api.services import Services
from api.statements import Statements
from api.validity import expect_known
from ingest.curate import clean_edits
from ingest.feedback import Word, forget, keep, word, words
from ingest.merge import standing
from ontology.errors import InvalidParameter, UnknownEntity
from ontology.kinds import Iri


class WordIn(Out):
    """What a reader says of an entry; no name is asked for."""

    iri: str = Field(max_length=2_000, description="address of the entry")
    text: str = Field(min_length=3, max_length=2_000, description="in the reader's own words, without personal data")
    predicate: str | None = Field(
        default=None, max_length=500, description="the property that should say something else"
    )
    value: str | ValueIn | None = Field(default=None, description="what it should say: one value")
    lang: str = Field(default="", max_length=35, description="language of the value")


class KeptOut(Out):
    """What is kept of a reader's word: it waits for a curator."""

    id: str
    state: str = "draft"


class WordOut(Out):
    """A reader's word that waits."""

    id: str
    iri: Iri
    text: str
    created: datetime
    edit: EditIn | None = Field(description="what the reader proposes, as an edit that can be sent")


class WordsOut(Out):
    """Every word that waits, the oldest first."""

    waiting: list[WordOut]


class DecisionIn(Out):
    """What a curator makes of it."""

    decision: Literal["accept", "dismiss"]
    edits: list[EditIn] = Field(
        default=[], max_length=100, description="what to write instead of what the reader proposes"
    )


def take(services: Services, asked: WordIn) -> KeptOut:
    """Keep a reader's word of an entry that everybody sees.

    Raises:
        UnknownEntity: there is no such entry.
        InvalidParameter: the proposal is none, or there may be personal data in it.
        TooOften: too many wait already.
    """
    iri = standing(services.graph, services.settings.base_iri, address(asked.iri, "iri"))
    if not Statements([services.graph]).about(iri):
        raise UnknownEntity(f"There is no entity {iri}.", remedy="Look for it with /api/v1/search?q=...")
    return KeptOut(id=keep(services.writer, _word(iri, asked), agent=f"{services.settings.base_iri}agent/reader"))


def waiting(services: Services) -> WordsOut:
    """Every word that waits."""
    return WordsOut(waiting=[_out(it) for it in words(services.writer)])


def decide(curator: Curator, number: str, asked: DecisionIn) -> WordOut:
    """Write what is accepted as curation, and delete the word.

    Raises:
        UnknownEntity: it does not wait any more, or its entry is gone.
        InvalidEntity: what is proposed would break a shape; the word goes on waiting.
    """
    told = _out(word(curator.services.writer, number))
    edits = asked.edits or ([told.edit] if told.edit else [])
    if asked.decision == "accept" and edits:
        curator.patch(told.iri, EditsIn(edits=edits), Seen(None, given=True))
    forget(curator.services.writer, number, agent=curator.agent)
    return told


def _word(iri: Iri, asked: WordIn) -> Word:
    if (asked.predicate is None) != (asked.value is None):
        remedy = "Send both, or only the text."
        raise InvalidParameter("value", "A property and what it should say belong together.", remedy=remedy)
    if asked.predicate is None or asked.value is None:
        return Word(iri, asked.text)
    edit = edit_of(EditIn(predicate=asked.predicate, lang=asked.lang, values=[asked.value]))
    expect_known([edit])
    ((slot, values),) = clean_edits(iri, [edit]).items()
    return Word(iri, asked.text, Iri(slot.predicate.value), (values or (None,))[0])


def _out(found: Word) -> WordOut:
    edit = None
    if found.predicate is not None and found.value is not None:
        edit = EditIn(predicate=found.predicate, lang=_lang(found.value), values=[_value(found.value)])
    created = datetime.fromisoformat(found.created)
    return WordOut(id=found.id, iri=found.about, text=found.text, created=created, edit=edit)


def _lang(value: ox.NamedNode | ox.Literal) -> str:
    return (value.language or "") if isinstance(value, ox.Literal) else ""


def _value(value: ox.NamedNode | ox.Literal) -> str | ValueIn:
    if isinstance(value, ox.NamedNode):
        return ValueIn(iri=value.value)
    if value.language or value.datatype.value.endswith("#string"):
        return value.value
    return ValueIn(value=value.value, datatype=value.datatype.value)
