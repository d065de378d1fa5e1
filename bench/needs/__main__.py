"""`python -m bench.needs`: what ranks for each need of the development half, for people who build.

The held-out half has no such list, on purpose: only its means are printed, by `python -m bench needs`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bench.needs.found import DEPTH, Found, Scores, find
from bench.needs.judged import FOLDER, HALVES, LANGUAGES, collection, needs, short
from bench.world import starter
from search.entities import read_entities
from search.passages import passages


def main() -> None:
    """Do what the options ask."""
    parser = argparse.ArgumentParser(prog="python -m bench.needs", description=__doc__)
    parser.add_argument("lang", nargs="*", metavar="LANG", help=f"of {', '.join(LANGUAGES)}; all when none is given")
    parser.add_argument("--write", action="store_true", help="write queries.jsonl and qrels.tsv from needs.jsonl")
    parser.add_argument("--collections", type=Path, metavar="FOLDER", help="write whole collections for `kesher eval`")
    chosen = parser.parse_args()
    if unknown := {*chosen.lang} - {*LANGUAGES}:
        parser.error(f"no needs in {', '.join(sorted(unknown))}; there are {', '.join(LANGUAGES)}")
    if chosen.write:
        _write(FOLDER, {})
    elif chosen.collections:
        _write(chosen.collections, {"corpus.jsonl": _documents()})
    else:
        _print(chosen.lang or LANGUAGES)


def _print(languages: Iterable[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, starter(Path(folder)) as services:
        services.search.load()
        found = find(services.search.engine, needs(HALVES[0]))
    for lang in languages:
        for it in found[lang]:
            _print_one(it, lang)
        print(f"{LANGUAGES[lang]}, development half: {Scores.of(found[lang])}\n")


def _print_one(found: Found, lang: str) -> None:
    print(f"[{found.need.id}] {found.need.phrasings[lang]}\n    first answer at {found.rank or f'none of {DEPTH}'}")
    for place, iri in enumerate(found.ranking, 1):
        print(f"    {place:2}  {found.need.grades.get(iri, 0):g}  {short(iri)}")


def _write(folder: Path, more: dict[str, str]) -> None:
    for half in HALVES:
        for lang in LANGUAGES:
            own = folder / half / lang
            own.mkdir(parents=True, exist_ok=True)
            for name, text in (collection(needs(half), lang) | more).items():
                (own / name).write_text(text, encoding="utf-8")


def _documents() -> str:
    """What is known of each entity in English, one document each: a document has one language (`search.evaluate`)."""
    with tempfile.TemporaryDirectory() as folder, starter(Path(folder)) as services:
        entities = read_entities(services.graph)
    pieces = {it.iri: [piece.text for piece in passages(it, "") if piece.lang == "en"] for it in entities}
    texts = {iri: " ".join(them) for iri, them in pieces.items() if them}
    return "".join(
        f"{json.dumps({'_id': short(iri), 'text': text}, ensure_ascii=False)}\n" for iri, text in texts.items()
    )


main()
