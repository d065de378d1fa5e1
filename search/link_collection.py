"""A collection for linking on disk: documents, concepts with labels by language, and the concepts that people chose."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, cast

from ontology.errors import UnreadableFile
from search.collection import broken, judgements_of, lines_of


@dataclass(frozen=True, slots=True)
class LinkedText:
    """A document: its text, its language as the collection says, and the concepts chosen for it."""

    name: str
    text: str
    lang: str
    right: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class LinkCollection:
    """The documents with a judgement, in their order; every concept's labels, and its definition where it has one."""

    documents: Sequence[LinkedText]
    labels: Mapping[str, Sequence[str]]
    definitions: Mapping[str, str]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read documents.jsonl ({_id, text, lang}), concepts.jsonl ({_id, labels, definition}) and qrels.tsv.

        Raises:
            UnreadableFile: a file is absent, or a line of it is broken; names the file and the line. Or no document
                that is here has a judgement.
        """
        wanted = _judged(folder / "qrels.tsv")
        told = list(_concepts(folder / "concepts.jsonl"))
        found = _documents(folder / "documents.jsonl")
        documents = [LinkedText(name, text, lang, wanted[name]) for name, text, lang in found if name in wanted]
        if not documents:
            message = "No document of documents.jsonl has a judgement in qrels.tsv"
            remedy = "Its columns are document, concept and grade."
            raise UnreadableFile(message, place="qrels.tsv", problem="E-BROKEN-LINE", remedy=remedy)
        return cls(documents, {it: labels for it, labels, _ in told}, {it: text for it, _, text in told if text})

    @property
    def texts(self) -> Mapping[str, Sequence[str]]:
        """What each concept is called or defined as."""
        return {it: (*labels, *filter(None, [self.definitions.get(it)])) for it, labels in self.labels.items()}


def _judged(file: Path) -> Mapping[str, Mapping[str, float]]:
    """Document -> its concepts, each with the grade 1."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for document, concept, grade in judgements_of(file):
        if grade > 0:
            found[document][concept] = 1.0
    return found


def _documents(file: Path) -> Iterator[tuple[str, str, str]]:
    for number, line in lines_of(file):
        match _parsed(line):
            case {"_id": str(name), "text": str(text), **rest}:
                yield name, text, str(rest.get("lang") or "")
            case _:
                raise broken(file, number, "it is no JSON object with _id and text")


def _concepts(file: Path) -> Iterator[tuple[str, list[str], str]]:
    for number, line in lines_of(file):
        match _parsed(line):
            case {"_id": str(name), "labels": dict(labels), **rest} if all(
                isinstance(it, list) for it in labels.values()
            ):
                yield name, [str(label) for it in labels.values() for label in it], str(rest.get("definition") or "")
            case _:
                raise broken(file, number, "it is no JSON object with _id and, by language, lists of labels")


def _parsed(line: str) -> object:
    """The JSON of a line; None where it is none."""
    try:
        return cast("object", json.loads(line))
    except (ValueError, RecursionError):
        return None
