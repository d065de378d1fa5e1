"""What every graph store does, in process or behind an endpoint: the contract of `graph.store.GraphStore`."""

import threading
from datetime import datetime

import pyoxigraph as ox
import pytest

from graph.embedded import EmbeddedGraph, stored
from graph.remote.endpoint import Endpoint
from graph.remote.store import RemoteGraph
from ontology.errors import UnknownQuestion
from ontology.namespaces import KS, RDF, SKOS, XSD
from tests.endpoints import oxigraph

GRAPH = ox.NamedNode("https://example.org/graph/one")
OTHER = ox.NamedNode("https://example.org/graph/two")


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"https://example.org/{name}")


def quad(subject: str, value: str | int | ox.Literal, graph: ox.NamedNode = GRAPH) -> ox.Quad:
    return ox.Quad(node(subject), node("says"), value if isinstance(value, ox.Literal) else ox.Literal(value), graph)


def typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD[datatype]))


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with oxigraph(tmp_path_factory.mktemp("store")) as running:
        yield running


@pytest.fixture(params=["embedded", "remote"])
def graph(request, tmp_path):
    if request.param == "embedded":
        store = EmbeddedGraph(tmp_path / "graph")
    else:
        there = request.getfixturevalue("server")
        endpoint = Endpoint(there.query_url, there.update_url)
        endpoint.update("DROP ALL", seconds=10)
        store = RemoteGraph(endpoint)
    yield store
    store.close()


RESPELT = [
    typed("001", "integer"),
    typed("1.50", "decimal"),
    typed("1e3", "double"),
    typed("1", "boolean"),
    typed("PT60M", "duration"),
    typed("2020-01-01T00:00:00.000+00:00", "dateTime"),
]
KEPT = [
    typed("no number", "integer"),
    typed("123456789012345678901234567890", "integer"),
    ox.Literal('quoted " \\ line\nbreak \t שלום 😀 } ; DROP ALL #'),
    ox.Literal("carriage\r return, bell \x07, $removed ${added} %s"),
    ox.Literal("سلام", language="ar"),
    ox.Literal("colour", language="en-GB"),  # in lower case from the moment it is a term
]


@pytest.mark.parametrize("literal", [*RESPELT, *KEPT], ids=str)
def test_stored_tells_what_the_store_will_give_back(graph, literal):
    graph.apply([], [quad("a", literal)])
    assert set(graph.quads()) == stored([quad("a", literal)])
    assert stored(graph.quads()) == set(graph.quads())
    assert (stored([quad("a", literal)]) == {quad("a", literal)}) == (literal in KEPT)
    assert set(graph.quads(object=literal)) == stored([quad("a", literal)])


@pytest.mark.parametrize("literal", [*RESPELT, *KEPT], ids=str)
def test_a_statement_is_removed_in_either_spelling(graph, literal):
    for spelling in (quad("a", literal), *stored([quad("a", literal)])):
        graph.apply([], [quad("a", literal)])
        graph.apply([spelling], [])
        assert list(graph.quads()) == []


@pytest.mark.parametrize("literal", [*RESPELT, *KEPT], ids=str)
def test_both_ways_of_writing_store_the_same(graph, literal):
    graph.apply([], [quad("a", literal), quad("old", "x")])
    graph.apply([quad("old", "x")], [quad("a", literal, OTHER)])
    one, two = (next(graph.quads(graph=name)).triple for name in (GRAPH, OTHER))
    assert one == two


def test_what_is_removed_and_added_at_once_stays(graph):
    graph.apply([], [quad("a", 1), quad("b", 2)])
    graph.apply([quad("a", 1), quad("b", 2)], [quad("a", 1), quad("c", 3)])
    assert set(graph.quads()) == {quad("a", 1), quad("c", 3)}


def test_removing_what_is_not_there_is_no_error_and_nothing_is_a_write_too(graph):
    graph.apply([quad("a", 1)], [])
    graph.apply([], [])
    assert list(graph.quads()) == []


def test_every_write_raises_the_version_and_reading_does_not(graph):
    assert graph.version == 0
    graph.apply([], [quad("a", 1)])
    list(graph.quads())
    assert graph.version == 1


def test_quads_filters_by_each_part(graph):
    graph.apply([], [quad("a", 1), quad("a", 2, OTHER), quad("b", 1)])
    assert set(graph.quads(node("a"))) == {quad("a", 1), quad("a", 2, OTHER)}
    assert set(graph.quads(object=ox.Literal(1))) == {quad("a", 1), quad("b", 1)}
    assert set(graph.quads(graph=OTHER)) == {quad("a", 2, OTHER)}
    assert set(graph.quads(node("a"), node("says"), ox.Literal(2), OTHER)) == {quad("a", 2, OTHER)}
    assert set(graph.quads(predicate=node("unsaid"))) == set()


