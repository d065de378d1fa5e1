"""A whole search over more than ten thousand passages beside sentence-transformers encoding the query alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import torch

from api.services import open_services
from api.settings import Settings
from bench.abstracts import abstracts
from bench.kept import KeptVectors
from bench.measure import Line, Timing, in_turns, milliseconds
from bench.world import NEEDS, server
from language.model import find_model
from language.transformer import load_pipeline, load_transformer
from search.answers import SearchRequest

_ROUNDS = 20
_AGAINST = "SentenceTransformer.encode of the query, one thread"


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files."""
    data = folder / "knowledge"
    with abstracts(data, KeptVectors(load_transformer())) as services:
        passages = services.search.index.count()
    torch.set_num_threads(1)
    pipeline, kept = load_pipeline(find_model()), KeptVectors(load_transformer())

    def bare(need: str) -> object:
        return pipeline.encode(need, normalize_embeddings=True, show_progress_bar=False)

    with open_services(Settings(data=data)) as services:
        services.search.load()
        engine = services.search.engine
        contenders = {"search": lambda need: engine.search(SearchRequest(need)), "bare": bare}
        whole = in_turns(contenders, NEEDS * _ROUNDS)
        engine.encoder = kept
        rest = in_turns(contenders, NEEDS * _ROUNDS)
    yield from _beside(f"search of {passages:,} passages, in process", whole)
    yield from _beside("the same without encoding", rest)
    with server(data) as client:
        contenders = {
            "search": lambda need: client.get("/api/v1/search", params={"q": need}).raise_for_status(),
            "bare": bare,
        }
        served = in_turns(contenders, NEEDS * _ROUNDS)
    yield from _beside("the same over HTTP", served)


def _beside(what: str, timings: Mapping[str, Timing]) -> Iterator[Line]:
    """The median and the 95th percentile, both held against the median of the encoding."""
    ours, bare = timings["search"], timings["bare"]
    for name, taken in (("median", ours.p50), ("95th percentile", ours.p95)):
        yield Line(f"{what}, {name}", milliseconds(taken), _AGAINST, milliseconds(bare.p50), taken / bare.p50)
