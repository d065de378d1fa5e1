"""What decisions teach: a logistic regression over the features of proposals, fitted on those that people decided.

Fitted by iteratively reweighted least squares with a ridge (le Cessie & van Houwelingen 1992), over features that are
centred and scaled first; the same decisions give the same model, whatever their order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from language.features import Features
from ontology.errors import BadInput, UnreadableFile

#: Decided proposals that a model needs at least, and how many of each outcome.
FEWEST, FEWEST_OF_EACH = 200, 20
#: Strength of the ridge, in decisions; fixed beforehand.
_RIDGE = 1.0
_ROUNDS, _STILL = 50, 1e-9
_Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Decision:
    """A proposal that somebody decided."""

    features: Features
    accepted: bool


@dataclass(frozen=True, slots=True)
class LinkModel:
    """How likely a proposal is accepted, by its features.

    Attributes:
        names: The features in order, as the model was fitted on them.
        centre: Mean of each.
        scale: Standard deviation of each; 1 for one that never differs.
        weights: Of each, centred and scaled, then of the constant.
        decisions: How many it was fitted on.
    """

    names: tuple[str, ...]
    centre: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    decisions: int

    def confidence(self, features: Features) -> float:
        """How likely such a proposal is accepted, 0 to 1."""
        return float(self.confidences(np.array([features], dtype=np.float64))[0])

    def confidences(self, rows: _Array) -> _Array:
        """The same for many: shape (n, features) -> (n,)."""
        return _likely(_standard(rows, np.array(self.centre), np.array(self.scale)) @ np.array(self.weights))

    def save(self, file: Path) -> None:
        """Write it as JSON; the file is replaced whole."""
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".new")
        new.write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")
        new.replace(file)

    @classmethod
    def read(cls, file: Path) -> Self | None:
        """The model in a file; None where there is none, or where it was fitted on other features.

        Raises:
            UnreadableFile: the file is damaged.
        """
        try:
            told = json.loads(file.read_text("utf-8"))
            centre, scale, weights = (tuple(map(float, told[it])) for it in ("centre", "scale", "weights"))
            found = cls(tuple(told["names"]), centre, scale, weights, int(told["decisions"]))
            whole = len(centre) == len(scale) == len(found.names) == len(weights) - 1 and np.isfinite(weights).all()
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _damaged(file, str(error)) from error
        if not whole:
            raise _damaged(file, "its numbers do not fit each other")
        return found if found.names == Features._fields else None


def fit(decisions: Iterable[Decision]) -> LinkModel:
    """The model of these decisions.

    Raises:
        BadInput: there are too few of them, or too few of one outcome.
    """
    rows, right = _arrays(list(decisions))
    if len(right) < FEWEST or min(right.sum(), len(right) - right.sum()) < FEWEST_OF_EACH:
        raise BadInput(
            f"{len(right)} decided proposals, {int(right.sum())} of them accepted, are too few to learn from.",
            remedy=f"Decide at least {FEWEST}, and accept and reject at least {FEWEST_OF_EACH}.",
        )
    centre, spread = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(spread > _STILL, spread, 1.0)
    weights = _fitted(_standard(rows, centre, scale), right)
    return LinkModel(Features._fields, _numbers(centre), _numbers(scale), _numbers(weights), len(right))


def curve(scored: Iterable[tuple[float, bool]]) -> tuple[float, float]:
    """Offset and slope of the logistic curve that makes a confidence of a score (Platt 1999).

    Args:
        scored: Scores, each with whether it was right.

    Raises:
        BadInput: all of them are right, or none.
    """
    found = sorted(scored)
    right = np.array([it for _, it in found], dtype=np.float64)
    if not 0 < right.sum() < len(right):
        raise BadInput("A curve needs both right and wrong proposals.", remedy="Judge more documents.")
    rows = np.array([[score, 1.0] for score, _ in found], dtype=np.float64)
    slope, offset = _fitted(rows, right, ridge=0.0)
    return float(offset), float(slope)


def _arrays(decisions: Sequence[Decision]) -> tuple[_Array, _Array]:
    ordered = sorted((tuple(it.features), it.accepted) for it in decisions)
    rows = np.array([it for it, _ in ordered], dtype=np.float64).reshape(len(ordered), len(Features._fields))
    return rows, np.array([it for _, it in ordered], dtype=np.float64)


def _numbers(row: _Array) -> tuple[float, ...]:
    return tuple(map(float, row))


def _standard(rows: _Array, centre: _Array, scale: _Array) -> _Array:
    """Centred and scaled, with a constant as the last column."""
    return np.hstack([(rows - centre) / scale, np.ones((len(rows), 1))])


def _fitted(rows: _Array, right: _Array, ridge: float = _RIDGE) -> _Array:
    """Weights by Newton's method; that of the constant, the last, is not shrunk.

    A step that would make the decisions less likely is halved until it does not: a whole one may overshoot for ever.
    """
    shrunk = np.array([ridge] * (rows.shape[1] - 1) + [0.0])
    weights = np.zeros(rows.shape[1])
    for _ in range(_ROUNDS):
        likely = _likely(rows @ weights)
        slope = rows.T @ (right - likely) - shrunk * weights
        curvature = (rows * (likely * (1 - likely))[:, None]).T @ rows + np.diag(shrunk + _STILL)
        step = np.linalg.solve(curvature, slope)
        before = _loss(rows, right, shrunk, weights)
        while _loss(rows, right, shrunk, weights + step) > before and np.abs(step).max() > _STILL:
            step = step / 2
        weights = weights + step
        if np.abs(step).max() <= _STILL:
            break
    return weights


def _loss(rows: _Array, right: _Array, shrunk: _Array, weights: _Array) -> float:
    """What Newton's method makes least: the negative log-likelihood, and the ridge."""
    logits = rows @ weights
    return float((np.logaddexp(0, logits) - right * logits).sum() + (shrunk * weights**2).sum() / 2)


def _likely(logits: _Array) -> _Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -500, 500))), dtype=np.float64)


def _damaged(file: Path, why: str) -> UnreadableFile:
    return UnreadableFile(
        f"{file} holds no model of decisions: {why}.",
        place=str(file),
        problem="E-BROKEN-LINE",
        remedy="Remove the file; the next fitting writes another.",
    )
