"""The graph store at an endpoint beyond the contract: whose writes stand, how the union is had, what is refused."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pyoxigraph as ox
import pytest

from graph.remote import dialect
from graph.remote.dialect import Union
from graph.remote.endpoint import Endpoint
from graph.remote.faults import described, expect_writable, trouble
from graph.remote.store import Mark, RemoteGraph
from ontology.errors import BadInput, ChangedOutside, KesherError, Misconfigured, RemoteStoreFailed
from tests.endpoints import Asked, Oxigraph, fake, free_port, oxigraph

GRAPH = ox.NamedNode("https://example.org/graph/one")
OTHER = ox.NamedNode("https://example.org/graph/two")
CATALOG = ox.NamedNode("https://example.org/graph/catalog")
MARK = Mark(CATALOG, ox.NamedNode("https://example.org/sequence"), CATALOG)
EMPTY = b'{"head":{"vars":["subject","predicate","object","graph"]},"results":{"bindings":[]}}'


def quad(subject: str, value: str, graph: ox.NamedNode = GRAPH) -> ox.Quad:
    return ox.Quad(ox.NamedNode(f"https://example.org/{subject}"), MARK.predicate, ox.Literal(value), graph)


def number(value: int) -> ox.Quad:
    return ox.Quad(MARK.subject, MARK.predicate, ox.Literal(value), MARK.graph)


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Oxigraph]:
    with oxigraph(tmp_path_factory.mktemp("store")) as running:
        yield running


@contextmanager
def graph_at(query_url: str, update_url: str | None = None, mark: Mark | None = MARK) -> Iterator[RemoteGraph]:
    graph = RemoteGraph(Endpoint(query_url, update_url), mark)
    try:
        yield graph
    finally:
        graph.close()


@pytest.fixture
def graph(server):
    with graph_at(server.query_url, server.update_url) as found:
        found.make("DROP ALL")
        yield found


def raised(call, *arguments: object) -> KesherError:
    with pytest.raises(KesherError) as error:
        call(*arguments)
    return error.value


# --- what it takes ---


@pytest.mark.parametrize("place", ["removed", "added"])
@pytest.mark.parametrize(
    "statement",
    [
        ox.Quad(ox.BlankNode(), MARK.predicate, ox.Literal("x"), GRAPH),
        ox.Quad(GRAPH, MARK.predicate, ox.BlankNode(), GRAPH),
        ox.Quad(GRAPH, MARK.predicate, ox.Literal("x"), ox.DefaultGraph()),
    ],
)
def test_what_an_endpoint_cannot_keep_apart_is_refused_and_nothing_written(graph, place, statement):
    graph.apply([], [quad("a", "1")])
    both = {"removed": [quad("a", "1")], "added": [quad("b", "2")]}
    both[place] = [*both[place], statement]
    assert isinstance(raised(graph.apply, both["removed"], both["added"]), BadInput)
    assert set(graph.quads()) == {quad("a", "1")}
    assert graph.version == 1


def test_a_write_that_is_too_large_for_one_request_is_refused_whole(graph, monkeypatch):
    monkeypatch.setattr("graph.remote.store._MOST_BYTES", 10_000)
    error = raised(graph.apply, [], [quad(f"n{it}", "x") for it in range(1_000)])
    assert "smaller files" in error.remedy
    assert list(graph.quads()) == []


# --- whose writes stand ---


def test_a_write_is_made_only_if_the_number_is_still_the_one_that_was_seen(graph):
    graph.apply([], [quad("a", "1"), number(1)])
    graph.apply([number(1)], [quad("a", "2"), number(2)])
    assert isinstance(raised(graph.apply, [number(1)], [quad("a", "3"), number(3)]), ChangedOutside)
    assert isinstance(raised(graph.apply, [], [quad("a", "3"), number(2)]), ChangedOutside)
    assert set(graph.quads()) == {quad("a", "1"), quad("a", "2"), number(2)}


def test_of_two_services_on_one_store_the_slower_one_is_told(graph, server):
    graph.apply([], [number(1)])
    with graph_at(server.query_url, server.update_url) as second:
        second.apply([number(1)], [quad("a", "theirs"), number(2)])
        assert isinstance(raised(graph.apply, [number(1)], [quad("a", "ours"), number(2)]), ChangedOutside)
    assert set(graph.quads()) == {quad("a", "theirs"), number(2)}


def test_an_update_that_arrives_late_changes_nothing(graph, server):
    """The store takes our update, seems to hang, and makes it after we went on."""
    late: list[bytes] = []

    def keep(it: Asked) -> None:
        late.append(it.body)
        it.say(b"", "text/plain", 500)

    graph.apply([], [number(1)])
    with fake(keep) as slow, graph_at(server.query_url, slow.url) as ours:
        assert isinstance(raised(ours.apply, [number(1)], [quad("a", "late"), number(2)]), RemoteStoreFailed)
    graph.apply([number(1)], [quad("a", "new"), number(3)])
    answer = httpx.post(server.update_url, content=late[0], headers={"Content-Type": "application/sparql-update"})
    assert answer.status_code == 204
    assert set(graph.quads()) == {quad("a", "new"), number(3)}


# --- the union ---


def ways(query_url: str, update_url: str) -> tuple[Union | None, list[str]]:
    with graph_at(query_url, update_url, None) as graph:
        way = graph.dialect.way
        rows = graph.select("entity-labels")
        return way, sorted(row["label"].value for row in rows)


LABELS = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
INSERT DATA { GRAPH <x:g> { <x:a> skos:prefLabel "A" } GRAPH <x:h> { <x:b> skos:prefLabel "B" } }
"""


