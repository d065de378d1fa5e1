"""The bodies of the HTTP answers. Every text travels with its language, every label with its certainty."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from language.labels import LabelEntry
from ontology.kinds import Iri, Kind
from ontology.model import Certainty
from search.answers import Hit
from search.gaps import Gaps
from search.naming import Named
from search.recommend import Evidence, Uncovered

#: Said where an answer is empty because the installation is.
NOTHING_LOADED = "Nothing is loaded yet: `kesher demo` loads the starter knowledge, `kesher ingest` your files"


class Out(BaseModel):
    """Every body: frozen, so that a view cannot change what it shows."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)


class LabelOut(Out):
    """A name, whether it is the preferred one of its language, and how sure it is."""

    text: str
    lang: str
    preferred: bool
    certainty: Certainty
    needs_review: bool
    basis: str | None = None


class ValueOut(Out):
    """One value of a property, and the named graph that states it."""

    value: str
    lang: str = ""
    datatype: str | None = None
    href: str | None = Field(default=None, description="the value, where it is an http address that one can follow")
    graph: Iri


class PropertyOut(Out):
    """All values of one property."""

    predicate: Iri
    term: str = Field(description="local name of the predicate")
    values: list[ValueOut]


class LinkOut(Out):
    """One statement between two entities, seen from one of them."""

    predicate: Iri
    term: str
    entity: Named
    graph: Iri
    importance: int | None = Field(default=None, description="1-5, how important a required competency is to the role")


class LinksOut(Out):
    """Links both ways."""

    out: list[LinkOut]
    into: list[LinkOut] = Field(serialization_alias="in", description="statements whose object it is")


class PartOut(Out):
    """A part of an entity that is no entity of a kind: a task, an item of a standard, a step, a criterion."""

    iri: Iri
    term: str = Field(description="local name of the property by which it is a part")
    text: str
    lang: str
    links: list[LinkOut] = Field(description="what the part links to")
    parts: list[PartOut] = Field(description="its own parts")


class ProvenanceOut(Out):
    """A named graph that speaks of the entity, from the catalogue."""

    graph: Iri
    title: str | None = None
    licence: str | None = None
    modified: datetime | None = None
    sequence: int | None = None


class OverriddenOut(Out):
    """A statement of a source that curation has replaced."""

    predicate: Iri
    value: str
    lang: str = ""
    stated_in: Iri | None = None


class FaultOut(Out):
    """A field of an entry that is not as it should be, and what to do about it."""

    at: str = Field(description="the property, such as skos:prefLabel; empty where several together are wrong")
    message: str


class EntityOut(Out):
    """One entity whole."""

    iri: Iri
    kind: Kind | None
    label: str
    lang: str
    labels: list[LabelOut]
    statuses: list[str]
    properties: list[PropertyOut]
    links: LinksOut
    parts: list[PartOut] = Field(description="tasks, items, steps and the like, in their order")
    replaced_by: list[Iri] = Field(serialization_alias="replacedBy", description="what takes its place when retired")
    provenance: list[ProvenanceOut]
    overridden: list[OverriddenOut]
    private: bool = False
    state: str = Field(default="published", description="published, retired, or draft, which curators alone see")
    faults: list[FaultOut] = Field(default=[], description="what must be mended before a draft is published")


class StepOut(Out):
    """One statement of a path, with the named graph that makes it; empty where nobody makes it yet."""

    subject: Iri
    predicate: Iri
    object: Iri
    source: Iri


class BecauseOut(Out):
    """One reason: a sentence, the statements it rests on, and what it contributes to the score."""

    sentence: str
    path: list[StepOut]
    contribution: float


class RecommendationOut(Out):
    """A tool for a role. Research and field evidence are never merged."""

    tool: Named
    score: float
    because: list[BecauseOut]
    further: float = Field(description="what all other paths contribute together")
    evidence: Evidence
    covers: list[Iri]


class ToolsOut(Out):
    """Tools for a role in the order to show them, and the competencies that no tool covers."""

    role: Named
    recommendations: list[RecommendationOut]
    uncovered: list[Uncovered]


class WhyOut(Out):
    """Why a tool is recommended for a role, or why not: the filter that refuses it, or the missing edge."""

    role: Named
    tool: Named
    recommended: bool
    place: int | None
    score: float
    because: list[BecauseOut]
    against: list[str]
    missing: list[StepOut]


class ProblemOut(Out):
    """RFC 9457 problem details, with the remedy and, where there is one, the place of the fault."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    remedy: str | None = None
    line: int | None = None
    column: int | None = None


class LiveOut(Out):
    """The process answers."""

    alive: bool = True


class ReadyOut(Out):
    """Whether every part can serve; `waiting` names those that cannot, each with the reason."""

    ready: bool
    waiting: dict[str, str]
    writes: dict[str, int] = Field(description="last write in the ledger, and last one in the index")


class SuggestionsOut(Out):
    """Names that may be meant, best first, one for each entity."""

    query: str
    suggestions: list[LabelEntry]


class GapsOut(Out):
    """The gap report: for each kind, how many gaps there are and the first of them."""

    gaps: list[Gaps]


class SimilarOut(Out):
    """What is near to an entity in meaning."""

    iri: Iri
    hits: list[Hit]
