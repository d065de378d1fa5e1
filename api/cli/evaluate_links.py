"""kesher eval links: how well concepts are proposed for texts that people indexed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.terminal import JsonFlag, err, out, print_json, progress, waiting
from api.encoding import open_encoder, vector_cache
from api.settings import load_settings
from language.lexicons import Lexicons
from language.linking import Linker
from language.meaning import Meaning
from language.model import find_model
from search.link_collection import LinkCollection
from search.link_evaluation import Scores, calibrate, evaluate_decisions, evaluate_links, find


def links(
    folder: Annotated[Path, typer.Argument(help="Folder with documents.jsonl, concepts.jsonl and qrels.tsv.")],
    decisions: Annotated[
        int, typer.Option(min=0, help="So many documents count as decided; the rest is measured without and with.")
    ] = 0,
    surface: Annotated[bool, typer.Option("--surface", help="By the labels that a text has alone.")] = False,
    fit: Annotated[bool, typer.Option("--fit", help="Fit the calibration on one half, and print it.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Concepts proposed for texts, against those that people chose."""
    collection = LinkCollection.read(folder)
    linker = _linker(collection, surface)
    with progress("Linking") as step:
        found = find(collection.documents, linker, step)
    scores = dict(evaluate_links(found, linker))
    if decisions:
        scores |= evaluate_decisions(found, linker, decisions)[0]
    if fit:
        offset, slope = calibrate(found, linker)
        err.print(f"{linker.method}: offset {offset:.2f}, slope {slope:.2f}", highlight=False)
    if as_json:
        return print_json(json.dumps(scores if decisions else scores["all"]))
    _show(f"Links on {folder.name}, {linker.method}, {len(collection.documents)} documents", scores)
    return None


def _linker(collection: LinkCollection, surface: bool) -> Linker:
    """A linker over the concepts of a collection; the first time, they are encoded, and kept."""
    if surface:
        return Linker(collection.labels)
    settings = load_settings()
    with waiting("Loading the model ..."):
        encoder = open_encoder(find_model(settings.model), settings.data, vector_cache(settings.data))
    with progress("Encoding concepts") as step:
        return Linker(collection.labels, Meaning(collection.texts, encoder, Lexicons(settings.data), step))


def _show(title: str, found: Mapping[str, Scores]) -> None:
    table = Table("documents", *next(iter(found.values())), title=title, title_justify="left")
    for group, scores in found.items():
        table.add_row(group, *(f"{it:.4f}" for it in scores.values()))
    out.print(table)
