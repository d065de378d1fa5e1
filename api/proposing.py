"""Links proposed for what was written, by whatever door, over the concepts that the graph has now.

The data folder keeps up to which write items were linked, so that each is looked at when it, or a concept that it is
linked to, has changed, and after a crash too. Where that is not known, or another method is at work, all are looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from api.linker_choice import LinkerChoice
from ingest.item_texts import ITEMS, concept_codes
from ingest.ledger import Dataset, Ledger
from ingest.link import Proposer, linked_to
from ingest.overlay import named
from ingest.practice import TYPE
from ingest.writer import Writer
from ontology.kinds import CLASS_OF, Iri

_SOURCE, _SHIPPED = "source/", "starter/"
_CLASSES = tuple(ox.NamedNode(CLASS_OF[it]) for it in ITEMS)


@dataclass(frozen=True, slots=True)
class Linked:
    """Up to which write, and by which method, items were linked."""

    sequence: int = 0
    method: str = ""

    @classmethod
    def read(cls, file: Path) -> Linked:
        """What a file says; nothing is known where it is absent or damaged, and all is looked at again."""
        try:
            told = json.loads(file.read_text("utf-8"))
            return cls(int(told["sequence"]), str(told["method"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls()

    def write(self, file: Path) -> None:
        """Put it in a file, whole."""
        new = file.with_suffix(".new")
        new.write_text(json.dumps({"sequence": self.sequence, "method": self.method}) + "\n", "utf-8")
        new.replace(file)


def propose_links(writer: Writer, file: Path, agent: str, choice: LinkerChoice, *, everything: bool = False) -> int:
    """Bring the links that are proposed up to date; counts the statements that this changed.

    Args:
        writer: Reads and writes both datasets.
        file: Where it is kept how far this has come.
        agent: IRI of who has it done.
        choice: How items are linked.
        everything: Look at all items, not only at those of which something was written.
    """
    linked, last = Linked.read(file), writer.ledger.last
    known = linked.method == choice.method and linked.sequence <= last and not everything
    items = set(_items_since(writer, linked.sequence if known else 0))
    changed = 0
    if items:
        codes = concept_codes(writer.store(Dataset.PUBLIC))
        linker = choice.linker(writer, len(items), everything=everything)
        changed = Proposer(writer, linker, linker.method, agent, codes).propose(items)
    now = Linked(last, choice.method)
    if now != linked:
        now.write(file)
    return changed


def _items_since(writer: Writer, sequence: int) -> Iterator[Iri]:
    """The items of the sources that were written, those that were touched, and those linked to what was touched."""
    ledger = writer.ledger
    touched = _touched(ledger, sequence)
    for name in sorted(ledger.graphs_since(0 if touched is None else sequence)):
        if name.startswith(_SOURCE):
            yield from _items_of(writer, name)
    yield from (it for it in touched or () if _is_item(writer, it))
    yield from linked_to(writer, touched or ())


def _items_of(writer: Writer, source: str) -> Iterator[Iri]:
    graph = writer.graph(source)
    for dataset in Dataset:
        for kind in _CLASSES:
            found = writer.store(dataset).quads(None, TYPE, kind, graph)
            yield from (Iri(it.subject.value) for it in found if isinstance(it.subject, ox.NamedNode))


def _touched(ledger: Ledger, sequence: int) -> set[Iri] | None:
    """The public subjects of later writes; None where a crash has left unknown what they were."""
    changes = list(ledger.changes_since(sequence))
    return None if any(it.iris is None for it in changes) else {iri for it in changes for iri in it.iris or ()}


def _is_item(writer: Writer, iri: Iri) -> bool:
    """True for an item that is not only the program's own: what ships with it is linked by hand."""
    said = (quad for it in Dataset for quad in writer.store(it).quads(ox.NamedNode(iri), TYPE))
    return any(it.object in _CLASSES and not writer.name(named(it.graph_name)).startswith(_SHIPPED) for it in said)
