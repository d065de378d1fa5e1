"""Filling the index beside encoding the same passages and doing nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.measure import Line
from bench.world import starter
from language.script import covered
from language.transformer import load_transformer
from ontology.model import Change
from search.edge import EdgeIndex
from search.entities import read_entities
from search.indexing import Indexer
from search.passages import passages


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files. The rate is passages a second, ratio ours / bare."""
    encoder = load_transformer()
    with starter(folder) as services:
        graph = services.graph
        texts = [it.text for entity in read_entities(graph) for it in passages(entity, encoder.name)]
        readable = [it for it in texts if covered(it, encoder.languages)]
        index = EdgeIndex(folder / "index", encoder.name, encoder.dimension)
        try:
            whole = _seconds(lambda: Indexer(graph, index, encoder).catch_up([Change(1, None)]))
        finally:
            index.close()
    bare = _seconds(lambda: encoder.encode_documents(readable))
    yield Line(
        "indexing the starter knowledge",
        f"{len(texts) / whole:.0f} passages/s",
        f"encoding its {len(readable)} English passages alone",
        f"{len(texts) / bare:.0f} passages/s",
        bare / whole,
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
