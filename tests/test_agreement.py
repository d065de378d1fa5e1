"""Damage to the files of a data folder is found when it is opened, or made good; nothing is lost in silence."""

import os
import random
import shutil
import signal
import sqlite3
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.checking import check
from api.services import open_services
from api.settings import Settings
from language.hashing import HashEncoder
from ontology.errors import FolderDamaged
from tests.forked import forked
from tests.test_backup import AGENT, write

WRITES = 12
TOOL = """@prefix ks: <https://w3id.org/kesher/schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/kesher/id/tool/slow-clock> a ks:Tool ; skos:prefLabel "A clock that runs slow"@en ."""


@contextmanager
def opened(folder: Path, **how: bool):
    with open_services(Settings(data=folder), command="test", encoder=HashEncoder, **how) as services:
        yield services


def fill(folder: str) -> None:
    """Write some records, half of them to disk by the store and half by the ledger alone, and die."""
    with opened(Path(folder)) as services:
        tool = [it.triple for it in ox.parse(TOOL, ox.RdfFormat.TURTLE)]
        services.writer.replace("source/tool", tool, door="test", agent=AGENT)
        for number in range(WRITES):
            write(services, number)
            if number == WRITES // 2:
                services.writer.flush()
        services.search.catch_up()
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(scope="module")
def killed(tmp_path_factory) -> Path:
    """A folder whose process was killed: the last writes are in logs."""
    folder = tmp_path_factory.mktemp("killed") / "data"
    assert forked(fill, str(folder)) == -signal.SIGKILL
    return folder


@pytest.fixture(scope="module")
def closed(tmp_path_factory, killed) -> Path:
    """The same, opened again and closed in peace."""
    folder = tmp_path_factory.mktemp("closed") / "data"
    shutil.copytree(killed, folder)
    with opened(folder):
        pass
    return folder


@pytest.fixture
def folder(tmp_path, killed) -> Path:
    shutil.copytree(killed, tmp_path / "data")
    return tmp_path / "data"


def log_of(folder: Path) -> Path:
    """The write-ahead log of the graph store."""
    return max((folder / "graph").glob("*.log"), key=lambda it: it.stat().st_size)


def cut(file: Path, share: float) -> None:
    os.truncate(file, int(file.stat().st_size * share))


def flip(file: Path, place: int, bit: int = 0) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 1 << bit
    file.write_bytes(content)


def numbers(folder: Path) -> set[int]:
    """The records that a folder holds; every one of them whole."""
    with opened(folder) as services:
        found = {it.object.value for it in services.graph.quads(predicate=ox.NamedNode("http://e.org/p0"))}
        assert not [it for it in check(services).faults if it.code.startswith("E29") and it.code != "E294"]
        for number in found:
            assert len(list(services.graph.quads(ox.NamedNode(f"http://e.org/{number}")))) == 5
        return set(map(int, found))


def test_after_a_kill_all_is_there(folder):
    assert numbers(folder) == set(range(WRITES))


@pytest.mark.parametrize("share", [0.9, 0.5, 0.1, 0.0])
def test_what_a_cut_log_of_the_store_has_lost_is_made_again_from_the_ledger(folder, share):
    cut(log_of(folder), share)
    assert numbers(folder) == set(range(WRITES))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_what_is_behind_a_flipped_bit_of_the_log_is_made_again(folder, share):
    log = log_of(folder)
    flip(log, int(log.stat().st_size * share))
    assert numbers(folder) == set(range(WRITES))


def test_an_old_graph_beside_a_new_ledger_is_refused(tmp_path, closed, folder):
    with opened(folder) as services:
        services.writer.flush()
        for number in range(50, 60):
            write(services, number)
    shutil.rmtree(folder / "graph")
    shutil.copytree(closed / "graph", folder / "graph")
    with pytest.raises(FolderDamaged, match=r"E291.*ends with") as refused, opened(folder):
        pass
    assert "kesher restore" in refused.value.remedy


def test_a_ledger_without_its_end_is_refused(folder, closed):
    with opened(folder) as services:
        for number in range(50, 60):
            write(services, number)
    for file in folder.glob("ledger.sqlite*"):
        file.unlink()
    shutil.copyfile(closed / "ledger.sqlite", folder / "ledger.sqlite")
    with pytest.raises(FolderDamaged, match="E292"), opened(folder):
        pass


def test_a_ledger_cut_to_nothing_is_refused(folder):
    for file in folder.glob("ledger.sqlite-*"):
        file.unlink()
    os.truncate(folder / "ledger.sqlite", 0)
    with pytest.raises(FolderDamaged, match="E292"), opened(folder):
        pass


@pytest.mark.parametrize(
    "change",
    [
        "update writes set agent = 'somebody else' where sequence = 5",
        "delete from writes where sequence = 5",
        "update writes set triples_changed = 4 where sequence = 5",
        "delete from touched where sequence = 5",
        "update touched set iri = 'http://e.org/0' where rowid in (1)",
    ],
)
def test_a_row_of_the_ledger_that_was_altered_is_found(closed, tmp_path, change):
    shutil.copytree(closed, tmp_path / "data")
    with sqlite3.connect(tmp_path / "data" / "ledger.sqlite") as ledger:
        if "rowid" in change:
            change = "update touched set iri = iri || 'x' where sequence = 5"
        ledger.execute(change)
    ledger.close()
    with pytest.raises(FolderDamaged, match="E290"), opened(tmp_path / "data"):
        pass