def test_quads_may_be_read_in_another_thread_while_the_store_changes(graph):
    graph.apply([], [quad(f"n{number}", number) for number in range(100)])
    reading = graph.quads()
    graph.apply([quad("n1", 1)], [])
    counted = []
    thread = threading.Thread(target=lambda: counted.extend(reading))
    thread.start()
    thread.join()
    assert len(counted) == 100


def test_a_named_question_sees_the_union_of_graphs_and_leaves_out_what_is_unbound(graph):
    subject, kind = node("id/tool/x"), ox.NamedNode(KS.Tool)
    label = ox.Quad(subject, ox.NamedNode(SKOS.prefLabel), ox.Literal("Board", language="en"), OTHER)
    assert graph.select("kind-counts") == []
    graph.apply([], [ox.Quad(subject, ox.NamedNode(RDF.type), kind, GRAPH), label])
    rows = graph.select("entity-labels", entity=subject)
    assert [(row["entity"], row["label"]) for row in rows] == [(subject, ox.Literal("Board", language="en"))]
    assert [row["entities"].value for row in graph.select("kind-counts")] == ["1"]
    assert graph.select("entity-labels", entity=node("id/tool/y")) == []
    assert all(None not in row.values() for row in rows)


def test_several_things_are_asked_about_at_once(graph):
    graph.apply([], [quad("a", 1), quad("a", 2, OTHER), quad("b", 3), quad("c", 4)])
    assert set(graph.about([node("a"), node("b"), node("z")])) == {quad("a", 1), quad("a", 2, OTHER), quad("b", 3)}
    assert list(graph.about([])) == []
    labels = [
        ox.Quad(node(name), ox.NamedNode(SKOS.prefLabel), ox.Literal(name.upper(), language="en"), GRAPH)
        for name in ("a", "b", "c")
    ]
    graph.apply([], labels)
    rows = graph.select_each("entity-labels", "entity", [node("a"), node("c"), node("z")])
    assert {(row["entity"], row["label"].value) for row in rows} == {(node("a"), "A"), (node("c"), "C")}
    assert graph.select_each("entity-labels", "entity", []) == []


def test_an_unknown_question_is_named(graph):
    with pytest.raises(UnknownQuestion, match="no-such-question"):
        graph.select("no-such-question")


def test_a_snapshot_is_a_copy_that_later_writes_do_not_reach(graph, tmp_path):
    graph.apply([], [quad("a", 1)])
    graph.flush()
    graph.snapshot(tmp_path / "copy")
    graph.apply([quad("a", 1)], [quad("b", 2)])
    copy = ox.Store.read_only(str(tmp_path / "copy"))
    assert set(copy) == {quad("a", 1)}


def test_writers_take_turns(graph):
    def write(worker: int) -> None:
        for number in range(10):
            mine = f"w{worker}-{number}"
            graph.apply([quad(f"w{worker}-{number - 1}", number - 1)], [quad(mine, number)])

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(graph.quads()) == {quad(f"w{worker}-9", 9) for worker in range(4)}
    assert graph.version == 40


def test_a_large_write_joins_what_is_there(graph):
    graph.apply([], [quad("a", 1)])
    graph.apply([], (quad(f"n{number}", number) for number in range(3_000)))
    graph.apply([], (quad(f"n{number}", number) for number in range(3_000)))
    assert len(list(graph.quads())) == 3_001


def test_a_date_of_today_keeps_its_value(graph):
    now = datetime.now().astimezone().isoformat()
    graph.apply([], [quad("a", typed(now, "dateTime"))])
    kept = next(graph.quads()).object
    assert isinstance(kept, ox.Literal)
    assert datetime.fromisoformat(kept.value) == datetime.fromisoformat(now)


def _break_off(graph, lines: bytes) -> None:
    with graph.loading(OTHER) as loading:
        loading.put(lines)
        raise KeyError


def test_a_graph_is_filled_as_a_whole_or_not_at_all(graph):
    beside, line = quad("b", 2, OTHER), f"{node('a')} {node('says')} "
    with graph.loading(GRAPH) as loading:
        loading.put(f"{line}'one' .\n{line}'two' .\n".replace("'", '"').encode())
        loading.put(f"{line}{node('b')} .\n".encode())
        loading.end([beside])
    whole = {quad("a", "one"), quad("a", "two"), ox.Quad(node("a"), node("says"), node("b"), GRAPH), beside}
    assert set(graph.quads()) == whole
    with graph.loading(OTHER) as loading:
        loading.put(f"{line}{node('c')} .\n".encode())
    with pytest.raises(KeyError):
        _break_off(graph, f"{line}{node('c')} .\n".encode())
    assert set(graph.quads()) == whole
