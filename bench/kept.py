"""Vectors that outlive a run: a comparison that is made again encodes nothing twice.

They stand in the machine's folder for temporary files, by the model and the hash of the text, so that a changed text or
another model is encoded anew. For measurements of quality; where time is measured, queries go to the encoder itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from language.encoder import Encoder, Matrix, Vector

#: Where comparisons keep what took minutes to make.
CACHE = Path(tempfile.gettempdir()) / "kesher-bench"
#: So many new vectors are encoded before they are kept: what is interrupted goes on there.
_STEP = 512


class KeptVectors:
    """An encoder that looks for a vector among those of earlier runs first."""

    def __init__(self, encoder: Encoder, folder: Path = CACHE) -> None:
        self._encoder = encoder
        self.file = folder / f"{encoder.name.replace('/', '-')}.npz"
        self._kept: dict[str, Vector] = _read(self.file)
        self._written = len(self._kept)
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.languages = encoder.languages

    def encode_query(self, text: str) -> Vector:
        """The vector of a query; written with the next step."""
        name = _name(f"query: {text}")
        if name not in self._kept:
            self._kept[name] = self._encoder.encode_query(text)
            self.keep(_STEP)
        return self._kept[name]

    def encode_documents(self, texts: Sequence[str]) -> Matrix:
        """Vectors in the order of the texts; those that are not kept yet are encoded and kept."""
        new = list(dict.fromkeys(it for it in texts if _name(it) not in self._kept))
        for start in range(0, len(new), _STEP):
            step = new[start : start + _STEP]
            self._kept |= dict(zip(map(_name, step), self._encoder.encode_documents(step), strict=True))
            self.keep(_STEP // 2)
        if not texts:
            return self._encoder.encode_documents([])
        return np.stack([self._kept[_name(it)] for it in texts])

    def keep(self, least: int = 1) -> None:
        """Write what is new, if it is as much as this."""
        if len(self._kept) - self._written >= least:
            _write(self.file, self._kept)
            self._written = len(self._kept)


def _name(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _read(file: Path) -> dict[str, Vector]:
    if not file.is_file():
        return {}
    with np.load(file) as kept:
        return dict(zip(kept["names"].tolist(), kept["vectors"], strict=True))


def _write(file: Path, kept: dict[str, Vector]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new.npz")
    np.savez(fresh, names=np.array(list(kept)), vectors=np.stack(list(kept.values())))
    fresh.replace(file)
