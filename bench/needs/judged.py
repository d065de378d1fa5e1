"""The needs, in two halves, and the layouts in which others measure on them.

One file for each half, `needs.jsonl`, is what people write; the rest of its folder is made from it by
`python -m bench.needs --write`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from ontology.kinds import DEFAULT_BASE

LANGUAGES: Mapping[str, str] = {"en": "English", "he": "Hebrew", "ar": "Arabic"}
#: The half that may be looked at while building, and the half that may not.
HALVES = ("development", "held-out")
#: An entity of this grade or a greater one answers a need: 3 is exactly it, 2 clearly helps, 1 only touches it.
ANSWERS = 2

FOLDER = Path(__file__).parent

_IDS = f"{DEFAULT_BASE}id/"

_Record: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody needs, how she would type it, and what answers it.

    Attributes:
        phrasings: Language -> the query.
        grades: Address of an entity -> 1 to 3; empty where the starter knowledge has no answer.
    """

    id: str
    situation: str
    phrasings: Mapping[str, str]
    grades: Mapping[str, float]

    @property
    def answers(self) -> frozenset[str]:
        """The entities of which each would do."""
        return frozenset(it for it, grade in self.grades.items() if grade >= ANSWERS)


def needs(half: str) -> list[Need]:
    """The needs of one of the `HALVES`."""
    lines = (FOLDER / half / "needs.jsonl").read_text("utf-8").splitlines()
    return [_need(json.loads(line)) for line in lines]


def half_of(ids: Iterable[str]) -> dict[str, str]:
    """Which half each of these needs belongs to: in the order of the SHA-256 of ids, the first half is for building.

    The rule was fixed before anything was measured, and nobody can choose by it.
    """
    order = sorted(ids, key=lambda it: sha256(it.encode()).digest())
    return {it: HALVES[2 * place >= len(order)] for place, it in enumerate(order)}


def collection(of: Iterable[Need], lang: str) -> dict[str, str]:
    """Needs in the layout of BEIR, all but the documents: name of a file -> its text."""
    of = list(of)
    queries = ({"_id": it.id, "text": it.phrasings[lang]} for it in of)
    judged = ((it.id, short(iri), f"{grade:g}") for it in of for iri, grade in it.grades.items())
    return {
        "queries.jsonl": "".join(f"{json.dumps(it, ensure_ascii=False)}\n" for it in queries),
        "qrels.tsv": "".join("\t".join(row) + "\n" for row in _with_header(judged)),
    }


def short(iri: str) -> str:
    """An entity as kind and slug: `tool/exit-ticket`."""
    return iri.removeprefix(_IDS)


def _with_header(rows: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    yield "query-id", "corpus-id", "score"
    yield from rows


def _need(record: Mapping[str, str | list[_Record]]) -> Need:
    answers = record["answers"]
    if not isinstance(answers, list):
        raise TypeError(f"{record['id']}: answers is no list")
    return Need(
        id=str(record["id"]),
        situation=str(record["situation"]),
        phrasings={lang: str(record[lang]) for lang in LANGUAGES},
        grades={f"{_IDS}{it['entity']}": float(str(it["grade"])) for it in answers},
    )
