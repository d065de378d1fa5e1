"""txtai on a collection: run by the Python of its own environment, which has nothing of Kesher.

    python txtai_side.py ORDER.json ANSWER.json

The order says where the model and the kept vectors are, what to index and what to ask; the answer, what was found and
how long it took. Only the vectors of documents are taken from elsewhere; queries are encoded by txtai.
"""

import json
import sys
import time
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from txtai import Embeddings  # type: ignore[import-not-found] # it is installed where this file is run
from txtai.vectors import HFVectors  # type: ignore[import-not-found] # it is installed where this file is run


def main(order_file: str, answer_file: str) -> None:
    """Read the order, index, search, write the answer."""
    order = json.loads(Path(order_file).read_text("utf-8"))
    torch.set_num_threads(order["threads"])
    documents: dict[str, str] = order["documents"]
    start = time.perf_counter()
    _embeddings(order["model"]).index(list(documents.items())[: order["indexed"]])
    indexing = time.perf_counter() - start
    _take_kept_vectors(order["vectors"])
    embeddings = _embeddings(order["model"])
    embeddings.index(list(documents.items()))
    seconds, found = [], {}
    for name, query in order["queries"].items():
        start = time.perf_counter()
        hits = embeddings.search(query, 10)
        seconds.append(time.perf_counter() - start)
        found[name] = [hit for hit, _ in hits]
    Path(answer_file).write_text(json.dumps({"seconds": seconds, "found": found, "indexing": indexing}), "utf-8")


def _embeddings(model: str) -> Embeddings:
    return Embeddings(path=model, hybrid=True)


def _take_kept_vectors(file: str) -> None:
    """Let txtai find the vectors of documents instead of encoding them."""
    with np.load(file) as kept:
        vectors = dict(zip(kept["names"].tolist(), kept["vectors"], strict=True))
    encode = HFVectors.encode

    def found_or_encoded(self: object, texts: list[str], category: str | None = None) -> object:
        names = [sha256(it.encode()).hexdigest() for it in texts]
        if all(it in vectors for it in names):
            return np.stack([vectors[it] for it in names])
        return encode(self, texts, category)

    HFVectors.encode = found_or_encoded


if __name__ == "__main__":
    main(*sys.argv[1:])
