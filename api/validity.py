"""Would an entity have the shape it should? Asked before anything is written, over what will be said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from api.editing import prefixed
from api.schemas import FaultOut
from graph.store import GraphStore
from ingest.curate import Edit, SetValues
from ingest.practice import STATUS
from ontology.errors import InvalidEntity, InvalidParameter
from ontology.kinds import Iri
from ontology.namespaces import KS, PREFIXES, RDF
from ontology.validate import Severity, Violation, validate

#: Statuses that are states of an entry: it gets them by being drafted, retired or held back, not by an edit.
_STATES = frozenset(map(ox.NamedNode, (KS.Draft, KS.Retired, KS.Quarantined)))


def expect_known(edits: Iterable[Edit]) -> None:
    """Return if edits are of properties that Kesher knows, and of none that has a door of its own.

    Raises:
        InvalidParameter: one is not; names it.
    """
    for edit in edits:
        _expect_known(edit.predicate)
        if edit.predicate == STATUS.value and isinstance(edit, SetValues) and _STATES & set(edit.values):
            remedy = 'Send {"status": "published"} or {"status": "retired"}, or DELETE to retire.'
            raise InvalidParameter("edits", "What state an entry is in is not edited as a property.", remedy=remedy)


def faults(store: GraphStore, subject: Iri, then: set[ox.Triple], lang: str) -> list[FaultOut]:
    """What will be wrong with an entity of which this will be said, each with its field, in a reader's language."""
    return list(dict.fromkeys(_fault(it, lang) for it in _broken(then, list(_context(store, then)), subject)))


def expect_valid(store: GraphStore, subject: Iri, now: set[ox.Triple], then: set[ox.Triple], lang: str) -> None:
    """Return if nothing will be wrong with an entity that is not wrong already.

    Args:
        store: What else is known.
        subject: The entity.
        now: What is said of it; nothing for one that is new.
        then: What will be.
        lang: Language of the messages.

    Raises:
        InvalidEntity: a shape would be broken; names each field with what to do.
    """
    context = list(_context(store, now | then))
    old = set(_broken(now, context, subject)) if now else set()
    if broken := [it for it in _broken(then, context, subject) if it not in old]:
        found = list(dict.fromkeys(_fault(it, lang) for it in broken))
        told = " ".join(f"{it.at}: {it.message}" if it.at else it.message for it in found)
        raise InvalidEntity(told, faults=tuple(it.model_dump() for it in found), remedy="Nothing was changed.")


def _broken(said: set[ox.Triple], context: Sequence[ox.Quad], subject: Iri) -> list[Violation]:
    found = validate(said, context=context)
    return [it for it in found if it.severity is Severity.VIOLATION and it.focus == subject]


def _fault(violation: Violation, lang: str) -> FaultOut:
    return FaultOut(at=prefixed(violation.path) if violation.path else "", message=violation.message(lang))


def _expect_known(predicate: Iri) -> None:
    if predicate == str(RDF.type):
        raise InvalidParameter("predicate", "What kind of thing an entity is cannot be edited.")
    own = predicate.removeprefix(str(KS))
    known = own in KS if own != predicate else predicate.startswith(tuple(PREFIXES.values()))
    if not known:
        remedy = f"Prefixes: {', '.join(sorted(PREFIXES))}; the terms of ks: stand in the schema."
        raise InvalidParameter("predicate", f"{predicate} is no property that Kesher knows.", remedy=remedy)


def _context(store: GraphStore, statements: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
    """What the entities that it links to are, and what its label nodes say."""
    for it in {it.object for it in statements if isinstance(it.object, ox.NamedNode)}:
        if isinstance(it, ox.NamedNode):
            yield from store.quads(it)
