"""The formats of files: what a name promises, and which of them are no text."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from ontology.errors import UnreadableFile


class Format(StrEnum):
    """What a file can be: what its name promises, or what `ingest.recognise` finds inside that."""

    TURTLE = "Turtle"
    N_TRIPLES = "N-Triples"
    N_QUADS = "N-Quads"
    TRIG = "TriG"
    JSON_LD = "JSON-LD"
    RDF_XML = "RDF/XML"
    BIBTEX = "BibTeX"
    RIS = "RIS"
    CSV = "CSV"
    MARKDOWN = "Markdown"
    TEXT = "plain text"
    HTML = "HTML"
    DOCX = "Word"
    PPTX = "PowerPoint"
    XLSX = "Excel"
    PDF = "PDF"
    CASE = "CASE"
    CTDL = "CTDL"
    DIGCOMP = "DigComp"
    ESCO = "ESCO"
    SSSOM = "SSSOM"
    CSL = "CSL-JSON"
    CROSSREF = "Crossref"
    OPENALEX = "OpenAlex"
    JATS = "JATS"
    OAI = "OAI-PMH"


SUFFIXES: Mapping[str, Format] = MappingProxyType(
    {
        ".ttl": Format.TURTLE,
        ".turtle": Format.TURTLE,
        ".nt": Format.N_TRIPLES,
        ".nq": Format.N_QUADS,
        ".trig": Format.TRIG,
        ".jsonld": Format.JSON_LD,
        ".json": Format.JSON_LD,
        ".jsonl": Format.JSON_LD,
        ".rdf": Format.RDF_XML,
        ".owl": Format.RDF_XML,
        ".xml": Format.RDF_XML,
        ".bib": Format.BIBTEX,
        ".bibtex": Format.BIBTEX,
        ".ris": Format.RIS,
        ".csv": Format.CSV,
        ".tsv": Format.CSV,
        ".md": Format.MARKDOWN,
        ".markdown": Format.MARKDOWN,
        ".txt": Format.TEXT,
        ".html": Format.HTML,
        ".htm": Format.HTML,
        ".xhtml": Format.HTML,
        ".docx": Format.DOCX,
        ".pptx": Format.PPTX,
        ".xlsx": Format.XLSX,
        ".pdf": Format.PDF,
    }
)

OFFICE = frozenset({Format.DOCX, Format.PPTX, Format.XLSX})
#: Formats of prose: a file is one record, and what it is about may stand in a YAML beside it.
PROSE = frozenset({Format.MARKDOWN, Format.TEXT, Format.HTML, Format.DOCX, Format.PPTX, Format.PDF})
#: Formats of tables: a mapping beside the file says what its columns mean.
TABLES = frozenset({Format.CSV, Format.XLSX})


def format_of(name: str) -> Format | None:
    """The format that a file's name promises; None when no reader takes it."""
    return SUFFIXES.get(Path(name).suffix.lower())


def promised_format(name: str) -> Format:
    """The format that a file's name promises.

    Raises:
        UnreadableFile: E103 no reader takes such a file.
    """
    promised = format_of(name)
    if promised is None:
        message = f"No reader takes {Path(name).suffix or 'a file without suffix'}"
        remedy = f"Readers take {', '.join(SUFFIXES)}."
        raise UnreadableFile(message, place="file", problem="E103", remedy=remedy)
    return promised
