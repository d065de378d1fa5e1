"""Which format of bibliography a file is: JSON and XML say so by the names that stand at their top."""

from __future__ import annotations

import json
import re
from itertools import islice

from ingest.formats import Format
from ontology.interchange.json_text import Json

_FIRST = 20
_LISTS = ("items", "results", "message")
_ROOT = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*>\s*)*<(?:[\w.-]+:)?([\w.-]+)", re.DOTALL)
_JATS_PART = re.compile(r"<(?:[\w.-]+:)?(?:front|article-meta)\b")
_LD = ("@context", "@id", "@type", "@graph")


def format_of_works(whole: Json) -> Format | None:
    """The format of works in JSON; None when these are none, or are JSON-LD."""
    for item in islice(listed(whole), _FIRST):
        if isinstance(item, dict) and (found := _format_of(item)):
            return found
    return None


def format_of_lines(text: str) -> Format | None:
    """The format of works in JSON, one a line; None when the first line is none."""
    try:
        return format_of_works(json.loads(text.lstrip().partition("\n")[0], strict=False))
    except (ValueError, RecursionError):
        return None


def format_of_xml(text: str) -> Format | None:
    """The format of a file of XML by its first element; None when that is none of a bibliography."""
    root = _ROOT.match(text[:20_000])
    name = root[1] if root else ""
    if name in {"OAI-PMH", "ListRecords", "GetRecord", "record"}:
        return Format.OAI
    is_jats = name in {"article", "articles", "pmc-articleset"} and _JATS_PART.search(text[:100_000])
    return Format.JATS if is_jats else None


def listed(whole: Json) -> list[Json]:
    """The works in what an API or a program wrote: of a list, of a message, of a page of results."""
    while isinstance(whole, dict):
        inner = next((whole[name] for name in _LISTS if isinstance(whole.get(name), list | dict)), None)
        if inner is None:
            return [whole]
        whole = inner
    return whole if isinstance(whole, list) else [whole]


def _format_of(item: dict[str, Json]) -> Format | None:
    if any(name in item for name in _LD):
        return None
    if str(item.get("id", "")).startswith("https://openalex.org/W") or "authorships" in item:
        return Format.OPENALEX
    if "DOI" in item and (isinstance(item.get("title"), list) or "reference-count" in item):
        return Format.CROSSREF
    return Format.CSL if isinstance(item.get("type"), str) and _CSL & set(item) else None


_CSL = {"issued", "container-title", "DOI", "author", "title"}
