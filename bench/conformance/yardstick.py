"""pyoxigraph itself, called in this process: what our endpoint is held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from bench.conformance.answers import Answer, read_answer
from bench.conformance.manifest import BASE, Case, Kind
from bench.conformance.subject import Failed
from graph.lexer import tokens

_NOBODY = "http://127.0.0.1:1/"
_PROLOGUE = {"base", "prefix", "version"}
_IMPOSSIBLE = "CLEAR GRAPH <urn:kesher:conformance:nowhere> ; "


class Engine:
    """A `Subject`: a store in memory, new for every test."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def answer(self, case: Case, media_type: str) -> Answer:
        store = _loaded(case)
        self._load_named_in(case, store)
        with _failing():
            result = store.query(case.text, base_iri=case.base)
            return read_answer(_serialized(result, media_type), media_type)

    def accepts(self, case: Case) -> bool:
        store = ox.Store()
        try:
            if case.kind in {Kind.ACCEPTED_UPDATE, Kind.REFUSED_UPDATE}:
                store.update(_stopped(case.text), base_iri=case.base)
            else:
                store.query(case.text, base_iri=_NOBODY)  # SERVICE <g> asks there
        except SyntaxError:
            return False
        except (OSError, ValueError, RuntimeError):
            return True  # it is valid, and cannot be done here
        return True

    def changed(self, case: Case) -> Mapping[str | None, ox.Dataset]:
        store = _loaded(case)
        with _failing():
            store.update(case.text, base_iri=case.base)
        graphs: dict[str | None, ox.Dataset] = {}
        for quad in store:
            name = None if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value
            graphs.setdefault(name, ox.Dataset()).add(ox.Quad(quad.subject, quad.predicate, quad.object))
        return graphs

    def _load_named_in(self, case: Case, store: ox.Store) -> None:
        """What the query's own FROM names."""
        for iri in files_from(case):
            store.load(path=str(self._root / iri.removeprefix(BASE)), base_iri=iri, to_graph=ox.NamedNode(iri))


def files_from(case: Case) -> list[str]:
    """IRIs of the files of the suites that FROM and FROM NAMED name in a query."""
    folder = case.base.rpartition("/")[0]
    found, dataset = [], False
    for token in tokens(case.text):
        if token.kind == "iri" and dataset and ":" not in token.text:
            found.append(f"{folder}/{token.text[1:-1]}")
        dataset = token.word == "from" or (token.word == "named" and dataset)
    return found


def _stopped(update: str) -> str:
    """The update, with one before its first operation that cannot be done: so LOAD is read, and fetches nothing."""
    first = next((it.start for it in tokens(update) if it.word and it.word not in _PROLOGUE), None)
    return update if first is None else f"{update[:first]}{_IMPOSSIBLE}{update[first:]}"


def _loaded(case: Case) -> ox.Store:
    store = ox.Store()
    for source in case.data:
        graph = ox.NamedNode(source.graph) if source.graph else None
        if graph:
            store.add_graph(graph)
        store.load(path=str(source.path), base_iri=source.base, to_graph=graph)
    return store


def _serialized(result: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, media_type: str) -> bytes:
    if isinstance(result, ox.QueryTriples):
        return result.serialize(format=ox.RdfFormat.from_media_type(media_type)) or b""
    return result.serialize(format=ox.QueryResultsFormat.from_media_type(media_type)) or b""


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        raise Failed(f"{type(error).__name__}: {error}") from error
