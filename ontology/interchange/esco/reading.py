"""ESCO's CSV files read, each for itself."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field

import pyoxigraph as ox

from ontology.interchange.addresses import absolute, is_absolute
from ontology.interchange.esco import columns
from ontology.interchange.esco.columns import Column, Holds
from ontology.interchange.esco.table import File, Row, language_of, read_table
from ontology.interchange.facts import DAY
from ontology.interchange.hierarchy import closing
from ontology.interchange.limits import SHORTEN
from ontology.interchange.naming import spoken
from ontology.interchange.outcome import Mapped, Tally
from ontology.namespaces import KS, OWL, RDF, SKOS, XSD

_TYPE, _BROADER, _REQUIRES = map(ox.NamedNode, (RDF.type, SKOS.broader, KS.requires))
_SOURCE, _PROPERTY, _TARGET = map(ox.NamedNode, (OWL.annotatedSource, OWL.annotatedProperty, OWL.annotatedTarget))
_STATE, _LINK = ox.NamedNode(KS.linkState), ox.NamedNode(KS.Link)
_MOMENT = re.compile(DAY.pattern + r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?")


def read_esco(text: str, base: str, file: str) -> Mapped:
    """One of ESCO's files: skills, occupations, groups, schemes, or the relations between them.

    The header says which it is. A skill or a group of skills is a `ks:Competency`, an occupation a `ks:Role`, a scheme
    a `ks:Framework`. That an occupation asks for a skill is `ks:requires`, and a `ks:Link` says whether ESCO calls the
    skill essential or optional: ESCO knows no importance, so none is given. The language is the last part of the name
    of the file (`skills_ar.csv`); W172 where it has none. Columns that only repeat names are left out (W170), columns
    that ESCO's vocabulary has no term for get an address of ours. A scheme that concepts are in is described as a
    framework even if the file only names it.

    Concepts are the rows of files of concepts; links the addresses in cells, and the rows of files of relations.

    Args:
        text: CSV, with commas, semicolons or tabs.
        base: Base IRI of this installation.
        file: Name for problems, and for the language.

    Raises:
        UnreadableFile: E125 it is not CSV; E126 no file of ESCO has such a header.
    """
    tally = Tally(file, base)
    kind, header, rows = read_table(text, tally)
    reading = _Reading(base, tally, language_of(kind, header, tally))
    read = {
        File.REQUIREMENTS: reading.requirement,
        File.SKILL_RELATIONS: reading.relation,
        File.BROADER: reading.broader,
    }.get(kind, reading.concept)
    for place, row in rows:
        read(row, place)
    return tally.outcome(reading.triples())


@dataclass(slots=True)
class _Reading:
    """The rows of one file on their way to triples."""

    base: str
    tally: Tally
    language: str
    found: list[ox.Triple] = field(default_factory=list)
    seen: set[ox.NamedNode] = field(default_factory=set)
    said: dict[tuple[ox.NamedNode, str], str] = field(default_factory=dict)
    parents: list[tuple[str, ox.NamedNode, ox.NamedNode, Row]] = field(default_factory=list)

    def triples(self) -> list[ox.Triple]:
        """What the rows said, with the tree that hangs on them."""
        cut = closing((child.value, parent.value) for _, child, parent, _ in self.parents)
        for place, child, parent, row in self.parents:
            if (child.value, parent.value) in cut:
                self.tally.drop_circle(child.value, parent.value, place)
                continue
            self._keep(child, _BROADER, parent)
            self._also(child, columns.CONCEPT_TYPE, row.get("conceptType", ""), place)
            self._also(parent, columns.CONCEPT_TYPE, row.get("broaderType", ""), place)
        self._describe_schemes()
        return self.found

    def _describe_schemes(self) -> None:
        """A framework for each scheme that concepts are in, under a name that we make up.

        It is in no language: ESCO's own file of schemes names them in each, and there is one name in a language.
        """
        kinds = {it.subject: it.object for it in self.found if it.predicate.value == columns.CONCEPT_TYPE}
        held = [(it.object, kinds.get(it.subject)) for it in self.found if it.predicate.value == str(SKOS.inScheme)]
        version = columns.version_of(self.tally.file)
        for scheme, kind in dict.fromkeys(held):
            if isinstance(scheme, ox.NamedNode):
                for name in columns.CLASSES["ConceptScheme"]:
                    self._say(scheme, _TYPE.value, ox.NamedNode(name))
                made_up = columns.scheme_name(scheme.value, kind.value if isinstance(kind, ox.Literal) else "")
                self._say(scheme, str(SKOS.prefLabel), ox.Literal(made_up))
                if version:
                    self._say(scheme, str(OWL.versionInfo), ox.Literal(version))

    def _say(self, subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        self.found.append(ox.Triple(subject, ox.NamedNode(predicate), value))

    def _keep(self, subject: ox.NamedNode, predicate: ox.NamedNode, value: ox.NamedNode) -> None:
        self.tally.keep_link()
        self._say(subject, predicate.value, value)

    def _iri(self, written: str, place: str) -> ox.NamedNode:
        iri = absolute(written, columns.folder(self.base))
        if not is_absolute(written):
            self.tally.note("W165", place, f"The address {written[:60]!r} is relative; it was read as {iri.value}")
        return iri

    def concept(self, row: Row, place: str) -> None:
        """A skill, an occupation, a group or a scheme."""
        key = "conceptUri" if "conceptUri" in row else "conceptSchemeUri"
        if not row[key]:
            self.tally.drop_concept("E124", place, f"The row has nothing in {key}", "Give it its address.")
            return
        try:
            iri = self._iri(row[key], place)
        except ValueError:
            self.tally.drop_concept("E151", place, f"No address can be made of {row[key][:80]!r}")
            return
        if iri in self.seen:
            self.tally.drop_concept("E173", place, f"{iri.value} stands twice; the first row was taken")
            return
        if long := next((name for name, cell in row.items() if columns.is_too_long(name, cell)), ""):
            message = f"A text in {long} is longer than is taken; the row was left out"
            self.tally.drop_concept("E150", f"{place}, {long}", message, SHORTEN)
            return
        self.seen.add(iri)
        self.tally.keep_concept()
        self._class(iri, row, place, "ConceptScheme" if key == "conceptSchemeUri" else "")
        if not row["preferredLabel"]:
            self.tally.note("W167", place, f"{iri.value} has no name", "Fill in preferredLabel.")
        for name, cell in row.items():
            if cell and name not in (key, "conceptType", "") and name not in columns.REPEATED:
                self._cell(iri, columns.column(name), cell, f"{place}, {name}")

    def _class(self, iri: ox.NamedNode, row: Row, place: str, otherwise: str) -> None:
        written = row.get("conceptType") or otherwise
        if written not in columns.CLASSES:
            self.tally.note("W169", place, f"ESCO has no conceptType {written[:40]!r}; it was taken for a concept")
        for name in columns.CLASSES.get(written, (str(SKOS.Concept),)):
            self._say(iri, _TYPE.value, ox.NamedNode(name))
        if written:
            self._say(iri, columns.CONCEPT_TYPE, ox.Literal(written))

    def _cell(self, iri: ox.NamedNode, column: Column, cell: str, place: str) -> None:
        if column.holds is Holds.LINKS:
            for written in re.split(r"[\s,|]+", cell):
                self._linked(iri, column.predicate, written, place)
        elif column.holds is Holds.TEXTS:
            for part in columns.texts(cell):
                self._say(iri, column.predicate, spoken(part, self.language, place, self.tally))
        elif column.holds is Holds.TEXT:
            self._say(iri, column.predicate, spoken(cell, self.language, place, self.tally))
        else:
            self._say(iri, column.predicate, _dated(cell) if column.holds is Holds.DATE else ox.Literal(cell))

    def _linked(self, iri: ox.NamedNode, predicate: str, written: str, place: str) -> None:
        if not written:
            return
        try:
            target = self._iri(written, place)
        except ValueError:
            self.tally.drop_link("E151", place, f"No address can be made of {written[:80]!r}; the link was left out")
            return
        if predicate == _BROADER.value:
            self.parents.append((place, iri, target, {}))
        else:
            self._keep(iri, ox.NamedNode(predicate), target)

    def _ends(self, row: Row, place: str, first: str, second: str) -> tuple[ox.NamedNode, ox.NamedNode] | None:
        """The two ends of a row of relations; None after the row was dropped."""
        for name in (first, second):
            if not row[name]:
                self.tally.drop_link("E124", place, f"The row has nothing in {name}", "Give it the address.")
                return None
        try:
            return self._iri(row[first], place), self._iri(row[second], place)
        except ValueError:
            self.tally.drop_link("E151", place, "No address can be made of one end; the relation was left out")
            return None

    def _related(self, row: Row, place: str, first: str, second: str) -> tuple[ox.NamedNode, str, ox.NamedNode] | None:
        """What a row says to be essential or optional to what; None after it was dropped."""
        if (ends := self._ends(row, place, first, second)) is None:
            return None
        if relation := columns.RELATIONS.get(row["relationType"]):
            return ends[0], relation, ends[1]
        message = f"A relation is essential or optional, not {row['relationType'][:40]!r}; it was left out"
        self.tally.drop_link("E165", place, message)
        return None

    def _also(self, iri: ox.NamedNode, predicate: str, written: str, place: str) -> None:
        """What a row of relations says of one of its ends; W173 where another row said otherwise."""
        if written and self.said.setdefault((iri, predicate), written) != written:
            message = (
                f"{iri.value} is {written[:40]!r} here and {self.said[iri, predicate][:40]!r} above, which was taken"
            )
            self.tally.note("W173", place, message)
        elif written:
            self._say(iri, predicate, ox.Literal(written))

    def requirement(self, row: Row, place: str) -> None:
        """A skill that an occupation asks for."""
        if (said := self._related(row, place, "occupationUri", "skillUri")) is None:
            return
        occupation, relation, skill = said
        link = f"{self.base}id/link/{uuid.uuid5(uuid.NAMESPACE_URL, f'{occupation.value} {relation} {skill.value}')}"
        self._keep(occupation, _REQUIRES, skill)
        for predicate, value in (
            (_TYPE, _LINK),
            (_SOURCE, occupation),
            (_PROPERTY, ox.NamedNode(relation)),
            (_TARGET, skill),
            (_STATE, ox.Literal("declared")),
        ):
            self._say(ox.NamedNode(link), predicate.value, value)
        self._also(skill, columns.SKILL_TYPE, row.get("skillType", ""), place)

    def relation(self, row: Row, place: str) -> None:
        """A skill that another skill asks for."""
        if said := self._related(row, place, "originalSkillUri", "relatedSkillUri"):
            self._keep(said[0], ox.NamedNode(said[1]), said[2])
            self._also(said[0], columns.SKILL_TYPE, row.get("originalSkillType", ""), place)
            self._also(said[2], columns.SKILL_TYPE, row.get("relatedSkillType", ""), place)

    def broader(self, row: Row, place: str) -> None:
        """A concept below another."""
        if ends := self._ends(row, place, "conceptUri", "broaderUri"):
            self.parents.append((place, *ends, row))


def _dated(written: str) -> ox.Literal:
    """A day or a moment; anything else is kept as it is written."""
    if DAY.fullmatch(written):
        return ox.Literal(written, datatype=ox.NamedNode(XSD.date))
    if _MOMENT.fullmatch(written):
        return ox.Literal(written, datatype=ox.NamedNode(XSD.dateTime))
    return ox.Literal(written)
