"""Practice records that everybody sees and, by the rules of today, should not: consent runs out, and rules grow.

A record is judged when its file comes in. Time passes and detectors learn, so what stands in the public dataset is
judged again: `kesher check` tells, `kesher migrate` hides.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

import pyoxigraph as ox

from ingest.consent import withdraw
from ingest.elsewhere import Elsewhere
from ingest.ledger import Dataset
from ingest.practice import PRACTICE, TYPE
from ingest.privacy import Hold, Separation, separate
from ingest.quarantine import Change, bring
from ingest.writer import Writer

DOOR = "sweep"


def shown_in_vain(writer: Writer, today: date) -> list[Hold]:
    """Why each record should not be shown that is; changes nothing."""
    return [hold for _, said in _judged(writer, today) for hold in said.holds]


def sweep(writer: Writer, today: date, *, agent: str) -> list[Hold]:
    """Move these records to the private dataset, where those with personal data wait in quarantine."""
    found = list(_judged(writer, today))
    for name, said in found:
        withdraw(writer, said.records, agent=agent)
        for dataset, belongs in ((Dataset.PRIVATE, said.private), (Dataset.PUBLIC, said.public)):
            bring(writer, Change(name, dataset, partial(_becomes, belongs)), agent=agent, door=DOOR)
    return [hold for _, said in found for hold in said.holds]


def _becomes(belongs: set[ox.Triple], _content: set[ox.Triple]) -> set[ox.Triple]:
    return belongs


def _judged(writer: Writer, today: date) -> Iterator[tuple[str, Separation]]:
    """Each source of public records some of which should not be public, with what it says by who may see it."""
    store, prefix = writer.store(Dataset.PUBLIC), writer.graph("").value
    graphs = {it.graph_name for it in store.quads(None, TYPE, PRACTICE)}
    names = (it.value.removeprefix(prefix) for it in graphs if isinstance(it, ox.NamedNode))
    for name in sorted(it for it in names if it.startswith("source/")):
        shown, hidden = (writer.content(name, dataset) for dataset in (Dataset.PUBLIC, Dataset.PRIVATE))
        said = separate(shown | hidden, Elsewhere(writer, name), today)
        if said.private - hidden:
            yield name, said
