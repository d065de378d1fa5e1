"""What the lexicons say, held against translations that nobody wrote them from, and how soon they say it.

PhET's strings and titles in Hebrew and Arabic stand beside the English of the same key (shared/data/phet): a gloss
agrees when a form of it is in that English. A free translation says the same in other words: this is a lower bound. The
texts that ship with Kesher are measured too; they were looked at while the lexicons were corrected.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

from api.parallel import shipped_pairs
from api.settings import load_settings
from bench.measure import Line, Timing, milliseconds
from bench.parity import needs
from language.coverage import agreement, coverage
from language.gloss import Lexicon
from language.lexicons import shipped

_NAMES = {"he": "Hebrew", "ar": "Arabic"}
#: PhET calls Hebrew by its old code.
_CODES = {"he": "iw", "ar": "ar"}
_TITLES = {"he": 2, "ar": 3}


def lines(_folder: Path) -> Iterator[Line]:
    """The lines of the table. The ratio is the share of glosses whose first sense agrees; of speed, that of 0.2 ms."""
    phet = _phet()
    for place, (lang, name) in enumerate(_NAMES.items(), 1):
        lexicon = shipped(lang)
        yield _agreed(f"{name}: what ships with Kesher", shipped_pairs(lang), lexicon)
        if phet is not None:
            strings = [it for record in _records(phet) for it in record.get(_CODES[lang], {}).values()]
            share = coverage([*strings, *(it[0] for it in _titles(phet, lang))], lexicon, lang).by_tokens
            yield Line(f"{name}: PhET's words with a gloss", f"{share:.3f}", "asked for", "0.650", share / 0.65)
            yield _agreed(f"{name}: PhET", [*_strings(phet, lang), *_titles(phet, lang)], lexicon)
        yield _speed(name, [it.texts[place] for it in needs()], lexicon)


def _agreed(what: str, pairs: list[tuple[str, str]], lexicon: Lexicon) -> Line:
    found = agreement(pairs, lexicon)
    ours = f"first sense {found.first:.3f}, any {found.some:.3f}"
    return Line(what, ours, f"{len(pairs):,} English texts beside it", f"{found.glosses:,} glosses", found.first)


def _speed(name: str, texts: list[str], lexicon: Lexicon) -> Line:
    """Each query once, its words not met before."""
    seconds = []
    for text in texts:
        start = time.perf_counter()
        lexicon.gloss(text)
        seconds.append(time.perf_counter() - start)
    found = Timing(tuple(seconds))
    return Line(f"{name}: one new query", milliseconds(found.p50), "asked for", "0.2 ms", found.p50 / 0.0002)


def _phet() -> Path | None:
    shared = load_settings().shared or Path(__file__).parents[2] / "shared"
    folder = shared / "data" / "phet"
    return folder if folder.is_dir() else None


def _records(phet: Path) -> list[dict[str, dict[str, str]]]:
    text = (phet / "phet-strings-he-ar.ndjson").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _strings(phet: Path, lang: str) -> Iterator[tuple[str, str]]:
    """Strings beside the English of the same simulation and key."""
    for record in _records(phet):
        file = phet / f"{record['sim']}-strings_en.json"
        if file.is_file():
            english = dict(_flat(json.loads(file.read_text("utf-8"))))
            own = record.get(_CODES[lang], {})
            yield from ((text, english[key]) for key, text in own.items() if key in english)


def _flat(tree: dict[str, object], before: str = "") -> Iterator[tuple[str, str]]:
    for key, it in tree.items():
        name = f"{before}{key}"
        if isinstance(it, dict) and isinstance(it.get("value"), str):
            yield name, it["value"]
        elif isinstance(it, dict):
            yield from _flat(it, f"{name}.")


def _titles(phet: Path, lang: str) -> Iterator[tuple[str, str]]:
    for line in (phet / "phet-sims.he-ar.tsv").read_text("utf-8").splitlines()[1:]:
        cells = line.split("\t")
        if cells[_TITLES[lang]]:
            yield cells[_TITLES[lang]], cells[1]
