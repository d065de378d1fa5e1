"""Do the records of a batch have the shape they should? Told at ingest, over what changes and nothing else.

A record that is not as its shape asks is taken all the same: what a file says is worth keeping, and its owner learns
what to mend. `kesher check` goes on telling it until it is mended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from graph.store import GraphStore
from ingest.account import Account
from ingest.overlay import Slot, slot_of
from ingest.practice import CONSENT, TYPE
from ingest.record import Node
from ontology.kinds import Iri, local_name
from ontology.model import Problem
from ontology.validate import Severity, Violation, validate

#: What a hold on a record (ingest.privacy) already speaks of, or several properties together (None).
_HELD = {None, *(it.value for it in CONSENT)}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a batch is judged in.

    Attributes:
        stores: What is known besides: more about the same things, and what they link to.
        graph: The graph that the batch will become; what it says now does not count.
        slots: Of what curation speaks; what a file says there steps aside.
        held: Practice records of which the report already says why they are not shown.
        lang: Language of the messages.
    """

    stores: tuple[GraphStore, ...]
    graph: ox.NamedNode
    slots: Collection[Slot] = ()
    held: Collection[Node] = ()
    lang: str = "en"


def shape_problems(account: Account, before: set[ox.Triple], around: Surroundings) -> Iterator[Problem]:
    """A warning for each violation: W220 for what must be mended, W221 for what should be.

    Args:
        account: What the file says, and what its report tells already.
        before: What the same file said until now.
        around: What it is judged in.
    """
    changed = {it for it in _changed(account.triples, before) if slot_of(it) not in around.slots}
    held = {it.value for it in around.held if isinstance(it, ox.NamedNode)}
    for violation in validate(changed, context=_context(changed, around)):
        told = violation.value in account.unknown or (violation.focus in held and violation.path in _HELD)
        if not told:
            code = "W220" if violation.severity is Severity.VIOLATION else "W221"
            place = account.places.get(Iri(violation.focus), violation.focus)
            yield Problem(code, account.file, place, _told(violation, around.lang))


def _changed(now: set[ox.Triple], before: set[ox.Triple]) -> set[ox.Triple]:
    """What is now said of every subject of which something else is said than before."""
    subjects = {it.subject for it in now ^ before}
    return {it for it in now if it.subject in subjects}


def _context(changed: set[ox.Triple], around: Surroundings) -> Iterator[ox.Quad]:
    """What else is said of the changed things, and what kind of thing everything is that they link to."""
    described = {it.subject for it in changed}
    more = [quad for node in described if isinstance(node, ox.NamedNode) for quad in _elsewhere(node, None, around)]
    yield from more
    statements = (*changed, *(quad.triple for quad in more))
    for node in {it.object for it in statements if it.predicate != TYPE} - described:
        if isinstance(node, ox.NamedNode):
            yield from _elsewhere(node, TYPE, around)


def _elsewhere(node: ox.NamedNode, predicate: ox.NamedNode | None, around: Surroundings) -> Iterable[ox.Quad]:
    found = (quad for store in around.stores for quad in store.quads(node, predicate))
    return (quad for quad in found if quad.graph_name != around.graph)


def _told(violation: Violation, lang: str) -> str:
    name = f"{local_name(violation.path)}: " if violation.path else ""
    return name + violation.message(lang).rstrip(".")
