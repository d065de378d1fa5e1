"""kesher eval gloss: how much of running Hebrew and Arabic text the lexicons reach."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.terminal import JsonFlag, out, print_json
from api.parallel import shipped_pairs
from api.settings import load_settings
from language.affixes import AFFIXES
from language.coverage import Coverage, agreement, coverage
from language.gloss import Lexicon
from language.lexicons import Lexicons
from language.running_text import texts_of
from language.script import language_of

_Figures = dict[str, float | int | dict[str, int]]


def gloss(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Texts in UTF-8 (.txt, .tsv, .csv, .json, .ndjson); none: those that ship with Kesher."),
    ] = None,
    missing: Annotated[int, typer.Option(min=0, help="Also list so many words without a gloss.")] = 0,
    as_json: JsonFlag = False,
) -> None:
    """How many content words of texts have a gloss, and how often it is what the English beside them says."""
    lexicons = Lexicons(load_settings().data)
    known = {lang: lexicon for lang in AFFIXES if (lexicon := lexicons.of(lang))}
    found = {lang: _figures(lang, it, files or [], missing) for lang, it in known.items()}
    if as_json:
        return print_json(json.dumps(found, ensure_ascii=False))
    headings = (
        "language",
        "content words",
        "with a gloss",
        "different words",
        "with a gloss",
        "first sense",
        "any sense",
    )
    table = Table(*headings, title="Glosses of running text", title_justify="left")
    for lang, it in found.items():
        table.add_row(lang, *(f"{value:.3f}" if isinstance(value, float) else str(value) for value in _shown(it)))
    out.print(table)
    for lang, it in found.items():
        if words := it.get("missing"):
            out.print(f"{lang}: {' '.join(words) if isinstance(words, dict) else ''}", soft_wrap=True)
    if not files:
        out.print("first, any sense: share of glosses of which a stem is in the English text beside them.", style="dim")
    return None


def _figures(lang: str, lexicon: Lexicon, files: list[Path], missing: int) -> _Figures:
    pairs = [] if files else shipped_pairs(lang)
    texts = [it for file in files for it in texts_of(file) if language_of(it) == lang] or [text for text, _ in pairs]
    found = coverage(texts, lexicon, lang)
    figures: _Figures = _covered(found)
    if pairs:
        agreed = agreement(pairs, lexicon)
        figures |= {"first": round(agreed.first, 4), "some": round(agreed.some, 4)}
    return figures | ({"missing": dict(islice(found.missing.items(), missing))} if missing else {})


def _covered(found: Coverage) -> _Figures:
    return {
        "tokens": sum(found.tokens.values()),
        "by_tokens": round(found.by_tokens, 4),
        "types": len(found.tokens),
        "by_types": round(found.by_types, 4),
    }


def _shown(figures: _Figures) -> list[object]:
    return [figures.get(it, "–") for it in ("tokens", "by_tokens", "types", "by_types", "first", "some")]
