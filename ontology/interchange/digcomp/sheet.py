"""The CSV files in which DigComp is translated: one text a row, in English and in another language."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from ontology.errors import UnreadableFile
from ontology.interchange.addresses import absolute
from ontology.interchange.digcomp.vocabulary import (
    CLASSES,
    DIGCOMP,
    LANGUAGE,
    TYPE,
    Holds,
    Member,
    folder,
    implied,
    member,
)
from ontology.interchange.limits import SHORTEN, is_too_long
from ontology.interchange.naming import language_of_file, spoken
from ontology.interchange.outcome import Tally

_COLUMNS = {"location", "source", "target"}
_PLACE = re.compile(
    r"digcomp\.(?:(area|competence|glossary)\.(.+)\.(label|description|definition)|(statement|outcome)\.(.+))"
)
_CLASSES = {
    "area": "CompetenceArea",
    "competence": "Competence",
    "glossary": "Glossary",
    "statement": "CompetenceStatement",
    "outcome": "LearningOutcome",
}
_MEMBERS = {"label": "name", "description": "description", "definition": "explanation", None: "description"}
_REMEDY = "Export the file again as CSV."


@dataclass(frozen=True, slots=True)
class _Text:
    """One row: which thing it names, which member, and the text in both languages."""

    kind: str
    key: str
    part: str | None
    source: str
    target: str
    place: str

    def member(self) -> Member:
        """What the text is of the thing."""
        return member(CLASSES[_CLASSES[self.kind]], _MEMBERS[self.part])


def read_sheet(text: str, base: str, tally: Tally) -> list[ox.Triple]:
    """The things that the rows name, with their texts, as the JSON-LD names them.

    Raises:
        UnreadableFile: E113 no row says anything; E125 it is not CSV; E126 its columns are others.
    """
    rows = list(_rows(text.lstrip("\ufeff"), tally))
    translated = any(row.target for row in rows)
    example = "digcomp3-outcomes.nl.csv"
    language = language_of_file(tally, example, after="._", native=LANGUAGE) if translated else ""
    names = {row.key: row.source for row in rows if row.kind == "glossary" and row.part == "label" and row.source}
    taken = set(names.values())
    found: dict[ox.Triple, None] = {}
    things: set[ox.NamedNode] = set()
    for row in rows:
        kind = CLASSES[_CLASSES[row.kind]]
        last = names.get(row.key, row.key) if row.kind == "glossary" else row.key
        iri = absolute(f"{_CLASSES[row.kind]}/{last}", folder(base))
        if iri not in things:
            things.add(iri)
            tally.keep_concept()
            found[ox.Triple(iri, TYPE, ox.NamedNode(DIGCOMP + _CLASSES[row.kind]))] = None
            found |= {ox.Triple(iri, *it): None for it in implied(iri, kind, base, named=last in taken)}
        known = row.member()
        for written, tag in ((row.source, LANGUAGE), (row.target, language)):
            if written and known.holds is Holds.TEXT:
                said = spoken(tally.text(written, row.place), tag, row.place, tally)
                found[ox.Triple(iri, ox.NamedNode(known.predicate), said)] = None
    if not found and not tally.dropped.concepts:
        raise UnreadableFile("The file says nothing", place="document", problem="E113")
    return list(found)


def _rows(text: str, tally: Tally) -> Iterator[_Text]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        if not set(reader.fieldnames or ()) >= _COLUMNS:
            message = f"DigComp's columns are location, context, source and target, not {text[:80]!r}"
            raise UnreadableFile(message, place="row 1", problem="E126", remedy=_REMEDY)
        for number, row in enumerate(reader, 2):
            place = f"row {number}"
            written = row["location"] or ""
            found = _PLACE.fullmatch(written.strip())
            if None in row or None in row.values():
                message = "The row has another number of cells than the header"
                tally.drop_concept("E120", place, message, "Put a cell that holds a comma in quotes.")
            elif not found or (found[3] == "definition") != (found[1] == "glossary" and found[3] != "label"):
                tally.drop_concept("E165", place, f"{written[:60]!r} is no place in DigComp; the row was left out")
            else:
                texts = row["source"].strip(), row["target"].strip()
                said = _Text(found[1] or found[4], found[2] or found[5], found[3], *texts, place)
                if any(is_too_long(said.member().predicate, it) for it in texts):
                    tally.drop_concept("E150", place, "A text is longer than is taken; the row was left out", SHORTEN)
                else:
                    yield said
    except csv.Error as error:
        place = f"line {reader.line_num}"
        raise UnreadableFile(f"This is not CSV: {error}", place=place, problem="E125", remedy=_REMEDY) from error
