"""Loading made data through the one Writer, beside pyoxigraph's own bulk loading of the same statements."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from api.services import open_services
from api.settings import Settings
from bench.generated import people
from bench.measure import Line
from language.hashing import HashEncoder
from ontology.kinds import DEFAULT_BASE, graph_iri

_NAME = "source/people"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The same statements in a data folder of Kesher and in a store of Oxigraph, and how fast each took them.

    Attributes:
        data: KESHER_DATA, which also holds the schema.
        location: Folder of the store, with the same schema in it.
        size: Statements that were loaded.
        ours: Statements a second, by the Writer: numbered, hashed, catalogued, flushed.
        extended: The same by bulk_extend, from the same objects.
        parsed: The same by bulk_load, from N-Quads.
    """

    data: Path
    location: Path
    size: int
    ours: float
    extended: float
    parsed: float

    def lines(self) -> Iterator[Line]:
        """The lines of the table."""
        for against, rate in (("bulk_extend", self.extended), ("bulk_load of N-Quads", self.parsed)):
            yield Line(
                f"loading {self.size:,} triples",
                f"{self.ours:,.0f}/s",
                f"pyoxigraph, bare: {against}",
                f"{rate:,.0f}/s",
                self.ours / rate,
            )


def load(folder: Path, size: int) -> Loaded:
    """Load so many made statements three times."""
    triples = list(people(size))
    graph = ox.NamedNode(graph_iri(DEFAULT_BASE, _NAME))
    quads = [ox.Quad(it.subject, it.predicate, it.object, graph) for it in triples]
    folder.mkdir(parents=True)
    extended = len(quads) / _bare(folder / "extended", lambda store: store.bulk_extend(quads))
    with (folder / "people.nq").open("wb") as file:
        ox.serialize(quads, file, format=ox.RdfFormat.N_QUADS)
    parsed = len(quads) / _bare(folder / "parsed", lambda store: store.bulk_load(path=str(folder / "people.nq")))
    ours = len(triples) / _through_the_writer(folder / "kesher", triples, folder / "all.nq")
    command = [str(Path(sys.executable).with_name("oxigraph")), "load", "--location", str(folder / "oxigraph")]
    subprocess.run([*command, "--file", str(folder / "all.nq")], check=True, capture_output=True)
    return Loaded(folder / "kesher", folder / "oxigraph", len(triples), ours, extended, parsed)


def _bare(folder: Path, fill: Callable[[ox.Store], None]) -> float:
    store = ox.Store(folder)
    start = time.perf_counter()
    fill(store)
    store.flush()
    return time.perf_counter() - start


def _through_the_writer(data: Path, triples: list[ox.Triple], dump: Path) -> float:
    """Seconds; afterwards all that the folder holds stands in `dump`, for the other store."""
    with open_services(Settings(data=data), encoder=HashEncoder) as services:
        start = time.perf_counter()
        services.writer.replace(_NAME, triples, door="bench", agent=services.agent)
        seconds = time.perf_counter() - start
        services.graph.snapshot(data.parent / "copy")
    ox.Store.read_only(str(data.parent / "copy")).dump(str(dump), ox.RdfFormat.N_QUADS)
    return seconds
