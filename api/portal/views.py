"""What the entity page shows of an entity, and in which order. Pure: EntityOut in, parts of a page out."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import NamedTuple

from api.schemas import EntityOut, LabelOut, LinkOut, RecommendationOut, ToolsOut, ValueOut
from ontology.kinds import Iri, Kind, local_name
from search.connections import Connections
from search.naming import Named

_LEAD = ("definition", "description", "abstract")
#: Shown elsewhere on the page, or of use to programs only.
_UNSEEN = {"gradeMin", "gradeMax", "title", "creator", "subject", "contentHash", "sequence", "needsReview", "ordinal"}
_ORDER = (
    *("correction", "diagnosticTask", "observation", "outcome", "startDate", "endDate", "location"),
    *("validFrom", "validThrough", "versionInfo", "weeklyHours", "hours", "places", "costPerParticipant", "condition"),
    *("population", "effectSize", "effectSizeLow", "effectSizeHigh", "effectMeasure"),
    *("notation", "duty", "need", "depth", "bibliographicCitation", "venue", "issued", "page", "doi", "gradeRange"),
    *("language", "languageIndependent", "languageStatus", "researchGrade", "fieldGrade", "evidenceBasis"),
    *("drawnFrom", "roleGroup", "basis"),
)


#: The links that Kesher is about come first.
_LINKS = (
    *("requires", "develops", "supportedBy", "evidences", "hasStandard"),
    *("usedTool", "broader", "subject", "toolKind"),
)


class Fact(NamedTuple):
    """One property with the values that this reader is shown."""

    term: str
    values: list[ValueOut]


def lead(entity: EntityOut, lang: str) -> list[ValueOut]:
    """The sentences under the heading: what it is."""
    found = {it.term: it.values for it in entity.properties}
    return next((for_reader(found[term], lang) for term in _LEAD if term in found), [])


def facts(entity: EntityOut, lang: str) -> list[Fact]:
    """The other properties, the most telling first, those that nobody ordered by name."""
    rank = {term: number for number, term in enumerate(_ORDER)}
    cited = any(it.term == "bibliographicCitation" for it in entity.properties)
    unseen = (_UNSEEN if cited else _UNSEEN - {"creator", "subject"}) | set(_LEAD)
    shown = [Fact(it.term, for_reader(it.values, lang)) for it in entity.properties if it.term not in unseen]
    return sorted(shown, key=lambda it: (rank.get(it.term, len(rank)), it.term))


def for_reader(values: list[ValueOut], lang: str) -> list[ValueOut]:
    """Of values in several languages those in the reader's, else English, else all; plain values always."""
    tagged = {it.lang for it in values if it.lang}
    wanted = next((it for it in (lang, "en") if it in tagged), None)
    return [it for it in values if not it.lang or wanted is None or it.lang == wanted]


def other_names(entity: EntityOut) -> list[LabelOut]:
    """Every name but the one that is the heading."""
    return [it for it in entity.labels if (it.text, it.lang) != (entity.label, entity.lang)]


def heading(entity: EntityOut) -> LabelOut | None:
    """The name that is the heading, with its certainty."""
    return next((it for it in entity.labels if (it.text, it.lang) == (entity.label, entity.lang)), None)


def grouped(links: list[LinkOut]) -> list[tuple[str, list[LinkOut]]]:
    """Links by their term; the weightiest first, then by name; each entity once in a group."""
    once = {(it.term, it.entity.iri): it for it in links}.values()
    rank = {term: number for number, term in enumerate(_LINKS)}
    ordered = sorted(
        once, key=lambda it: (rank.get(it.term, len(rank)), it.term, -(it.importance or 0), it.entity.label)
    )
    return [(term, list(group)) for term, group in groupby(ordered, key=lambda it: it.term)]


class Step(NamedTuple):
    """One statement of a path, in names."""

    subject: Named
    term: str
    object: Named


class Suggested(NamedTuple):
    """A recommended tool with its strongest reason."""

    found: RecommendationOut
    sentence: str
    steps: list[Step]


class ToolsPanel(NamedTuple):
    """The tools for a role as its page shows them."""

    suggested: list[Suggested]
    uncovered: list[Named]


def tools_panel(found: ToolsOut, name: Callable[[Iri], Named]) -> ToolsPanel:
    """The panel, with every address of a path put into its name."""
    return ToolsPanel([_suggested(it, name) for it in found.recommendations], [it.competency for it in found.uncovered])


def _suggested(found: RecommendationOut, name: Callable[[Iri], Named]) -> Suggested:
    reason = next(iter(found.because), None)
    steps = [Step(name(it.subject), local_name(it.predicate), name(it.object)) for it in reason.path] if reason else []
    return Suggested(found, reason.sentence if reason else "", steps)


class Connected(NamedTuple):
    """An entity of the other side with its strongest reason."""

    entity: Named
    sentence: str


class ConnectedPanel(NamedTuple):
    """What is connected of one kind, under the key of its title."""

    id: str
    title: str
    found: list[Connected]


_CONNECTED = {
    Kind.SOURCE: "entity.connected_source",
    Kind.TOOL: "entity.connected_tool",
    Kind.ROLE: "entity.connected_role",
    Kind.PRACTICE: "entity.connected_practice",
}


def connected_panels(found: Connections) -> list[ConnectedPanel]:
    """A panel for each kind that has an answer."""
    return [
        ConnectedPanel(
            f"connected-{kind}", _CONNECTED[kind], [Connected(it.entity, it.because[0].sentence) for it in own]
        )
        for kind, own in found.found.items()
        if own
    ]
