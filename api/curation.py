"""What a curator does to an entry, step by step the same for routes and commands: look, judge, write, follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from api.clearing import today
from api.editing import EditsIn, address, edits_of
from api.preconditions import Seen
from api.schemas import FaultOut
from api.services import Services
from api.tokens import Principal, Scope
from api.validity import expect_known, expect_valid, faults
from ingest.curate import Edit, curate, etag, foreseen
from ingest.evidence import evidence_in, kinds_of
from ingest.ledger import Dataset
from ingest.lifecycle import (
    RECORD_DRAFTS,
    State,
    begun,
    draft_name,
    draft_of,
    edited,
    expect_step,
    publish,
    reinstate,
    retire,
    save,
    state_of,
    whole,
)
from ingest.practice import PRACTICE, STATUS, TYPE
from ontology.errors import InvalidEntity, InvalidParameter, MissingScope, WrongState
from ontology.kinds import CLASS_OF, Iri, Kind, slug_of

_SHOWN = State.PUBLISHED, State.RETIRED


@dataclass(frozen=True, slots=True)
class Curator:
    """Somebody who writes entries by hand.

    Attributes:
        agent: Who it is, for the ledger.
        records: May read practice records that not everybody sees, and so write drafts of them.
        lang: Language of what is told about faults.
    """

    services: Services
    agent: Iri
    records: bool
    lang: str = "en"

    @classmethod
    def of(cls, services: Services, principal: Principal, lang: str) -> Curator:
        """Who holds a token."""
        return cls(services, principal.agent, principal.may(Scope.READ_PRIVATE), lang)

    def put(self, kind: str, slug: str, asked: EditsIn, seen: Seen) -> bool:
        """Make a draft, or replace all that is written by hand of an entry that is there; True if it is new.

        Raises:
            InvalidParameter, InvalidEntity, MissingPrecondition, StaleEdit, WrongState: and nothing is changed.
        """
        iri = self._address(kind, slug)
        edits, state = self._edits(asked), self._state(iri)
        expect_one_step(state, asked)
        if state in _SHOWN:
            self._change(iri, whole(self.services.writer, iri, edits), seen.expect_given())
            self.services.search.follow()
            return False
        if state is State.ABSENT:
            seen.expect_absent()
        nothing = (etag(self.services.writer, iri, Dataset.PRIVATE),)
        tags = nothing if state is State.ABSENT else seen.expect_given()
        self._draft(iri, begun(iri, CLASS_OF[Kind(kind)], edits), tags, asked)
        return state is State.ABSENT

    def patch(self, iri: Iri, asked: EditsIn, seen: Seen, *, private: bool = False) -> None:
        """Edit some properties of an entry, or move it to another state.

        Raises:
            UnknownEntity, InvalidParameter, InvalidEntity: nothing is changed.
            MissingPrecondition, StaleEdit, WrongState: nothing is changed.
        """
        tags, edits = seen.expect_given(), self._edits(asked)
        if not edits and asked.status is None:
            raise InvalidParameter("edits", "The request asks for no change.", remedy="Send edits, labels or a status.")
        state = self._state(iri)
        expect_one_step(state, asked)
        if private:
            curate(self.services.writer, iri, self._judged(iri, edits, Dataset.PRIVATE), agent=self.agent,
                   expected=tags, dataset=Dataset.PRIVATE)  # fmt: skip
            return
        if edits and state is State.DRAFT:
            self._draft(iri, edited(draft_of(self.services.writer, iri), iri, edits), tags, asked)
        elif edits:
            self._change(iri, edits, tags)
        else:
            self._become(iri, asked, tags)
        self.services.search.follow()

    def delete(self, iri: Iri, seen: Seen, replaced_by: str | None = None) -> bool:
        """Discard a draft, or retire what is published; True if nothing is left.

        Raises:
            UnknownEntity, InvalidParameter, MissingPrecondition, StaleEdit, WrongState: nothing is changed.
        """
        state = self._state(iri)
        tags = seen.expect_given() if state is not State.ABSENT else None
        if state is State.DRAFT:
            save(self.services.writer, iri, (), agent=self.agent, expected=tags)
            return True
        self._retire(iri, tags, replaced_by)
        return False

    def faults(self, iri: Iri) -> list[FaultOut]:
        """What must be mended before a draft is published."""
        return faults(self.services.graph, iri, draft_of(self.services.writer, iri), self.lang)

    def _become(self, iri: Iri, asked: EditsIn, tags: Sequence[str] | None) -> None:
        """Take the step that is asked for."""
        if asked.status == "retired":
            self._retire(iri, tags, asked.replaced_by)
        elif self._state(iri) is State.RETIRED:
            reinstate(self.services.writer, iri, agent=self.agent, expected=tags)
        else:
            self._publish(iri, tags)

    def _publish(self, iri: Iri, tags: Sequence[str] | None) -> None:
        writer, content = self.services.writer, draft_of(self.services.writer, iri)
        if not content:
            expect_step(iri, self._state(iri), State.PUBLISHED)
        expect_valid(self.services.graph, iri, set(), content, self.lang)
        save(writer, iri, content, agent=self.agent, expected=tags)  # writes nothing: what was judged is still there
        publish(writer, iri, agent=self.agent, today=today())

    def _retire(self, iri: Iri, tags: Sequence[str] | None, replaced_by: str | None) -> None:
        successor = address(replaced_by, "replacedBy") if replaced_by else None
        retire(self.services.writer, iri, agent=self.agent, replaced_by=successor, expected=tags)
        self.services.search.follow()

    def _draft(self, iri: Iri, content: set[ox.Triple], tags: Sequence[str] | None, asked: EditsIn) -> None:
        """Write a draft, and show it if that is asked for and it has the shape it should."""
        if asked.status == "published":
            expect_valid(self.services.graph, iri, set(), content, self.lang)
        save(self.services.writer, iri, content, agent=self.agent, expected=tags)
        if asked.status == "published":
            publish(self.services.writer, iri, agent=self.agent, today=today())
            self.services.search.follow()

    def _change(self, iri: Iri, edits: Sequence[Edit], tags: Sequence[str] | None) -> None:
        expect_state_kept(self._state(iri), edits)
        judged = self._judged(iri, edits, Dataset.PUBLIC)
        curate(self.services.writer, iri, judged, agent=self.agent, expected=tags)

    def _judged(self, iri: Iri, edits: Sequence[Edit], dataset: Dataset) -> Sequence[Edit]:
        """Edits that may be made: the shapes hold, and no personal data come into a record that everybody sees."""
        writer = self.services.writer
        now, then = foreseen(writer, iri, (), dataset), foreseen(writer, iri, edits, dataset)
        expect_valid(writer.store(dataset), iri, now, then, self.lang)
        record = any(it.predicate == TYPE and it.object == PRACTICE for it in now)
        if record and dataset is Dataset.PUBLIC and (found := evidence_in(then - now)):
            told = f"This may hold personal data: {', '.join(kinds_of(found))}."
            raise InvalidEntity(told, faults=tuple({"at": it.term, "message": f"Take out: {it.kind}."} for it in found),
                                remedy="Everybody sees this record. Take them out of the text.")  # fmt: skip
        return edits

    def _edits(self, asked: EditsIn) -> list[Edit]:
        edits = edits_of(asked)
        expect_known(edits)
        return edits

    def _state(self, iri: Iri) -> State:
        """The state of an entry, for those who may know of it.

        Raises:
            MissingScope: only who may read private records may write drafts of some.
        """
        state = state_of(self.services.writer, iri)
        is_record = draft_name(self.services.writer, iri).startswith(RECORD_DRAFTS)
        if is_record and state not in _SHOWN and not self.records:
            told = f"Drafts of practice records need the scope {Scope.READ_PRIVATE} too."
            raise MissingScope(told, remedy="Ask for a token with both scopes.")
        return state

    def _address(self, kind: str, slug: str) -> Iri:
        if kind not in set(Kind):
            raise InvalidParameter("kind", f"There is no kind {kind[:40]!r}.", remedy=f"One of {', '.join(Kind)}.")
        if not slug or slug != slug_of(slug) or len(slug) > 200:
            remedy = f"Such as {slug_of(slug[:200]) or 'video-club'!r}: letters and digits with single hyphens."
            raise InvalidParameter("slug", f"{slug[:80]!r} is no slug.", remedy=remedy)
        return Iri(f"{self.services.settings.base_iri}id/{kind}/{slug}")


def expect_state_kept(state: State, edits: Sequence[Edit]) -> None:
    """Return if edits leave an entry in its state.

    Raises:
        WrongState: they speak of the status of one that is retired.
    """
    if state is State.RETIRED and any(it.predicate == STATUS.value for it in edits):
        told = "A retired entry is brought back by a step, not by an edit of its status."
        raise WrongState(told, remedy='Send {"status": "published"}.')


def expect_one_step(state: State, asked: EditsIn) -> None:
    """Return if all that is asked for can be made as one: a draft can be written and shown, what is shown only edited.

    Raises:
        InvalidParameter: it is two changes, or a successor of what is not retired.
    """
    if asked.replaced_by is not None and asked.status != "retired":
        told = "Only what is retired has a successor."
        raise InvalidParameter("replacedBy", told, remedy='Send "status": "retired" with it.')
    if (asked.edits or asked.labels) and (asked.status == "retired" or (asked.status and state in _SHOWN)):
        told = "Edits and another state are two changes of what everybody sees."
        raise InvalidParameter("status", told, remedy="Send the edits first, then the status.")
