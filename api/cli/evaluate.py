"""kesher eval: how well Kesher does on judged collections."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.terminal import JsonFlag, out, print_json, progress, waiting
from api.encoding import open_encoder
from api.settings import load_settings
from language.model import find_model
from search.evaluate import evaluate_retrieval

app = typer.Typer(no_args_is_help=True, help="Measure against judged collections.")


@app.callback()
def family() -> None:
    """Measure against judged collections."""


@app.command()
def retrieval(
    folder: Annotated[Path, typer.Argument(help="Folder with corpus.jsonl, queries.jsonl and qrels.tsv.")],
    as_json: JsonFlag = False,
) -> None:
    """Each leg alone and both fused, on a collection in the layout of BEIR."""
    settings = load_settings()
    with waiting("Loading the model ..."):
        encoder = open_encoder(find_model(settings.model), settings.data)
    with progress("Indexing") as step:
        report = evaluate_retrieval(folder, encoder, step).as_json()
    if as_json:
        return print_json(json.dumps(report))
    table = Table("leg", "nDCG@10", "recall@100", title=f"Retrieval on {folder.name}", title_justify="left")
    for leg, scores in report.items():
        shown = (f"{scores['ndcg@10']:.4f}", f"{scores['recall@100']:.4f}") if scores else ("–", "–")
        table.add_row(leg, *shown)
    out.print(table)
    return None
