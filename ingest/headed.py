"""A table that needs no mapping: every heading is one that `ingest.headings` knows, and it is clear what a row is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from ingest.headings import heading, kind_named, language_named
from ingest.mapping import Column, TableMapping
from ingest.properties import Property, content_language, date, property_of, text, web_address

_WHOLE = (text, date, web_address)


def headed(header: Sequence[str], called: str, delimiter: str = "") -> TableMapping | None:
    """What a table means by its headings alone; None where it takes a mapping to tell.

    Args:
        header: Its headings.
        called: The name of the sheet or of the file, which may say the kind: `tools.csv`, `כלים`.
        delimiter: What parts its cells.
    """
    found = {cell.strip(): heading(cell) for cell in header if cell.strip()}
    names = {name: cell for cell, (name, _) in reversed(found.items())}
    identifier, kind = names.get("id") or names.get("label", ""), kind_named(PurePath(called).stem)
    if "" in names or not identifier or not (kind or "kind" in names):
        return None
    columns = tuple(_column(cell, *what) for cell, what in found.items() if what[0] not in {"id", "kind"})
    return TableMapping(kind, identifier, columns, delimiter, {}, kind_column=names.get("kind", ""))


def _column(cell: str, name: str, tag: str) -> Column:
    known = property_of(name)
    if known.convert is content_language:
        known = replace(known, convert=lambda word, lang: content_language(language_named(word), lang))
    return Column(cell, known, tag, _split(known), by_script=known.convert is text and not tag)


def _split(known: Property) -> str:
    return "" if known.convert in _WHOLE or known.name == "doi" else ";"
