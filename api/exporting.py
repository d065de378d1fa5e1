"""Knowledge written for others: one writer for each format."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import pyoxigraph as ox

from api.selecting import Selection, gather
from api.tabulating import tabulate
from graph.store import GraphStore
from ontology.errors import InvalidParameter
from ontology.interchange.case import read_case, write_case
from ontology.interchange.ctdl import read_ctdl, write_ctdl
from ontology.interchange.esco import read_esco, write_esco
from ontology.interchange.outcome import Mapped
from ontology.interchange.skos import read_skos, write_skos
from ontology.interchange.sssom import read_sssom, write_sssom
from ontology.kinds import Iri, Kind
from ontology.namespaces import KS, PREFIXES, RDF, SKOS

#: Media type of several files as one.
ZIP = "application/zip"

_TYPE, _NAME, _FRAMEWORK = map(ox.NamedNode, (RDF.type, SKOS.prefLabel, KS.Framework))

#: A reader: text, base IRI of this installation and name of the file, to statements.
Reader: TypeAlias = Callable[[str, str, str], Iterable[ox.Triple]]


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
        read: What a file of the format says, for the account; None where nothing reads it without a mapping.
    """

    media_type: str
    suffix: str
    write: Callable[[Asked], str | Mapping[str, str]]
    read: Reader | None = None


def _turtle(asked: Asked) -> str:
    """Every statement as it is stored."""
    ordered = sorted(asked.selection.triples, key=str)
    return (ox.serialize(ordered, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode()


def _esco(asked: Asked) -> Mapping[str, str]:
    """ESCO's files in every language that something else than a framework has a name in."""
    frameworks = {it.subject for it in asked.selection.triples if it.predicate == _TYPE and it.object == _FRAMEWORK}
    named = (it for it in asked.selection.triples if it.predicate == _NAME and it.subject not in frameworks)
    languages = sorted({it.object.language or "" for it in named if isinstance(it.object, ox.Literal)})
    return {name: text for lang in languages for name, text in write_esco(asked.selection.triples, lang).items()}


def _case(version: str) -> Format:
    return Format(
        "application/json",
        "json",
        lambda it: write_case(it.selection.triples, it.framework(), version),
        _stated(read_case),
    )


def _stated(read: Callable[[str, str, str], Mapped]) -> Reader:
    return lambda text, base, file: read(text, base, file).triples


def _parsed(text: str, _base: str = "", _file: str = "") -> list[ox.Triple]:
    return [it.triple for it in ox.parse(text, ox.RdfFormat.TURTLE)]


EXPORTS: Mapping[str, Format] = MappingProxyType(
    {
        "case": _case("1.1"),
        "case-1.0": _case("1.0"),
        "ctdl": Format(
            "application/ld+json",
            "jsonld",
            lambda it: write_ctdl(it.selection.triples, it.selection.framework),
            _stated(read_ctdl),
        ),
        "skos": Format(
            "text/turtle",
            "ttl",
            lambda it: write_skos(it.selection.triples, it.selection.framework),
            lambda text, _, file: read_skos(_parsed(text), file).triples,
        ),
        "sssom": Format(
            "text/tab-separated-values",
            "sssom.tsv",
            lambda it: write_sssom(it.selection.triples, f"{it.base}id/mapping-set/export"),
            _stated(read_sssom),
        ),
        "turtle": Format("text/turtle", "ttl", _turtle, _parsed),
        "esco": Format("text/csv", "csv", _esco, _stated(read_esco)),
        "csv": Format("text/csv", "csv", lambda it: tabulate(it.selection, it.one_kind())),
    }
)


@dataclass(frozen=True, slots=True)
class Exported:
    """An export, written.

    Attributes:
        files: Text of each file by name.
        licences: Addresses of the licences known for it.
        statements: What was asked for; None where a server wrote the files.
    """

    media_type: str
    files: Mapping[str, str]
    licences: tuple[str, ...]
    statements: frozenset[ox.Triple] | None = None


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
    return Exported(chosen.media_type, files, selection.licences, selection.triples)


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
