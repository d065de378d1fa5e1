"""What the W3C's manifests say: every test with its request, its data and what should come out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

#: Where the suites are published: the base of every relative IRI in them.
BASE = "https://w3c.github.io/rdf-tests/sparql/"

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_UT = "http://www.w3.org/2009/sparql/tests/test-update#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Node: TypeAlias = ox.NamedNode | ox.BlankNode


class Kind(Enum):
    """What a test asks for."""

    ANSWER = "a query gives an answer"
    ACCEPTED_QUERY = "a query is valid"
    REFUSED_QUERY = "a query is not valid"
    CHANGE = "an update leaves a dataset"
    ACCEPTED_UPDATE = "an update is valid"
    REFUSED_UPDATE = "an update is not valid"


@dataclass(frozen=True, slots=True)
class Source:
    """A file of triples and the graph it stands for; no graph: the default graph.

    Attributes:
        base: IRI of the file.
    """

    path: Path
    base: str
    graph: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One test.

    Attributes:
        name: Folder and local name, unique: `sparql11/bind#bind01`.
        base: IRI of the request's file, against which its relative IRIs are resolved.
        text: Query or update.
        data: What is there before.
        result: File of the answer expected of a query.
        after: What is there after an update.
        lax: A row may come as often as it likes, at least once and at most as often as expected (REDUCED).
    """

    name: str
    kind: Kind
    base: str
    text: str
    data: tuple[Source, ...] = ()
    result: Path | None = None
    after: tuple[Source, ...] = ()
    lax: bool = False


class Manifest:
    """One manifest file below the folder of the suites."""

    def __init__(self, root: Path, path: Path) -> None:
        self.root = root
        self.folder = path.parent.relative_to(root).as_posix()
        self._graph = ox.Dataset(
            ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=BASE + path.relative_to(root).as_posix())
        )

    def entries(self) -> Iterator[tuple[str, Node]]:
        """The tests in order, by their names."""
        for quad in self._graph.quads_for_predicate(ox.NamedNode(f"{_MF}entries")):
            for entry in self.items(quad.object):
                yield f"{self.folder}#{entry.value.rpartition('#')[2]}", entry

    def values(self, node: Node, predicate: str) -> list[Term]:
        """Objects, in the order of their writing as N-Triples."""
        quads = self._graph.quads_for_subject(node)
        return sorted((it.object for it in quads if it.predicate.value == predicate), key=str)

    def value(self, node: Node, predicate: str) -> Term | None:
        """The one object, if there is one."""
        return next(iter(self.values(node, predicate)), None)

    def items(self, head: Term) -> Iterator[Node]:
        """The members of a list."""
        while head.value != f"{_RDF}nil":
            yield self.value(head, f"{_RDF}first")
            head = self.value(head, f"{_RDF}rest")

    def file(self, term: Term) -> Path:
        """The file that an IRI of the suites names."""
        return self.root / term.value.removeprefix(BASE)

    def kind(self, entry: Node) -> str:
        """Local name of its class."""
        return self.values(entry, f"{_RDF}type")[0].value.removeprefix(_MF)

    def named(self, node: Node, vocabulary: str) -> Iterator[Source]:
        """Named graphs of a test: each by its file, or by a file and a label."""
        for graph in self.values(node, f"{vocabulary}graphData"):
            file, label = self.value(graph, f"{vocabulary}graph"), self.value(graph, _LABEL)
            source = file or graph
            yield Source(self.file(source), source.value, label.value if label else source.value)


def cases(root: Path, folder: str) -> list[Case]:
    """Every test of queries and updates in a folder of the suites."""
    manifest = Manifest(root, root / folder / "manifest.ttl")
    return [_case(manifest, name, entry) for name, entry in manifest.entries()]


def graphs_of(sources: tuple[Source, ...]) -> dict[str | None, ox.Dataset]:
    """The triples of files by the graph they stand for; None: the default graph."""
    graphs: dict[str | None, ox.Dataset] = {}
    for source in sources:
        graph = graphs.setdefault(source.graph, ox.Dataset())
        for quad in ox.parse(path=str(source.path), base_iri=source.base, rename_blank_nodes=True):
            graph.add(quad)
    return graphs


def _case(manifest: Manifest, name: str, entry: Node) -> Case:
    action = manifest.value(entry, f"{_MF}action")
    request = manifest.value(action, f"{_QT}query") or manifest.value(action, f"{_UT}request") or action
    result = manifest.value(entry, f"{_MF}result")
    kind = _kind(manifest.kind(entry), request.value.endswith(".ru"))
    text = manifest.file(request).read_text("utf-8")
    data = (*_sources(manifest, action, _QT), *_sources(manifest, action, _UT))
    if kind is Kind.CHANGE:
        return Case(name, kind, request.value, text, data, after=_sources(manifest, result, _UT))
    lax = manifest.value(entry, f"{_MF}resultCardinality") == ox.NamedNode(f"{_MF}LaxCardinality")
    return Case(name, kind, request.value, text, data, result and manifest.file(result), lax=lax)


def _kind(declared: str, changes: bool) -> Kind:
    if "Syntax" not in declared:
        return Kind.CHANGE if declared == "UpdateEvaluationTest" else Kind.ANSWER
    if declared.startswith("Positive"):
        return Kind.ACCEPTED_UPDATE if changes else Kind.ACCEPTED_QUERY
    return Kind.REFUSED_UPDATE if changes else Kind.REFUSED_QUERY


def _sources(manifest: Manifest, node: Node, vocabulary: str) -> tuple[Source, ...]:
    default = [Source(manifest.file(it), it.value) for it in manifest.values(node, f"{vocabulary}data")]
    return (*default, *manifest.named(node, vocabulary))
