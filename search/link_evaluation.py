"""How well concepts are proposed for texts, on a collection that people indexed: `kesher eval links`.

Means over documents, as Annif gives them (Suominen 2019); every concept that people chose has the same grade. The
expected calibration error is over ten bins of equal width of the five best of each document (Guo et al. 2017).

Nothing is measured on what it was fitted on: documents are split by hashes of their ids, once into two halves, of which
one fits the calibration, and once into those that count as decided and the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from language.features import Features
from language.link_model import Decision, LinkModel, curve, fit
from language.linking import Linker, Ranked
from ontology.errors import BadInput
from search.link_collection import LinkedText
from search.metrics import mean, ndcg, recall

Progress = Callable[[int, int], None]
Scores = Mapping[str, float]
_BINS = 10
#: How many of a document's proposals somebody who reviews it decides.
_DECIDED = 50


@dataclass(frozen=True, slots=True)
class Found:
    """A document with the candidates that a linker found for it: found once, ordered as often as one likes."""

    document: LinkedText
    candidates: Mapping[str, Features]


def find(documents: Sequence[LinkedText], linker: Linker, progress: Progress) -> Sequence[Found]:
    """The candidates of every document; `progress` is called with how many are done, and of how many."""
    found: list[Found] = []
    for number, it in enumerate(documents, 1):
        found.append(Found(it, linker.candidates(it.text)))
        progress(number, len(documents))
    return found


def evaluate_links(found: Sequence[Found], linker: Linker) -> Mapping[str, Scores]:
    """Scores of all documents, of each language where there are several, and of the two halves."""
    judged = _ranked(found, linker)
    langs = sorted({it.document.lang for it in judged})
    groups = {"all": judged} | {it: [row for row in judged if row.document.lang == it] for it in langs[1:] and langs}
    for half in ("fitted", "other"):
        groups[half] = [it for it in judged if _half(it.document) == half]
    return {name: _scores(rows) for name, rows in groups.items() if rows}


def evaluate_decisions(found: Sequence[Found], linker: Linker, count: int) -> tuple[Mapping[str, Scores], LinkModel]:
    """Scores of the documents that are not decided, without and with what the decided ones teach; and what they taught.

    The first `count` documents by the hash of their ids are decided: of each, the first fifty proposals.

    Raises:
        BadInput: these decisions are too few to learn from, or nothing is left to measure on.
    """
    ordered = sorted(found, key=lambda it: sha256(it.document.name.encode()).digest())
    decided, rest = ordered[:count], ordered[count:]
    if not rest:
        raise BadInput("No document is left to measure on.", remedy=f"Let fewer than {len(found)} count as decided.")
    model = fit(_decisions(decided, linker))
    return {
        "rest, without": _scores(_ranked(rest, linker)),
        f"rest, with {count} decided": _scores(_ranked(rest, linker.after(model))),
    }, model


def calibrate(found: Sequence[Found], linker: Linker) -> tuple[float, float]:
    """Offset and slope of the logistic curve over the scores, fitted on the five best of one half of the documents.

    Raises:
        BadInput: all of these are right, or none.
    """
    half = _ranked((it for it in found if _half(it.document) == "fitted"), linker)
    return curve((row.score, row.iri in it.document.right) for it in half for row in it.best[:5])


@dataclass(frozen=True, slots=True)
class _Judged:
    document: LinkedText
    best: Sequence[Ranked]


def _ranked(found: Iterable[Found], linker: Linker) -> list[_Judged]:
    return [_Judged(it.document, linker.order(it.candidates)[:_DECIDED]) for it in found]


def _decisions(found: Iterable[Found], linker: Linker) -> Iterable[Decision]:
    for it in _ranked(found, linker):
        for row in it.best:
            yield Decision(row.features, row.iri in it.document.right)


def _half(document: LinkedText) -> str:
    return "other" if sha256(document.name.encode()).digest()[0] % 2 else "fitted"


def _scores(judged: Sequence[_Judged]) -> Scores:
    rows = [_measured([row.iri for row in it.best], it.document.right) for it in judged]
    guesses = [(row.confidence, row.iri in it.document.right) for it in judged for row in it.best[:5]]
    return {name: mean([it[name] for it in rows]) for name in rows[0]} | {"ece": _error(guesses)}


def _measured(found: Sequence[str], right: Mapping[str, float]) -> dict[str, float]:
    return {
        "f1@5": 2 * len(right.keys() & set(found[:5])) / (len(found[:5]) + len(right)),
        "recall@20": recall(found, right, 20),
        "ndcg@10": ndcg(found, right, 10),
    }


def _error(guesses: Sequence[tuple[float, bool]]) -> float:
    bins: defaultdict[int, list[float]] = defaultdict(list)
    for confidence, right in guesses:
        bins[min(int(confidence * _BINS), _BINS - 1)].append(confidence - right)
    return sum(abs(sum(it)) for it in bins.values()) / max(1, len(guesses))
