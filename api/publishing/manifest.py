"""What a dump is made of: its files with their checksums, and the licences of what is in them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from api.publishing.statistics import GraphFacts
from ontology.kinds import Iri

#: Names of the two files in a dump that speak of the others.
MANIFEST, CHECKSUMS = "manifest.json", "SHA256SUMS"
COMPRESSED = "application/gzip"


@dataclass(frozen=True, slots=True)
class DumpFile:
    """One file of a dump, compressed with gzip.

    Attributes:
        media_type: What it is when it is unpacked.
        bytes: Its size as it lies there, compressed.
        sha256: Checksum of it as it lies there, in hexadecimal.
        records: Statements in it, or rows of a table.
        cls: Class of the things in a table; None for a file with everything.
        left_out: Properties for which a table has no column: see `api.publishing.tables`.
    """

    name: str
    media_type: str
    bytes: int
    sha256: str
    records: int
    cls: Iri | None = None
    left_out: tuple[Iri, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Manifest:
    """A dump of one state of the public dataset. Compared by identity.

    Attributes:
        sequence: Number of the last write that is in it: the name of the state.
        modified: When that was (xsd:dateTime).
        made: When the dump was made (xsd:dateTime).
        left_out: Classes without a table of their own: see `api.publishing.dump`.
    """

    sequence: int
    modified: str
    made: str
    graphs: tuple[GraphFacts, ...]
    files: tuple[DumpFile, ...]
    left_out: tuple[Iri, ...] = ()

    def licences(self) -> dict[Iri | None, list[Iri]]:
        """The graphs under each licence, by address; None for those that state none."""
        found: dict[Iri | None, list[Iri]] = defaultdict(list)
        for graph in self.graphs:
            for licence in graph.licences or (None,):
                found[licence].append(graph.iri)
        return dict(found)

    def common_licences(self) -> list[Iri]:
        """The licences that every graph states, and so the whole stands under."""
        stated = [frozenset(graph.licences) for graph in self.graphs]
        return sorted(frozenset.intersection(*stated)) if stated else []

    def file(self, name: str) -> DumpFile | None:
        """The file of this name."""
        return next((it for it in self.files if it.name == name), None)


#: A manifest as JSON, and back.
MANIFESTS = TypeAdapter(Manifest)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put a manifest, and the checksums as `sha256sum --check` reads them, beside the files."""
    lines = "".join(f"{it.sha256}  {it.name}\n" for it in manifest.files)
    (folder / CHECKSUMS).write_text(lines, encoding="utf-8")
    (folder / MANIFEST).write_bytes(MANIFESTS.dump_json(manifest, indent=1))


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a dump; None where there is none that this version understands."""
    try:
        return MANIFESTS.validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        return None
