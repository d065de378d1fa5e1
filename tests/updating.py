"""Updates at the writer's door, without HTTP: the desk, what a store then holds, and W3C's update tests."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from ingest.catalog import CATALOG
from ingest.desk import Desk
from ingest.update import UpdateRequest, update
from ingest.writer import Commit
from tests.ingesting import AGENT, Place

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_UT = "http://www.w3.org/2009/sparql/tests/test-update#"
_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
BASE = "http://example.org/sparql/update"


@dataclass(frozen=True)
class State:
    """What a dataset holds: files of its default graph and of named ones."""

    default: tuple[Path, ...] = ()
    named: dict[str, Path] = field(default_factory=dict)

    def quads(self) -> list[ox.Quad]:
        found = [quad for path in self.default for quad in _parsed(path, ox.DefaultGraph())]
        return found + [quad for name, path in self.named.items() for quad in _parsed(path, ox.NamedNode(name))]


@dataclass(frozen=True)
class UpdateCase:
    """One update test of W3C."""

    name: str
    request: str
    before: State
    after: State


def work(here: Place, desk: Desk, text: str, *, strict: bool = False, **dataset: tuple[str, ...]) -> Commit:
    return update(here.writer, desk, UpdateRequest(text.encode(), BASE, strict=strict, **dataset), agent=AGENT)


def held(here: Place) -> set[ox.Quad]:
    """What the public dataset says, without the catalogue."""
    catalog = here.writer.graph(CATALOG)
    return {quad for quad in here.graph.quads() if quad.graph_name != catalog}


def alike(one: Iterable[ox.Quad], other: Iterable[ox.Quad]) -> bool:
    """True for the same statements, whatever their blank nodes are called."""
    return _canonical(one) == _canonical(other)


def update_cases(folder: Path) -> Iterator[UpdateCase]:
    """The update evaluation tests below a folder of the W3C suite."""
    for manifest in sorted(folder.glob("*/manifest.ttl")):
        store = ox.Store()
        store.load(path=manifest, format=ox.RdfFormat.TURTLE, base_iri=manifest.as_uri())
        for test in store.quads_for_pattern(None, _TYPE, ox.NamedNode(f"{_MF}UpdateEvaluationTest")):
            action, result = (_value(store, test.subject, f"{_MF}{part}") for part in ("action", "result"))
            request = _path(_value(store, action, f"{_UT}request"))
            name = f"{manifest.parent.name}/{test.subject.value.rpartition('#')[2]}"
            yield UpdateCase(name, request.read_text(), _state(store, action), _state(store, result))


def _state(store: ox.Store, node: ox.BlankNode) -> State:
    named = {
        _value(store, it, str(_LABEL.value)).value: _path(_value(store, it, f"{_UT}graph"))
        for it in _values(store, node, f"{_UT}graphData")
    }
    return State(tuple(map(_path, _values(store, node, f"{_UT}data"))), named)


def _values(store: ox.Store, node: ox.BlankNode, predicate: str) -> list[ox.NamedNode]:
    return [quad.object for quad in store.quads_for_pattern(node, ox.NamedNode(predicate), None)]


def _value(store: ox.Store, node: ox.BlankNode, predicate: str) -> ox.NamedNode:
    (value,) = _values(store, node, predicate)
    return value


def _path(node: ox.NamedNode) -> Path:
    return Path(node.value.removeprefix("file://"))


def _parsed(path: Path, graph: ox.NamedNode | ox.DefaultGraph) -> Iterator[ox.Quad]:
    for quad in ox.parse(path=path, base_iri=BASE, rename_blank_nodes=True):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def _canonical(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    scratch = ox.Store()
    scratch.extend(quads)
    dataset = ox.Dataset(scratch)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return set(dataset)
