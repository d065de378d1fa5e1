"""Loading made data from a file, as `kesher ingest` does, beside pyoxigraph's own bulk loading of the same file."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from api.services import open_services
from api.settings import Settings
from bench.generated import people
from bench.measure import Line
from ingest.pipeline import Options, ingest
from language.hashing import HashEncoder
from ontology.kinds import DEFAULT_BASE, graph_iri

SIZES = (100_000, 1_000_000)

_NAME = "people.nt"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The same statements in a data folder of Kesher and in a store of Oxigraph, and how fast each took them.

    Attributes:
        data: KESHER_DATA, which also holds the schema.
        location: Folder of the store, with the same schema in it.
        size: Statements that were loaded.
        ours: Statements a second, by `ingest`: read, judged, numbered, hashed, catalogued, flushed.
        bare: The same by bulk_load into a named graph, and a flush.
    """

    data: Path
    location: Path
    size: int
    ours: float
    bare: float

    def line(self) -> Line:
        """The line of the table."""
        return Line(
            f"loading a file of {self.size:,} triples",
            f"{self.ours:,.0f}/s",
            "pyoxigraph, bare: bulk_load",
            f"{self.bare:,.0f}/s",
            self.ours / self.bare,
        )


def lines(folder: Path, sizes: Sequence[int] = SIZES) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files."""
    for size in sizes:
        yield load(folder / str(size), size).line()


def load(folder: Path, size: int) -> Loaded:
    """Load a file of so many made statements twice."""
    folder.mkdir(parents=True)
    file = folder / _NAME
    ox.serialize(people(size), file, ox.RdfFormat.N_TRIPLES)
    size = sum(1 for _ in file.open("rb"))
    bare = size / _bare(folder / "bare", file)
    ours = size / _ingested(folder / "kesher", file, folder / "all.nq")
    command = [str(Path(sys.executable).with_name("oxigraph")), "load", "--location", str(folder / "oxigraph")]
    subprocess.run([*command, "--file", str(folder / "all.nq")], check=True, capture_output=True)
    return Loaded(folder / "kesher", folder / "oxigraph", size, ours, bare)


def _bare(folder: Path, file: Path) -> float:
    store = ox.Store(folder)
    start = time.perf_counter()
    store.bulk_load(path=file, to_graph=ox.NamedNode(graph_iri(DEFAULT_BASE, f"source/{_NAME}")))
    store.flush()
    return time.perf_counter() - start


def _ingested(data: Path, file: Path, dump: Path) -> float:
    """Seconds; afterwards all that the folder holds stands in `dump`, for the other store."""
    with open_services(Settings(data=data), encoder=HashEncoder) as services:
        start = time.perf_counter()
        ingest([file], services.writer, Options(agent=services.agent, most_bytes=1 << 30))
        seconds = time.perf_counter() - start
        services.graph.snapshot(data.parent / "copy")
    ox.Store.read_only(str(data.parent / "copy")).dump(str(dump), ox.RdfFormat.N_QUADS)
    return seconds
