"""A data folder in miniature for the tests of ingestion: two stores, a ledger, the writer, and a folder for files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from graph.embedded import EmbeddedGraph
from graph.store import GraphStore
from ingest.ledger import Dataset, Ledger
from ingest.pipeline import Options, ingest
from ingest.writer import Writer
from ontology.kinds import DEFAULT_BASE
from ontology.model import Report

AGENT = "https://example.org/agent/tester"


@dataclass
class Place:
    """What a test of ingestion works with."""

    folder: Path
    graph: GraphStore
    private: EmbeddedGraph
    ledger: Ledger
    writer: Writer

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def ingest(self, *paths: Path, **options: object) -> Report:
        return ingest(paths, self.writer, Options(agent=AGENT, **options))

    def take(self, name: str, content: str | bytes, **options: object) -> Report:
        return self.ingest(self.file(name, content), **options)

    def said(self, name: str, dataset: Dataset = Dataset.PUBLIC) -> set[str]:
        """Statements of one graph as text."""
        quads = self.writer.store(dataset).quads(graph=self.writer.graph(name))
        return {str(quad.triple) for quad in quads}

    def objects(self, slug: str, predicate: str) -> set[str]:
        """Values of a property of an entity, in the union of the public graphs."""
        quads = self.graph.quads(ox.NamedNode(f"{DEFAULT_BASE}id/{slug}"), ox.NamedNode(predicate))
        return {str(quad.object) for quad in quads}

    def everything(self) -> set[str]:
        catalog = self.writer.graph("catalog")
        return {str(quad) for quad in self.graph.quads() if quad.graph_name != catalog}


@contextmanager
def place(folder: Path, base: str = DEFAULT_BASE, graph: GraphStore | None = None) -> Iterator[Place]:
    """An open folder; opening it again continues where it was. With `graph` that is the public dataset."""
    graph, private = graph or EmbeddedGraph(folder / "graph"), EmbeddedGraph(folder / "private")
    ledger = Ledger(folder / "ledger.sqlite")
    try:
        yield Place(folder, graph, private, ledger, Writer(graph, private, ledger, base))
    finally:
        for store in (graph, private, ledger):
            store.close()
