"""The parts of an entity: tasks of a job, items of a standard, steps of a pathway, criteria of a rubric.

A part has an address but no kind of its own, so it has no place among the links: it is shown with what it is part of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.names import LABELS, foresee_names, read_name
from api.schemas import LinkOut, PartOut
from api.statements import Statement, Statements
from ontology.kinds import Iri, kind_of
from ontology.namespaces import DCTERMS, KS, RDF, SKOS

_TYPE = str(RDF.type)
_PART_OF = str(DCTERMS.isPartOf)
_ORDINAL = str(KS.ordinal)
#: What a part says of itself, best first.
_TEXTS = (str(SKOS.prefLabel), str(DCTERMS.description), str(KS.setting))
_APART = {_TYPE, str(KS.status), str(SKOS.inScheme), *LABELS.values()}
_PLACE = re.compile(r"[0-9]{1,9}")
_DEEPEST = 2


def read_parts(statements: Statements, iri: Iri, lang: str, depth: int = 1) -> list[PartOut]:
    """The parts of an entity, in their order, each with its own down to the second level."""
    if depth > _DEEPEST:
        return []
    below = ((it.object, it.term) for it in statements.about(iri) if it.object and it.predicate not in _APART)
    within = ((it.subject, "isPartOf") for it in statements.pointing_at(iri, _PART_OF))
    once = dict((*below, *within)).items()
    foresee_names(statements, (part for part, _ in once))
    found = [it for part, term in once if (it := _part(_Whole(statements, iri, lang, depth), part, term))]
    return [part for _, part in sorted(found, key=lambda it: (it[1].term, it[0], it[1].iri))]


@dataclass(frozen=True, slots=True)
class _Whole:
    """What the parts are parts of, and for whom they are read."""

    statements: Statements
    iri: Iri
    lang: str
    depth: int


def _part(whole: _Whole, iri: Iri, term: str) -> tuple[int, PartOut] | None:
    """A part with its place in the order; None for what is none: an entity of a kind, or an address outside."""
    own = whole.statements.about(iri)
    classes = {it.value for it in own if it.predicate == _TYPE}
    text = _text(own, whole.lang)
    if not classes or kind_of(classes) or not text:
        return None
    links = sorted(_links(whole, own), key=lambda it: (it.term, it.entity.label))
    parts = read_parts(whole.statements, iri, whole.lang, whole.depth + 1)
    told = PartOut(iri=iri, term=term, text=text.value, lang=text.lang, links=links, parts=parts)
    return _place(whole, own), told


def _place(whole: _Whole, own: Iterable[Statement]) -> int:
    """The place that a part has in its whole; 0 where it is counted in another one, as items of standards are."""
    said = list(own)
    if any(it.predicate == _PART_OF and it.object != whole.iri for it in said):
        return 0
    return next((int(it.value) for it in said if it.predicate == _ORDINAL and _PLACE.fullmatch(it.value)), 0)


def _links(whole: _Whole, own: Iterable[Statement]) -> Iterator[LinkOut]:
    said = list(own)
    foresee_names(whole.statements, (it.object for it in said if it.object))
    for it in said:
        if it.object and it.object != whole.iri and it.predicate not in _APART:
            entity = read_name(whole.statements, it.object, whole.lang)
            if entity.kind:
                yield LinkOut(predicate=Iri(it.predicate), term=it.term, entity=entity, graph=it.graph)


def _text(own: Iterable[Statement], lang: str) -> Statement | None:
    """What a part says, in the reader's language or else in English."""
    wanted = {lang: 0, "en": 1}
    ranked = sorted((it for it in own if it.predicate in _TEXTS), key=lambda it: _TEXTS.index(it.predicate))
    best = [it for it in ranked if it.predicate == ranked[0].predicate]
    return min(best, key=lambda it: wanted.get(it.lang, 2), default=None)
