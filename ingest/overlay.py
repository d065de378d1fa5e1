"""Curation over sources: pure logic of slots, without any store.

A *slot* is what one value takes the place of another in: a subject, a property, and the language of the text. Where
curation speaks of a slot, the statements that sources make there step aside: they leave their graphs, so that whoever
asks sees what the curator decided, and stand as `ks:OverriddenStatement` nodes, so that anyone can see what was there.
Curation can also say that a slot has no value; that is stated as a SHACL property shape with `sh:maxCount 0`.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from ingest.record import Node
from ontology.kinds import genid, graph_iri
from ontology.namespaces import DCTERMS, KS, RDF, SH, XSD

CURATION = "curation"
OVERRIDDEN = "overridden"
#: What the default graph is called where a name is needed: catalogue, ledger, `ks:statedIn` (the word is Jena's).
DEFAULT = ox.NamedNode("urn:x-arq:DefaultGraph")

_TYPE = ox.NamedNode(RDF.type)
_SUBJECT = ox.NamedNode(RDF.subject)
_PREDICATE = ox.NamedNode(RDF.predicate)
_OBJECT = ox.NamedNode(RDF.object)
STATED_IN = ox.NamedNode(KS.statedIn)
_OVERRIDDEN_BY = ox.NamedNode(KS.overriddenBy)
_OVERRIDDEN = ox.NamedNode(KS.OverriddenStatement)
_PROPERTY_SHAPE = ox.NamedNode(SH.PropertyShape)
_TARGET = ox.NamedNode(SH.targetNode)
_PATH = ox.NamedNode(SH.path)
_MOST = ox.NamedNode(SH.maxCount)
_LANGUAGE = ox.NamedNode(DCTERMS.language)
_NONE = ox.Literal("0", datatype=ox.NamedNode(XSD.integer))


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one value takes the place of another; `lang` is empty for links, numbers and plain text."""

    subject: Node
    predicate: ox.NamedNode
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Overlay:
    """The three graphs that curation needs, in one installation."""

    base: str

    @property
    def curation(self) -> ox.NamedNode:
        """Graph of what curators say."""
        return ox.NamedNode(graph_iri(self.base, CURATION))

    @property
    def overridden(self) -> ox.NamedNode:
        """Graph of what stepped aside."""
        return ox.NamedNode(graph_iri(self.base, OVERRIDDEN))

    def marker(self, slot: Slot) -> list[ox.Quad]:
        """The statements, in the curation graph, that a slot has no value."""
        node = self._node("empty", slot.subject, slot.predicate, slot.lang)
        facts: list[tuple[ox.NamedNode, Node | ox.Literal]] = [
            (_TYPE, _PROPERTY_SHAPE),
            (_TARGET, slot.subject),
            (_PATH, slot.predicate),
            (_MOST, _NONE),
        ]
        if slot.lang:
            facts.append((_LANGUAGE, ox.Literal(slot.lang)))
        return [ox.Quad(node, predicate, value, self.curation) for predicate, value in facts]

    def set_aside(self, quad: ox.Quad) -> list[ox.Quad]:
        """A source's statement as the node that keeps it visible."""
        node = self._node(OVERRIDDEN, quad.graph_name, quad.triple)
        facts: tuple[tuple[ox.NamedNode, Node | ox.Literal], ...] = (
            (_TYPE, _OVERRIDDEN),
            (_SUBJECT, quad.subject),
            (_PREDICATE, quad.predicate),
            (_OBJECT, quad.object),
            (STATED_IN, named(quad.graph_name)),
            (_OVERRIDDEN_BY, self.curation),
        )
        return [ox.Quad(node, predicate, value, self.overridden) for predicate, value in facts]

    def _node(self, sort: str, *parts: object) -> ox.NamedNode:
        digest = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
        return ox.NamedNode(genid(self.base, sort, digest))


def slot_of(statement: ox.Quad | ox.Triple) -> Slot:
    """The slot that a statement fills."""
    value = statement.object
    lang = (value.language or "") if isinstance(value, ox.Literal) else ""
    return Slot(statement.subject, statement.predicate, lang)


def spoken_slots(curation: Iterable[ox.Quad]) -> set[Slot]:
    """Every slot of which the curation graph speaks: by a value, or by saying that it has none."""
    by_subject: dict[Node, list[ox.Quad]] = defaultdict(list)
    for quad in curation:
        if isinstance(quad.subject, ox.NamedNode):  # a node without a name is nobody else's: nothing steps aside
            by_subject[quad.subject].append(quad)
    return {slot for quads in by_subject.values() for slot in _slots(quads)}


def _slots(quads: list[ox.Quad]) -> Iterator[Slot]:
    said = {quad.predicate: quad.object for quad in quads}
    if said.get(_TYPE) == _PROPERTY_SHAPE and _TARGET in said and _PATH in said:
        lang = said.get(_LANGUAGE)
        target, path = said[_TARGET], said[_PATH]
        if isinstance(target, ox.NamedNode) and isinstance(path, ox.NamedNode):
            yield Slot(target, path, lang.value if isinstance(lang, ox.Literal) else "")
    else:
        yield from map(slot_of, quads)


def stated(nodes: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """The statements that nodes of the overridden graph keep, each in the graph that makes it."""
    by_node: dict[Node, dict[ox.NamedNode, Node | ox.Literal]] = defaultdict(dict)
    for quad in nodes:
        by_node[quad.subject][quad.predicate] = quad.object
    for said in by_node.values():
        predicate, graph = said[_PREDICATE], said[STATED_IN]
        subject = said[_SUBJECT]
        if (
            isinstance(predicate, ox.NamedNode)
            and isinstance(graph, ox.NamedNode)
            and isinstance(subject, ox.NamedNode)
        ):
            yield ox.Quad(subject, predicate, said[_OBJECT], unnamed(graph))


def named(graph: Node | ox.DefaultGraph) -> ox.NamedNode:
    """A graph by its name; the default graph by the one it goes by."""
    if isinstance(graph, ox.DefaultGraph):
        return DEFAULT
    if not isinstance(graph, ox.NamedNode):
        raise TypeError("a graph is named by an address")
    return graph


def unnamed(graph: ox.NamedNode) -> ox.NamedNode | ox.DefaultGraph:
    """What `named` was made of."""
    return ox.DefaultGraph() if graph == DEFAULT else graph
