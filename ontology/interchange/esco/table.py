"""A CSV file of ESCO as rows: which of its files it is, and in which language."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import TypeAlias

from ontology.errors import UnreadableFile
from ontology.interchange.esco import columns
from ontology.interchange.naming import language_of_file
from ontology.interchange.outcome import Tally
from ontology.text import clean

Row: TypeAlias = Mapping[str, str]

_REMEDY = "Export the file from ESCO again as CSV."


class File(Enum):
    """What the rows of a file are, and what its header must have for that; the first that fits."""

    REQUIREMENTS = frozenset(("occupationUri", "relationType", "skillUri"))
    SKILL_RELATIONS = frozenset(("originalSkillUri", "relationType", "relatedSkillUri"))
    BROADER = frozenset(("conceptUri", "broaderUri"))
    CONCEPTS = frozenset(("conceptUri", "preferredLabel"))
    SCHEMES = frozenset(("conceptSchemeUri", "preferredLabel"))


_OF_CONCEPTS = (File.CONCEPTS, File.SCHEMES)


def read_table(text: str, tally: Tally) -> tuple[File, list[str], Iterator[tuple[str, Row]]]:
    """What a file is, its header, and its rows with their places; a row with too few or too many cells is dropped.

    Raises:
        UnreadableFile: E125 it is not CSV (while rows are read); E126 no file of ESCO has such a header.
    """
    text = text.lstrip("\ufeff")
    for delimiter in ",;\t":
        header = _header(text, delimiter)
        for kind in File:
            if kind.value <= set(header):
                return kind, header, _rows(text, delimiter, header, kind, tally)
    message = f"No file of ESCO begins like this: {text[:200]!r}"
    raise UnreadableFile(message, place="row 1", problem="E126", remedy=_REMEDY)


def _header(text: str, delimiter: str) -> list[str]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [clean(it).strip() for it in next(reader, [])]
    except csv.Error:
        return []


def _rows(text: str, delimiter: str, header: Sequence[str], kind: File, tally: Tally) -> Iterator[tuple[str, Row]]:
    if len(set(header)) < len(header):
        raise UnreadableFile("Two columns have one name", place="row 1", problem="E126", remedy=_REMEDY)
    drop = tally.drop_concept if kind in _OF_CONCEPTS else tally.drop_link
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            if len(cells) == len(header):
                if number > 1:
                    place = f"row {number}"
                    yield (
                        place,
                        {
                            name: tally.text(cell, f"{place}, {name}").strip()
                            for name, cell in zip(header, cells, strict=True)
                        },
                    )
            elif any(cells):
                message = f"The row has {len(cells)} cells, the header {len(header)}"
                drop("E120", f"row {number}", message, "Put a cell that holds the delimiter in quotes.")
    except csv.Error as error:
        place = f"line {reader.line_num}"
        raise UnreadableFile(f"This is not CSV: {error}", place=place, problem="E125", remedy=_REMEDY) from error


def language_of(kind: File, header: Sequence[str], tally: Tally) -> str:
    """The language of the texts in a file, by its name; "" where they have none, or the file has no texts to keep."""
    if "" in header:
        tally.note("W141", "row 1", "A column has no name; it was left out", "Give it one.")
    for name in sorted(columns.REPEATED & set(header)):
        message = f"{name} repeats names that stand elsewhere by their address; it was left out"
        tally.note("W170", f"column {name}", message)
    if kind not in _OF_CONCEPTS:
        return ""
    return language_of_file(tally, "skills_en.csv")
