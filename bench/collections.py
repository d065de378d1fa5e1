"""Judged collections in the layout of BEIR, made from the shared folder of real open data in a scratch folder.

The judgements are the sources' own: a question belongs to the paragraph that it was asked of, a simulation has one
title in each language, a record its subjects, a misconception its correction. Nobody judged anything for Kesher.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from search.collection import Collection

#: Labels beside those that some record has: every so-many-th of all.
_EVERY_LABEL = 10


class Written(NamedTuple):
    """A collection on disk, and what it is."""

    folder: Path
    what: str


def collections(shared: Path, scratch: Path) -> Iterator[Written]:
    """Every collection at hand, the long texts first. What is not in the shared folder fails: nothing is left out."""
    retrieval = shared / "data" / "retrieval"
    yield Written(retrieval / "scifact", "English claims -> abstracts")
    yield Written(retrieval / "xquad_en", "English questions -> paragraphs")
    yield Written(retrieval / "xquad_ar", "Arabic questions -> paragraphs")
    yield from _mixed(retrieval, scratch)
    yield from _simulations(shared / "data" / "phet", scratch)
    yield _records(shared / "data" / "linking", scratch / "linking")
    yield _misconceptions(shared / "data" / "frameworks" / "oak", scratch / "oak")


def _mixed(retrieval: Path, scratch: Path) -> Iterator[Written]:
    """Arabic questions where every second article is there in Arabic and the others in English."""
    arabic, english = Collection.read(retrieval / "xquad_ar"), Collection.read(retrieval / "xquad_en")
    titles = {it["_id"]: it["title"] for it in map(json.loads, _lines(retrieval / "xquad_en" / "corpus.jsonl"))}
    own = set(sorted(set(titles.values()))[::2])
    documents = {name: (arabic if titles[name] in own else english).documents[name] for name in titles}
    for name, what, chosen in (
        ("xquad_ar_own", "Arabic questions -> Arabic paragraphs among English ones", own),
        ("xquad_ar_en", "Arabic questions -> English paragraphs among Arabic ones", set(titles.values()) - own),
    ):
        judged = {
            query: list(judgements)
            for query, judgements in arabic.judgements.items()
            if all(titles[it] in chosen for it in judgements)
        }
        yield _write(scratch / name, what, documents, arabic.queries, judged)


def _simulations(phet: Path, scratch: Path) -> Iterator[Written]:
    """Titles of simulations in one language to those in another; and to the texts in them, of the same language."""
    with (phet / "phet-sims.he-ar.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    titles = {
        lang: {row["sim"]: row[column].strip() for row in rows if row[column].strip()}
        for lang, column in (("he", "title_he"), ("ar", "title_ar"), ("en", "slug_en"))
    }
    for (asked, queries), (found, documents) in permutations(titles.items(), 2):
        what = f"{asked} titles -> {found} titles"
        yield _paired(scratch / f"phet_{asked}_{found}", what, queries, documents)
    lines = _lines(phet / "phet-strings-he-ar.ndjson")
    for lang, key in (("he", "iw"), ("ar", "ar")):
        texts = {it["sim"]: _own_texts(it.get(key, {})) for it in map(json.loads, lines)}
        told = {sim: text for sim, text in texts.items() if text}
        yield _paired(scratch / f"phet_{lang}", f"{lang} titles -> words of the simulation", titles[lang], told)


def _own_texts(strings: Mapping[str, str]) -> str:
    """What a simulation says in one language, without its titles."""
    return " ".join(text for name, text in sorted(strings.items()) if not name.endswith(".title"))


def _records(linking: Path, folder: Path) -> Written:
    """Records of a library to the labels of their subjects, among a tenth of all labels."""
    judged: dict[str, list[str]] = {}
    for line in _lines(linking / "qrels.tsv"):
        document, concept, _ = line.split("\t")
        judged.setdefault(document, []).append(concept)
    wanted = {it for concepts in judged.values() for it in concepts}
    labels = {}
    for number, line in enumerate(_lines(linking / "concepts.jsonl")):
        concept = json.loads(line)
        if number % _EVERY_LABEL == 0 or concept["_id"] in wanted:
            labels[concept["_id"]] = ". ".join(concept["labels"]["en"])
    records = {it["_id"]: it["text"] for it in map(json.loads, _lines(linking / "documents.jsonl"))}
    return _write(folder, "English records -> subject labels", labels, records, judged)


def _misconceptions(oak: Path, folder: Path) -> Written:
    """Misconceptions of pupils to their corrections, mathematics and science together."""
    store = ox.Store()
    for file in sorted(oak.glob("*-key-stage-*.ttl")):
        store.load(path=file, format=ox.RdfFormat.TURTLE)
    told = {
        what: {it.subject.value: it.object.value for it in store if it.predicate.value.endswith(f"/{what}")}
        for what in ("statement", "correction")
    }
    return _paired(folder, "English misconceptions -> corrections", told["statement"], told["correction"])


def _paired(folder: Path, what: str, queries: Mapping[str, str], documents: Mapping[str, str]) -> Written:
    """Each query belongs to the document of the same name, and to every other that says the same."""
    same: dict[str, list[str]] = {}
    for name, text in documents.items():
        same.setdefault(text, []).append(name)
    judged = {name: same[documents[name]] for name in queries if name in documents}
    return _write(folder, what, documents, queries, judged)


def _write(
    folder: Path, what: str, documents: Mapping[str, str], queries: Mapping[str, str], judged: Mapping[str, list[str]]
) -> Written:
    folder.mkdir(parents=True, exist_ok=True)
    _write_texts(folder / "corpus.jsonl", documents)
    _write_texts(folder / "queries.jsonl", {name: text for name, text in queries.items() if name in judged})
    rows = (f"{query}\t{document}\t1\n" for query, documents in judged.items() for document in documents)
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + "".join(rows), "utf-8")
    return Written(folder, what)


def _write_texts(file: Path, texts: Mapping[str, str]) -> None:
    lines = (json.dumps({"_id": name, "text": text}, ensure_ascii=False) for name, text in texts.items())
    file.write_text("\n".join(lines), "utf-8")


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines()
