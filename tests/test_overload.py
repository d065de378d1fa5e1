"""More queries than can be encoded at once: search goes on with words, what needs meaning says when to come back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from fastapi.testclient import TestClient

from language.bounded import BoundedEncoder
from language.encoder import Vector
from language.hashing import HashEncoder
from ontology.errors import EncoderBusy
from tests.serving import BASE, services_of, serving


class Slow(HashEncoder):
    """Encodes no query before it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.let = Event(), Event()

    def encode_query(self, text: str) -> Vector:
        self.begun.set()
        assert self.let.wait(30)
        return super().encode_query(text)


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture(scope="module")
def client(tmp_path_factory) -> Iterator[TestClient]:
    with serving(tmp_path_factory.mktemp("overload")) as made:
        yield made


@pytest.fixture
def busy(client, slow, monkeypatch) -> Iterator[TestClient]:
    """A service whose encoder has all the work that it takes."""
    bounded = BoundedEncoder(slow, at_once=1, patience_s=0.01)
    search = services_of(client).search
    monkeypatch.setattr(search, "_encoder", bounded)
    monkeypatch.setattr(search.engine, "encoder", bounded)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(bounded.encode_query, "the one that takes so long")
        assert slow.begun.wait(30)
        yield client
        slow.let.set()
        assert first.result().shape == (256,)


def test_a_search_goes_on_with_words(busy):
    answer = busy.get("/api/v1/search?q=video club")
    assert answer.status_code == 200
    assert answer.json()["degraded"]
    assert answer.json()["hits"]


def test_what_needs_meaning_says_when_to_come_back(busy):
    for query in (
        "ASK { SERVICE <urn:kesher:search> { ?x ks:query 'video club' } }",
        "ASK { FILTER(ks:similarity('video club', <urn:x>) > 0) }",
    ):
        answer = busy.get("/sparql", params={"query": query})
        assert (answer.status_code, answer.json()["type"]) == (503, f"{BASE}problems/encoder-busy")
        assert int(answer.headers["Retry-After"]) >= 1
    assert busy.get("/sparql", params={"query": "ASK {}"}).status_code == 200


def test_afterwards_meaning_is_compared_again(busy, slow):
    slow.let.set()
    services_of(busy).search.engine.encoder.encode_query("wait for the one that takes so long")
    assert not busy.get("/api/v1/search?q=video club").json()["degraded"]


def test_a_short_burst_is_waited_for(slow):
    encoder = BoundedEncoder(slow, at_once=1, patience_s=30)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(encoder.encode_query, "video") for _ in range(4)]
        slow.let.set()
        assert len({it.result().tobytes() for it in asked}) == 1


def test_a_failure_gives_its_turn_back():
    class Failing(HashEncoder):
        def encode_query(self, text: str) -> Vector:
            raise ValueError(text)

    encoder = BoundedEncoder(Failing(), at_once=1, patience_s=0)
    for _ in range(3):
        with pytest.raises(ValueError, match="video"):
            encoder.encode_query("video")


def test_documents_have_no_bound(slow):
    encoder = BoundedEncoder(slow, at_once=1, patience_s=0)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(encoder.encode_query, "video")
        assert slow.begun.wait(30)
        assert encoder.encode_documents(["video"]).shape == (1, 256)
        with pytest.raises(EncoderBusy):
            encoder.encode_query("video")
        slow.let.set()
        first.result()
