"""Needs of people in three languages, judged by this project: does the search find what answers them?

No teacher and no native reviewer has judged anything here; see README.md beside this file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

from bench.measure import Line
from bench.needs.found import Found, Scores, common, find
from bench.needs.judged import HALVES, LANGUAGES, needs
from bench.world import starter


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files. The ratio: to the best order there is, or the overlap."""
    with starter(folder) as services:
        services.search.load()
        for half in HALVES:
            found = find(services.search.engine, needs(half))
            yield from (_scores_line(half, lang, found[lang]) for lang in LANGUAGES)
            yield from (_overlap_line(half, pair, found) for pair in combinations(LANGUAGES, 2))
            yield from _unanswered(half, found)


def _scores_line(half: str, lang: str, found: list[Found]) -> Line:
    got = Scores.of(found)
    against = f"{got.needs} needs, written and judged by this project alone"
    return Line(f"needs in {LANGUAGES[lang]}, {half} half", str(got), against, "nDCG@10 1", got.ndcg.value)


def _overlap_line(half: str, pair: tuple[str, str], found: Mapping[str, list[Found]]) -> Line:
    one, other = pair
    share = common(found[one], found[other])
    names = f"{LANGUAGES[one]} and {LANGUAGES[other]}"
    return Line(f"needs in {names}, {half} half", f"overlap@10 {share:.3f}", "the same needs", "1", share)


def _unanswered(half: str, found: Mapping[str, list[Found]]) -> Iterator[Line]:
    """Needs that the starter knowledge cannot answer: nothing may stand first as if the query were its name."""
    without = [it for of in found.values() for it in of if not it.need.answers]
    if without:
        named = sum(it.named for it in without)
        ours = f"{named} of {len(without)} put something first by name"
        yield Line(
            f"needs without an answer, {half} half", ours, "queries in three languages", "0", named / len(without)
        )
