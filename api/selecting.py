"""What an export is about: everything public, one framework with all that is in it, one entity, or all of one kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from api.addresses import address_of
from graph.store import GraphStore
from ingest.catalog import CATALOG
from ingest.overlay import OVERRIDDEN
from ontology.errors import UnknownEntity
from ontology.interchange.hierarchy import reached
from ontology.kinds import CLASS_OF, Iri, Kind, entity_iri, graph_iri, is_genid, kind_of
from ontology.namespaces import DCTERMS, KS, OWL, RDF, SKOS, SKOSXL, SSSOM

_HIDDEN = ("schema", CATALOG, OVERRIDDEN)
_TYPE, _LICENCE, _FRAMEWORK = map(ox.NamedNode, (RDF.type, DCTERMS.license, KS.Framework))
_IN = tuple(map(ox.NamedNode, (SKOS.inScheme, SKOS.topConceptOf, DCTERMS.isPartOf)))
_PARTS = frozenset(map(ox.NamedNode, (SKOSXL.prefLabel, SKOSXL.altLabel, SKOSXL.hiddenLabel)))
#: From a link to its ends, and from a set of links to each of them.
_LINKING = tuple(map(ox.NamedNode, (OWL.annotatedSource, OWL.annotatedTarget, f"{SSSOM}mappings")))
_HOLDERS = frozenset({_FRAMEWORK, ox.NamedNode(SKOS.ConceptScheme)})
_LICENSED = _HOLDERS | {ox.NamedNode(OWL.Ontology), ox.NamedNode(SSSOM.MappingSet)}


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


def gather(graph: GraphStore, base: str, what: str | None = None, kind: Kind | None = None) -> Selection:
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
    said = _Said(graph, base)
    root = said.found(what) if what else None
    entities = set(reached([root], said.members)) if root else said.entities(kind)
    kinds = said.kinds(entities)
    if kind:
        kinds = {it: found for it, found in kinds.items() if it is kind}
        entities = {ox.NamedNode(iri) for iri in kinds.get(kind, ())}
    everything = root is None and kind is None
    quads = said.quads() if everything else [it for node in reached(entities, said.parts) for it in said.quads(node)]
    holds = root is not None and not _HOLDERS.isdisjoint(said.classes(root))
    return Selection(
        frozenset(quad.triple for quad in quads),
        Iri(root.value) if root and holds else None,
        kinds,
        said.licences(quads),
    )


class _Said:
    """What the public dataset says, without the vocabulary and the books of the program; looked up, never all read."""

    def __init__(self, graph: GraphStore, base: str) -> None:
        self._graph, self._base = graph, base
        self._hidden = {ox.NamedNode(graph_iri(base, name)) for name in _HIDDEN}

    def quads(
        self,
        subject: ox.NamedNode | None = None,
        predicate: ox.NamedNode | None = None,
        object: ox.NamedNode | None = None,
    ) -> list[ox.Quad]:
        """Statements, by any of their parts."""
        return [it for it in self._graph.quads(subject, predicate, object) if it.graph_name not in self._hidden]

    def found(self, what: str) -> ox.NamedNode:
        """The node that somebody names by its address, or a framework or vocabulary by its slug."""
        slugged = (entity_iri(self._base, it, what) for it in (Kind.FRAMEWORK, Kind.CONCEPT))
        for address in [what] if ":" in what else slugged:
            node = ox.NamedNode(address_of(address))
            if self.quads(node):
                return node
        held = (it.value for it in _subjects(self.quads(None, _TYPE, _FRAMEWORK)))
        known = ", ".join(sorted(it.removeprefix(f"{self._base}id/framework/") for it in held)[:10]) or "none"
        raise UnknownEntity(f"Nothing is known of {what[:200]!r}.", remedy=f"The frameworks here: {known}.")

    def entities(self, kind: Kind | None) -> set[ox.NamedNode]:
        """Everything that has the class of a kind; without one, everything that has a class."""
        return set(_subjects(self.quads(None, _TYPE, ox.NamedNode(CLASS_OF[kind]) if kind else None)))

    def members(self, node: ox.NamedNode) -> Iterator[ox.NamedNode]:
        """What says that it is in a thing."""
        return (it for predicate in _IN for it in _subjects(self.quads(None, predicate, node)))

    def parts(self, node: ox.NamedNode) -> Iterator[ox.NamedNode]:
        """Labels and unnamed parts of a thing, the links at either end of it, the sets that a link is in."""
        for it in self.quads(node):
            if isinstance(it.object, ox.NamedNode) and (it.predicate in _PARTS or is_genid(it.object.value)):
                yield it.object
        for predicate in _LINKING:
            yield from _subjects(self.quads(None, predicate, node))

    def classes(self, node: ox.NamedNode) -> set[ox.NamedNode]:
        """The classes of a thing."""
        return {it.object for it in self.quads(node, _TYPE) if isinstance(it.object, ox.NamedNode)}

    def kinds(self, nodes: Iterable[ox.NamedNode]) -> Mapping[Kind, frozenset[Iri]]:
        """Those things that are entities, by kind."""
        found: dict[Kind, set[Iri]] = defaultdict(set)
        for node in nodes:
            if kind := kind_of({it.value for it in self.classes(node)}):
                found[kind].add(Iri(node.value))
        return {it: frozenset(them) for it, them in found.items()}

    def licences(self, quads: Iterable[ox.Quad]) -> tuple[str, ...]:
        """What frameworks, vocabularies and mapping sets say of themselves, and what was said when a file came in."""
        holders = {it.subject for it in quads if it.predicate == _TYPE and it.object in _LICENSED}
        graphs = {it.graph_name for it in quads}
        own = {it.object for it in quads if it.predicate == _LICENCE and it.subject in holders}
        catalog = self._graph.quads(None, _LICENCE, None, ox.NamedNode(graph_iri(self._base, CATALOG)))
        own |= {it.object for it in catalog if it.subject in graphs}
        return tuple(sorted(it.value for it in own if isinstance(it, ox.NamedNode)))


def _subjects(quads: Iterable[ox.Quad]) -> Iterator[ox.NamedNode]:
    return (it.subject for it in quads if isinstance(it.subject, ox.NamedNode))
