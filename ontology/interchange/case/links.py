"""Associations of CASE: each a node with all its members, and the direct edge where a property means its type."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from ontology.interchange.case.forms import INDEX, UNKNOWN_TIME, name_of, own
from ontology.interchange.case.members import ASSOCIATION, ASSOCIATION_TYPES
from ontology.interchange.case.objects import TYPE, Graph, compose, kept, statements
from ontology.interchange.case.terms import Surroundings, as_json, is_reference, json_text
from ontology.interchange.hierarchy import closing
from ontology.interchange.json_text import Json
from ontology.interchange.outcome import Tally
from ontology.namespaces import DCTERMS, KS, OWL, SKOS, SSSOM

_SOURCE, _PROPERTY, _TARGET = str(OWL.annotatedSource), str(OWL.annotatedProperty), str(OWL.annotatedTarget)
_ENDS = (
    ("originNodeURI", _SOURCE, str(SSSOM.subject_label)),
    ("destinationNodeURI", _TARGET, str(SSSOM.object_label)),
)
_STATE, _BROADER, _TOP, _PART = str(KS.linkState), str(SKOS.broader), str(SKOS.topConceptOf), str(DCTERMS.isPartOf)
_STANDING = {"declared", "accepted", "edited"}
_TYPE_OF: Mapping[str, str] = {meant: name for name, meant in ASSOCIATION_TYPES.items()} | {_TOP: "isChildOf"}
_EXTENDED = re.compile(r"ext:[A-Za-z0-9._]+")
_MORE = frozenset({"targetType"})


@dataclass(frozen=True, slots=True)
class Edge:
    """What an association states.

    Attributes:
        place: Where it stands in the file.
    """

    source: str
    property: str
    target: str
    place: str = ""


def edge_of(value: Mapping[str, Json], around: Surroundings, document: str, place: str) -> Edge | None:
    """What an association states; None where it lacks an end or a type."""
    source, target = around.resolve(value.get("originNodeURI")), around.resolve(value.get("destinationNodeURI"))
    written = value.get("associationType")
    if source is None or target is None or not isinstance(written, str) or not written.strip():
        return None
    meant = ASSOCIATION_TYPES.get(written) or own(written)
    return Edge(source, _TOP if meant == _BROADER and target == document else meant, target, place)


def describe_link(node: str, value: Mapping[str, Json], edge: Edge, around: Surroundings) -> Iterator[ox.Triple]:
    """What an association says of its ends, beside the members of the table."""
    yield from statements(node, _STATE, [ox.Literal("declared")])
    yield from statements(node, _PROPERTY, [ox.NamedNode(edge.property)])
    for (name, leads, label), iri in zip(_ENDS, (edge.source, edge.target), strict=True):
        written = value.get(name)
        title = _title(written, iri, around)
        yield from statements(node, leads, [ox.NamedNode(iri)])
        yield from statements(node, label, [ox.Literal(title)] if title else [])
        if json_text(_end(iri, title, around)) != json_text(written):
            yield from statements(node, own(name), [as_json(written)])


def direct(edges: Sequence[Edge], items: set[str], around: Surroundings, tally: Tally) -> Iterator[ox.Triple]:
    """The statements that associations make, with a word on those that lead out of the file."""
    yield from _tree([it for it in edges if _TYPE_OF.get(it.property) == "isChildOf"], items, tally)
    for it in edges:
        if _TYPE_OF.get(it.property) != "isChildOf":
            if it.property in _TYPE_OF:
                yield from statements(it.source, it.property, [ox.NamedNode(it.target)])
            for end in (it.source, it.target):
                if end not in around.known:
                    tally.miss(end, it.place)


def _tree(edges: Sequence[Edge], items: set[str], tally: Tally) -> Iterator[ox.Triple]:
    """Parents; W174 where they would close a circle, W153 where the file lacks one of the two."""
    cut = closing((it.source, it.target) for it in edges if {it.source, it.target} <= items)
    for it in edges:
        top = it.property == _TOP and it.source in items
        if not top and not {it.source, it.target} <= items:
            word = f"{it.target} as parent of {it.source}: one of them is no item of this file; it is a link only"
            tally.note("W153", it.place, word, "Add the item, or correct the reference.")
        elif not top and (it.source, it.target) in cut:
            word = f"{it.target} as parent of {it.source} closes a circle; it is a link only"
            tally.note("W174", it.place, word)
        else:
            yield from statements(it.source, _TOP if top else _BROADER, [ox.NamedNode(it.target)])


def links_of(graph: Graph, document: str, items: Sequence[str]) -> list[str]:
    """The links of a framework: its own, and those from its items that belong to no other."""
    found = set(graph.subjects(_PART, document))
    for item in items:
        found |= {it for it in graph.subjects(_SOURCE, item) if not graph.things(it, _PART)}
    links = ox.NamedNode(ASSOCIATION.types[0])
    return sorted((it for it in found if links in graph.terms(it, TYPE)), key=graph.order)


def compose_link(graph: Graph, node: str, around: Surroundings, version: str) -> dict[str, Json] | None:
    """The association that a link is; None for one that does not stand, or that this version has no type for."""
    edges = edges_of(graph, node)
    name = _type(edges[0].property, version) if edges else None
    if name is None or not _STANDING & {it.value for it in graph.terms(node, _STATE)}:
        return None
    found = compose(graph, node, ASSOCIATION, around, version)
    found["associationType"] = name
    for (member, _, label), iri in zip(_ENDS, (edges[0].source, edges[0].target), strict=True):
        titles = sorted(it.value for it in graph.terms(node, label) if isinstance(it, ox.Literal))
        title = titles[0] if titles else None
        found[member] = _written(kept(graph, node, member), _end(iri, title, around), title, around, version)
    return found


def implied(graph: Graph, document: str, items: Sequence[str], links: Sequence[str]) -> Iterator[Edge]:
    """The edges that no link states; an item without a parent that never was in CASE stands at the top."""
    known = set(items)
    stated = {(it.source, it.property, it.target) for link in links for it in edges_of(graph, link)}
    placed = {source for source, told, _ in stated if told in {_BROADER, _TOP}}
    for item in items:
        edges = [Edge(item, it, target) for it in _TYPE_OF for target in graph.things(item, it)]
        edges = [it for it in edges if it.target in {_BROADER: known, _TOP: {document}}.get(it.property, {it.target})]
        at_a_place = item in placed or any(it.property in {_BROADER, _TOP} for it in edges)
        if not at_a_place and not graph.terms(item, INDEX):
            edges.append(Edge(item, _TOP, document))
        yield from (it for it in edges if (it.source, it.property, it.target) not in stated)


def compose_edge(edge: Edge, around: Surroundings, version: str) -> dict[str, Json] | None:
    """An association for an edge; None where this version has no type for it."""
    name = _type(edge.property, version)
    identifier = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{edge.source} {name} {edge.target}"))
    association: dict[str, Json] = {
        "identifier": identifier,
        "uri": f"urn:uuid:{identifier}",
        "associationType": name,
        "originNodeURI": around.reference(edge.source),
        "destinationNodeURI": around.reference(edge.target),
        "lastChangeDateTime": UNKNOWN_TIME,
    }
    return association if name else None


def edges_of(graph: Graph, node: str) -> list[Edge]:
    """What a link states; one edge, or none where it lacks a part."""
    ends = (graph.things(node, it) for it in (_SOURCE, _PROPERTY, _TARGET))
    return [Edge(*it) for it in zip(*ends, strict=False)][:1]


def _type(property: str, version: str) -> str | None:
    """The type of association that means a property in this version."""
    name = _TYPE_OF.get(property) or name_of(property)
    if name in ASSOCIATION_TYPES:
        return name if version > "1.0" or name != "isTranslationOf" else None
    return name if name and version > "1.0" and _EXTENDED.fullmatch(name) else None


def _written(written: Json, meant: Json, title: str | None, around: Surroundings, version: str) -> Json:
    """The end as it was written, where it still means the same and the version has such an end."""
    iri = around.resolve(written) or ""
    same = isinstance(meant, dict) and iri == meant["uri"] and _title(written, iri, around) == title
    if not same or (version > "1.0" and not is_reference(written, _MORE)):
        return meant
    if isinstance(written, dict) and version == "1.0":
        return {name: it for name, it in written.items() if name not in _MORE}
    return written


def _end(iri: str, title: str | None, around: Surroundings) -> dict[str, Json]:
    return around.reference(iri) | ({"title": title} if title else {})


def _title(value: Json, iri: str, around: Surroundings) -> str | None:
    """The title of an end, where it is not the name that the thing has anyway."""
    title = value.get("title") if isinstance(value, dict) else None
    return title if isinstance(title, str) and title.strip() and title != around.reference(iri)["title"] else None
