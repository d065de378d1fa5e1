"""From writes to turns, and back: what a write did to each entry, and what was said of one at an earlier time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from graph.store import GraphStore
from ingest.catalog import CATALOG
from ingest.draft import Draft
from ingest.history import Act, Turn
from ingest.overlay import OVERRIDDEN
from ingest.practice import PRACTICE, TYPE
from ontology.errors import NotFound
from ontology.kinds import CLASS_OF, Iri, graph_iri

#: Statements of a write beyond which its turns are not kept.
MOST = 2_000
_CLASSES = frozenset(map(ox.NamedNode, CLASS_OF.values())) - {PRACTICE}


def turns_of(draft: Draft, touched: Iterable[Iri], store: GraphStore, base: str) -> list[Turn]:
    """What a write, now made, did to each entry of a kind; practice records have no turns, so that none outlives them.

    Args:
        draft: The write.
        touched: Subjects that it touched; none for the private dataset.
        store: What it was made in.
        base: Base IRI of this installation.
    """
    if not (draft.removed or draft.added):  # it was filled from a pipe, and nobody has its statements
        return []
    gone, come = _by_subject(draft.removed, base), _by_subject(draft.added, base)
    large = len(draft.removed) + len(draft.added) > MOST
    asked = [it for it in touched if it in gone] if large else list(touched)
    now = _by_subject(store.about(map(ox.NamedNode, asked)), base)  # one journey, where the store is far away
    if large:
        return [Turn(it, None, None) for it in asked if it not in now]
    return [_turn(it, gone[it], come[it], now[it]) for it in asked]


def said_of(store: GraphStore, iri: Iri, base: str) -> set[ox.Quad]:
    """What is said of an entry, without what has been set aside and without bookkeeping."""
    apart = _apart(base)
    return {it for it in store.quads(ox.NamedNode(iri)) if it.graph_name not in apart}


def said_at(store: GraphStore, iri: Iri, base: str, acts: Sequence[Act], sequence: int) -> set[ox.Quad]:
    """What was said of an entry after the write of a number: what is said now, with each turn since taken back.

    Raises:
        NotFound: a turn since then is not kept, so nobody can say.
    """
    said = said_of(store, iri, base)
    for act in sorted((it for it in acts if it.sequence > sequence), key=lambda it: -it.sequence):
        if act.turn is None:
            told = f"What {iri} said before write {act.sequence} is not kept: that write was large, or of a record."
            raise NotFound(told, remedy=f"Compare versions from {act.sequence} on.")
        said = set() if act.turn.removed is None else said - _quads(act.turn.added) | _quads(act.turn.removed)
    return said


def _turn(iri: Iri, gone: set[ox.Quad], come: set[ox.Quad], now: set[ox.Quad]) -> Turn:
    classes = {it.object for it in now | gone if it.predicate == TYPE}
    if not now or PRACTICE in classes or not classes & _CLASSES:
        return Turn(iri, None, None)
    if now == come and not gone:
        return Turn(iri, None, "")
    return Turn(iri, _lines(gone - come), _lines(come - gone))


def _by_subject(quads: Iterable[ox.Quad], base: str) -> defaultdict[Iri, set[ox.Quad]]:
    apart = _apart(base)
    found: defaultdict[Iri, set[ox.Quad]] = defaultdict(set)
    for it in quads:
        if isinstance(it.subject, ox.NamedNode) and it.graph_name not in apart:
            found[Iri(it.subject.value)].add(it)
    return found


def _apart(base: str) -> set[ox.NamedNode]:
    return {ox.NamedNode(graph_iri(base, it)) for it in (CATALOG, OVERRIDDEN)}


def _lines(quads: set[ox.Quad]) -> str:
    return (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode()


def _quads(lines: str | None) -> set[ox.Quad]:
    return set(ox.parse((lines or "").encode(), format=ox.RdfFormat.N_QUADS))
