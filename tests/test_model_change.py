"""KESHER_MODEL changes: the old model's index serves until the new one's is whole, and never half of either."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from fastapi.testclient import TestClient
from transformers import BertConfig, BertModel

from api.app import create_app
from api.services import Services, open_services
from api.settings import Settings
from api.tokens import Scope
from ingest.pipeline import Options
from language.encoder import Encoder, Matrix
from language.model import BUNDLED, find_model
from language.transformer import transformer_of

TOOLS = """
@prefix ks: <https://w3id.org/kesher/schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix t: <https://w3id.org/kesher/id/tool/> .

t:club a ks:Tool ; skos:prefLabel "Video club"@en ; skos:definition "Teachers discuss clips of their lessons."@en .
t:cards a ks:Tool ; skos:prefLabel "Exit cards"@en ; skos:definition "A short question at the end of a lesson."@en .
t:study a ks:Tool ; skos:prefLabel "Lesson study"@en ; skos:definition "A lesson is planned together."@en .
"""
LATER = TOOLS.partition("t:club")[0] + 't:walk a ks:Tool ; skos:prefLabel "Learning walk"@en .'


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Path:
    """A model of sentence-transformers with weights that mean nothing, in a folder that says its languages."""
    folder = tmp_path_factory.mktemp("model") / "tiny"
    shutil.copytree(find_model().folder, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    size = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=30522, **size)).save_pretrained(folder)
    pooling = folder / "1_Pooling" / "config.json"
    pooling.write_text(json.dumps(json.loads(pooling.read_text()) | {"word_embedding_dimension": 32}))
    (folder / "kesher.json").write_text(json.dumps({"languages": ["en", "he"], "query_prefix": "query: "}))
    return folder


class Gate:
    """An encoder that waits before its first document until it is let through."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dimension, self.languages = encoder.name, encoder.dimension, encoder.languages
        self.encode_query = encoder.encode_query
        self.reached, self.through = Event(), Event()
        self._encoder = encoder

    def encode_documents(self, texts: list[str]) -> Matrix:
        self.reached.set()
        assert self.through.wait(60)
        return self._encoder.encode_documents(texts)


@pytest.fixture
def bundled(encoder, monkeypatch) -> Gate:
    """The bundled model, loaded once for all tests, whose index is not whole before the test says so."""
    gate = Gate(encoder)
    monkeypatch.setattr(
        "api.searching.open_encoder", lambda model, *_: gate if model.source == BUNDLED else transformer_of(model)
    )
    return gate


@pytest.fixture
def data(tiny, tmp_path) -> Path:
    """A data folder whose index is the tiny model's."""
    folder, file = tmp_path / "kesher", tmp_path / "tools.ttl"
    file.write_text(TOOLS, encoding="utf-8")
    with open_services(Settings(data=folder, model=str(tiny))) as services:
        assert services.ingest([file], Options(agent=services.agent)).encoded >= 3
        assert services.search.index.name == find_model(str(tiny)).name
    return folder


