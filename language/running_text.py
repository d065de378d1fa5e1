"""The texts of a file as they run: strings of JSON, cells of a table, lines of anything else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ontology.errors import UnreadableFile

_LINES_OF_JSON = frozenset({".ndjson", ".jsonl"})
_TABLES = {".tsv": "\t", ".csv": ","}


def texts_of(file: Path) -> Iterator[str]:
    """The texts of a UTF-8 file, in order; keys of JSON objects are none.

    Raises:
        UnreadableFile: it is absent, not UTF-8, or broken JSON; names the file and the line.
    """
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(
            f"{file} cannot be read: {error}", place=str(file), problem="E-UNREADABLE", remedy="Give a file in UTF-8."
        ) from error
    suffix = file.suffix.lower()
    if suffix == ".json":
        yield from _strings(_parsed(text, file, 1))
        return
    for number, line in enumerate(text.splitlines(), 1):
        if suffix in _LINES_OF_JSON:
            yield from _strings(_parsed(line, file, number)) if line.strip() else ()
        else:
            yield from line.split(_TABLES[suffix]) if suffix in _TABLES else (line,)


def _parsed(text: str, file: Path, number: int) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        place = f"line {number}"
        raise UnreadableFile(f"{file}, {place}: no JSON ({error}).", place=place, problem="E-BROKEN-LINE") from error


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for it in value.values():
            yield from _strings(it)
    elif isinstance(value, list):
        for it in value:
            yield from _strings(it)
