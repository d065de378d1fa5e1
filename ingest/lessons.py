"""What people's decisions teach: each decided proposal with what it was ranked by, for whoever fits a model on them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.ledger import Dataset
from ingest.links import LinkState
from ingest.proposing import BY_CODE
from ingest.queue import Queue, Wanted
from ingest.writer import Writer


@dataclass(frozen=True, slots=True)
class Lesson:
    """A decided proposal.

    Attributes:
        features: What it was ranked by when it was proposed, by name.
        accepted: Whether a person accepted it as it was proposed; a stale link was, a changed one was not.
        method: What proposed it, with its version; features of different versions do not mix.
    """

    features: Mapping[str, float]
    accepted: bool
    method: str


_LABELS = {
    LinkState.ACCEPTED: True,
    LinkState.STALE: True,
    LinkState.REJECTED: False,
    LinkState.EDITED: False,
}


def lessons(writer: Writer, method: str = "") -> Iterator[Lesson]:
    """Every decision about a proposal whose features are known, in the order of the links' addresses.

    Decisions about private items count too: features are numbers, and hold nothing of a text.

    Args:
        writer: Reads both datasets.
        method: What proposed them, or the beginning of it.
    """
    for it in sorted(Queue(writer, Dataset).every(Wanted(method=method)), key=lambda it: it.link.id):
        link = it.link
        if link.features and link.state in _LABELS and link.method != BY_CODE:
            told = json.loads(link.features)
            yield Lesson({name: float(value) for name, value in told.items()}, _LABELS[link.state], link.method)
