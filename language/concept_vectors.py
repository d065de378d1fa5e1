"""What concepts mean: the vectors of their names and definitions, and which of them are near to a text's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from language.encoder import Encoder, Matrix, Vector

Progress = Callable[[int, int], None]
#: Texts that are encoded between two steps of progress.
_BATCH = 2048


def silent(_done: int, _total: int) -> None:
    """No progress is shown."""


class Nearness:
    """How near each concept is to a text as a whole and to its opening: cosines, by the nearest text of the concept.

    Args:
        rows: Concept -> its row.
        concepts: The concepts in the order of rows.
        cosines: To the whole and to the opening, shape (concepts, 2).
    """

    def __init__(self, rows: Mapping[str, int], concepts: Sequence[str], cosines: NDArray[np.float32]) -> None:
        self._rows = rows
        self._concepts = concepts
        self._cosines = cosines
        self._means = cosines.mean(axis=1)
        self.greatest = float(self._means.max())

    def of(self, concept: str) -> tuple[float, float]:
        """The cosines of a concept to the whole and to the opening; 0 for one that has no text."""
        row = self._rows.get(concept)
        return (0.0, 0.0) if row is None else (float(self._cosines[row, 0]), float(self._cosines[row, 1]))

    def place(self, concept: str) -> int:
        """Its place, from 1, among all, by the mean of both."""
        row = self._rows.get(concept)
        return len(self._means) if row is None else 1 + int((self._means > self._means[row]).sum())

    def nearest(self, count: int) -> set[str]:
        """The nearest concepts by the whole, and the nearest by the opening."""
        if count >= len(self._rows):
            return set(self._rows)
        best = np.argpartition(-self._cosines, count, axis=0)[:count].ravel()
        return {self._concepts[it] for it in best.tolist()}


class ConceptVectors:
    """The vectors of the texts of concepts. Immutable; 1.5 kB a text with the bundled model.

    Args:
        texts: Concept -> what it is called or defined as, in a language that the encoder reads.
        encoder: Encodes them as documents, each text once; where it remembers, it has the work but once.
        progress: Called with how many texts are done, and of how many.
    """

    def __init__(self, texts: Mapping[str, Sequence[str]], encoder: Encoder, progress: Progress = silent) -> None:
        told = {iri: tuple(dict.fromkeys(it)) for iri, it in texts.items() if it}
        self._concepts = list(told)
        self._rows = {iri: row for row, iri in enumerate(told)}
        bounds = list(accumulate((len(it) for it in told.values()), initial=0))
        self._bounds = list(pairwise(bounds))
        self._starts = np.array(bounds[:-1], dtype=np.intp)
        self._matrix = _encoded([text for it in told.values() for text in it], encoder, progress)

    def near(self, whole: Vector, opening: Vector) -> Nearness | None:
        """How near every concept is to the vectors of a text and of its opening; None where there are no concepts."""
        if not self._rows:
            return None
        cosines = np.maximum.reduceat(self._matrix @ np.stack([whole, opening], axis=1), self._starts, axis=0)
        return Nearness(self._rows, self._concepts, cosines)

    def of(self, concept: str) -> Matrix:
        """The vectors of a concept, shape (texts, dimension); without rows for one that has none."""
        row = self._rows.get(concept)
        first, end = (0, 0) if row is None else self._bounds[row]
        return self._matrix[first:end]


def _encoded(texts: Sequence[str], encoder: Encoder, progress: Progress) -> Matrix:
    """A row for each text; texts of a length are encoded together."""
    different = sorted(set(texts), key=lambda it: (len(it), it))
    matrix = np.empty((len(different), encoder.dimension), dtype=np.float32)
    for start in range(0, len(different), _BATCH):
        batch = different[start : start + _BATCH]
        matrix[start : start + len(batch)] = encoder.encode_documents(batch)
        progress(start + len(batch), len(different))
    row = {text: number for number, text in enumerate(different)}
    chosen: Matrix = matrix[[row[it] for it in texts]]
    return chosen
