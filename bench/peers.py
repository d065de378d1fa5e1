"""Kesher beside txtai: the same model and the same collection (SciFact), both hybrid, one thread each.

txtai is installed in an environment of its own, in the machine's folder for temporary files. The vectors of documents
outlive the run (Kesher's are those of its passages, txtai's those of the abstracts as it takes them); each side encodes
the claims itself. What indexing costs is measured on a part of the abstracts, which each side encodes.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import torch

from api.services import Services, open_services
from api.settings import Settings
from bench.abstracts import abstracts, load_abstracts, name_of, scifact
from bench.kept import CACHE, KeptVectors
from bench.measure import Line, milliseconds
from language.model import find_model
from language.transformer import load_transformer
from search.answers import SearchRequest
from search.collection import Collection
from search.metrics import mean, ndcg

_PINNED = ("txtai==9.14.0", "torch==2.13.0")
#: Abstracts that both sides encode and index where indexing is measured.
_INDEXED = 128
_PATIENCE_S = 900
_SIDE = Path(__file__).with_name("txtai_side.py")


@dataclass(frozen=True, slots=True)
class Side:
    """What one side found for each claim, how long each took, and how long indexing a part of the abstracts took."""

    found: Mapping[str, Sequence[str]]
    seconds: Sequence[float]
    indexing: float


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files."""
    collection = Collection.read(scifact())
    try:
        python = _environment(CACHE / "txtai")
        theirs = _theirs(python, collection, folder)
    except (OSError, subprocess.SubprocessError) as error:
        output = getattr(error, "stderr", None) or str(error)
        yield Line("hybrid search beside txtai", "not measured", f"{output}"[-300:], "not measured", float("nan"))
        return
    ours = _ours(collection, folder)
    own, other = median(ours.seconds), median(theirs.seconds)
    what = "searching SciFact, with facets, names and reasons, median"
    yield Line(what, milliseconds(own), "txtai hybrid, ids alone", milliseconds(other), own / other)
    mine, their = _quality(ours, collection), _quality(theirs, collection)
    yield Line("nDCG@10 of the same searches", f"{mine:.3f}", "txtai hybrid", f"{their:.3f}", mine / their)
    rates = [f"{_INDEXED / it.indexing:.1f} a second" for it in (ours, theirs)]
    yield Line(f"indexing {_INDEXED} abstracts", rates[0], "txtai", rates[1], theirs.indexing / ours.indexing)


def _environment(folder: Path) -> Path:
    """The Python of txtai's environment, made where it is not there; packages come from where pip is set up to look."""
    python = folder / "bin" / "python"
    made = folder / "made"
    if not made.exists():
        venv.create(folder, with_pip=True)
        constraints = Path(__file__).parents[1] / "constraints.txt"
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        for packages in (("-c", str(constraints), "torch"), _PINNED):
            subprocess.run([*pip, *packages], check=True, capture_output=True, text=True, timeout=_PATIENCE_S)
        made.touch()
    return python


def _theirs(python: Path, collection: Collection, folder: Path) -> Side:
    kept = KeptVectors(load_transformer())
    kept.encode_documents(list(collection.documents.values()))
    kept.keep()
    order, answer = folder / "order.json", folder / "answer.json"
    order.write_text(
        json.dumps(
            {
                "model": str(find_model().folder),
                "vectors": str(kept.file),
                "documents": collection.documents,
                "queries": collection.queries,
                "indexed": _INDEXED,
                "threads": 1,
            }
        ),
        "utf-8",
    )
    quiet = os.environ | {"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1"}
    command = [str(python), str(_SIDE), str(order), str(answer)]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=_PATIENCE_S, env=quiet)
    return Side(**json.loads(answer.read_text("utf-8")))


def _ours(collection: Collection, folder: Path) -> Side:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with open_services(Settings(data=folder / "part")) as services:
        services.search.load()
        load_abstracts(services, dict(list(collection.documents.items())[:_INDEXED]))
        start = time.perf_counter()
        services.search.catch_up()
        indexing = time.perf_counter() - start
    with abstracts(folder / "knowledge", KeptVectors(load_transformer()), alone=True):
        pass
    with open_services(Settings(data=folder / "knowledge")) as services:
        services.search.load()
        found, seconds = _searched(services, collection.queries)
    torch.set_num_threads(threads)
    return Side(found, seconds, indexing)


def _searched(services: Services, queries: Mapping[str, str]) -> tuple[dict[str, list[str]], list[float]]:
    """Whole answers for each query, with the seconds that they took."""
    found, seconds = {}, []
    engine = services.search.engine
    for name, query in queries.items():
        start = time.perf_counter()
        answer = engine.search(SearchRequest(query))
        seconds.append(time.perf_counter() - start)
        found[name] = [name_of(it.iri) for it in answer.hits]
    return found, seconds


def _quality(side: Side, collection: Collection) -> float:
    return mean([ndcg(ranking, collection.judgements[name], 10) for name, ranking in side.found.items()])
