"""A long run of random writes with restarts, held against a model in memory that is nothing but sets."""

import os
import pickle
import random
import signal
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest

from ingest import standing
from ingest.agreement import disagreements
from ingest.curate import SetValues, Undo, curate
from ingest.ledger import Dataset
from ingest.patch import Patch, patch
from ontology.kinds import Iri
from tests.forked import forked
from tests.ingesting import AGENT, Place, place
from tests.killing import die

NAMES = [f"source/{it}" for it in "abcd"]
SUBJECTS = [ox.NamedNode(f"http://e.org/s{it}") for it in range(5)]
PREDICATES = [ox.NamedNode(f"http://e.org/p{it}") for it in range(3)]
VALUES = [ox.Literal("one"), ox.Literal("two", language="en"), ox.Literal("שלוש", language="he"), SUBJECTS[0]]


def slot(triple: ox.Triple) -> tuple[str, str, str]:
    """What curation speaks for as a whole: subject, predicate, language."""
    lang = (triple.object.language or "") if isinstance(triple.object, ox.Literal) else ""
    return triple.subject.value, triple.predicate.value, lang


@dataclass
class Model:
    """What the folder should hold.

    Attributes:
        sources: Graph -> everything that it says, overridden or not.
        private: The same of the private dataset.
        curated: Slot -> what curation says there; present although empty where it says that there is nothing.
    """

    sources: defaultdict[str, set[ox.Triple]] = field(default_factory=lambda: defaultdict(set))
    private: defaultdict[str, set[ox.Triple]] = field(default_factory=lambda: defaultdict(set))
    curated: dict[tuple[str, str, str], set[ox.Triple]] = field(default_factory=dict)

    def visible(self, name: str) -> set[ox.Triple]:
        """What stands in a graph: all of which curation does not speak."""
        return {it for it in self.sources[name] if slot(it) not in self.curated}

    def divergences(self, here: Place) -> list[str]:
        """Everything in which a folder is not like this."""
        found = [f"{it.code} {it.message}" for it in disagreements(here.writer)]
        for name in NAMES:
            graph = here.writer.graph(name)
            if {it.triple for it in here.graph.quads(graph=graph)} != self.visible(name):
                found.append(f"what stands in {name}")
            if here.writer.content(name) != self.sources[name]:
                found.append(f"what {name} says")
            if {it.triple for it in here.private.quads(graph=graph)} != self.private[name]:
                found.append(f"what stands in {name} privately")
        said = {it.triple for it in here.graph.quads(graph=here.writer.overlay.curation)}
        wanted = set[ox.Triple]().union(*self.curated.values())
        if {it for it in said if it.subject in SUBJECTS} != wanted:
            found.append("what curation says")
        return found


class Run:
    """Random operations on a folder and on the model, one after another."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - the same run every time
        self.model = Model()
        self.folder = folder
        self.restarts = 0

    def go(self, operations: int, until_restart: int) -> list[str]:
        """So many operations, in processes that are killed; the divergences that were found."""
        found: list[str] = []
        while operations and not found:
            some = min(operations, self.chance.randint(1, 2 * until_restart))
            operations -= some
            self.restarts += 1
            told = self.folder / "told"
            assert forked(live, self, some, str(told)) == -signal.SIGKILL
            self.chance, self.model, found = pickle.loads(told.read_bytes())  # noqa: S301 - written by ourselves
            told.unlink()
        with place(self.folder) as here:
            return found + self.model.divergences(here)

    def some(self, operations: int, here: Place) -> list[str]:
        """Some operations, after a look at what the last process left."""
        found = self.model.divergences(here)
        for _ in range(operations):
            last = here.ledger.last
            changed = self._operate(here)
            if (here.ledger.last > last) != changed:
                found.append("a number without a change, or a change without one")
        return found

    def _operate(self, here: Place) -> bool:
        operation = self.chance.choices(
            (self._replace, self._replace_privately, self._curate, self._undo, self._patch), (4, 1, 3, 1, 4)
        )[0]
        return operation(here)

    def _some(self, most: int) -> set[ox.Triple]:
        pick = self.chance.choice
        return {ox.Triple(pick(SUBJECTS), pick(PREDICATES), pick(VALUES)) for _ in range(self.chance.randint(0, most))}

    def _replace(self, here: Place) -> bool:
        name, triples = self.chance.choice(NAMES), self._some(9)
        before = here.writer.catalog().facts(here.writer.graph(name))
        changes = triples != self.model.sources[name]
        here.writer.replace(name, triples, door="test", agent=AGENT)
        self.model.sources[name] = triples
        return changes or before != here.writer.catalog().facts(here.writer.graph(name))

    def _replace_privately(self, here: Place) -> bool:
        name, triples = self.chance.choice(NAMES), self._some(4)
        changes = triples != self.model.private[name]
        here.writer.replace(name, triples, door="test", agent=AGENT, dataset=Dataset.PRIVATE)
        self.model.private[name] = triples
        return changes

    def _curate(self, here: Place) -> bool:
        [*chosen] = self._some(1) or {ox.Triple(SUBJECTS[0], PREDICATES[0], VALUES[1])}
        told = chosen[0]
        at = slot(told)
        wanted = {told}
        changes = self.model.curated.get(at) != wanted
        edit = SetValues(Iri(told.predicate.value), (told.object,), at[2])
        curate(here.writer, Iri(told.subject.value), [edit], agent=AGENT)
        self.model.curated[at] = wanted
        return changes

    def _undo(self, here: Place) -> bool:
        pick = self.chance.choice
        at = pick(sorted(self.model.curated)) if self.model.curated else (SUBJECTS[0].value, PREDICATES[0].value, "")
        curate(here.writer, Iri(at[0]), [Undo(Iri(at[1]), at[2])], agent=AGENT)
        return self.model.curated.pop(at, None) is not None

    def _patch(self, here: Place) -> bool:
        name, added, removed = self.chance.choice(NAMES), self._some(3), self._some(3)
        graph = here.writer.graph(name)
        removed -= added
        said = self.model.sources[name]
        gone = removed & self.model.visible(name)
        new = added - said
        quads = [frozenset(ox.Quad(*it, graph) for it in triples) for triples in (removed, added)]
        patch(here.writer, lambda: Patch(removed=quads[0], added=quads[1]), door="sparql", agent=AGENT)
        self.model.sources[name] = said - gone | added
        return bool(gone or new)


def live(run: Run, operations: int, told: str) -> None:
    """Some operations of a run, its state written down, and the end by kill -9.

    The store puts things on disk now at once, now after some writes, now not before the end.
    """
    standing.MOST, standing._WAITING = 28, 200
    with place(run.folder) as here:
        found = run.some(operations, here)
        Path(told).write_bytes(pickle.dumps((run.chance, run.model, found)))
        die()


@pytest.fixture
def run(tmp_path) -> Iterator[Run]:
    """In memory where the system has a place for it: a kill takes the process, and never what it has written."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder below it is made for this test alone
    if not os.access(memory, os.W_OK):
        memory = tmp_path
    with TemporaryDirectory(dir=memory) as folder:
        yield Run(Path(folder), seed=20261127)


def test_five_thousand_operations_with_restarts_leave_what_the_model_says(run):
    assert run.go(5_000, until_restart=150) == []
    assert run.restarts > 20


@pytest.mark.soak
def test_two_hundred_thousand_operations_leave_what_the_model_says(run, counted):
    found = run.go(200_000, until_restart=600)
    counted(f"model: 200000 operations, {run.restarts} restarts after a kill, {len(found)} divergences")
    assert found == []