@contextmanager
def server(data: Path) -> Iterator[tuple[TestClient, Services]]:
    with open_services(Settings(data=data), background=True) as services:
        yield TestClient(create_app(services)), services


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def search(client: TestClient, query: str = "clips of lessons", **more: object) -> dict:
    answer = client.get("/api/v1/search", params={"q": query, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_old_model_serves_until_the_index_of_the_new_one_is_whole(data, tiny, bundled, tmp_path):
    old = find_model(str(tiny))
    with server(data) as (client, services):
        assert bundled.reached.wait(60)
        during = search(client)
        assert (during["index"]["name"], during["degraded"]) == (old.name, False)
        assert len(during["hits"]) == 3
        assert client.get("/health/ready").status_code == 200
        cursor = search(client, limit=1)["next"]
        (later := tmp_path / "later.ttl").write_text(LATER, encoding="utf-8")
        services.ingest([later], Options(agent=services.agent))
        assert search(client, "learning walk")["hits"][0]["label"] == "Learning walk"
        bundled.through.set()
        until(lambda: search(client)["index"]["name"] == bundled.name)
        after = search(client, "learning walk")
        assert after["hits"][0]["label"] == "Learning walk"
        assert after["degraded"] is False
        stale = client.get("/api/v1/search", params={"q": "clips of lessons", "limit": 1, "cursor": cursor})
        assert stale.status_code == 422
        assert "index has changed" in stale.json()["detail"]
        assert services.search.disagreements() == []
    with server(data) as (client, _):
        until(lambda: not search(client)["degraded"])
        assert search(client)["index"] == after["index"], "the next start finds it and builds nothing"


def test_where_the_old_model_is_gone_words_are_searched_and_the_service_says_so(data, tiny, bundled, tmp_path):
    (tiny / "kesher.json").rename(tmp_path / "kesher.json")  # other languages and prefixes: another model
    try:
        with server(data) as (client, services):
            assert bundled.reached.wait(60)
            during = search(client)
            assert during["degraded"]
            assert during["hits"][0]["label"] == "Video club"
            told = client.get("/health/ready")
            assert told.status_code == 503
            assert "tiny@" in told.json()["waiting"]["encoder"]
            assert "words" in told.json()["waiting"]["encoder"]
            (later := tmp_path / "later.ttl").write_text(LATER, encoding="utf-8")
            services.ingest([later], Options(agent=services.agent))
            assert search(client, "learning walk")["hits"][0]["label"] == "Learning walk"
            bundled.through.set()
            until(lambda: not search(client)["degraded"])
            assert search(client)["index"]["name"] == bundled.name
            assert client.get("/health/ready").status_code == 200
            assert services.search.disagreements() == []
    finally:
        (tmp_path / "kesher.json").rename(tiny / "kesher.json")


def test_a_command_waits_for_the_index_of_its_model(data, tiny, bundled):
    bundled.through.set()
    with open_services(Settings(data=data)) as services:
        services.search.load()
        services.search.catch_up()
        assert services.search.engine.model == bundled.name
        assert services.search.engine.encoder is bundled
    assert len([it for it in (data / "index").iterdir() if it.is_dir()]) == 1
    with open_services(Settings(data=data, model=str(tiny))) as services:
        assert services.search.with_meaning().model == find_model(str(tiny)).name
        assert services.search.index.vectors(services.search.index.hashes())


def test_a_server_told_of_another_engine_builds_it_beside(data, tiny):
    before = {it.name for it in (data / "index").iterdir()}  # the new one may be whole before the first search
    with open_services(Settings(data=data, model=str(tiny), index="exact"), background=True) as services:
        client = TestClient(create_app(services))
        until(lambda: search(client)["index"]["generation"] not in before)
        after = search(client)
        assert (after["index"]["name"], len(after["hits"])) == (find_model(str(tiny)).name, 3)
        until(lambda: client.get("/health/ready").status_code == 200)


def test_an_administrator_has_another_index_built_while_searches_go_on(data, bundled, tiny):
    with open_services(Settings(data=data, model=str(tiny)), background=True) as services:
        client = TestClient(create_app(services))
        until(lambda: client.get("/health/ready").status_code == 200)
        before = client.get("/api/v1/index").json()
        assert before["replacing"] is False
        assert (before["passages"], before["watermark"]) == (3, services.ledger.last)
        assert client.post("/api/v1/index", json={}).status_code == 401
        weak = {"Authorization": f"Bearer {services.tokens.create('Dana', [Scope.REVIEW], 1)}"}
        assert client.post("/api/v1/index", json={}, headers=weak).status_code == 403
        strong = {"Authorization": f"Bearer {services.tokens.create('Dana', [Scope.ADMIN], 1)}"}
        begun = client.post("/api/v1/index", json={}, headers=strong)
        assert (begun.status_code, begun.json()["replacing"]) == (202, True)
        until(lambda: client.get("/api/v1/index").json()["generation"] != before["generation"])
        until(lambda: not client.get("/api/v1/index").json()["replacing"])
        after = client.get("/api/v1/index").json()
        assert after == before | {"generation": after["generation"]}
        assert client.post("/api/v1/index", json={"optimise": True}, headers=strong).status_code == 202
        until(lambda: not client.get("/api/v1/index").json()["replacing"])
        assert client.get("/api/v1/index").json() == after, "there was nothing to put into order"
