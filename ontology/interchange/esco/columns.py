"""The columns of ESCO's CSV files (version 1.0 to 1.2), and what each means, to be read in both directions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from urllib.parse import quote

from ontology.namespaces import DCTERMS, KS, SKOS

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


def column(name: str) -> Column:
    """A column by name; one that is not listed holds plain words under an address of its own."""
    return _BY_NAME.get(name) or Column(name, COLUMN + quote(name, safe=""), Holds.PLAIN)


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
