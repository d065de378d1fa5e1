"""What was read, so that a file that is as it was need not be read again.

A reading holds while nothing that could make another of it has changed: the bytes of the file and of the mapping beside
it, the options, the program itself, and the graphs that it became. What is not known for certain is read again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ontology.model import Problem

if TYPE_CHECKING:
    from ingest.ledger_file import LedgerFile

TABLE = """
CREATE TABLE IF NOT EXISTS readings (
    graph TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    day TEXT NOT NULL,
    state TEXT NOT NULL,
    taken INTEGER NOT NULL,
    problems TEXT NOT NULL
) WITHOUT ROWID;
"""
_CODE = ("ingest", "language", "ontology")
#: Told of what changes, and of nothing else: shapes.
_OF_CHANGES = {"W220", "W221"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file came to.

    Attributes:
        hash: Of everything that was read, see `hash_of`.
        day: On which it was read (ISO), for a file that speaks of consent, which a day may end; else "".
        state: Numbers of the last writes to its graphs, after it was written.
        taken: Its records.
        problems: What its owner was told.
    """

    hash: str
    day: str
    state: str
    taken: int
    problems: tuple[Problem, ...] = ()


class Readings:
    """The readings, in the file of the ledger; only whole ones, of which no record failed.

    Args:
        file: That file.
    """

    def __init__(self, file: LedgerFile) -> None:
        self._file = file

    def of(self, graph: str) -> Reading | None:
        """The last reading of the file that became a graph."""
        question = "select hash, day, state, taken, problems from readings where graph = ?"
        rows = self._file.rows(question, graph)
        if not rows:
            return None
        whole, day, state, taken, problems = rows[0]
        return Reading(whole, day, state, taken, tuple(Problem(**it) for it in json.loads(problems)))

    def keep(self, graph: str, reading: Reading) -> None:
        """This was read."""
        problems = json.dumps([asdict(it) for it in reading.problems if it.code not in _OF_CHANGES])
        row = (graph, reading.hash, reading.day, reading.state, reading.taken, problems)
        with self._file.transaction(at_once=False) as cursor:  # lost, it is only read again
            cursor.execute("insert or replace into readings values (?, ?, ?, ?, ?, ?)", row)


def hash_of(paths: Iterable[Path], *options: str) -> str:
    """SHA-256 of files, options and this program; "" where a file cannot be opened, as its reading will tell."""
    told = hashlib.sha256(program().encode())
    told.update(json.dumps(options).encode())
    try:
        for path in paths:
            with path.open("rb") as file:
                told.update(hashlib.file_digest(file, "sha256").digest())
    except OSError:
        return ""
    return told.hexdigest()


@cache
def program() -> str:
    """SHA-256 of everything in this program that decides what a file says."""
    root = Path(__file__).parents[1]
    told = hashlib.sha256()
    for name in _CODE:
        for path in sorted((root / name).rglob("*.py")):
            told.update(path.read_bytes())
    return told.hexdigest()
