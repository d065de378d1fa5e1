"""The kinds of entity, their classes, and the address of each entity and of what is none.

Addresses are `{base}id/{kind}/{slug}`; they never change once published (see docs/architecture.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NewType
from urllib.parse import urlsplit

from ontology.namespaces import KS, ORG, SKOS

Iri = NewType("Iri", str)

DEFAULT_BASE = "https://w3id.org/kesher/"


class Kind(StrEnum):
    """What an entity is; the word used in addresses, filters and answers."""

    ROLE = "role"
    JOB = "job"
    COMPETENCY = "competency"
    STANDARD = "standard"
    TOOL = "tool"
    SOURCE = "source"
    CLAIM = "claim"
    PROGRAMME = "programme"
    ACCREDITATION = "accreditation"
    CREDENTIAL = "credential"
    PATHWAY = "pathway"
    COMMUNITY = "community"
    EVENT = "event"
    PRACTICE = "practice"
    MISCONCEPTION = "misconception"
    SUBJECT = "subject"
    ORGANISATION = "organisation"
    FRAMEWORK = "framework"
    CONCEPT = "concept"


#: Class of each kind, most specific first: an entity with several classes takes the first that matches.
CLASS_OF: Mapping[Kind, Iri] = MappingProxyType(
    {
        Kind.ROLE: Iri(str(KS.Role)),
        Kind.JOB: Iri(str(KS.JobDefinition)),
        Kind.COMPETENCY: Iri(str(KS.Competency)),
        Kind.STANDARD: Iri(str(KS.ProfessionalStandard)),
        Kind.TOOL: Iri(str(KS.Tool)),
        Kind.SOURCE: Iri(str(KS.ResearchSource)),
        Kind.CLAIM: Iri(str(KS.EvidenceClaim)),
        Kind.PROGRAMME: Iri(str(KS.TrainingProgramme)),
        Kind.ACCREDITATION: Iri(str(KS.Accreditation)),
        Kind.CREDENTIAL: Iri(str(KS.Credential)),
        Kind.PATHWAY: Iri(str(KS.Pathway)),
        Kind.COMMUNITY: Iri(str(KS.Community)),
        Kind.EVENT: Iri(str(KS.Event)),
        Kind.PRACTICE: Iri(str(KS.PracticeRecord)),
        Kind.MISCONCEPTION: Iri(str(KS.Misconception)),
        Kind.SUBJECT: Iri(str(KS.Subject)),
        Kind.ORGANISATION: Iri(str(ORG.Organization)),
        Kind.FRAMEWORK: Iri(str(KS.Framework)),
        Kind.CONCEPT: Iri(str(SKOS.Concept)),
    }
)


def kind_of(classes: set[str]) -> Kind | None:
    """The kind of an entity from its classes, or None when it is not one that Kesher knows."""
    return next((kind for kind, iri in CLASS_OF.items() if iri in classes), None)


def slug_of(name: str) -> str:
    """Lower case, every run of other characters one hyphen: `KCT.6.1` becomes `kct-6-1`.

    Letters and digits of every script are kept, so that Hebrew and Arabic names stay readable.
    """
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-")


def entity_iri(base: str, kind: Kind, slug: str) -> Iri:
    """Address of an entity."""
    return Iri(f"{base}id/{kind}/{slug}")


def graph_iri(base: str, name: str) -> Iri:
    """Address of a named graph: `schema`, `curation`, `starter/roles`, `source/notes.md`..."""
    return Iri(f"{base}graph/{name}")


def genid(base: str, *parts: str) -> Iri:
    """Address of a node that had no name of its own; without parts, what all such addresses here begin with."""
    return Iri(f"{base}.well-known/genid/{'/'.join(parts)}")


def is_genid(iri: str, base: str = "") -> bool:
    """True for the address of a node that had no name of its own: of this base, or without one of any."""
    return iri.startswith(genid(base)) if base else genid("/") in iri


def local_name(iri: str) -> str:
    """The last part of a term's address: `broader` of skos:broader."""
    return iri.rstrip("/#").rpartition("#")[2].rpartition("/")[2]


def is_web_address(word: str) -> bool:
    """True for an absolute http(s) IRI without characters that an IRI cannot hold: what may stand in a link."""
    try:
        parts = urlsplit(word)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not re.search(r'[\s<>"{}|\\^`\x00-\x20]', word)
