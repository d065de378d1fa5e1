"""An index takes the place of another while searches and writes go on: nothing is empty, mixed or lost."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest

from graph.embedded import EmbeddedGraph
from language.encoder import Encoder, Matrix
from language.hashing import HashEncoder
from ontology.errors import FolderDamaged, InvalidParameter, NotReady
from ontology.kinds import DEFAULT_BASE, Iri
from ontology.model import Change
from search.answers import SearchRequest
from search.cluster import MEMORY
from search.engine import SearchEngine
from search.engines import generations
from search.index import Filter, Leg, VectorIndex
from search.indexing import disagreements, silent
from search.live import LiveIndex
from tests.searching import load
from tests.test_index_contract import point

ENGINES = ["edge", "exact", "cluster"]
OLD, NEW = HashEncoder(64), HashEncoder(32)


def tools(first: int, count: int = 20) -> str:
    return "".join(f't:t{it} a ks:Tool ; skos:prefLabel "Lesson tool {it}"@en .' for it in range(first, first + count))


@dataclass
class Journal:
    """A ledger in miniature."""

    changes: list[Change] = field(default_factory=list)

    @property
    def last(self) -> int:
        return len(self.changes)

    def changes_since(self, sequence: int) -> Iterator[Change]:
        return iter(self.changes[sequence:])


class Service:
    """A graph and its live index, as `api.searching` puts them together."""

    def __init__(self, folder: Path, made_by: str = "edge") -> None:
        self.folder = folder / "index"
        self.graph = EmbeddedGraph(folder / "graph")
        self.journal = Journal()
        self.open(made_by)

    def open(self, made_by: str = "edge") -> None:
        """Begin anew, as a process does."""
        server = MEMORY if made_by == "cluster" else None
        self.live = LiveIndex(
            generations(self.folder, "edge" if server else made_by, server), self.graph, self.journal, self.swapped
        )
        self.engine: SearchEngine | None = None

    def serve(self, encoder: Encoder) -> SearchEngine:
        self.engine = SearchEngine(self.graph, self.live.open(encoder), encoder, DEFAULT_BASE)
        self.live.catch_up(encoder, silent)
        return self.engine

    def swapped(self, index: VectorIndex, encoder: Encoder) -> None:
        if self.engine:
            self.engine = self.engine.over(index, encoder)

    def write(self, text: str, name: str, encoder: Encoder | None) -> None:
        """What a request that writes does: the graph, the ledger, the index that serves."""
        touched = load(self.graph, text, name)
        self.journal.changes.append(Change(self.journal.last + 1, touched))
        if self.engine:
            self.live.catch_up(encoder, silent)
            self.engine.refresh(touched)

    def folders(self) -> list[str]:
        return sorted(it.name for it in self.folder.iterdir() if it.is_dir())

    def close(self) -> None:
        self.live.close()
        self.graph.close()


@pytest.fixture(params=ENGINES)
def service(request, tmp_path) -> Iterator[Service]:
    made = Service(tmp_path, request.param)
    made.write(tools(0), "source/first", OLD)
    yield made
    made.close()


@pytest.fixture
def edge(tmp_path) -> Iterator[Service]:
    made = Service(tmp_path)
    made.write(tools(0), "source/first", OLD)
    yield made
    made.close()


class Meanwhile:
    """An encoder that lets something happen while it encodes documents."""

    def __init__(self, encoder: Encoder, happen: Callable[[], None]) -> None:
        self.name, self.dimension, self.languages = encoder.name, encoder.dimension, encoder.languages
        self.encode_query = encoder.encode_query
        self._encoder = encoder
        self._happen: Callable[[], None] | None = happen

    def encode_documents(self, texts: list[str]) -> Matrix:
        if happen := self._happen:
            self._happen = None
            happen()
        return self._encoder.encode_documents(texts)


def test_writes_that_come_while_another_index_is_built_are_in_it(service):
    engine = service.serve(OLD)
    before = service.live.generation

    def write() -> None:
        service.write(tools(100, 1), "source/second", OLD)
        assert "Lesson tool 100" in names(service.engine), "the old one goes on with what is new"
        service.write("", "source/first", OLD)

    assert service.live.renew(Meanwhile(NEW, write), "there", silent) >= 20
    now = service.live.generation
    assert (now.model, now.dimension, now.source) == (NEW.name, NEW.dimension, "there")
    assert now.name != before.name
    assert service.engine is not engine
    assert service.engine.index.watermark == service.journal.last
    assert disagreements(service.graph, service.engine.index) == []
    assert names(service.engine) == {"Lesson tool 100"}


def names(engine: SearchEngine) -> set[str]:
    return {it.label for it in engine.search(SearchRequest("lesson tool 100", limit=100)).hits}


def test_no_search_is_empty_or_mixed_while_indexes_follow_each_other(service):
    service.serve(OLD)
    stop, seen, wrong = Event(), set(), []

    def search() -> None:
        while not stop.is_set():
            engine = service.engine
            result = engine.search(SearchRequest("lesson tool", limit=100))
            vectors = engine.index.vectors(engine.index.hashes())
            lengths = {len(it) for it in vectors.values()}
            seen.add(result.index.name)
            if len(result.hits) != 20 or result.degraded or lengths != {engine.encoder.dimension}:
                wrong.append((len(result.hits), lengths, result.index))

    readers = [Thread(target=search) for _ in range(2)]
    for it in readers:
        it.start()
    for encoder in (NEW, OLD, NEW):
        service.live.renew(encoder, "", silent)
    stop.set()
    for it in readers:
        it.join()
    assert not wrong
    assert seen == {OLD.name, NEW.name}


def test_the_former_index_answers_who_holds_it_and_goes_with_the_last(edge):
    held = edge.serve(OLD)
    first = edge.folders()
    edge.live.renew(NEW, "", silent)
    assert len(edge.folders()) == 2
    assert len(held.search(SearchRequest("lesson tool", limit=100)).hits) == 20
    del held
    assert len(edge.folders()) == 1
    assert edge.folders() != first


def test_a_cursor_of_a_former_index_is_refused(service):
    service.serve(OLD)
    request = SearchRequest("lesson tool", limit=5)
    cursor = service.engine.search(request).next
    assert service.engine.search(SearchRequest("lesson tool", limit=5, cursor=cursor)).hits
    service.live.renew(OLD, "", silent)
    with pytest.raises(InvalidParameter, match="the index has changed"):
        service.engine.search(SearchRequest("lesson tool", limit=5, cursor=cursor))


@pytest.mark.parametrize("made_by", ["edge", "exact"])
def test_what_fails_half_way_leaves_the_old_index_and_nothing_else(tmp_path, made_by):
    service = Service(tmp_path, made_by)
    service.write(tools(0), "source/first", OLD)
    service.serve(OLD)
    before = service.folders()

    def fail() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        service.live.renew(Meanwhile(NEW, fail), "", silent)
    assert service.folders() == before
    assert service.engine.search(SearchRequest("lesson tool")).index.name == OLD.name
    service.live.renew(NEW, "", silent)
    assert service.engine.search(SearchRequest("lesson tool")).index.name == NEW.name
    service.close()


def test_closing_ends_what_is_being_built(edge):
    edge.serve(OLD)
    closing = Meanwhile(NEW, lambda: Thread(target=edge.live.close).start() or time.sleep(0.2))
    with pytest.raises(NotReady, match="closing"):
        edge.live.renew(closing, "", silent)
    assert len(edge.folders()) == 1


@pytest.mark.parametrize("made_by", ["edge", "exact"])
def test_after_a_crash_the_current_one_serves_and_the_rest_goes(tmp_path, made_by):
    service = Service(tmp_path, made_by)
    service.write(tools(0), "source/first", OLD)
    service.serve(OLD)
    whole = service.live.generation.name
    service.live.close()
    kept = generations(service.folder, made_by, None)
    half = kept.begin(NEW.name, NEW.dimension)
    kept.open(half).close()
    (service.folder / "not-even-described").mkdir()
    (service.folder / "entity_vectors").mkdir()
    service.open(made_by)
    assert len(service.serve(OLD).search(SearchRequest("lesson tool", limit=100)).hits) == 20
    assert service.folders() == sorted([whole, "entity_vectors"])
    service.close()


def test_an_index_from_before_there_were_generations_is_taken_over(edge):
    edge.serve(OLD)
    name = edge.live.generation.name
    edge.live.close()
    (edge.folder / "current.json").unlink()
    (edge.folder / name / "generation.json").unlink()
    (edge.folder / name).rename(edge.folder / "hash-64")
    edge.open()
    edge.serve(Meanwhile(OLD, lambda: pytest.fail("nothing is encoded again")))
    assert edge.live.fits(OLD)
    assert not edge.live.fits(NEW)
    edge.live.renew(OLD, "", silent)
    edge.engine = None
    assert len(edge.folders()) == 1


def test_another_engine_takes_over_without_a_pause(tmp_path):
    service = Service(tmp_path)
    service.write(tools(0), "source/first", OLD)
    service.serve(OLD)
    service.live.close()
    service.open("exact")
    engine = service.serve(OLD)
    assert not service.live.fits(OLD)
    before = engine.search(SearchRequest("lesson tool 7"))
    service.live.renew(OLD, "", silent)
    after = service.engine.search(SearchRequest("lesson tool 7"))
    assert service.live.fits(OLD)
    assert service.live.generation.engine == "exact"
    assert [it.iri for it in before.hits] == [it.iri for it in after.hits]
    assert [it.score for it in before.hits] == pytest.approx([it.score for it in after.hits], abs=1e-3)
    service.close()


@pytest.mark.parametrize("damage", ["pointer", "description", "state", "shard"])
def test_damage_is_told_and_mended_from_the_graph_alone(edge, damage):
    edge.serve(OLD)
    folder = edge.folder / edge.live.generation.name
    edge.live.close()
    file = {
        "pointer": edge.folder / "current.json",
        "description": folder / "generation.json",
        "state": folder / "state.json",
        "shard": folder / "shard" / "edge_config.json",
    }[damage]
    file.write_text("{")
    edge.open()
    with pytest.raises(FolderDamaged) as told:
        edge.live.open(OLD)
    assert "kesher reindex" in told.value.remedy
    assert edge.live.renew(OLD, "", silent) == 20
    assert len(edge.serve(OLD).search(SearchRequest("lesson tool", limit=100)).hits) == 20
    assert len(edge.folders()) == 1


WIDE = HashEncoder(2048)


def test_an_optimised_copy_takes_the_place_with_what_was_written_meanwhile(edge):
    index = edge.serve(WIDE).index
    chance = np.random.default_rng(7)
    made = [point(f"p{it}", f"text{it}", chance.standard_normal(2048).astype(np.float32)) for it in range(1400)]
    assert not edge.live.optimise(WIDE), "there is too little to put into order"
    index.upsert(made)
    loose = index.loose
    assert loose == 1420
    assert not edge.live.optimise(WIDE, least=loose + 1)
    edge.live.catch_up(WIDE, silent)
    writing = Thread(target=lambda: time.sleep(0.3) or edge.write(tools(100, 1), "source/second", WIDE))
    writing.start()
    del index
    assert edge.live.optimise(WIDE)
    writing.join()
    edge.live.catch_up(WIDE, silent)
    now = edge.engine.index
    assert (now.loose, now.count(), now.watermark) == (0, 1421, 2)
    assert "Lesson tool 100" in names(edge.engine)
    nearest = now.hybrid(dense=made[3].dense, sparse=[], where=Filter(), limit=1)
    assert nearest[0].iri == Iri("urn:p3")
    assert now.hybrid(dense=None, sparse=[Leg({})], where=Filter(), limit=1) == []
    assert len(edge.folders()) == 1


def test_a_copy_that_cannot_be_put_into_order_leaves_the_index_as_it_is(edge, monkeypatch):
    edge.serve(WIDE).index.upsert(
        [point(f"p{it}", f"text{it}", np.eye(1, 2048, it, dtype=np.float32)[0]) for it in range(1400)]
    )
    monkeypatch.setattr("search.live.optimise_apart", lambda shard, _: _fails(shard))
    with pytest.raises(FolderDamaged, match="disk is full"):
        edge.live.optimise(WIDE)
    assert len(edge.folders()) == 1
    assert edge.engine.index.count() == 1420


def _fails(shard: Path) -> None:
    assert shard.is_dir()
    raise FolderDamaged("The disk is full.")


KILLED = """
import sys
from pathlib import Path
from language.hashing import HashEncoder
from search.indexing import silent
from tests.test_live import Service, tools

service = Service(Path(sys.argv[1]))
service.write(tools(0, 300), "source/first", None)
found = service.live.generation
current = HashEncoder(found.dimension if found else 8)
service.serve(current)
print("serves", flush=True)
while True:
    current = HashEncoder(current.dimension % 64 + 8)
    service.live.renew(current, "", silent)
"""


@pytest.mark.soak
def test_a_process_killed_at_any_moment_leaves_a_whole_index(tmp_path):
    """Twenty kills while one index after another takes the place; the next start finds one that is whole."""
    for moment in range(20):
        command = [sys.executable, "-c", KILLED, str(tmp_path)]
        process = subprocess.Popen(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE)
        assert process.stdout.readline() == b"serves\n"
        time.sleep(0.05 + moment * 0.037)
        process.kill()
        process.communicate()
        service = Service(tmp_path)
        service.journal.changes.append(Change(1, None))
        dimension = service.live.generation.dimension
        engine = service.serve(Meanwhile(HashEncoder(dimension), lambda: pytest.fail("the index was not whole")))
        assert disagreements(service.graph, engine.index) == []
        assert len(service.folders()) == 1
        service.close()
