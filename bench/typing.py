"""Help while typing: how long suggestions take, and how often a better spelling and "no answer" are said rightly."""

from __future__ import annotations

import csv
import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from api.services import Services
from bench.measure import Line, in_turns, milliseconds
from bench.slips import misspelt, typed
from bench.world import starter
from language.folding import key
from language.labels import LabelEntry, LabelIndex
from ontology.kinds import Iri, Kind
from search.answers import SearchRequest
from search.engine import SearchEngine
from search.entities import label_entries, read_entities

_TYPED = 300
_QUERIES = 40
_SETS = Path(__file__).parent
_SHARED = Path(os.environ.get("KESHER_SHARED", Path(__file__).parents[2] / "shared"))
_SCAN = "a look at every name (rapidfuzz)"


def lines(folder: Path) -> Iterator[Line]:
    """The lines of the table; `folder` is for scratch files."""
    with starter(folder) as services:
        own = list(label_entries(read_entities(services.graph)))
        yield _suggestions("suggestions, labels of the starter", own)
        yield from _many([*own, *_concepts()])
        yield from _answers(services)
        yield from _spelling(services.search.engine, own)


def _suggestions(what: str, entries: Sequence[LabelEntry]) -> Line:
    labels, names = LabelIndex(entries), [key(it.text) for it in entries]
    timings = in_turns(
        {
            "index": lambda text: labels.suggest(text, "en"),
            "scan": lambda text: extract(key(text), names, scorer=OSA.distance, score_cutoff=2, limit=10),
        },
        typed([it.text for it in entries], _TYPED),
    )
    ours, scan = timings["index"], timings["scan"]
    what = f"{what} ({len(entries):,}), 95th percentile"
    return Line(what, milliseconds(ours.p95), _SCAN, milliseconds(scan.p95), ours.p95 / scan.p95)


def _many(entries: Sequence[LabelEntry]) -> Iterator[Line]:
    yield _suggestions("suggestions, many labels", entries)
    start = time.perf_counter()
    labels = LabelIndex(entries)
    whole = time.perf_counter() - start
    start = time.perf_counter()
    for number in range(100):
        new = LabelEntry(Iri(f"urn:new:{number}"), Kind.CONCEPT, f"A new name, number {number}", "en")
        labels = labels.replaced([new.iri], [new])
    one = (time.perf_counter() - start) / 100
    what = f"a name changed among {len(entries):,}, mean of 100"
    yield Line(what, milliseconds(one), "making the index anew", milliseconds(whole), one / whole)


def _concepts() -> list[LabelEntry]:
    """The labels of a subject vocabulary, English (shared/data/linking)."""
    rows = map(json.loads, (_SHARED / "data/linking/concepts.jsonl").read_text("utf-8").splitlines())
    return [
        LabelEntry(Iri(f"urn:concept:{row['_id']}"), Kind.CONCEPT, text, lang)
        for row in rows
        for lang, texts in row["labels"].items()
        for text in texts
    ]


def _answers(services: Services) -> Iterator[Line]:
    """How often `answered` is right, on the half of our own set that the threshold was not chosen on."""
    text = (_SETS / "answerable.tsv").read_text("utf-8").splitlines()
    rows = list(csv.DictReader((it for it in text if not it.startswith("#")), delimiter="\t"))
    for half in ("set", "kept"):
        own = [it for it in rows if it["half"] == half]
        said = [services.search.engine.search(SearchRequest(it["query"], it["lang"])).answered for it in own]
        right = sum(told == (it["answered"] == "yes") for told, it in zip(said, own, strict=True))
        always = sum(it["answered"] == "yes" for it in own)
        what = f"answered or not, said rightly (half `{half}` of bench/answerable.tsv, ours)"
        yield Line(what, f"{right} of {len(own)}", "always answered", f"{always} of {len(own)}", right / always)


def _spelling(engine: SearchEngine, entries: Sequence[LabelEntry]) -> Iterator[Line]:
    """How often a better spelling is offered: for names with a slip in them, and for titles that are spelt rightly."""
    chance = random.Random(7)  # noqa: S311 - a sample, no secret
    titles = list(csv.DictReader((_SHARED / "data/phet/phet-sims.he-ar.tsv").open(encoding="utf-8"), delimiter="\t"))
    columns = {"en": "slug_en", "he": "title_he", "ar": "title_ar"}
    for lang, column in columns.items():
        names = sorted({it.text for it in entries if it.lang == lang and 1 < len(it.text.split()) < 5})
        chosen = chance.sample(names, _QUERIES)
        offers = [_offer(engine, misspelt(it, chance)) for it in chosen]
        exact = sum(offer is not None and key(offer) == key(it) for offer, it in zip(offers, chosen, strict=True))
        right = chance.sample([it[column].strip() for it in titles if it[column].strip()], _QUERIES)
        needless = sum(_offer(engine, it) is not None for it in right)
        what = f"{lang}: names with a slip for which the right one is offered"
        yield Line(
            what,
            f"{exact} of {_QUERIES}",
            "offers for right titles (PhET)",
            f"{needless} of {_QUERIES}",
            exact / _QUERIES,
        )


def _offer(engine: SearchEngine, query: str) -> str | None:
    return engine.search(SearchRequest(query)).did_you_mean
