"""The embedded graph store beyond the contract (test_graph_contract.py): atomic writes, bulk, clear errors."""

import subprocess
import sys

import pyoxigraph as ox
import pytest

from graph.embedded import EmbeddedGraph
from graph.tally import Tally, tally
from ontology.errors import FolderDamaged, FolderInUse, Misconfigured

GRAPH = ox.NamedNode("https://example.org/graph/one")
OTHER = ox.NamedNode("https://example.org/graph/two")


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"https://example.org/{name}")


def quad(subject: str, value: str | int | ox.Literal, graph: ox.NamedNode = GRAPH) -> ox.Quad:
    return ox.Quad(node(subject), node("says"), value if isinstance(value, ox.Literal) else ox.Literal(value), graph)


@pytest.fixture
def graph(tmp_path):
    store = EmbeddedGraph(tmp_path / "graph")
    yield store
    store.close()


def test_a_failed_write_changes_nothing(graph):
    graph.apply([], [quad("a", 1)])
    before = graph.version
    inner = ox.Triple(node("a"), node("says"), ox.Literal("x"))
    nested = ox.Quad(node("b"), node("says"), inner, GRAPH)
    homeless = ox.Quad(node("b"), node("says"), ox.Literal("x"), ox.BlankNode())
    for removed, added in [([], [quad("b", 2), nested]), ([quad("a", 1)], [homeless]), ([nested], [quad("b", 2)])]:
        with pytest.raises(ValueError, match=r"inside a triple|blank node"):
            graph.apply(removed, added)
    assert set(graph.quads()) == {quad("a", 1)}
    assert graph.version == before


def test_blank_nodes_keep_their_labels_and_the_default_graph_is_one_too(graph):
    one, two = ox.BlankNode("one"), ox.BlankNode()
    named = [ox.Quad(one, node("says"), two, GRAPH), ox.Quad(one, node("says"), ox.Literal("x"), OTHER)]
    default = [ox.Quad(two, node("says"), ox.Literal("x", language="en")), ox.Quad(node("a"), node("says"), one)]
    graph.apply([], [*named, quad("a", 1)])
    graph.apply([quad("a", 1), named[0]], default)
    assert set(graph.quads()) == {named[1], *default}
    assert set(graph.quads(one)) == {named[1]}
    assert set(graph.quads(graph=ox.DefaultGraph())) == set(default)
    graph.apply([default[1], named[1]], [named[0]])
    assert set(graph.quads()) == {named[0], default[0]}


def test_a_graph_that_loses_its_last_statement_is_no_more(graph, tmp_path):
    graph.apply([], [quad("a", 1), quad("b", 2), quad("a", 1, OTHER)])
    graph.apply([quad("a", 1), quad("a", 1, OTHER)], [])
    graph.snapshot(tmp_path / "copy")
    assert list(ox.Store.read_only(str(tmp_path / "copy")).named_graphs()) == [GRAPH]


def test_one_graph_is_written_to_a_file(graph, tmp_path):
    graph.apply([], [quad("a", 1), quad("b", 2, OTHER)])
    graph.dump(tmp_path / "graph.nt", ox.RdfFormat.N_TRIPLES, GRAPH)
    assert {it.triple for it in ox.parse(path=tmp_path / "graph.nt")} == {quad("a", 1).triple}


def test_a_large_write_joins_what_is_there(graph, monkeypatch):
    monkeypatch.setattr(graph, "bulk", 100)
    graph.apply([], [quad("a", 1)])
    graph.apply([], (quad(f"n{number}", number) for number in range(150)))
    graph.apply([], (quad(f"n{number}", number) for number in range(150)))
    assert len(list(graph.quads())) == 151


def test_what_is_written_is_there_after_opening_again(tmp_path):
    first = EmbeddedGraph(tmp_path / "graph")
    first.apply([], [quad("a", 1)])
    first.flush()
    first.close()
    first.close()
    again = EmbeddedGraph(tmp_path / "graph")
    assert set(again.quads()) == {quad("a", 1)}
    again.close()


def test_a_store_that_another_program_has_open_is_in_use(tmp_path):
    holding = (
        "import sys, time, pyoxigraph; s = pyoxigraph.Store(sys.argv[1]); print('open', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", holding, tmp_path / "graph"], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(FolderInUse, match="Another program"):
            EmbeddedGraph(tmp_path / "graph")
        holder.kill()


@pytest.mark.parametrize("hurt", ["CURRENT", "MANIFEST-*", "*.sst"])
def test_a_damaged_store_says_how_to_restore_it(tmp_path, hurt):
    store = EmbeddedGraph(tmp_path / "graph")
    store.apply([], [quad(f"n{number}", number) for number in range(200)])
    store.flush()
    store.snapshot(tmp_path / "copy")
    store.close()
    for file in (tmp_path / "copy").glob(hurt):
        file.unlink()
    with pytest.raises(FolderDamaged) as refused:
        EmbeddedGraph(tmp_path / "copy")
    assert "last backup" in refused.value.remedy


def test_a_path_that_cannot_be_a_folder_is_misconfigured(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Misconfigured):
        EmbeddedGraph(tmp_path / "file" / "graph")


def test_a_tally_is_that_of_its_graphs_and_follows_a_change(tmp_path):
    graph = EmbeddedGraph(tmp_path / "graph")
    names = [ox.DefaultGraph(), ox.NamedNode("http://e.org/g"), ox.NamedNode("http://e.org/h")]
    quads = [
        ox.Quad(ox.NamedNode("http://e.org/a"), ox.NamedNode("http://e.org/p"), ox.Literal(f"line\n{it}"), name)
        for name in names
        for it in range(3)
    ]
    graph.apply((), quads)
    parts = sum(map(graph.tally_of, names), Tally())
    assert graph.tally() == parts == tally(quads)
    assert Tally.read(str(parts)) == parts
    graph.apply(quads[:2], ())
    assert graph.tally() == parts - tally(quads[:2])
    graph.close()
