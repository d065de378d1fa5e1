"""Practice records that everybody sees and, by the rules of today, should not: consent runs out, and rules grow.

A record is judged when its file comes in. Time passes and detectors learn, so what stands in the public dataset is
judged again: `kesher check` tells, `kesher migrate` hides. Parts that an earlier version left behind in public go too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial

import pyoxigraph as ox

from ingest.belonging import Known
from ingest.catalog import CATALOG
from ingest.consent import withdraw
from ingest.elsewhere import Elsewhere
from ingest.ledger import Dataset
from ingest.overlay import CURATION, OVERRIDDEN, named
from ingest.privacy import Hold, Separation, separate
from ingest.quarantine import Change, bring
from ingest.record import Node
from ingest.writer import Writer

DOOR = "sweep"
_SOURCE = "source/"
#: Graphs that are no source: what they say of records is judged with the sources.
_OWN = {"schema", CATALOG, CURATION, OVERRIDDEN}


def shown_in_vain(writer: Writer, today: date) -> list[Hold]:
    """Why each record should not be shown that is, or that shows in part; changes nothing."""
    return _reasons(_judged(writer, today))


def sweep(writer: Writer, today: date, *, agent: str) -> list[Hold]:
    """Move these records to the private dataset, where those with personal data wait in quarantine."""
    found = list(_judged(writer, today))
    for name, said in found:
        withdraw(writer, said.records, agent=agent)
        if not name.startswith(_SOURCE):
            continue  # what came by another door has left with the records, and has no file to be held against
        for dataset, belongs in ((Dataset.PRIVATE, said.private), (Dataset.PUBLIC, said.public)):
            bring(writer, Change(name, dataset, partial(_becomes, belongs)), agent=agent, door=DOOR)
    return _reasons(found)


def _becomes(belongs: set[ox.Triple], _content: set[ox.Triple]) -> set[ox.Triple]:
    return belongs


def _reasons(judged: Iterable[tuple[str, Separation]]) -> list[Hold]:
    """Each reason once; where a source only adds to what is private already, that."""
    found = (hold for _, said in judged for hold in said.holds or map(_left_behind, sorted(said.hidden, key=str)[:1]))
    return list(dict.fromkeys(found))


def _left_behind(node: Node) -> Hold:
    remedy = "Nothing, if that is meant; else write its consent in its own file."
    return Hold("W206", node, "It is private, or part of what is, and showed in public", remedy)


def _judged(writer: Writer, today: date) -> Iterator[tuple[str, Separation]]:
    """Each source of which something shows that should not, with what it says by who may see it."""
    for name in sorted(_sources(writer)):
        shown, hidden = (writer.content(name, dataset) for dataset in (Dataset.PUBLIC, Dataset.PRIVATE))
        said = separate(shown | hidden, Elsewhere(writer, name), today)
        if said.private - hidden:
            yield name, said


def _sources(writer: Writer) -> set[str]:
    """Names of the graphs that speak of records, of their parts, or of what points at them, where all can see it."""
    store, prefix = writer.store(Dataset.PUBLIC), writer.graph("").value
    known = Known(set(), Elsewhere(writer, ""))
    records = (it for kind in known.classes for it in known.elsewhere.instances(kind))
    nodes = [it for it in known.with_parts(records) if isinstance(it, ox.NamedNode)]
    graphs = {quad.graph_name for it in nodes for quad in (*store.quads(it), *store.quads(None, None, it))}
    names = {named(it).value.removeprefix(prefix) for it in graphs}
    return {it for it in names - _OWN if not it.startswith("starter/")}
