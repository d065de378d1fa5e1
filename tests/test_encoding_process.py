"""Many documents are encoded in a process of their own; a process that serves never imports torch, even to write."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from api.encoding import open_encoder
from language import encoding_process
from language.bounded import BoundedEncoder
from language.divided import FEW, DividedEncoder
from language.encoder import Encoder
from language.encoding_process import EncodingProcess
from language.hashing import HashEncoder
from language.model import BUNDLED, find_model
from ontology.errors import Misconfigured, NotReady

MANY = [f"Lesson number {number} of the professional learning community." for number in range(FEW + 1)]


@pytest.fixture(scope="module")
def process() -> Iterator[EncodingProcess]:
    made = EncodingProcess(BUNDLED)
    yield made
    made.close()


def test_it_gives_the_vectors_of_the_model(process, encoder: Encoder):
    found = process.encode_documents(MANY[:3])
    assert (found * encoder.encode_documents(MANY[:3])).sum(axis=1).min() > 0.9999
    assert process.encode_documents([]).shape == (0, 384)


def test_one_that_was_killed_is_replaced(process, encoder: Encoder):
    process.encode_documents(MANY[:1])
    killed = process._process
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait(30)
    assert process.encode_documents(MANY[:1])[0] @ encoder.encode_documents(MANY[:1])[0] > 0.9999
    assert process._process is not killed


def test_what_cannot_be_done_is_told_and_it_goes_on(process, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Misconfigured, match="file"):
        process.export(tmp_path / "file" / "below")
    assert process.encode_documents(MANY[:1]).shape == (1, 384)


def test_a_model_that_is_not_there_is_told():
    process = EncodingProcess("nobody/no-such-model")
    with pytest.raises(Misconfigured, match="no model 'nobody/no-such-model'"):
        process.encode_documents(MANY)
    process.close()


def test_one_that_dies_again_and_again_is_told(monkeypatch):
    monkeypatch.setattr(encoding_process, "_MODULE", "language.encoder")  # a program that ends at once
    process = EncodingProcess(BUNDLED)
    with pytest.raises(NotReady, match="ended before it was done"):
        process.encode_documents(MANY)


def test_many_go_there_and_few_stay_here():
    class There:
        asked: tuple[str, ...] = ()

        def encode_documents(self, texts: Sequence[str]) -> np.ndarray:
            self.asked += tuple(texts)
            return np.zeros((len(texts), 256), dtype=np.float32)

    there = There()
    encoder = DividedEncoder(HashEncoder(), there)
    encoder.encode_documents(MANY[:FEW])
    assert there.asked == ()
    encoder.encode_documents(MANY)
    assert there.asked == tuple(MANY)


def test_where_what_is_here_is_damaged_few_go_there_too(exported, tmp_path, monkeypatch):
    folder = Path(shutil.copytree(exported, tmp_path / exported.name))
    for it in folder.glob("*/documents.onnx"):
        it.write_bytes(b"nothing")
    monkeypatch.setattr(
        "api.encoding.EncodingProcess.encode_documents", lambda _, texts: np.ones((len(texts), 384), np.float32)
    )
    encoder = open_encoder(find_model(), tmp_path)
    assert isinstance(encoder, BoundedEncoder)
    assert encoder.encode_documents(MANY[:1]).sum() == 384


SERVE = """
import sys
from pathlib import Path
from fastapi.testclient import TestClient
from api.app import create_app
from api.services import open_services
from api.settings import Settings
from ingest.pipeline import Options

TORCH = {"torch", "transformers", "sentence_transformers"}
HEAVY = TORCH | {"onnx", "sympy", "scipy", "sklearn", "qdrant_client", "pyshacl", "bibtexparser"}

data, document = map(Path, sys.argv[1:])
with open_services(Settings(data=data), background=True) as services:
    client = TestClient(create_app(services))
    services.search.load()
    degraded = client.get("/api/v1/search?q=children who rest").json()["degraded"]
    for path in ("/search?q=children", "/api/v1/suggest?q=chi", "/health/ready", "/metrics"):
        assert client.get(path).status_code == 200
    print("told:", degraded, sorted(HEAVY & set(sys.modules)))
    services.ingest([document], Options(agent=services.agent))
    found = client.get("/api/v1/search?q=children who rest").json()
    print("told:", found["degraded"], found["hits"][0]["label"], sorted(TORCH & set(sys.modules)))
"""
NAP = """
@prefix ks: <https://w3id.org/kesher/schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/kesher/id/tool/nap> a ks:Tool ; skos:prefLabel "Nap time"@en ;
    skos:definition "Pupils sleep for a while after lunch."@en .
"""


def test_a_process_that_serves_and_writes_a_little_never_imports_torch(exported, tmp_path):
    shutil.copytree(exported, tmp_path / "data" / exported.name)
    document = tmp_path / "nap.ttl"
    document.write_text(NAP, encoding="utf-8")
    command = [sys.executable, "-c", SERVE, str(tmp_path / "data"), str(document)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    told = [line.removeprefix("told: ") for line in ran.stdout.splitlines() if line.startswith("told: ")]
    assert told == ["False []", "False Nap time []"], ran.stderr
