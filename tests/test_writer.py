"""The one door for writes: only real differences, one number each, and nothing lost in a crash."""

import threading

import pyoxigraph as ox
import pytest

from ingest.catalog import Catalog, Facts
from ingest.ledger import Dataset, Intent, Ledger
from ingest.patch import Patch, patch
from ingest.starter import load_schema, load_starter
from ingest.writer import Commit, Writer
from ontology.errors import FolderDamaged, InvalidParameter
from ontology.kinds import DEFAULT_BASE
from tests.ingesting import AGENT, Place, place

BASE = DEFAULT_BASE


@pytest.fixture
def here(tmp_path):
    with place(tmp_path) as found:
        yield found


def triples(turtle: str) -> list[ox.Triple]:
    parsed = ox.parse(f"@prefix : <http://e.org/> . {turtle}", ox.RdfFormat.TURTLE)
    return [quad.triple for quad in parsed]


def replace(here: Place, turtle: str, name: str = "source/a", **keywords: object) -> Commit:
    return here.writer.replace(name, triples(turtle), door="test", agent=AGENT, **keywords)


def test_a_graph_becomes_what_is_given(here):
    assert replace(here, ":a :p 1 , 2 .").changed_triples == 2
    commit = replace(here, ":a :p 2 , 3 . :b :p 4 .")
    assert (commit.sequence, commit.changed_triples) == (2, 3)
    assert commit.touched == {"http://e.org/a", "http://e.org/b"}
    assert len(here.said("source/a")) == 3
    assert [change.iris for change in here.ledger.changes_since(1)] == [commit.touched]


def test_the_same_content_is_no_write(here):
    first = replace(here, ":a :p 1 .")
    assert replace(here, ":a :p 1 .") == Commit(first.sequence)
    assert here.ledger.last == first.sequence


def test_another_spelling_of_the_same_values_changes_nothing(here):
    replace(here, ':a :p 1 , 1.50 , "x"@en-US , true .')
    spelling = ':a :p 001 , 1.500 , "x"@EN-us , "1"^^<http://www.w3.org/2001/XMLSchema#boolean> .'
    assert replace(here, spelling).changed_triples == 0


def test_a_graph_leaves_the_others_alone(here):
    replace(here, ":a :p 1 .", "source/a")
    replace(here, ":a :p 1 .", "source/b")
    replace(here, ":a :p 2 .", "source/a")
    assert len(here.said("source/b")) == 1


def test_the_catalogue_says_what_came_in(here):
    commit = replace(here, ":a :p 1 .", facts=Facts("notes.md", "https://spdx.org/licenses/CC0-1.0"))
    entry = {quad.predicate.value.rpartition("/")[2].rpartition("#")[2]: quad.object.value for quad in catalog(here)}
    assert (entry["title"], entry["license"]) == ("notes.md", "https://spdx.org/licenses/CC0-1.0")
    assert (entry["sequence"], len(entry["contentHash"])) == (str(commit.sequence), 64)
    assert entry["modified"].endswith("Z")


def catalog(here: Place) -> list[ox.Quad]:
    return Catalog(here.graph, BASE).entry(here.writer.graph("source/a"))


def test_another_licence_is_written_although_the_content_is_the_same(here):
    replace(here, ":a :p 1 .")
    commit = replace(here, ":a :p 1 .", facts=Facts(licence="https://spdx.org/licenses/CC0-1.0"))
    assert (commit.sequence, commit.changed_triples) == (2, 0)


def test_an_emptied_graph_leaves_no_entry_and_its_number_stays(here):
    replace(here, ":a :p 1 .", facts=Facts("secret-name.md"))
    replace(here, "")
    assert not catalog(here)
    assert Catalog(here.graph, BASE).sequence == here.ledger.last == 2
    assert replace(here, "") == Commit(2)


def test_private_writes_stay_out_of_the_public_store_and_its_followers(here):
    replace(here, ":secret :p 1 .", dataset=Dataset.PRIVATE, facts=Facts("secret-name.md"))
    assert not list(here.graph.quads())
    assert list(here.private.quads())
    assert [change.iris for change in here.ledger.changes_since(0)] == [frozenset()]