def test_the_parameter_of_oxigraph_is_found(graph, server):
    assert graph.dialect.way is None
    assert graph.select("entity-labels") == []
    graph.make(LABELS)
    assert ways(server.query_url, server.update_url) == (Union.BY_PARAMETER, ["A", "B"])


def test_a_store_whose_default_graph_is_the_union_is_taken_as_it_is(tmp_path):
    with oxigraph(tmp_path / "store", "--union-default-graph") as there:
        with graph_at(there.query_url, there.update_url) as graph:
            graph.make(LABELS)
        assert ways(there.query_url, there.update_url) == (Union.AS_IT_IS, ["A", "B"])


def without_parameter(server: Oxigraph, *, refuses: bool):
    """The same store, as one that does not know the parameter."""

    def answer(it: Asked) -> None:
        if refuses and b"union-default-graph" in it.body:
            return it.say(b"unknown parameter", "text/plain", 400)
        body = it.body.replace(b"&union-default-graph=", b"")
        headers = {name: it.headers[name] for name in ("Content-Type", "Accept") if name in it.headers}
        got = httpx.post(server.query_url, content=body, headers=headers)
        return it.say(got.content, got.headers["content-type"], got.status_code)

    return answer


@pytest.mark.parametrize("refuses", [True, False])
def test_a_store_that_keeps_its_default_graph_apart_is_told_every_graph(graph, server, refuses):
    graph.make(LABELS)
    with fake(without_parameter(server, refuses=refuses)) as plain:
        assert ways(plain.url, server.update_url) == (Union.LISTED, ["A", "B"])
        with graph_at(plain.url, server.update_url, None) as listed:
            listed.select("entity-labels")
            label = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
            listed.apply([], [ox.Quad(OTHER, label, ox.Literal("C"), ox.NamedNode("x:new"))])
            assert len(listed.select("entity-labels")) == 3


def test_too_many_graphs_to_name_are_told(graph, server, monkeypatch):
    monkeypatch.setattr(dialect, "_MOST_GRAPHS", 1)
    graph.make(LABELS)
    with fake(without_parameter(server, refuses=False)) as plain, graph_at(plain.url, server.update_url) as listed:
        error = raised(listed.select, "entity-labels")
    assert isinstance(error, RemoteStoreFailed)
    assert "more than 1 graphs" in error.message


# --- when it fails ---


@pytest.mark.parametrize(
    "answer",
    [
        lambda it: it.say(EMPTY[:-1]),
        lambda it: it.say(b"<html>", "text/html"),
        lambda it: it.say(b'{"head":{},"boolean":true}'),
        lambda it: it.say(b"[]", "application/ld+json"),
        lambda it: it.say(b"no", "text/plain", 400),
        lambda it: it.say(EMPTY, X_SPARQL_MaxRows="10"),
        lambda it: it.say(EMPTY, X_SQL_State="S1TAT"),
        lambda it: it.say(EMPTY.replace(b"[]}", b'[{"predicate":{"type":"literal","value":"x"}}]}')),
    ],
)
def test_our_own_questions_take_no_half_answers(answer):
    with fake(answer) as server, graph_at(server.url) as graph:
        known = ox.NamedNode("a:b")
        error = raised(lambda: list(graph.quads(known, None, known, known)))
    assert type(error) is RemoteStoreFailed


def test_a_store_that_hangs_holds_nobody_for_long(monkeypatch):
    monkeypatch.setattr("graph.remote.store.SHORT_S", 0.3)
    with fake(lambda it: it.wait()) as server, graph_at(server.url) as graph:
        codes: list[str] = []
        readers = [
            threading.Thread(target=lambda: codes.append(raised(graph.quads, GRAPH).code)) for _ in range(20)
        ]  # more than there are connections
        begun = time.monotonic()
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert codes == ["remote-store-failed"] * 20
        assert time.monotonic() - begun < 10
        waiting = len(server.seen)
        raised(graph.quads, GRAPH)
        assert len(server.seen) == waiting  # for a while it is not even asked


def test_an_update_that_the_store_refuses_is_the_store_s_failure(server):
    with graph_at(server.query_url, server.query_url) as graph:
        error = raised(graph.apply, [], [quad("a", "1")])
        assert type(error) is RemoteStoreFailed
        assert isinstance(raised(expect_writable, graph), Misconfigured)


def test_the_store_is_named_without_its_password():
    url = f"http://dana:secret@127.0.0.1:{free_port()}/query"
    with graph_at(url) as graph:
        told = (trouble(graph), raised(expect_writable, graph).message, described(graph), graph.endpoint.update_url)
    assert all("127.0.0.1" in it and "secret" not in it and "dana" not in it for it in told)


def test_a_store_that_works_is_described(graph):
    expect_writable(graph)
    assert trouble(graph) == ""
    assert "Oxigraph" in described(graph)
    assert "empty" in described(graph)
