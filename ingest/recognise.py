"""What a file is beyond what its name says: exchange formats share suffixes, and are known by what stands inside.

Vocabularies in RDF are known by what they state, once they are parsed (`readers.interchange`).
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from ingest.formats import Format
from ingest.record import Document
from ingest.works import format_of_lines, format_of_works, format_of_xml
from ontology.interchange.ctdl.terms import WELL_KNOWN
from ontology.interchange.esco.table import File as EscoFile
from ontology.interchange.json_text import Json
from ontology.interchange.sssom.slots import MANDATORY

_CTDL_TYPE = re.compile(r"(ceasn|ceterms):|https?://purl\.org/ctdl")
_DIGCOMP_CLASSES = {"CompetenceArea", "CompetenceStatement"}
_DIGCOMP_COLUMNS = {"location", "context", "source", "target"}

_LONGEST_HEADER = 10_000


def recognise(document: Document, promised: Format, *, has_mapping: bool) -> Format:
    """The format whose reader takes a file.

    Args:
        document: The file.
        promised: What its name says.
        has_mapping: Whether a mapping tells what the columns of a table mean; then it is a table.
    """
    found = None if has_mapping else _INSIDE.get(promised, _nothing)(document.text)
    return found or promised


def _nothing(_text: str) -> None:
    """Files of other formats are what their names say."""


def _json(text: str) -> Format | None:
    try:
        whole: Json = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return format_of_lines(text)  # and of what is neither, the reader says what is wrong with it
    if isinstance(whole, dict) and "CFDocument" in whole:
        return Format.CASE
    nodes = list(_nodes(whole))
    if any(_has_ctdl_context(it) for it in nodes) or any(_CTDL_TYPE.match(it) for it in _types(nodes)):
        return Format.CTDL
    return Format.DIGCOMP if _DIGCOMP_CLASSES & set(_types(nodes)) else format_of_works(whole)


def _nodes(whole: Json) -> Iterator[dict[str, Json]]:
    """The objects at the top of JSON-LD: of a list, of a graph, of a registry's envelope."""
    for part in whole if isinstance(whole, list) else [whole]:
        if isinstance(part, dict):
            yield part
            inner = part.get("decoded_resource", part.get("@graph"))
            yield from (it for it in (inner if isinstance(inner, list) else [inner]) if isinstance(it, dict))


def _types(nodes: list[dict[str, Json]]) -> Iterator[str]:
    for node in nodes:
        named = node.get("@type", node.get("type"))
        yield from (it for it in (named if isinstance(named, list) else [named]) if isinstance(it, str))


def _has_ctdl_context(node: dict[str, Json]) -> bool:
    given = node.get("@context")
    parts = given if isinstance(given, list) else [given]
    return any(isinstance(it, str) and WELL_KNOWN.fullmatch(it) for it in parts)


def _table(text: str) -> Format | None:
    first = next((line for line in io.StringIO(text) if not line.startswith("#")), "")[:_LONGEST_HEADER].strip()
    if set(MANDATORY) <= {cell.strip() for cell in first.split("\t")}:
        return Format.SSSOM
    header = {cell.strip(' "') for cell in re.split(r"[,;\t]", first)}
    if header >= _DIGCOMP_COLUMNS and "digcomp." in text[: 2 * _LONGEST_HEADER]:
        return Format.DIGCOMP
    return Format.ESCO if any(kind.value <= header for kind in EscoFile) else None


_INSIDE: Mapping[Format, Callable[[str], Format | None]] = MappingProxyType(
    {Format.JSON_LD: _json, Format.RDF_XML: format_of_xml, Format.CSV: _table}
)
