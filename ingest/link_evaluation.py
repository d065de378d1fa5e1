"""How well concepts are proposed for texts, on a collection that people indexed: `kesher eval links`.

Means over documents, as Annif gives them (Suominen 2019); the expected calibration error is over ten bins of equal
width of the five best of each document (Guo et al. 2017).
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from statistics import fmean
from typing import Any

from language.linking import Linker, Proposal

_BINS = 10


def evaluate_links(folder: Path) -> Mapping[str, Mapping[str, float]]:
    """Scores of all documents with a judgement, of the half by which the calibration was fitted, and of the other.

    Args:
        folder: Has documents.jsonl, concepts.jsonl and qrels.tsv.

    Raises:
        OSError: When a file cannot be read.
        ValueError: When a line is no JSON or lacks a field.
    """
    wanted = _judged(folder / "qrels.tsv")
    linker = Linker({it["_id"]: _labels(it) for it in _lines(folder / "concepts.jsonl")})
    halves: dict[str, list[dict[str, float]]] = {"all": [], "fitted": [], "other": []}
    guesses: defaultdict[str, list[tuple[float, bool]]] = defaultdict(list)
    for document in _lines(folder / "documents.jsonl"):
        if right := wanted.get(document["_id"]):
            found = linker.propose(document["text"], 20)
            for half in ("all", _half(document["_id"])):
                halves[half].append(_scores([it.iri for it in found], right))
                guesses[half] += _guesses(found[:5], right)
    return {half: _means(rows) | {"ece": _error(guesses[half])} for half, rows in halves.items() if rows}


def _labels(concept: Mapping[str, Mapping[str, Sequence[str]]]) -> list[str]:
    return [label for labels in concept["labels"].values() for label in labels]


def _half(identifier: str) -> str:
    return "other" if sha256(identifier.encode()).digest()[0] % 2 else "fitted"


def _guesses(found: Iterable[Proposal], right: set[str]) -> list[tuple[float, bool]]:
    return [(it.confidence, it.iri in right) for it in found]


def _scores(found: Sequence[str], right: set[str]) -> dict[str, float]:
    gain = sum(1 / math.log2(place + 2) for place, it in enumerate(found[:10]) if it in right)
    ideal = sum(1 / math.log2(place + 2) for place in range(min(10, len(right))))
    return {
        "f1@5": 2 * len(right.intersection(found[:5])) / (len(found[:5]) + len(right)),
        "recall@20": len(right.intersection(found[:20])) / len(right),
        "ndcg@10": gain / ideal,
    }


def _means(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: fmean(it[name] for it in rows) for name in rows[0]}


def _error(guesses: Sequence[tuple[float, bool]]) -> float:
    bins: defaultdict[int, list[float]] = defaultdict(list)
    for confidence, right in guesses:
        bins[min(int(confidence * _BINS), _BINS - 1)].append(confidence - right)
    return sum(abs(sum(it)) for it in bins.values()) / max(1, len(guesses))


def _judged(file: Path) -> Mapping[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in file.read_text(encoding="utf-8").splitlines():
        match line.split("\t"):
            case [document, concept, grade] if grade.strip().isdigit() and int(grade) > 0:
                found[document].add(concept)
    return found


def _lines(file: Path) -> list[Any]:
    return [json.loads(it) for it in file.read_text(encoding="utf-8").splitlines() if it.strip()]