@pytest.mark.parametrize("change", ["added", "removed", "altered"])
def test_a_statement_that_no_write_put_there_is_found(closed, tmp_path, change):
    shutil.copytree(closed, tmp_path / "data")
    store = ox.Store(str(tmp_path / "data" / "graph"))
    quad = next(iter(store.quads_for_pattern(ox.NamedNode("http://e.org/3"), None, None)))
    if change != "added":
        store.remove(quad)
    if change != "removed":
        store.add(ox.Quad(quad.subject, quad.predicate, ox.Literal("other"), quad.graph_name))
    store.flush()
    del store
    with pytest.raises(FolderDamaged, match=r"E293 public graph: It holds"), opened(tmp_path / "data"):
        pass
    with opened(tmp_path / "data", tolerant=True) as services:
        [fault] = [it for it in check(services).faults if it.code == "E293"]
    assert "source/3" in fault.message
    assert "kesher restore" in fault.remedy
    with pytest.raises(FolderDamaged, match="E293"), opened(tmp_path / "data"):
        pass  # it is not forgotten by looking


def test_a_server_over_stores_that_disagree_is_not_ready_and_says_what_to_do(closed, tmp_path):
    shutil.copytree(closed, tmp_path / "data")
    with sqlite3.connect(tmp_path / "data" / "ledger.sqlite") as ledger:
        ledger.execute("update writes set door = 'x' where sequence = 2")
    ledger.close()
    with opened(tmp_path / "data", background=True) as services:
        client = TestClient(create_app(services))
        services.agreement.look()
        answer = client.get("/health/ready")
        assert answer.status_code == 503
        assert "kesher restore" in answer.json()["waiting"]["E290 ledger"]
        assert client.get("/health/live").status_code == 200
        assert client.get("/api/v1/search", params={"q": "anything"}).status_code == 200


def test_a_lost_index_is_made_again(closed, tmp_path):
    shutil.copytree(closed, tmp_path / "data")
    shutil.rmtree(tmp_path / "data" / "index")
    with opened(tmp_path / "data") as services:
        assert [it.code for it in check(services).faults if it.code.startswith("E29")] == ["E294", "E295"]
        assert "index" in services.waiting() or services.search.waiting()
        services.search.rebuild()
        assert not [it for it in check(services).faults if it.code.startswith("E29")]


def test_passages_that_the_index_has_lost_are_found_and_reindex_brings_them(closed, tmp_path):
    shutil.copytree(closed, tmp_path / "data")
    with opened(tmp_path / "data") as services:
        index = services.search.index
        index.delete(list(index.hashes())[:1])
        index.commit(index.watermark)
        assert [it.code for it in check(services).faults if it.code.startswith("E29")] == ["E295"]
        services.search.rebuild()
        assert not [it for it in check(services).faults if it.code.startswith("E29")]


def look(folder: str, told: str) -> None:
    """Write down what becomes of a folder: "whole" (all is there), "refused", or, wrongly, "silent" loss."""
    try:
        with opened(Path(folder)) as services:
            found = {it.object.value for it in services.graph.quads(predicate=ox.NamedNode("http://e.org/p0"))}
            agrees = not services.agreement.look()
            outcome = "silent" if agrees and found != set(map(str, range(WRITES))) else "whole" if agrees else "refused"
    except FolderDamaged:
        outcome = "refused"
    Path(told).write_text(outcome)


def outcome(folder: Path) -> str:
    """What `look` finds, in a process of its own: "died" where it breaks down, or does not come to an end."""
    told = folder.with_suffix(".told")
    told.unlink(missing_ok=True)
    forked(look, str(folder), str(told), patience=20)
    return told.read_text() if told.exists() else "died"


def swept(folder: Path, tmp_path: Path, times: int) -> dict[str, int]:
    """Outcomes of random damage to one file each time: a flipped bit, or a cut."""
    chance = random.Random(7)  # noqa: S311 - the same damage every time
    counts = {"whole": 0, "refused": 0, "silent": 0, "died": 0}
    for _ in range(times):
        shutil.copytree(folder, tmp_path / "damaged")
        files = [*(tmp_path / "damaged").glob("graph/*.log"), *(tmp_path / "damaged").glob("graph/*.sst")]
        files += [*(tmp_path / "damaged").glob("ledger.sqlite*"), *(tmp_path / "damaged").glob("graph/MANIFEST*")]
        file = chance.choice([it for it in files if it.stat().st_size and not it.name.endswith("-shm")])
        if chance.random() < 0.3:
            cut(file, chance.random())
        else:
            flip(file, chance.randrange(file.stat().st_size), chance.randrange(8))
        counts[outcome(tmp_path / "damaged")] += 1
        shutil.rmtree(tmp_path / "damaged")
    return counts


def test_random_damage_is_never_silent(killed, closed, tmp_path):
    for folder in (killed, closed):
        counts = swept(folder, tmp_path, 8)
        assert counts["silent"] == counts["died"] == 0, counts


@pytest.mark.soak
def test_random_damage_is_never_silent_in_many_trials(killed, closed, tmp_path, counted):
    for name, folder in (("killed", killed), ("closed", closed)):
        counts = swept(folder, tmp_path, 200)
        counted(f"damage to a folder that was {name}: {counts}")
        assert counts["silent"] == counts["died"] == 0
