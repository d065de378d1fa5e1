"""The columns of ESCO's CSV files (version 1.0 to 1.2), and what each means, to be read in both directions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from urllib.parse import quote, unquote, urljoin

from ontology.interchange import limits
from ontology.namespaces import DCTERMS, KS, SKOS

_LINES = re.compile(r"\r\n|\r|\n")
_VERSION = re.compile(r"\bv(\d+(?:\.\d+)+)", re.ASCII)

#: ESCO's own vocabulary, as far as it has terms for its columns.
ESCO = "http://data.europa.eu/esco/model#"
#: Our addresses for columns that it has no term for: this and the name of the column.
COLUMN = "https://w3id.org/kesher/esco#"
ESSENTIAL, OPTIONAL = f"{ESCO}relatedEssentialSkill", f"{ESCO}relatedOptionalSkill"
RELATIONS: Mapping[str, str] = MappingProxyType({"essential": ESSENTIAL, "optional": OPTIONAL})
CONCEPT_TYPE, SKILL_TYPE = f"{COLUMN}conceptType", f"{ESCO}skillType"


class Holds(Enum):
    """What the cells of a column hold."""

    TEXT = "a text in the language of the file"
    TEXTS = "texts in the language of the file, one on each line or with | between"
    PLAIN = "a word or code of no language"
    DATE = "a day or a moment"
    LINKS = "addresses, with commas, bars or lines between"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file of concepts."""

    name: str
    predicate: str
    holds: Holds


LISTED = (
    Column("skillType", SKILL_TYPE, Holds.PLAIN),
    Column("reuseLevel", f"{ESCO}skillReuseLevel", Holds.PLAIN),
    Column("preferredLabel", str(SKOS.prefLabel), Holds.TEXT),
    Column("altLabels", str(SKOS.altLabel), Holds.TEXTS),
    Column("hiddenLabels", str(SKOS.hiddenLabel), Holds.TEXTS),
    Column("title", str(DCTERMS.title), Holds.TEXT),
    Column("status", "http://purl.org/iso25964/skos-thes#status", Holds.PLAIN),
    Column("modifiedDate", str(DCTERMS.modified), Holds.DATE),
    Column("regulatedProfessionNote", f"{ESCO}regulatedProfessionNote", Holds.PLAIN),
    Column("scopeNote", str(SKOS.scopeNote), Holds.TEXT),
    Column("definition", str(SKOS.definition), Holds.TEXT),
    Column("inScheme", str(SKOS.inScheme), Holds.LINKS),
    Column("description", str(DCTERMS.description), Holds.TEXT),
    Column("code", str(SKOS.notation), Holds.PLAIN),
    Column("hasTopConcept", str(SKOS.hasTopConcept), Holds.LINKS),
    Column("broaderConceptUri", str(SKOS.broader), Holds.LINKS),
)
_BY_NAME = {column.name: column for column in LISTED}

#: Columns that repeat the name of something which another file, or another column, gives by its address.
REPEATED = frozenset(
    ("conceptLabel", "broaderLabel", "occupationLabel", "skillLabel", "broaderConceptPT", "originalSkillLabel")
) | {"relatedSkillLabel"}


def folder(base: str) -> str:
    """Where relative addresses lie: in one place for all files of ESCO, which point at each other."""
    return urljoin(base, "esco/")


def column(name: str) -> Column:
    """A column by name; one that is not listed holds plain words under an address of its own."""
    return _BY_NAME.get(name) or Column(name, COLUMN + quote(name, safe=""), Holds.PLAIN)


def texts(cell: str) -> list[str]:
    """The texts of a cell that may hold several."""
    parts = _LINES.split(cell) if _LINES.search(cell) else cell.split(" | ")
    return [it for it in map(str.strip, parts) if it]


def is_too_long(name: str, cell: str) -> bool:
    """Whether a text in a cell of this column is longer than is taken."""
    known = column(name)
    several = texts(cell) if known.holds is Holds.TEXTS else [cell]
    return name not in REPEATED and any(limits.is_too_long(known.predicate, it) for it in several)


def version_of(file: str) -> str:
    """The version of ESCO that the name of a file gives (`ESCO v1.2.0 skills_en.csv`); "" where it gives none."""
    found = _VERSION.search(file)
    return found[1] if found else ""


def scheme_name(iri: str, kind: str) -> str:
    """What to call a scheme that nothing describes, by its address and the `conceptType` of what is in it."""
    about = "occupations" if kind in OCCUPATIONAL else "skills"
    last = unquote(iri.rstrip("/#")).rpartition("/")[2]
    return f"ESCO {about}" + (f" ({last})" if last and last != about else "")


#: `conceptType`, and our classes for it.
CLASSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "KnowledgeSkillCompetence": (str(SKOS.Concept), str(KS.Competency)),
        "SkillGroup": (str(SKOS.Concept), str(KS.Competency)),
        "Occupation": (str(SKOS.Concept), str(KS.Role)),
        "ISCOGroup": (str(SKOS.Concept),),
        "ConceptScheme": (str(SKOS.ConceptScheme), str(KS.Framework)),
    }
)

#: The types of what stands in ESCO's pillar of occupations.
OCCUPATIONAL = frozenset(("Occupation", "ISCOGroup"))

_LABELS = ("preferredLabel", "altLabels", "hiddenLabels", "status", "modifiedDate")
_NOTES = ("scopeNote", "definition", "inScheme", "description")
#: `conceptType`, the file that such concepts stand in, and its columns in ESCO's order.
FILES: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "KnowledgeSkillCompetence": ("skills", ("skillType", "reuseLevel", *_LABELS, *_NOTES)),
        "SkillGroup": ("skillGroups", (*_LABELS, *_NOTES, "code")),
        "Occupation": ("occupations", ("iscoGroup", *_LABELS, "regulatedProfessionNote", *_NOTES, "code")),
        "ISCOGroup": ("ISCOGroups", ("code", "preferredLabel", "status", "altLabels", "inScheme", "description")),
        "ConceptScheme": ("conceptSchemes", ("preferredLabel", "title", "status", "description", "hasTopConcept")),
    }
)
