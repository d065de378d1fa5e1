"""A library in miniature for the tests of search: a graph on disk, an index, and the two kept in step."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from graph.embedded import EmbeddedGraph
from language.encoder import Encoder
from language.hashing import HashEncoder
from language.transformer import find_model
from ontology import turtle
from ontology.kinds import DEFAULT_BASE, Iri, Kind, entity_iri, graph_iri
from ontology.model import Change
from search.edge import EdgeIndex
from search.engine import SearchEngine
from search.indexing import Indexer

PREFIXES = """
    @prefix bibo: <http://purl.org/ontology/bibo/> .
    @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix ks: <https://w3id.org/kesher/schema#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
    @prefix c: <https://w3id.org/kesher/id/competency/> .
    @prefix l: <https://w3id.org/kesher/id/label/> .
    @prefix r: <https://w3id.org/kesher/id/role/> .
    @prefix q: <https://w3id.org/kesher/id/requirement/> .
    @prefix s: <https://w3id.org/kesher/id/source/> .
    @prefix std: <https://w3id.org/kesher/id/standard/> .
    @prefix sub: <https://w3id.org/kesher/id/subject/> .
    @prefix t: <https://w3id.org/kesher/id/tool/> .
"""


def address(kind: Kind, slug: str) -> Iri:
    return entity_iri(DEFAULT_BASE, kind, slug)


def load(graph: EmbeddedGraph, text: str, name: str = "source/test") -> frozenset[Iri]:
    """Turtle into a named graph, in place of what it held; the subjects that this touches."""
    node = ox.NamedNode(graph_iri(DEFAULT_BASE, name))
    old = list(graph.quads(graph=node))
    parsed = ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE)
    new = [ox.Quad(it.subject, it.predicate, it.object, node) for it in parsed]
    graph.apply(old, new)
    return frozenset(Iri(it.subject.value) for it in (*old, *new))


def starter(folder: Path) -> EmbeddedGraph:
    """The starter knowledge whole, each file in its graph."""
    graph = EmbeddedGraph(folder)
    for name, text in turtle.starter().items():
        load(graph, text, name)
    return graph


def standing_in() -> HashEncoder:
    """The hash encoder under the name, and of the length, that the bundled model's files promise."""
    encoder = HashEncoder(384)
    encoder.name = find_model().name
    return encoder


@dataclass
class Library:
    """A graph, its index and its search engine. `write` is what a ledger would do."""

    graph: EmbeddedGraph
    index: EdgeIndex
    encoder: Encoder
    indexer: Indexer
    engine: SearchEngine
    sequence: int = 0

    def write(self, text: str, name: str = "source/test") -> int:
        """Replace a named graph and bring the index up to it; counts passages encoded."""
        touched = load(self.graph, text, name)
        return self.follow(touched)

    def follow(self, touched: frozenset[Iri] | None) -> int:
        self.sequence += 1
        encoded = self.indexer.catch_up([Change(self.sequence, touched)])
        self.engine.refresh(touched)
        return encoded

    def close(self) -> None:
        self.index.close()
        self.graph.close()


def library(
    folder: Path,
    graph: EmbeddedGraph | None = None,
    encoder: Encoder | None = None,
    forget: Callable[[Iterable[str]], object] = lambda _keys: None,
) -> Library:
    """A library over a graph (an empty one by default), with nothing indexed yet."""
    encoder = encoder or HashEncoder()
    graph = graph or EmbeddedGraph(folder / "graph")
    index = EdgeIndex(folder / "index", encoder.name, encoder.dimension)
    engine = SearchEngine(graph, index, encoder, DEFAULT_BASE)
    return Library(graph, index, encoder, Indexer(graph, index, encoder, forget), engine)
