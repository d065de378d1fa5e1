"""A model is exported once, held against the model, and made anew where it is not what was written."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from api.encoding import ENCODER, open_encoder
from language import export as exporting
from language.export import LEAST_COSINE, export
from language.exported import DOCUMENTS, MANIFEST, QUERIES, REFERENCE, REFERENCES, Exported
from language.hashing import HashEncoder
from language.model import find_model
from language.onnx import OnnxEncoder, open_export
from ontology.errors import FolderDamaged, Misconfigured, ModelMismatch, NotReady
from ontology.kinds import slug_of

MODEL = find_model()


@pytest.fixture
def folder(exported, tmp_path) -> Path:
    """The exported model, to be spoilt."""
    return Path(shutil.copytree(exported / slug_of(MODEL.name), tmp_path / ENCODER / slug_of(MODEL.name)))


def opened(folder: Path) -> OnnxEncoder:
    return open_export(MODEL, folder, Exported.read(folder, MODEL.name))


def test_the_manifest_tells_how_near_the_export_is_and_it_is(exported, encoder):
    folder = exported / slug_of(MODEL.name)
    told = Exported.read(folder, MODEL.name)
    onnx = opened(folder)
    least = min(float(onnx.encode_query(it) @ encoder.encode_query(it)) for it in REFERENCES)
    assert told.precision.startswith("int8")
    assert told.cosine == pytest.approx(least, abs=1e-3)
    assert told.cosine >= LEAST_COSINE
    assert {"torch", "onnx", "onnxruntime"} <= told.made_with.keys()
    assert (folder / QUERIES).stat().st_size < (folder / DOCUMENTS).stat().st_size / 2


def test_a_text_is_cut_where_the_model_cuts_it(exported, encoder):
    long = "pupils explain their reasoning to each other " * 100
    documents = opened(exported / slug_of(MODEL.name)).encode_documents([long, long + "and something else entirely"])
    np.testing.assert_allclose(documents[0], documents[1], atol=1e-5)
    assert documents[0] @ encoder.encode_documents([long])[0] > 0.999


def test_where_int8_is_not_near_enough_queries_are_encoded_in_float32(tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "LEAST_COSINE", 0.9999)
    told = export(MODEL, tmp_path / "model")
    assert (told.precision, told.cosine) == ("float32", pytest.approx(1, abs=1e-3))
    assert not (tmp_path / "model" / QUERIES).exists()
    assert opened(tmp_path / "model").encode_query("video") @ np.load(tmp_path / "model" / REFERENCE)[1] > 0.9999
    assert [it.name for it in tmp_path.iterdir()] == ["model"], "nothing is left beside it"


def test_a_model_that_cannot_be_exported_says_so_once_and_is_used_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "LEAST_COSINE", 1.1)  # no export is near enough
    folder = tmp_path / ENCODER / slug_of(MODEL.name)
    told = export(MODEL, folder)
    assert "other vectors" in told.refused
    assert [it.name for it in folder.iterdir()] == [MANIFEST]
    monkeypatch.setattr("api.encoding.transformer_of", lambda _: HashEncoder(384))
    monkeypatch.setattr("api.encoding.EncodingProcess.export", lambda *_: pytest.fail("it was tried again"))
    assert open_encoder(MODEL, tmp_path).name == "hash@384"


def test_what_was_changed_on_the_disk_is_refused(folder):
    (folder / QUERIES).write_bytes((folder / QUERIES).read_bytes()[:-1] + b"?")
    with pytest.raises(FolderDamaged, match="not what was written"):
        opened(folder)


def test_documents_that_were_changed_are_refused_when_they_are_needed(folder):
    (folder / DOCUMENTS).write_bytes(b"nothing")
    encoder = opened(folder)
    assert encoder.encode_query("video").shape == (384,)
    with pytest.raises(FolderDamaged, match="not what was written"):
        encoder.encode_documents(["video"])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"model": 1, "odd": 2}'])
def test_a_broken_manifest_is_refused(folder, text):
    (folder / MANIFEST).write_text(text)
    with pytest.raises(FolderDamaged):
        Exported.read(folder, MODEL.name)


def test_another_model_or_an_earlier_export_is_not_taken_for_this_one(folder, tmp_path):
    with pytest.raises(NotReady, match=r"all-MiniLM-L6-v2@"):
        Exported.read(folder, "other@1")
    told = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(told | {"version": 0}))
    with pytest.raises(NotReady, match="version 0"):
        Exported.read(folder, MODEL.name)
    with pytest.raises(NotReady, match="not been exported"):
        Exported.read(tmp_path / "absent", MODEL.name)


def test_a_processor_that_computes_other_vectors_is_found_out(folder):
    np.save(folder / REFERENCE, -np.load(folder / REFERENCE))
    with pytest.raises(ModelMismatch, match="another machine"):
        opened(folder)


def test_what_is_damaged_is_exported_anew(folder, exported, tmp_path, monkeypatch):
    def again(_process: object, target: Path) -> None:
        shutil.rmtree(target)
        shutil.copytree(exported / slug_of(MODEL.name), target)

    (folder / MANIFEST).unlink()
    monkeypatch.setattr("api.encoding.EncodingProcess.export", again)
    assert open_encoder(MODEL, tmp_path).encode_query("video").shape == (384,)


def test_where_exporting_fails_the_model_is_used_as_it_is(tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise Misconfigured("no space")

    monkeypatch.setattr("api.encoding.EncodingProcess.export", fail)
    monkeypatch.setattr("api.encoding.transformer_of", lambda _: HashEncoder(384))
    assert open_encoder(MODEL, tmp_path).name == "hash@384"
