"""Writing all of a snapshot as files: N-Quads, Turtle, and a table for each class."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO, cast

import pyoxigraph as ox

from api.publishing.counting import graph_facts, modified_of, rows, sequence_of
from api.publishing.manifest import DumpFile, Manifest, write_manifest
from api.publishing.tables import columns_of, file_stems, write_table
from ontology.kinds import Iri
from ontology.namespaces import PREFIXES

#: Tables of one dump; classes past them, the least used, are named in the manifest.
MOST_TABLES = 500
_LEVEL = 6

Step = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Part:
    """A file to write: `write` gives the number of its records."""

    name: str
    media_type: str
    write: Callable[[BinaryIO], int]
    cls: Iri | None = None
    left_out: tuple[Iri, ...] = ()


def write_dump(store: ox.Store, base: str, folder: Path, step: Step | None = None) -> Manifest:
    """Write everything in a snapshot into an empty folder, with its manifest, and have it all on disk.

    The same snapshot always gives the same files.

    Args:
        store: The snapshot.
        base: Base IRI of the installation.
        folder: Where to; it exists.
        step: Called with how many of how many files are written.

    Raises:
        OSError: the disk is full or cannot be written.
    """
    graphs, sequence = graph_facts(store, base), sequence_of(store, base)
    classes = [Iri(it["class"]) for it in rows(store, "class-counts")]
    parts = list(_parts(store, f"kesher-{sequence}", classes[:MOST_TABLES]))
    written = []
    for number, part in enumerate(parts, 1):
        written.append(_write(folder, part))
        if step:
            step(number, len(parts))
    made = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    left_out = tuple(sorted(classes[MOST_TABLES:]))
    manifest = Manifest(sequence, modified_of(graphs), made, graphs, tuple(written), left_out)
    write_manifest(folder, manifest)
    for path in (*folder.iterdir(), folder):
        _settle(path)
    return manifest


def _parts(store: ox.Store, stem: str, classes: list[Iri]) -> Iterator[_Part]:
    yield _Part(f"{stem}.nq.gz", "application/n-quads", partial(_write_quads, store))
    yield _Part(f"{stem}.ttl.gz", "text/turtle", partial(_write_turtle, store))
    columns = columns_of(store)
    for cls, name in file_stems(classes).items():
        kept, left_out = columns[cls]
        yield _Part(f"{stem}-{name}.csv.gz", "text/csv", partial(write_table, store, cls, kept), cls, left_out)


def _write_quads(store: ox.Store, file: BinaryIO) -> int:
    store.dump(file, ox.RdfFormat.N_QUADS)
    return len(store)


def _write_turtle(store: ox.Store, file: BinaryIO) -> int:
    merged = (files("api.publishing") / "merged.rq").read_text("utf-8")
    found = store.query(merged, use_default_graph_as_union=True)
    if not isinstance(found, ox.QueryTriples):
        raise TypeError("merged.rq is no CONSTRUCT")
    written = 0

    def counted() -> Iterator[ox.Triple]:
        nonlocal written
        for triple in found:
            written += 1
            yield triple

    ox.serialize(counted(), file, ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    return written


def _write(folder: Path, part: _Part) -> DumpFile:
    path = folder / part.name
    with path.open("xb") as raw, gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as file:
        records = part.write(cast("BinaryIO", file))
    with path.open("rb") as written:
        checksum = hashlib.file_digest(written, "sha256").hexdigest()
    return DumpFile(part.name, part.media_type, path.stat().st_size, checksum, records, part.cls, part.left_out)


def _settle(path: Path) -> None:
    """Return when the file, or the list of a folder's files, is on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
