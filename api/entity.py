"""One entity whole, as pages and the API show it: every statement with the graph that makes it, links both ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from api.names import LABELS, best_name, foresee_names, kind_among, read_labels, read_name, statuses_among
from api.parts import read_parts
from api.schemas import (
    EntityOut,
    LinkOut,
    LinksOut,
    OverriddenOut,
    PropertyOut,
    ProvenanceOut,
    ValueOut,
)
from api.statements import Statement, Statements
from ingest.catalog import CATALOG
from ingest.lifecycle import DRAFTS, State
from ingest.overlay import OVERRIDDEN
from ontology.errors import UnknownEntity
from ontology.kinds import Iri, is_web_address, local_name
from ontology.namespaces import DCTERMS, KS, RDF
from search.naming import Named

_TYPE = str(RDF.type)
_WEIGHTS = {"1", "2", "3", "4", "5"}
_APART = {*LABELS, *LABELS.values(), _TYPE, str(KS.status)}  # shown in places of their own


def read_entity(statements: Statements, iri: Iri, lang: str) -> EntityOut:
    """Everything about one entity, named for a reader of `lang`.

    Raises:
        UnknownEntity: nothing that this reader may see speaks of it.
    """
    own = statements.about(iri)
    if not any(it.predicate == _TYPE for it in own):
        raise UnknownEntity(f"There is no entity {iri}.", remedy="Look for it with /api/v1/search?q=...")
    labels = read_labels(statements, iri)
    shown = best_name(iri, labels, lang)
    links_out = list(_links_out(statements, own, lang))
    parts = read_parts(statements, iri, lang)
    return EntityOut(
        iri=iri,
        kind=kind_among(own),
        label=shown.text,
        lang=shown.lang,
        labels=labels,
        statuses=statuses_among(own),
        properties=_properties(own, {link.entity.iri for link in links_out} | {part.iri for part in parts}),
        links=LinksOut(out=links_out, into=list(_links_in(statements, iri, lang))),
        parts=parts,
        replaced_by=sorted(it.object for it in own if it.object and it.predicate == str(DCTERMS.isReplacedBy)),
        provenance=[_provenance(statements, graph) for graph in sorted({it.graph for it in own})],
        overridden=list(_overridden(statements, iri)),
        private=statements.is_private(iri),
        state=_state(own),
    )


def _state(own: list[Statement]) -> State:
    """The state of an entity, by what this reader sees of it; a draft stands in a graph of drafts alone."""
    if all(f"graph/{DRAFTS}" in it.graph for it in own):
        return State.DRAFT
    return State.RETIRED if "retired" in statuses_among(own) else State.PUBLISHED


def _links_out(statements: Statements, own: list[Statement], lang: str) -> Iterator[LinkOut]:
    foresee_names(statements, (it.object for it in own if it.object))
    importance = _importance(statements, own[0].subject)
    for it in own:
        if it.object and it.predicate not in _APART:
            entity = read_name(statements, it.object, lang)
            if entity.kind:
                yield _link(it, entity, importance.get(it.object))


def _links_in(statements: Statements, iri: Iri, lang: str) -> Iterator[LinkOut]:
    pointing = statements.pointing_at(iri)
    foresee_names(statements, (it.subject for it in pointing))
    for it in pointing:
        entity = read_name(statements, it.subject, lang)
        if entity.kind and it.predicate not in _APART:
            yield _link(it, entity)


def _link(statement: Statement, entity: Named, importance: int | None = None) -> LinkOut:
    return LinkOut(
        predicate=Iri(statement.predicate),
        term=statement.term,
        entity=entity,
        graph=statement.graph,
        importance=importance,
    )


def _importance(statements: Statements, role: Iri) -> dict[str, int]:
    """Competency -> importance 1-5, from the requirement nodes of a role."""
    statements.foresee(it.subject for it in statements.pointing_at(role, str(KS.role)))
    nodes = (statements.about(it.subject) for it in statements.pointing_at(role, str(KS.role)))
    said = ({it.predicate: it.value for it in node} for node in nodes)
    weighed = ((it.get(str(KS.competency)), it.get(str(KS.importance), "")) for it in said)
    return {Iri(competency): int(weight) for competency, weight in weighed if competency and weight in _WEIGHTS}


def _properties(own: list[Statement], linked: set[Iri]) -> list[PropertyOut]:
    values: dict[str, list[ValueOut]] = defaultdict(list)
    for it in own:
        if it.predicate not in _APART and it.object not in linked:
            href = it.value if it.object and is_web_address(it.value) else None
            values[it.predicate].append(
                ValueOut(value=it.value, lang=it.lang, datatype=it.datatype, href=href, graph=it.graph)
            )
    return [
        PropertyOut(predicate=Iri(predicate), term=local_name(predicate), values=sorted(them, key=lambda it: it.value))
        for predicate, them in sorted(values.items())
    ]


def _provenance(statements: Statements, graph: Iri) -> ProvenanceOut:
    said = {it.predicate: it.value for it in statements.about(graph) if it.graph.endswith(f"graph/{CATALOG}")}
    modified, sequence = said.get(str(DCTERMS.modified)), said.get(str(KS.sequence))
    return ProvenanceOut(
        graph=graph,
        title=said.get(str(DCTERMS.title)),
        licence=said.get(str(DCTERMS.license)),
        modified=datetime.fromisoformat(modified) if modified else None,
        sequence=int(sequence) if sequence else None,
    )


def _overridden(statements: Statements, iri: Iri) -> Iterator[OverriddenOut]:
    for link in statements.pointing_at(iri, str(RDF.subject)):
        node = {it.term: it for it in statements.about(link.subject)}
        if link.graph.endswith(f"graph/{OVERRIDDEN}") and {"predicate", "object"} <= set(node):
            value, place = node["object"], node.get("statedIn")
            yield OverriddenOut(
                predicate=Iri(node["predicate"].value),
                value=value.value,
                lang=value.lang,
                stated_in=Iri(place.value) if place else None,
            )
