"""The gap report: what the graph lacks by its own named questions, and what people ask for that it does not have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from graph.store import GraphStore, Row
from language.labels import LabelIndex
from ontology.errors import InvalidParameter
from ontology.kinds import Iri
from search.demand import Demand
from search.naming import Named, name


class GapKind(StrEnum):
    """What may be missing. All but the demand are named questions (`ontology/queries`)."""

    COMPETENCY_WITHOUT_TOOL = "competencies-without-tool"
    TOOL_WITHOUT_EVIDENCE = "tools-without-evidence"
    ALONE = "orphans"
    WITHOUT_NAME = "missing-labels"
    DEMAND = "demand"


#: The variable of each question that holds the entity which lacks something.
_LACKING = {
    GapKind.COMPETENCY_WITHOUT_TOOL: "competency",
    GapKind.TOOL_WITHOUT_EVIDENCE: "tool",
    GapKind.ALONE: "entity",
    GapKind.WITHOUT_NAME: "entity",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing.

    Attributes:
        entity: What lacks something; of a demand, the nearest broader concept.
        lang: The language in which it has no name, or in which it was asked for.
        topic: What was asked for in vain; empty for gaps of the graph.
        weight: How many roles require it, or clients asked for it; None where that is not counted.
    """

    entity: Named | None
    lang: str = ""
    topic: str = ""
    weight: int | None = None


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps of one kind: how many there are, and the first of them."""

    kind: GapKind
    total: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class GapReport:
    """What gaps are found in.

    Attributes:
        graph: The public dataset.
        labels: Names of its entities.
        demand: What was asked for in vain, most asked first.
    """

    graph: GraphStore
    labels: LabelIndex
    demand: Sequence[Demand]

    def find(self, kinds: Sequence[GapKind], lang: str, limit: int) -> list[Gaps]:
        """The gaps of these kinds (none: of every kind) in the order of `GapKind`, with the first `limit` of each."""
        chosen = [it for it in GapKind if it in kinds or not kinds]
        return [self._asked(lang, limit) if it is GapKind.DEMAND else self._lacking(it, lang, limit) for it in chosen]

    def _lacking(self, kind: GapKind, lang: str, limit: int) -> Gaps:
        found = list(_distinct(self.graph.select(kind.value), _LACKING[kind]))
        return Gaps(kind, len(found), tuple(_gap(row, Iri(iri), self.labels, lang) for iri, row in found[:limit]))

    def _asked(self, lang: str, limit: int) -> Gaps:
        gaps = (
            Gap(name(self.labels, it.nearest, lang) if it.nearest else None, it.lang, it.topic, it.asked)
            for it in self.demand[:limit]
        )
        return Gaps(GapKind.DEMAND, len(self.demand), tuple(gaps))


def gap_kind(written: str) -> GapKind:
    """A kind of gap by its name.

    Raises:
        InvalidParameter: there is none of that name; names those that there are.
    """
    try:
        return GapKind(written)
    except ValueError as error:
        remedy = f"The kinds are: {', '.join(GapKind)}."
        raise InvalidParameter("kind", f"There is no kind of gap {written!r}.", remedy=remedy) from error


def _distinct(rows: Sequence[Row], variable: str) -> Iterator[tuple[str, Row]]:
    """Each entity once in each language."""
    seen = set()
    for row in rows:
        own = (row[variable].value, row["lang"].value if "lang" in row else "")
        if own not in seen:
            seen.add(own)
            yield own[0], row


def _gap(row: Row, iri: Iri, labels: LabelIndex, lang: str) -> Gap:
    return Gap(
        name(labels, iri, lang),
        lang=row["lang"].value if "lang" in row else "",
        weight=int(row["roles"].value) if "roles" in row else None,
    )
