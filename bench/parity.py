"""The same need in three languages: how much of the English top ten Hebrew and Arabic find, and where an answer stands.

The needs, their translations and what answers them (`paraphrases.tsv`) were written by this project, and rules of
search were chosen on them: these are development data, and no quality may be claimed from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Line
from bench.world import starter
from ontology.kinds import local_name
from search.answers import SearchRequest
from search.engine import SearchEngine
from search.metrics import mean

_TOP = 10
_FILE = Path(__file__).with_name("paraphrases.tsv")
_LANGUAGES = ("English", "Hebrew", "Arabic")


@dataclass(frozen=True, slots=True)
class Need:
    """One need in the order of `_LANGUAGES`, and the slugs of what this project thinks answers it; none: not judged."""

    texts: tuple[str, ...]
    answers: frozenset[str]


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files. The ratios are overlap, and MRR beside that of English."""
    every = needs()
    with starter(folder) as services:
        services.search.load()
        tops = [[_top(services.search.engine, it.texts[place]) for it in every] for place in range(len(_LANGUAGES))]
    english, own = tops[0], "development data of this project"
    for name, found in zip(_LANGUAGES[1:], tops[1:], strict=True):
        share = mean([len(set(ours) & set(theirs)) / _TOP for ours, theirs in zip(found, english, strict=True)])
        yield Line(f"{len(every)} needs in {name}", f"{share:.3f} of the English top ten", own, "1", share)
    judged = [place for place, it in enumerate(every) if it.answers]
    first = 0.0
    for name, found in zip(_LANGUAGES, tops, strict=True):
        ranks = [_rank(found[it], every[it].answers) for it in judged]
        reciprocal, hit = mean([1 / it if it else 0.0 for it in ranks]), mean([float(bool(it)) for it in ranks])
        first = first or reciprocal
        yield Line(
            f"{len(judged)} needs in {name}", f"MRR {reciprocal:.3f}, hit@10 {hit:.3f}", own, "-", reciprocal / first
        )


def needs() -> list[Need]:
    """The needs of the file, in order."""
    return [Need(tuple(texts), frozenset(answers.split())) for *texts, answers in _rows()]


def _rows() -> Iterator[list[str]]:
    for line in _FILE.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def _top(engine: SearchEngine, need: str) -> list[str]:
    return [local_name(hit.iri) for hit in engine.search(SearchRequest(need, limit=_TOP)).hits]


def _rank(top: list[str], answers: frozenset[str]) -> int:
    """The place of the first answer, 1 to 10; 0 where there is none."""
    return next((place for place, it in enumerate(top, 1) if it in answers), 0)
