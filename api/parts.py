"""The parts of an entity: tasks of a job, items of a standard, steps of a pathway, criteria of a rubric.

A part has an address but no kind of its own, so it has no place among the links: it is shown with what it is part of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.names import LABELS, read_name
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
_DEEPEST = 2


def read_parts(statements: Statements, iri: Iri, lang: str, depth: int = 1) -> list[PartOut]:
    """The parts of an entity, in their order, each with its own down to the second level."""
    if depth > _DEEPEST:
        return []
    below = ((it.object, it.term) for it in statements.about(iri) if it.object and it.predicate not in _APART)
    within = ((it.subject, "isPartOf") for it in statements.pointing_at(iri, _PART_OF))
    found = [it for part, term in dict((*below, *within)).items() if (it := _part(statements, part, term, lang, depth))]
    return [part for _, part in sorted(found, key=lambda it: (it[1].term, it[0], it[1].iri))]


def _part(statements: Statements, iri: Iri, term: str, lang: str, depth: int) -> tuple[int, PartOut] | None:
    """A part with its place in the order; None for what is none: an entity of a kind, or an address outside."""
    own = statements.about(iri)
    classes = {it.value for it in own if it.predicate == _TYPE}
    text = _text(own, lang)
    if not classes or kind_of(classes) or not text:
        return None
    place = next((int(it.value) for it in own if it.predicate == _ORDINAL and it.value.isdigit()), 0)
    links = sorted(_links(statements, own, lang), key=lambda it: (it.term, it.entity.label))
    parts = read_parts(statements, iri, lang, depth + 1)
    return place, PartOut(iri=iri, term=term, text=text.value, lang=text.lang, links=links, parts=parts)


def _links(statements: Statements, own: Iterable[Statement], lang: str) -> Iterator[LinkOut]:
    for it in own:
        if it.object and it.predicate not in {*_APART, _PART_OF}:
            entity = read_name(statements, it.object, lang)
            if entity.kind:
                yield LinkOut(predicate=Iri(it.predicate), term=it.term, entity=entity, graph=it.graph)


def _text(own: Iterable[Statement], lang: str) -> Statement | None:
    """What a part says, in the reader's language or else in English."""
    wanted = {lang: 0, "en": 1}
    ranked = sorted((it for it in own if it.predicate in _TEXTS), key=lambda it: _TEXTS.index(it.predicate))
    best = [it for it in ranked if it.predicate == ranked[0].predicate]
    return min(best, key=lambda it: wanted.get(it.lang, 2), default=None)
