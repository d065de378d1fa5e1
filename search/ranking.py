"""From scored passages to ranked entities, pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ontology.kinds import Iri, Kind
from search.index import Candidate

#: Fields that a result counts, with the payload field that holds their values.
_FACETS: Mapping[str, str] = {
    "content_lang": "content_lang",
    "subject": "subject",
    "evidence": "research_grade",
    "status": "statuses",
}

#: Of a score, as it is shown.
DIGITS = 6
#: Between the last score of a pool and the first of what a deeper one adds; seen after scores are rounded.
_STEP = 1e-5


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entity with its best passage; pinned where the query is exactly its name."""

    best: Candidate
    score: float
    pinned: bool = False

    @property
    def iri(self) -> Iri:
        """Address of the entity."""
        return self.best.iri

    @property
    def kind(self) -> Kind:
        """What the entity is."""
        return self.best.kind


def group(candidates: Iterable[Candidate]) -> list[Ranked]:
    """Entities by their best passage, best first.

    Ties fall by address, then language, then id, so that the same index gives the same order every time. Scores that
    are shown alike are ties: what lies below is noise of the machine.
    """
    best: dict[Iri, Candidate] = {}
    for it in sorted(candidates, key=lambda it: (-round(it.score, DIGITS), it.iri, it.lang, it.id)):
        best.setdefault(it.iri, it)
    return [Ranked(it, it.score) for it in best.values()]


def pin(ranked: Sequence[Ranked], pinned: Sequence[Candidate]) -> list[Ranked]:
    """Exact matches first, in the order given, above everything that fusion has scored.

    Fusion normalises each leg by its own distribution, so that a unique exact match may come fourth. A pinned entity
    gets its own score on top of the greatest one, and the scores still fall from place to place.
    """
    own = {it.iri: it for it in ranked}
    top = max((it.score for it in ranked), default=0.0)
    first: dict[Iri, Ranked] = {}
    for place, it in enumerate(pinned):
        found = own.get(it.iri) or Ranked(it, it.score)
        first[it.iri] = replace(found, score=top + 1 + (len(pinned) - place) / len(pinned), pinned=True)
    return [*first.values(), *(it for it in ranked if it.iri not in first)]


def deepen(ranked: Sequence[Ranked], deeper: Iterable[Ranked]) -> list[Ranked]:
    """What was ranked, then what a deeper pool adds to it.

    Fusion gives the same passage another score in a deeper pool. So the scores of what is added are scaled (or moved,
    where there is nothing above zero to scale) to go on below the last: what came first stays first at every depth.
    """
    known = {it.iri for it in ranked}
    added = [it for it in deeper if it.iri not in known]
    if not (ranked and added):
        return [*ranked, *added]
    last, top = ranked[-1].score - _STEP, added[0].score
    if top <= last:
        return [*ranked, *added]
    factor = last / top if last > 0 else 1.0
    lowered = last - top * factor
    moved = (replace(it, score=it.score * factor + lowered) for it in added)
    return [*ranked, *sorted(moved, key=lambda it: (-round(it.score, DIGITS), it.iri))]


def facets(ranked: Iterable[Ranked]) -> Mapping[str, Mapping[str, int]]:
    """How many of the ranked entities have each value, most frequent first.

    An entity that serves every language or subject counts under `*`.
    """
    found = [it.best for it in ranked]
    counts = {"kind": Counter([it.kind.value for it in found])}
    for name, field in _FACETS.items():
        values = [it.payload.get(field) for it in found]
        counts[name] = Counter([str(it) for value in values if value is not None for it in _each(value)])
    return {name: dict(sorted(count.items(), key=lambda it: (-it[1], it[0]))) for name, count in counts.items()}


def _each(field: object) -> Iterable[object]:
    return field if isinstance(field, list) else (field,)
