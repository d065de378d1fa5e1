"""How much personal data `language.personal` finds, on a corpus that this project made (`personal.jsonl`).

An item counts as found when anything in it is: that is what stops a record. The corpus was written before the
detectors. They were tuned on its odd items; its even items were only measured. Nothing here says how they do on
accounts by real teachers, whose texts nobody has given for this.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from bench.measure import Line
from language.personal import find_personal
from ontology import turtle

_CORPUS = Path(__file__).with_suffix(".jsonl")
_LANGUAGES = {"en": "English", "he": "Hebrew", "ar": "Arabic"}
_HALVES = ("tuned on", "only measured")


@dataclass(frozen=True, slots=True)
class Item:
    """One made text.

    Attributes:
        id: Language and number.
        kinds: The kinds of personal data in it; none for a near miss.
        found: The kinds that are found in it.
    """

    id: str
    text: str
    kinds: frozenset[str]
    found: frozenset[str]

    @property
    def half(self) -> str:
        """Whether the detectors were tuned on it: odd numbers, yes."""
        return _HALVES[1 - int(self.id.partition("-")[2]) % 2]


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of 1. Recall: of the items with personal data, those that stop. Precision: of those that stop, those with.

    Attributes:
        kinds: Of the kinds of data in items, those found: stricter than recall.
        items: How many items these shares are of.
    """

    recall: float
    precision: float
    kinds: float
    items: int


def items() -> list[Item]:
    """The corpus, with what is found in it."""
    rows = map(json.loads, _CORPUS.read_text("utf-8").splitlines())
    return [_item(row) for row in rows if "id" in row]


def score(of: Iterable[Item]) -> Score:
    """The figures of some items."""
    of = list(of)
    personal, stopped = [it for it in of if it.kinds], [it for it in of if it.found]
    right = [it for it in personal if it.found]
    told = [(kind in it.found) for it in personal for kind in it.kinds]
    return Score(len(right) / len(personal), len(right) / max(1, len(stopped)), sum(told) / len(told), len(of))


def lines(_folder: Path) -> Iterator[Line]:
    """The lines of the table; the ratio is the recall, and of shipped texts the share that stops wrongly."""
    found = items()
    for lang, name in _LANGUAGES.items():
        for half in _HALVES:
            got = score(it for it in found if it.id.startswith(lang) and it.half == half)
            yield Line(
                f"personal data, {name}, half {half}",
                f"recall {got.recall:.2f}, precision {got.precision:.2f}",
                f"{got.items} texts made by this project, half of them clean",
                f"kinds {got.kinds:.2f}",
                got.recall,
            )
    yield _shipped_line()


def shipped() -> list[str]:
    """The texts that ship with Kesher in three languages, without those of sources, which name their authors."""
    documents = (text for name, text in turtle.starter().items() if "sources" not in name)
    objects = (it.object for text in documents for it in ox.parse(text, format=ox.RdfFormat.TURTLE))
    return [it.value for it in objects if isinstance(it, ox.Literal) and it.language]


def _shipped_line() -> Line:
    texts = shipped()
    stopped = sum(bool(find_personal(it)) for it in texts)
    ours, share = f"{stopped} of {len(texts)} stopped", stopped / len(texts)
    return Line("personal data, shipped texts, which have none", ours, "none", "looked at while tuning", share)


def _item(row: dict[str, str | list[str]]) -> Item:
    text = str(row["text"])
    found = frozenset(it.kind.value for it in find_personal(text))
    return Item(str(row["id"]), text, frozenset(row["kinds"]), found)
