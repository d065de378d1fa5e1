"""Competencies and roles written as ESCO's CSV files."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import unquote

import pyoxigraph as ox

from ontology.interchange.esco import columns
from ontology.interchange.esco.columns import Holds
from ontology.interchange.facts import Facts, Term, facts_of, values
from ontology.namespaces import KS, OWL, RDF, SKOS

Row = Mapping[str, str]

_TYPE, _BROADER, _REQUIRES, _LINK = str(RDF.type), str(SKOS.broader), str(KS.requires), str(KS.Link)
_SOURCE, _PROPERTY, _TARGET = str(OWL.annotatedSource), str(OWL.annotatedProperty), str(OWL.annotatedTarget)
_ROLE, _COMPETENCY, _IMPORTANCE = str(KS.role), str(KS.competency), str(KS.importance)
#: Our classes in order of preference, and ESCO's `conceptType` for a thing that comes from elsewhere.
_TYPES = {
    str(KS.Competency): "KnowledgeSkillCompetence",
    str(KS.Role): "Occupation",
    str(KS.Framework): "ConceptScheme",
}
_RELATION = {iri: word for word, iri in columns.RELATIONS.items()}


def write_esco(triples: Iterable[ox.Triple], lang: str) -> dict[str, str]:
    """CSV by name of file (`skills_en.csv`), with the texts in one language; files without rows are left out.

    ESCO has two kinds of need. A requirement that no `ks:Link` calls essential or optional is essential where its
    importance is 5, which means that, and optional otherwise. What ESCO has no column for (levels, depths, statuses,
    sources) is not written.

    Args:
        triples: Competencies, roles, frameworks and what joins them.
        lang: BCP 47 tag of the texts wanted; "" for those without one.
    """
    writing = _Writing(triples, lang)
    suffix = f"_{lang}.csv" if lang else ".csv"
    files = {**writing.concepts(), **writing.relations()}
    return {f"{name}{suffix}": _table(rows) for name, rows in files.items() if rows}


def _table(rows: Sequence[Row]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(dict.fromkeys(name for row in rows for name in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


class _Writing:
    """Triples by thing, as rows."""

    def __init__(self, triples: Iterable[ox.Triple], lang: str) -> None:
        self._lang = lang.lower()
        self._things = facts_of(triples)

    def _values(self, iri: str, predicate: str) -> list[str]:
        return values(self._things.get(iri, {}), predicate)

    def _type(self, iri: str) -> str:
        """ESCO's word for what a thing is; "" where it has none."""
        stated = self._values(iri, columns.CONCEPT_TYPE)
        classes = self._values(iri, _TYPE)
        return stated[0] if stated else next((word for name, word in _TYPES.items() if name in classes), "")

    def concepts(self) -> dict[str, list[Row]]:
        """Rows of the files of concepts; types that ESCO does not have are left out."""
        files: dict[str, list[Row]] = defaultdict(list)
        for iri, facts in self._things.items():
            kind = self._type(iri)
            if kind in columns.FILES and _TYPE in facts:
                name, listed = columns.FILES[kind]
                key = "conceptSchemeUri" if kind == "ConceptScheme" else "conceptUri"
                said = _own(iri, facts)
                cells = {it: self._cell(said, it) for it in (*listed, *_unlisted(facts, listed))}
                if kind != "ConceptScheme" or said is facts or any(cells.values()):
                    files[name].append({"conceptType": kind, key: iri, **cells})
        return files

    def _cell(self, facts: Facts, name: str) -> str:
        column = columns.column(name)
        terms = [it for it in facts.get(column.predicate, ()) if self._speaks(it)]
        if column.holds is Holds.LINKS:
            return ", ".join(it.value for it in terms if isinstance(it, ox.NamedNode))
        texts = [it.value for it in terms if isinstance(it, ox.Literal)]
        alone = column.holds is Holds.TEXTS and len(texts) == 1 and " | " in texts[0]
        return "\n".join(texts) + ("\n" if alone else "")

    def _speaks(self, value: Term) -> bool:
        """Whether a value is in the language wanted, or in none."""
        return isinstance(value, ox.NamedNode) or (value.language or "") in ("", self._lang)

    def relations(self) -> dict[str, list[Row]]:
        """Rows of the files of relations."""
        needs: list[Row] = [
            {
                "occupationUri": role,
                "relationType": relation,
                "skillType": self._one(skill, columns.SKILL_TYPE),
                "skillUri": skill,
            }
            for role, relation, skill in sorted(self._needs())
        ]
        between: list[Row] = [
            {
                "originalSkillUri": skill,
                "originalSkillType": self._one(skill, columns.SKILL_TYPE),
                "relationType": word,
                "relatedSkillType": self._one(related, columns.SKILL_TYPE),
                "relatedSkillUri": related,
            }
            for skill in self._things
            for iri, word in _RELATION.items()
            for related in self._values(skill, iri)
        ]
        return {**self._broader(), "occupationSkillRelations": needs, "skillSkillRelations": between}

    def _one(self, iri: str, predicate: str) -> str:
        return next(iter(self._values(iri, predicate)), "")

    def _broader(self) -> dict[str, list[Row]]:
        files: dict[str, list[Row]] = defaultdict(list)
        for child in self._things:
            kind = self._type(child)
            elsewhere = not self._values(child, _TYPE)
            for parent in self._values(child, _BROADER) if kind or elsewhere else ():
                name = f"broaderRelations{'Occ' if kind in columns.OCCUPATIONAL else 'Skill'}Pillar"
                above = self._type(parent)
                files[name].append(
                    {"conceptType": kind, "conceptUri": child, "broaderType": above, "broaderUri": parent}
                )
        return files

    def _needs(self) -> Iterator[tuple[str, str, str]]:
        """Role, relation and skill: as a link states it, else by the importance of the requirement."""
        stated: set[tuple[str, str]] = set()
        importance: dict[tuple[str, str], str] = {}
        for iri in self._things:
            ends = self._one(iri, _SOURCE), self._one(iri, _TARGET)
            relation = _RELATION.get(self._one(iri, _PROPERTY))
            if relation and _LINK in self._values(iri, _TYPE):
                stated.add(ends)
                yield ends[0], relation, ends[1]
            elif _IMPORTANCE in self._things[iri]:
                importance[self._one(iri, _ROLE), self._one(iri, _COMPETENCY)] = self._one(iri, _IMPORTANCE)
        for role in self._things:
            for skill in self._values(role, _REQUIRES):
                if (role, skill) not in stated:
                    yield role, "essential" if importance.get((role, skill)) == "5" else "optional", skill


def _own(scheme: str, facts: Facts) -> Facts:
    """What is said of a thing, without a name that the reader makes up for schemes; the same where there is none."""
    made_up = {ox.Literal(columns.scheme_name(scheme, kind)) for kind in ("Occupation", "")}
    names = facts.get(str(SKOS.prefLabel), ())
    return {**facts, str(SKOS.prefLabel): [it for it in names if it not in made_up]} if made_up & set(names) else facts


def _unlisted(facts: Facts, listed: Sequence[str]) -> list[str]:
    """Columns that a file of this kind does not have in ESCO, but that something here came with."""
    known = {columns.column(name).predicate for name in listed}
    names = [unquote(it.removeprefix(columns.COLUMN)) for it in facts if it.startswith(columns.COLUMN)]
    names += [it.name for it in columns.LISTED if it.predicate in facts]
    skipped = {columns.CONCEPT_TYPE, _BROADER, *known}
    return [name for name in names if columns.column(name).predicate not in skipped]
