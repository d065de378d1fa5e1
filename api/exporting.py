"""Knowledge written for others: one writer for each format."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pyoxigraph as ox

from api.selecting import Selection, gather
from api.tabulating import tabulate
from graph.store import GraphStore
from ontology.errors import InvalidParameter
from ontology.interchange.case import write_case
from ontology.interchange.ctdl import write_ctdl
from ontology.interchange.esco import write_esco
from ontology.interchange.skos import write_skos
from ontology.interchange.sssom import write_sssom
from ontology.kinds import Iri, Kind
from ontology.namespaces import PREFIXES, SKOS

#: Media type of several files as one.
ZIP = "application/zip"

_NAME = ox.NamedNode(SKOS.prefLabel)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants exported, and of which installation."""

    selection: Selection
    kind: Kind | None
    base: str

    def framework(self) -> Iri:
        """The framework of a format that holds exactly one.

        Raises:
            InvalidParameter: none was named.
        """
        if self.selection.framework is None:
            known = ", ".join(sorted(self.selection.kinds.get(Kind.FRAMEWORK, ()))[:10])
            remedy = f"Name one of: {known}." if known else "There is none here."
            raise InvalidParameter("framework", "This format holds exactly one framework", remedy=remedy)
        return self.selection.framework

    def one_kind(self) -> Kind:
        """The kind of a table.

        Raises:
            InvalidParameter: none was named.
        """
        if self.kind is None:
            known = ", ".join(sorted(self.selection.kinds))
            raise InvalidParameter("kind", "A table holds entities of one kind", remedy=f"Name one of: {known}.")
        return self.kind


@dataclass(frozen=True, slots=True)
class Format:
    """How knowledge is written.

    Attributes:
        write: The files that an export is, by name; one, unless the format has several.
    """

    media_type: str
    suffix: str
    write: Callable[[Asked], str | Mapping[str, str]]


def _turtle(asked: Asked) -> str:
    """Every statement as it is stored."""
    ordered = sorted(asked.selection.triples, key=str)
    return (ox.serialize(ordered, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode()


def _esco(asked: Asked) -> Mapping[str, str]:
    """ESCO's files in every language that something has a name in."""
    names = (it.object for it in asked.selection.triples if it.predicate == _NAME and isinstance(it.object, ox.Literal))
    languages = sorted({name.language or "" for name in names})
    return {name: text for lang in languages for name, text in write_esco(asked.selection.triples, lang).items()}


EXPORTS: Mapping[str, Format] = MappingProxyType(
    {
        "case": Format("application/json", "json", lambda it: write_case(it.selection.triples, it.framework())),
        "ctdl": Format(
            "application/ld+json", "jsonld", lambda it: write_ctdl(it.selection.triples, it.selection.framework)
        ),
        "skos": Format("text/turtle", "ttl", lambda it: write_skos(it.selection.triples, it.selection.framework)),
        "sssom": Format(
            "text/tab-separated-values",
            "sssom.tsv",
            lambda it: write_sssom(it.selection.triples, f"{it.base}id/mapping-set/export"),
        ),
        "turtle": Format("text/turtle", "ttl", _turtle),
        "esco": Format("text/csv", "csv", _esco),
        "csv": Format("text/csv", "csv", lambda it: tabulate(it.selection, it.one_kind())),
    }
)


@dataclass(frozen=True, slots=True)
class Exported:
    """An export, written.

    Attributes:
        files: Text of each file by name.
        licences: Addresses of the licences known for it.
    """

    media_type: str
    files: Mapping[str, str]
    licences: tuple[str, ...]


def write_export(
    graph: GraphStore, base: str, format: str, what: str | None = None, kind: Kind | None = None
) -> Exported:
    """What the public dataset says of something, in one of `EXPORTS`.

    Args:
        graph: The public dataset.
        base: Base IRI of this installation.
        format: Name of the format.
        what: Address of a framework or entity, or slug of a framework; None for everything.
        kind: Only entities of this kind.

    Raises:
        InvalidParameter: there is no such format, or it needs a framework or a kind.
        UnknownEntity: nothing is known of `what`.
    """
    if format not in EXPORTS:
        raise InvalidParameter("format", f"{format!r} is not a format.", remedy=f"One of {', '.join(EXPORTS)}.")
    chosen = EXPORTS[format]
    selection = gather(graph, base, what, kind)
    written = chosen.write(Asked(selection, kind, base))
    stem = "-".join(it for it in (_stem(what) or "kesher", kind) if it)
    files = {f"{stem}.{chosen.suffix}": written} if isinstance(written, str) else dict(written)
    return Exported(chosen.media_type, files, selection.licences)


def zipped(files: Mapping[str, str]) -> bytes:
    """Several files as one; the same files always give the same bytes."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return body.getvalue()


def unzipped(body: bytes) -> dict[str, str]:
    """The files in what `zipped` made."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def _stem(what: str | None) -> str:
    last = (what or "").rstrip("/#").rpartition("/")[2]
    return "".join(it for it in last if it.isascii() and (it.isalnum() or it in "-_"))[:60]
