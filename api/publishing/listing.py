"""The dumps as JSON: what there is to download, of which date and under which licences."""

from __future__ import annotations

from pydantic import Field

from api.publishing.manifest import CHECKSUMS, COMPRESSED, DumpFile, Manifest
from api.schemas import Out
from ontology.kinds import Iri


class DumpFileOut(Out):
    """One file."""

    name: str
    url: str
    media_type: str = Field(description="of the file as it is sent")
    content: str = Field(description="media type of what is in it, unpacked")
    bytes: int
    sha256: str
    records: int = Field(description="statements, or rows of a table")
    cls: Iri | None = Field(serialization_alias="class", description="class of the things in a table")
    left_out: tuple[Iri, ...] = Field(description="properties without a column, because there are too many")


class LicenceOut(Out):
    """The graphs under one licence; null: those that state none."""

    licence: Iri | None
    graphs: list[Iri]
    statements: int


class DumpOut(Out):
    """One dump: the whole public dataset in one state."""

    sequence: int = Field(description="number of the last write that is in it: the name of the state, for citing")
    current: bool = Field(description="whether nothing was written since")
    modified: str = Field(description="when the dataset was last written")
    made: str = Field(description="when the files were made")
    url: str
    checksums: str = Field(description="address of the file that `sha256sum --check` reads")
    licences: list[LicenceOut]
    files: list[DumpFileOut]
    left_out: tuple[Iri, ...] = Field(description="classes without a table, because there are too many")


class DumpsOut(Out):
    """All dumps that can be had, newest first."""

    preparing: bool = Field(description="a newer dump is being made")
    dumps: list[DumpOut]


def dump_out(dump: Manifest, present: int, site: str) -> DumpOut:
    """A dump as it is listed.

    Args:
        dump: Its manifest.
        present: Number of the last write to the dataset.
        site: Where this server answers; ends with a slash.
    """
    url = f"{site}dumps/{dump.sequence}"
    return DumpOut(
        sequence=dump.sequence,
        current=dump.sequence >= present,
        modified=dump.modified,
        made=dump.made,
        url=url,
        checksums=f"{url}/{CHECKSUMS}",
        licences=_licences(dump),
        files=[_file(it, url) for it in dump.files],
        left_out=dump.left_out,
    )


def _licences(dump: Manifest) -> list[LicenceOut]:
    sizes = {it.iri: it.statements for it in dump.graphs}
    by_licence = sorted(dump.licences().items(), key=lambda it: it[0] or "")
    return [
        LicenceOut(licence=licence, graphs=graphs, statements=sum(sizes[it] for it in graphs))
        for licence, graphs in by_licence
    ]


def _file(file: DumpFile, url: str) -> DumpFileOut:
    return DumpFileOut(
        name=file.name,
        url=f"{url}/{file.name}",
        media_type=COMPRESSED,
        content=file.media_type,
        bytes=file.bytes,
        sha256=file.sha256,
        records=file.records,
        cls=file.cls,
        left_out=file.left_out,
    )
