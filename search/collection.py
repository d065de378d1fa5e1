"""A test collection on disk in the layout of BEIR (Thakur et al. 2021): corpus, queries, judgements."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ontology.errors import UnreadableFile


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents and queries by id, and the judgements of each query: document id -> grade."""

    documents: Mapping[str, str]
    queries: Mapping[str, str]
    judgements: Mapping[str, Mapping[str, float]]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read corpus.jsonl ({_id, title, text}), queries.jsonl ({_id, text}) and qrels.tsv (query, document, grade).

        A header in qrels.tsv is allowed. Queries without judgements are left out.

        Raises:
            UnreadableFile: a file is absent, or a line of it is broken; names the file and the line.
        """
        judgements: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for query, document, grade in judgements_of(folder / "qrels.tsv"):
            judgements[query][document] = grade
        queries = {name: text for name, text in _texts(folder / "queries.jsonl") if name in judgements}
        return cls(dict(_texts(folder / "corpus.jsonl")), queries, dict(judgements))


def _texts(file: Path) -> Iterator[tuple[str, str]]:
    for number, line in lines_of(file):
        try:
            record = json.loads(line)
            yield str(record["_id"]), f"{record.get('title') or ''} {record['text']}".strip()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise broken(file, number, f"it is no JSON object with _id and text ({error!r})") from error


def judgements_of(file: Path) -> Iterator[tuple[str, str, float]]:
    """What is judged, what it is judged against, and the grade; a header is passed over.

    Raises:
        UnreadableFile: the file cannot be read, or a line is broken.
    """
    for number, line in lines_of(file):
        try:
            query, document, grade = line.split("\t")
            yield query, document, float(grade)
        except ValueError as error:
            if number > 1:  # the first line may be a header
                raise broken(file, number, "it is not two ids and a grade with tabs between") from error


def lines_of(file: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that say something, with their numbers; only a line feed ends one, as in JSON Lines.

    Raises:
        UnreadableFile: it is absent, or is not UTF-8.
    """
    try:
        lines = file.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(
            f"{file} cannot be read: {error}",
            place=str(file),
            problem="E-UNREADABLE",
            remedy=f"The folder of a collection must have {file.name}, in UTF-8.",
        ) from error
    yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def broken(file: Path, number: int, what: str) -> UnreadableFile:
    """What to raise for a line that does not hold."""
    return UnreadableFile(f"{file}, line {number}: {what}.", place=f"line {number}", problem="E-BROKEN-LINE")
