"""How well concepts are proposed for texts, on a collection that people indexed: `kesher eval links`.

Means over documents, as Annif gives them (Suominen 2019); every concept that people chose has the same grade. The
expected calibration error is over ten bins of equal width of the five best of each document (Guo et al. 2017).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import cast

from language.linking import Linker, Proposal
from ontology.errors import UnreadableFile
from search.collection import broken, judgements_of, lines_of
from search.metrics import mean, ndcg, recall

_BINS = 10


def evaluate_links(folder: Path) -> Mapping[str, Mapping[str, float]]:
    """Scores of all documents with a judgement, of the half by which the calibration was fitted, and of the other.

    Args:
        folder: Has documents.jsonl, concepts.jsonl and qrels.tsv.

    Raises:
        UnreadableFile: a file is absent, or a line of it is broken; names the file and the line. Or no document that is
            here has a judgement.
    """
    wanted = _judged(folder / "qrels.tsv")
    linker = Linker(dict(_concepts(folder / "concepts.jsonl")))
    halves: dict[str, list[dict[str, float]]] = {"all": [], "fitted": [], "other": []}
    guesses: defaultdict[str, list[tuple[float, bool]]] = defaultdict(list)
    for name, text in _documents(folder / "documents.jsonl"):
        if right := wanted.get(name):
            found = linker.propose(text, 20)
            for half in ("all", _half(name)):
                halves[half].append(_scores([it.iri for it in found], right))
                guesses[half] += _guesses(found[:5], right)
    if not halves["all"]:
        message = "No document of documents.jsonl has a judgement in qrels.tsv"
        raise UnreadableFile(
            message, place="qrels.tsv", problem="E-BROKEN-LINE", remedy="Its columns are document, concept and grade."
        )
    return {half: _means(rows) | {"ece": _error(guesses[half])} for half, rows in halves.items() if rows}


def _half(identifier: str) -> str:
    return "other" if sha256(identifier.encode()).digest()[0] % 2 else "fitted"


def _guesses(found: Iterable[Proposal], right: Mapping[str, float]) -> list[tuple[float, bool]]:
    return [(it.confidence, it.iri in right) for it in found]


def _scores(found: Sequence[str], right: Mapping[str, float]) -> dict[str, float]:
    return {
        "f1@5": 2 * len(right.keys() & set(found[:5])) / (len(found[:5]) + len(right)),
        "recall@20": recall(found, right, 20),
        "ndcg@10": ndcg(found, right, 10),
    }


def _means(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: mean([it[name] for it in rows]) for name in rows[0]}


def _error(guesses: Sequence[tuple[float, bool]]) -> float:
    bins: defaultdict[int, list[float]] = defaultdict(list)
    for confidence, right in guesses:
        bins[min(int(confidence * _BINS), _BINS - 1)].append(confidence - right)
    return sum(abs(sum(it)) for it in bins.values()) / max(1, len(guesses))


def _judged(file: Path) -> Mapping[str, Mapping[str, float]]:
    """Document -> its concepts, each with the grade 1."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for document, concept, grade in judgements_of(file):
        if grade > 0:
            found[document][concept] = 1.0
    return found


def _documents(file: Path) -> Iterator[tuple[str, str]]:
    for number, line in lines_of(file):
        match _parsed(line):
            case {"_id": str(name), "text": str(text)}:
                yield name, text
            case _:
                raise broken(file, number, "it is no JSON object with _id and text")


def _concepts(file: Path) -> Iterator[tuple[str, list[str]]]:
    for number, line in lines_of(file):
        match _parsed(line):
            case {"_id": str(name), "labels": dict(labels)} if all(isinstance(it, list) for it in labels.values()):
                yield name, [str(label) for it in labels.values() for label in it]
            case _:
                raise broken(file, number, "it is no JSON object with _id and, by language, lists of labels")


def _parsed(line: str) -> object:
    """The JSON of a line; None where it is none."""
    try:
        return cast("object", json.loads(line))
    except (ValueError, RecursionError):
        return None
