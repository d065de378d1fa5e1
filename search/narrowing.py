"""What a search is narrowed to: the filter of the index that the parameters of a request mean."""

from __future__ import annotations

import pyoxigraph as ox

from graph.store import GraphStore
from language.labels import LabelIndex
from language.script import primary
from ontology.kinds import Iri, Kind
from search.addressing import described, find, find_any, find_subject
from search.answers import SearchRequest
from search.index import Filter


def filter_of(request: SearchRequest, labels: LabelIndex, graph: GraphStore, base: str) -> Filter:
    """The filter of a request.

    Args:
        request: Its filters may name entities by slug, address or name.
        labels: Names of all entities.
        graph: Tells what belongs to a role, what is near an entity and what a source describes.
        base: What addresses begin with.

    Raises:
        UnknownEntity: there is no such role or entity; names the nearest.
        InvalidParameter: there is no such subject; names those that there are.
    """
    reached: list[frozenset[Iri]] = []
    if request.role:
        role = find(labels, base, Kind.ROLE, request.role)
        reached.append(_entities(graph, "role-neighbourhood", role=role))
    if request.near:
        reached.append(_entities(graph, "entity-neighbourhood", near=find_any(labels, base, request.near)))
    if request.source:
        reached.append(described(graph, base, request.source))
    return Filter(
        kinds=request.kinds,
        content_lang=primary(request.content_lang) if request.content_lang else None,
        subject=find_subject(labels, base, request.subject) if request.subject else None,
        grade=request.grade,
        min_research_grade=request.min_evidence,
        min_field_grade=request.min_field_evidence,
        iris=frozenset.intersection(*reached) if reached else None,
    )


def _entities(graph: GraphStore, question: str, **given: Iri) -> frozenset[Iri]:
    rows = graph.select(question, **{name: ox.NamedNode(iri) for name, iri in given.items()})
    return frozenset(Iri(it["entity"].value) for it in rows)
