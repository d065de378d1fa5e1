"""From what a search may be narrowed to, as users name it, to the filter of the index."""

from __future__ import annotations

import pyoxigraph as ox

from graph.store import GraphStore
from language.labels import LabelIndex
from language.script import primary
from ontology.kinds import Iri, Kind
from search.addressing import described, find, find_any, find_subject
from search.answers import SearchRequest
from search.index import Filter


def narrowed(request: SearchRequest, graph: GraphStore, labels: LabelIndex, base: str) -> Filter:
    """The filter that a request asks for.

    Raises:
        InvalidParameter: there is no such subject or source; names those that there are.
        UnknownEntity: there is no such role or entity; names the nearest.
    """
    return Filter(
        kinds=request.kinds,
        content_lang=primary(request.content_lang) if request.content_lang else None,
        subject=find_subject(labels, base, request.subject) if request.subject else None,
        grade=request.grade,
        min_research_grade=request.min_evidence,
        min_field_grade=request.min_field_evidence,
        iris=_within(request, graph, labels, base),
    )


def _within(request: SearchRequest, graph: GraphStore, labels: LabelIndex, base: str) -> frozenset[Iri] | None:
    """What belongs to a role, is near an entity and is described by a source, where these are asked for."""
    found: list[frozenset[Iri]] = []
    if request.role:
        role = find(labels, base, Kind.ROLE, request.role)
        found.append(_entities(graph, "role-neighbourhood", role=role))
    if request.near:
        found.append(_entities(graph, "entity-neighbourhood", near=find_any(labels, base, request.near)))
    if request.source:
        found.append(described(graph, base, request.source))
    return frozenset.intersection(*found) if found else None


def _entities(graph: GraphStore, question: str, **given: Iri) -> frozenset[Iri]:
    rows = graph.select(question, **{name: ox.NamedNode(iri) for name, iri in given.items()})
    return frozenset(Iri(it["entity"].value) for it in rows)
