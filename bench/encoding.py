"""What texts cost before they are searched: beside sentence-transformers, which made the model."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyoxigraph as ox
import torch

from api.encoding import ENCODER, open_encoder, vector_cache
from api.services import open_services
from api.settings import Settings, load_settings
from bench.measure import Line, Timing, in_turns, milliseconds
from bench.world import NEEDS, kesher
from language.encoder import Encoder
from language.export import RULES, least_cosine
from language.exported import DOCUMENTS, QUERIES, REFERENCE
from language.model import find_model
from language.onnx import OnnxEncoder
from language.quantise import write_int8
from language.remembering import RememberingEncoder
from language.transformer import Pipeline, load_pipeline, load_transformer
from language.vector_cache import VectorCache
from ontology.kinds import DEFAULT_BASE, slug_of
from ontology.namespaces import KS, RDF, SKOS
from search.evaluate import evaluate_retrieval

_ROUNDS = 20
_THEIRS = "SentenceTransformer.encode, one thread"
_AS_WE_DO: dict[str, Any] = {"normalize_embeddings": True, "show_progress_bar": False}
_DOCUMENTS = 256
_PASSAGES = 10_000
#: Words of one passage, about as many as the model reads.
_WORDS = 180
_READY_S, _MEGABYTES = 2.0, 500.0


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files."""
    encoder = open_encoder(find_model(), folder / "here")
    pipeline = load_pipeline(find_model())
    yield from _queries(encoder, pipeline)
    yield from _weights(folder, pipeline)
    yield from _documents(encoder, folder)
    yield from _serving(folder / "served")
    yield from _quality(encoder, folder)


def _queries(encoder: Encoder, pipeline: Pipeline) -> Iterator[Line]:
    ours, theirs = _beside(encoder, pipeline, _ROUNDS)
    for what, mine, other in (("median", ours.p50, theirs.p50), ("95th percentile", ours.p95, theirs.p95)):
        yield Line(f"encoding a query, {what}", milliseconds(mine), _THEIRS, milliseconds(other), mine / other)


def _weights(folder: Path, pipeline: Pipeline) -> Iterator[Line]:
    """The same by each rule for the weights, whichever was chosen."""
    model, scratch = find_model(), folder / "weights"
    shutil.copytree(folder / "here" / ENCODER / slug_of(model.name), scratch)
    reference = np.load(scratch / REFERENCE)
    for precision, in_blocks in {"float32": None, **RULES}.items():
        (scratch / QUERIES).unlink(missing_ok=True)
        if in_blocks:
            write_int8(scratch / DOCUMENTS, scratch / QUERIES, in_blocks)
        size = (scratch / (QUERIES if in_blocks else DOCUMENTS)).stat().st_size / 1e6
        ours, theirs = _beside(OnnxEncoder(model, scratch, reference.shape[1]), pipeline, _ROUNDS // 4)
        cosine = least_cosine(model, scratch, reference)
        what = f"{precision}: {size:.0f} MB, least cosine {cosine:.4f}"
        yield Line(what, milliseconds(ours.p50), _THEIRS, milliseconds(theirs.p50), ours.p50 / theirs.p50)


def _beside(encoder: Encoder, pipeline: Pipeline, rounds: int) -> tuple[Timing, Timing]:
    """An encoder and the library on the same queries, each with one thread, in turns of one round of all of them."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    ours, theirs = [], []
    for _ in range(rounds):
        ours += in_turns({"it": encoder.encode_query}, NEEDS)["it"].seconds
        theirs += in_turns({"it": partial(pipeline.encode, **_AS_WE_DO)}, NEEDS)["it"].seconds
    torch.set_num_threads(threads)
    return Timing(tuple(ours)), Timing(tuple(theirs))


def _documents(encoder: Encoder, folder: Path) -> Iterator[Line]:
    """Rates; a ratio above 1 is faster. The process that encodes has started before it is timed."""
    texts = [_passage(number) for number in range(_DOCUMENTS)]
    encoder.encode_documents(texts)
    pipeline = load_pipeline(find_model())
    exact = _seconds(lambda: pipeline.encode(texts, batch_size=32, show_progress_bar=False))
    ours = _seconds(lambda: encoder.encode_documents(texts))
    knowing = RememberingEncoder(encoder, VectorCache(folder / "vectors.sqlite"))
    knowing.encode_documents(texts)
    again = _seconds(lambda: knowing.encode_documents(texts))
    reference = f"{_DOCUMENTS / exact:.0f}/s"
    for what, taken in (("passages", ours), ("passages that were encoded before", again)):
        yield Line(
            f"encoding {_DOCUMENTS} {what}, with the way to their process",
            f"{_DOCUMENTS / taken:.0f}/s",
            "sentence-transformers in float32, all threads",
            reference,
            exact / taken,
        )


def _serving(data: Path) -> Iterator[Line]:
    """`kesher serve`, started for the second time."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a program that is installed has its bytecode
    _fill(data)
    with kesher(data):
        pass
    start = time.perf_counter()
    with kesher(data) as running:
        ready, memory = time.perf_counter() - start, running.megabytes
    what = f"with {_PASSAGES:,} passages"
    yield Line(f"`kesher serve` {what} is ready", f"{ready:.2f} s", "target", f"{_READY_S:g} s", ready / _READY_S)
    yield Line(
        f"memory of `kesher serve` {what}", f"{memory:.0f} MB", "target", f"{_MEGABYTES:g} MB", memory / _MEGABYTES
    )


def _fill(data: Path) -> None:
    with open_services(Settings(data=data)) as services:
        services.writer.replace("source/made", _made(), door="bench", agent=services.agent)
        services.search.catch_up()
        if (count := services.search.index.count()) != _PASSAGES:
            raise RuntimeError(f"{count} passages, not {_PASSAGES}")


def _made() -> Iterator[ox.Triple]:
    for number in range(_PASSAGES):
        subject = ox.NamedNode(f"{DEFAULT_BASE}id/tool/made-{number}")
        yield ox.Triple(subject, ox.NamedNode(RDF.type), ox.NamedNode(KS.Tool))
        yield ox.Triple(subject, ox.NamedNode(SKOS.prefLabel), ox.Literal(f"Tool number {number}", language="en"))
        told = " ".join(_passage(number).split()[:30])
        yield ox.Triple(subject, ox.NamedNode(SKOS.definition), ox.Literal(told, language="en"))


def _quality(encoder: Encoder, folder: Path) -> Iterator[Line]:
    """The dense leg alone on SciFact: queries as they are served beside those of the model; the same documents."""
    collection = (load_settings().shared or Path("../shared")) / "data" / "retrieval" / "scifact"
    if not collection.is_dir():
        return
    cache = vector_cache(folder / "scifact")
    served, exact = (
        evaluate_retrieval(collection, RememberingEncoder(it, cache)).dense for it in (encoder, load_transformer())
    )
    if served and exact:
        ours, theirs = served.ndcg_at_10, exact.ndcg_at_10
        yield Line(
            "SciFact, nDCG@10 of meaning alone, queries as they are served", f"{ours:.4f}",
            "queries by sentence-transformers", f"{theirs:.4f}", ours / theirs,
        )  # fmt: skip


def _passage(number: int) -> str:
    """Made words about teaching, different in each passage."""
    words = " ".join(NEEDS).split()
    return " ".join(words[(number * 7 + step * (1 + number % 5)) % len(words)] for step in range(_WORDS))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