def test_a_preview_counts_and_writes_nothing(here):
    replace(here, ":a :p 1 .")
    assert here.writer.preview("source/a", triples(":a :p 2 .")).changed == 2
    assert here.ledger.last == 1
    assert "1" in str(here.said("source/a"))


@pytest.mark.parametrize("name", ["catalog", "curation", "overridden"])
def test_the_program_s_own_graphs_are_not_replaced(here, name):
    with pytest.raises(InvalidParameter, match="kept by the program"):
        replace(here, ":a :p 1 .", name)


def test_writes_from_many_threads_each_get_a_number(here):
    threads = [threading.Thread(target=replace, args=(here, f":s{n} :p {n} .", f"source/{n}")) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [change.sequence for change in here.ledger.changes_since(0)] == list(range(1, 9))
    assert Catalog(here.graph, BASE).sequence == 8


# --- crashes: the process stops between two of the steps ---


class Stopped(BaseException):
    """The process ends here."""


def stop(*_args: object, **_keywords: object):
    raise Stopped


def reopened(folder) -> tuple[list[tuple[int, bool]], int]:
    """Sequence and certainty of each change after opening again, and the next number."""
    with place(folder) as here:
        changes = [(change.sequence, change.iris is not None) for change in here.ledger.changes_since(0)]
        return changes, replace(here, ":z :p 99 .", "source/z").sequence


def test_stopped_before_the_graph_was_written(tmp_path, monkeypatch):
    with place(tmp_path) as here:
        replace(here, ":a :p 1 .")
        monkeypatch.setattr(here.graph, "apply", stop)
        with pytest.raises(Stopped):
            replace(here, ":a :p 2 .")
    assert reopened(tmp_path) == ([(1, True)], 3)


def test_stopped_after_the_graph_was_written(tmp_path, monkeypatch):
    with place(tmp_path) as here:
        replace(here, ":a :p 1 .")
        monkeypatch.setattr(here.ledger, "acknowledge", stop)
        with pytest.raises(Stopped):
            replace(here, ":a :p 2 .")
    assert reopened(tmp_path) == ([(1, True), (2, True)], 3)
    with place(tmp_path) as here:
        assert {"http://e.org/a"} <= next(iter(here.ledger.changes_since(1))).iris, "the ledger kept the difference"


def test_stopped_while_a_large_write_went_to_disk(tmp_path, monkeypatch):
    with place(tmp_path) as here:
        replace(here, ":a :p 1 .")
        monkeypatch.setattr("ingest.standing.MOST", 2)
        monkeypatch.setattr(here.graph, "flush", stop)
        with pytest.raises(Stopped):
            replace(here, ":a :p 2 .")
    assert reopened(tmp_path) == ([(1, True), (2, False)], 3)


def test_writes_after_a_failed_flush_do_not_hide_it(tmp_path, monkeypatch):
    with place(tmp_path) as here:
        with monkeypatch.context() as patch:
            patch.setattr("ingest.standing.MOST", 0)
            patch.setattr(here.graph, "flush", stop)
            with pytest.raises(Stopped):
                replace(here, ":a :p 1 .")
        replace(here, ":b :p 1 .", "source/b")
    assert reopened(tmp_path) == ([(1, False), (2, True)], 3)


def test_stopped_between_the_two_steps_of_a_large_write(tmp_path, monkeypatch):
    with place(tmp_path) as here:
        replace(here, ":z :p 1 .", "source/z")
        apply = here.graph.apply

        def once(removed: list[ox.Quad], added: list[ox.Quad]) -> None:
            if removed:
                raise Stopped
            apply(removed, added)

        with monkeypatch.context() as patch:
            patch.setattr(here.graph, "bulk", 2)
            patch.setattr("ingest.standing.MOST", 2)
            patch.setattr(here.graph, "apply", once)
            with pytest.raises(Stopped):
                replace(here, ":a :p 1 , 2 , 3 .")
        assert len(here.said("source/a")) == 3
    assert reopened(tmp_path) == ([(1, True), (2, False)], 3)


def test_a_large_write_ends_as_a_small_one_does(here, monkeypatch):
    monkeypatch.setattr(here.graph, "bulk", 2)
    replace(here, ":z :p 1 .", "source/z")
    commit = replace(here, ":a :p 1 , 2 , 3 .")
    catalog = here.writer.catalog()
    assert catalog.sequence == commit.sequence == 2
    assert len(list(here.graph.quads(here.writer.graph("catalog")))) == 2, "a number and a time"
    assert replace(here, ":a :p 1 , 2 , 3 .") == Commit(2)
    assert replace(here, ":a :p 2 , 3 , 4 .").changed_triples == 2
    assert len(here.said("source/a")) == 3


def test_the_time_of_the_last_write_never_goes_back(here):
    replace(here, ":z :p 1 .", "source/z")
    before = here.writer.catalog().modified
    here.writer.replace("source/z", [], door="test", agent=AGENT)
    assert here.writer.catalog().modified >= before > ""


def test_a_lost_ledger_continues_from_the_graph(tmp_path):
    with place(tmp_path) as here:
        for n in range(3):
            replace(here, f":a :p {n} .")
    for file in tmp_path.glob("ledger.sqlite*"):
        file.unlink()
    assert reopened(tmp_path) == ([(3, False)], 4)


def test_a_graph_older_than_the_ledger_is_damage(tmp_path):
    with place(tmp_path) as here:
        replace(here, ":a :p 1 .")
        ledger = Ledger(tmp_path / "other.sqlite")
        for _ in range(2):
            sequence = ledger.reserve(Intent("test", AGENT, Dataset.PUBLIC, ("source/a",)))
            ledger.acknowledge(sequence, 1, ())
        with pytest.raises(FolderDamaged, match=r"acknowledges write 2.*ends with 1") as caught:
            Writer(here.graph, here.private, ledger, BASE)
        ledger.close()
    assert "one backup" in caught.value.remedy


# --- a patch of several graphs is one write, also in a crash ---


def patched(here: Place) -> None:
    """Say something new in three graphs, one of them curation, with a blank node and in the default graph."""
    quads = list(
        ox.parse(
            f"""@prefix : <http://e.org/> .
        <{BASE}graph/curation> {{ :a :p 9 }} <{BASE}graph/source/b> {{ :b :p _:x }} :a :q 3 .""",
            ox.RdfFormat.TRIG,
        )
    )
    patch(here.writer, lambda: Patch(added=frozenset(quads)), door="sparql", agent=AGENT)


@pytest.mark.parametrize("step", ["reserve", "keep", "apply", "acknowledge"])
def test_a_patch_is_whole_or_not_at_all(tmp_path, monkeypatch, step):
    with place(tmp_path) as here:
        replace(here, ":a :p 1 .")
        before = here.everything()
        monkeypatch.setattr(here.graph if step == "apply" else here.ledger, step, stop)
        with pytest.raises(Stopped):
            patched(here)
    with place(tmp_path) as here:
        after, last = here.everything(), here.ledger.last
        assert len(after) == len(before) + 8 if step == "acknowledge" else after == before
        assert Catalog(here.graph, BASE).sequence == last
        numbers = {Catalog(here.graph, BASE).number(it) for it in Catalog(here.graph, BASE).graphs()}
        assert numbers == {last}, "the graphs and their entries are of one write"
    assert reopened(tmp_path)[1] == 3 if step != "reserve" else 2


# --- the starter knowledge ---


def test_the_starter_knowledge_loads_once(here):
    assert load_schema(here.writer) > 500
    assert load_starter(here.writer) > 10_000
    last = here.ledger.last
    assert load_starter(here.writer) == 0
    assert here.ledger.last == last
    assert {"https://w3id.org/kesher/id/role/subject-coordinator"} <= {
        str(quad.subject.value) for quad in here.graph.quads(graph=here.writer.graph("starter/roles"))
    }


def test_under_another_base_everything_but_the_vocabulary_moves(tmp_path):
    with place(tmp_path, "https://schools.example.org/k/") as here:
        load_starter(here.writer)
        everything = " ".join(map(str, here.graph.quads()))
    assert "https://schools.example.org/k/id/role/subject-coordinator" in everything
    assert "https://w3id.org/kesher/id/" not in everything
    assert "https://w3id.org/kesher/schema#Role" in everything
