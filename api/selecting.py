"""What an export is about: everything public, one framework with all that is in it, one entity, or all of one kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox

from api.addresses import address_of
from graph.store import GraphStore
from ontology.errors import UnknownEntity
from ontology.kinds import Iri, Kind, entity_iri, graph_iri, kind_of
from ontology.namespaces import DCTERMS, KS, OWL, RDF, SKOS, SKOSXL, SSSOM

_HIDDEN = ("schema", "catalog", "overridden")
_TYPE, _LICENCE = ox.NamedNode(RDF.type), ox.NamedNode(DCTERMS.license)
_IN = {ox.NamedNode(it) for it in (SKOS.inScheme, SKOS.topConceptOf, DCTERMS.isPartOf)}
_PARTS = {ox.NamedNode(it) for it in (SKOSXL.prefLabel, SKOSXL.altLabel, SKOSXL.hiddenLabel)}
_ENDS = {ox.NamedNode(OWL.annotatedSource), ox.NamedNode(OWL.annotatedTarget)}
_MAPPINGS = ox.NamedNode(f"{SSSOM}mappings")
_HOLDERS = {ox.NamedNode(it) for it in (KS.Framework, SKOS.ConceptScheme)}
_LICENSED = _HOLDERS | {ox.NamedNode(OWL.Ontology), ox.NamedNode(SSSOM.MappingSet)}
_UNNAMED = "/.well-known/genid/"

About: TypeAlias = Mapping[ox.NamedNode, list[ox.Quad]]


@dataclass(frozen=True, slots=True)
class Selection:
    """What is exported.

    Attributes:
        triples: All of it: the entities, their labels and unnamed parts, and the links that begin or end at them.
        framework: The framework or concept scheme that was asked for; None where none was.
        kinds: Entities among the triples, by kind.
        licences: Addresses of the licences that are known for it, in order.
    """

    triples: frozenset[ox.Triple]
    framework: Iri | None
    kinds: Mapping[Kind, frozenset[Iri]]
    licences: tuple[str, ...]


def select(graph: GraphStore, base: str, what: str | None = None, kind: Kind | None = None) -> Selection:
    """What the public dataset says of something.

    Args:
        graph: The public dataset; the private one is never asked.
        base: Base IRI of this installation.
        what: Address of a framework or entity, or slug of a framework; None for everything.
        kind: Only entities of this kind.

    Raises:
        UnknownEntity: nothing is known of it.
        InvalidParameter: it is no address.
    """
    hidden = {ox.NamedNode(graph_iri(base, name)) for name in _HIDDEN}
    about: dict[ox.NamedNode, list[ox.Quad]] = defaultdict(list)
    for quad in graph.quads():
        if quad.graph_name not in hidden and isinstance(quad.subject, ox.NamedNode):
            about[quad.subject].append(quad)
    root = _found(what, base, about) if what else None
    entities = _members(root, about) if root else set(about)
    kinds = _kinds(entities, about)
    if kind:
        kinds = {it: found for it, found in kinds.items() if it is kind}
        entities = {ox.NamedNode(iri) for iri in kinds.get(kind, ())}
    chosen = set(about) if root is None and kind is None else _whole(entities, about)
    quads = [quad for node in chosen for quad in about.get(node, ())]
    holds = root is not None and any(it.predicate == _TYPE and it.object in _HOLDERS for it in about[root])
    return Selection(
        frozenset(quad.triple for quad in quads),
        Iri(root.value) if root and holds else None,
        {it: frozenset(found) for it, found in kinds.items()},
        _licences(quads, graph, base),
    )


def _found(what: str, base: str, about: About) -> ox.NamedNode:
    kinds = (Kind.FRAMEWORK, Kind.CONCEPT)
    addresses = [address_of(what)] if ":" in what else [entity_iri(base, it, what) for it in kinds]
    for node in map(ox.NamedNode, addresses):
        if node in about:
            return node
    held = (node.value for node, quads in about.items() if any(map(_is_framework, quads)))
    known = ", ".join(sorted(it.removeprefix(f"{base}id/framework/") for it in held)[:10]) or "none"
    raise UnknownEntity(f"Nothing is known of {what[:200]!r}.", remedy=f"The frameworks here: {known}.")


def _is_framework(quad: ox.Quad) -> bool:
    return bool(quad.predicate == _TYPE and quad.object == ox.NamedNode(KS.Framework))


def _members(root: ox.NamedNode, about: About) -> set[ox.NamedNode]:
    """A thing with what says that it is in it, at any depth."""
    inside: dict[ox.NamedNode, list[ox.NamedNode]] = defaultdict(list)
    for node, quads in about.items():
        for quad in quads:
            if quad.predicate in _IN and isinstance(quad.object, ox.NamedNode):
                inside[quad.object].append(node)
    return _reached([root], inside)


def _whole(entities: Iterable[ox.NamedNode], about: About) -> set[ox.NamedNode]:
    """Entities with their labels and unnamed parts, the links at either end of them, and the sets of those links."""
    parts: dict[ox.NamedNode, list[ox.NamedNode]] = defaultdict(list)
    for node, quads in about.items():
        for quad in quads:
            if not isinstance(quad.object, ox.NamedNode):
                continue
            if quad.predicate in _PARTS or _UNNAMED in quad.object.value:
                parts[node].append(quad.object)
            elif quad.predicate in _ENDS or quad.predicate == _MAPPINGS:
                parts[quad.object].append(node)
    return _reached(entities, parts)


def _reached(start: Iterable[ox.NamedNode], onward: Mapping[ox.NamedNode, list[ox.NamedNode]]) -> set[ox.NamedNode]:
    found: set[ox.NamedNode] = set()
    waiting = list(start)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += onward.get(node, ())
    return found


def _kinds(nodes: Iterable[ox.NamedNode], about: About) -> dict[Kind, set[Iri]]:
    found: dict[Kind, set[Iri]] = defaultdict(set)
    for node in nodes:
        typed = (it.object for it in about.get(node, ()) if it.predicate == _TYPE)
        if kind := kind_of({it.value for it in typed if isinstance(it, ox.NamedNode)}):
            found[kind].add(Iri(node.value))
    return found


def _licences(quads: Iterable[ox.Quad], graph: GraphStore, base: str) -> tuple[str, ...]:
    """What frameworks, vocabularies and mapping sets say of themselves, and what was said when a file came in."""
    quads = list(quads)
    holders = {it.subject for it in quads if it.predicate == _TYPE and it.object in _LICENSED}
    graphs = {it.graph_name for it in quads}
    own = {it.object for it in quads if it.predicate == _LICENCE and it.subject in holders}
    catalog = graph.quads(None, _LICENCE, None, ox.NamedNode(graph_iri(base, "catalog")))
    own |= {it.object for it in catalog if it.subject in graphs}
    return tuple(sorted(it.value for it in own if isinstance(it, ox.NamedNode)))
