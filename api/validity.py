"""Would an entity still have the shape it should, after these edits? Asked before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from graph.store import GraphStore
from ingest.catalog import CATALOG
from ingest.curate import Edit, SetValues
from ingest.overlay import Slot, slot_of
from ontology.errors import InvalidParameter
from ontology.kinds import Iri, graph_iri, local_name
from ontology.namespaces import KS, PREFIXES, RDF
from ontology.validate import Severity, Violation, validate

_TYPE = ox.NamedNode(RDF.type)


def expect_valid(store: GraphStore, base: str, subject: Iri, edits: Sequence[Edit]) -> None:
    """Return if the edits may be made.

    Raises:
        InvalidParameter: a property is none that Kesher knows, or the entity would break a shape that it keeps now.
    """
    for edit in edits:
        _expect_known(edit.predicate)
    catalog = ox.NamedNode(graph_iri(base, CATALOG))
    now = {it.triple for it in store.quads(ox.NamedNode(subject)) if it.graph_name != catalog}
    then = set(_edited(now, subject, edits))
    context = list(_context(store, now | then))
    old = set(validate(now, context=context))
    broken = [it for it in validate(then, context=context) if it.severity is Severity.VIOLATION and it not in old]
    if broken:
        raise InvalidParameter("edits", " ".join(dict.fromkeys(map(_told, broken))), remedy="Nothing was changed.")


def _expect_known(predicate: Iri) -> None:
    if predicate == str(RDF.type):
        raise InvalidParameter("predicate", "What kind of thing an entity is cannot be edited.")
    own = predicate.removeprefix(str(KS))
    known = own in KS if own != predicate else predicate.startswith(tuple(PREFIXES.values()))
    if not known:
        remedy = f"Prefixes: {', '.join(sorted(PREFIXES))}; the terms of ks: stand in the schema."
        raise InvalidParameter("predicate", f"{predicate} is no property that Kesher knows.", remedy=remedy)


def _edited(now: Iterable[ox.Triple], subject: Iri, edits: Sequence[Edit]) -> Iterator[ox.Triple]:
    """The statements after the edits; what an undo brings back was valid when its source said it."""
    node = ox.NamedNode(subject)
    settings = [it for it in edits if isinstance(it, SetValues)]
    taken = {Slot(node, ox.NamedNode(it.predicate), it.lang.lower()) for it in settings}
    yield from (it for it in now if slot_of(it) not in taken)
    for edit in settings:
        for value in edit.values:
            yield ox.Triple(node, ox.NamedNode(edit.predicate), value)


def _context(store: GraphStore, statements: Iterable[ox.Triple]) -> Iterator[ox.Quad]:
    """What the entities that it links to are, and what its label nodes say."""
    for it in {it.object for it in statements if isinstance(it.object, ox.NamedNode)}:
        if isinstance(it, ox.NamedNode):
            yield from store.quads(it)


def _told(violation: Violation) -> str:
    place = f"{local_name(violation.path)}: " if violation.path else ""
    return f"{place}{violation.message('en')}"
