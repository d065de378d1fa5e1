"""Words that are spelt like what was typed: those that begin with it, and those a slip or two away from it.

Slips are counted by optimal string alignment: a letter missing, added, replaced, or two neighbours changed over. Words
within k slips are found by symmetric deletion (Garbe 2012): two words that near become equal when at most k letters are
taken out of each, and so do their beginnings. The deletions of every word's beginning are kept as sorted numbers, which
takes 12 bytes each and no dictionary; what they propose is then measured.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

_Numbers: TypeAlias = NDArray[np.uint64]
_Positions: TypeAlias = NDArray[np.uint32]

#: Odd numbers by which the letters of a beginning are multiplied to name it; any will do, what is proposed is measured.
_FACTORS = np.random.default_rng(1948).integers(1, 2**63, 8, dtype=np.uint64) * np.uint64(2) + np.uint64(1)


@dataclass(frozen=True, slots=True)
class _Tier:
    """For typed words of `least` letters or more, `slips` are forgiven; compared are beginnings of `cut` letters."""

    least: int
    slips: int
    cut: int


_TIERS = (_Tier(8, 2, 7), _Tier(4, 1, 4))


def forgiven(word: str) -> int:
    """How many slips a word of its length may have: one from four letters on, two from eight."""
    return next((it.slips for it in _TIERS if len(word) >= it.least), 0)


class Spelling:
    """A set of folded words, each known by its position in their order. Immutable.

    Args:
        words: The words; repeated ones count once.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.words: Sequence[str] = sorted(set(words))
        letters = _letters(self.words)
        self._deletions = {it: _Deletions(self.words, letters, it) for it in _TIERS}

    def position(self, word: str) -> int | None:
        """Where a word is in the order; None where it is not in the set."""
        at = bisect_left(self.words, word)
        return at if at < len(self.words) and self.words[at] == word else None

    def beginning(self, word: str) -> tuple[int, int]:
        """The first position of the words that begin with this one, and the position behind the last."""
        return bisect_left(self.words, word), bisect_left(self.words, word + "\U0010ffff")

    def near(self, word: str, *, begun: bool) -> Mapping[int, int]:
        """Positions of words within the slips that are forgiven, with how many it takes.

        Args:
            word: What was typed.
            begun: Whether it may be only the beginning of a word.
        """
        tier = next((it for it in _TIERS if len(word) >= it.least), None)
        if tier is None:
            at = self.position(word)
            return {} if at is None else {at: 0}
        slips = ((at, _slips(word, self.words[at], tier.slips, begun)) for at in self._deletions[tier].proposed(word))
        return {at: taken for at, taken in slips if taken <= tier.slips}


class _Deletions:
    """The beginnings of words with some letters taken out, as numbers in order, each with its word's position."""

    def __init__(self, words: Sequence[str], letters: _Positions, tier: _Tier) -> None:
        self._tier = tier
        long_enough = np.fromiter((len(it) >= tier.least - tier.slips for it in words), bool, len(words))
        positions = np.flatnonzero(long_enough).astype(np.uint32)
        numbers = list(_deleted(letters[positions], tier))
        every = np.concatenate(numbers)
        order = np.argsort(every, kind="stable")
        self._numbers = every[order]
        self._positions = np.tile(positions, len(numbers))[order]

    def proposed(self, word: str) -> Sequence[int]:
        """Positions of all words that may be near, and of some that are not."""
        asked = np.concatenate(list(_deleted(_letters([word]), self._tier)))
        starts, ends = (np.searchsorted(self._numbers, asked, side) for side in ("left", "right"))
        runs = [self._positions[start:end] for start, end in zip(starts, ends, strict=True)]
        found: list[int] = np.unique(np.concatenate(runs)).tolist()
        return found


def _letters(words: Sequence[str]) -> _Positions:
    """The code points of the beginnings of words, a row each, with zeros behind short words."""
    width = len(_FACTORS)
    fixed = np.array(words or [""], dtype=f"<U{width}")
    return fixed.view(np.uint32).reshape(-1, width)[: len(words)]


def _deleted(letters: _Positions, tier: _Tier) -> Iterator[_Numbers]:
    """The number of every beginning with each choice of its letters taken out, one array a choice."""
    for taken in range(tier.slips + 1):
        for kept in combinations(range(tier.cut), tier.cut - taken):
            yield letters[:, kept].astype(np.uint64) @ _FACTORS[: len(kept)]


def _slips(typed: str, word: str, most: int, begun: bool) -> int:
    """Slips between what was typed and a word, or the beginning of it that is nearest; `most` + 1 for any more."""
    if not begun:
        return int(OSA.distance(typed, word, score_cutoff=most))
    lengths = range(max(0, len(typed) - most), min(len(word), len(typed) + most) + 1)
    return min((int(OSA.distance(typed, word[:it], score_cutoff=most)) for it in lengths), default=most + 1)
