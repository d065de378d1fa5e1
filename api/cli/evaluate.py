"""kesher eval: how well Kesher does on judged collections."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.evaluate_links import links
from api.cli.terminal import JsonFlag, out, print_json, progress, waiting
from api.encoding import open_encoder
from api.services import open_services
from api.settings import load_settings
from language.model import find_model
from search.connect_evaluation import evaluate_connections
from search.evaluate import evaluate_retrieval

_CONNECTED = ("texts", "hit@10", "recall@10", "mrr")
_MEASURES = ("ndcg@10", "mrr", "hit@10", "recall@100")

app = typer.Typer(no_args_is_help=True, help="Measure against judged collections.")
app.command()(links)


@app.callback()
def family() -> None:
    """Measure against judged collections."""


@app.command()
def retrieval(
    folder: Annotated[Path, typer.Argument(help="Folder with corpus.jsonl, queries.jsonl and qrels.tsv.")],
    as_json: JsonFlag = False,
) -> None:
    """Each leg alone and all fused, on a collection in the layout of BEIR, for each language of its queries."""
    settings = load_settings()
    with waiting("Loading the model ..."):
        encoder = open_encoder(find_model(settings.model), settings.data)
    with progress("Indexing") as step:
        report = evaluate_retrieval(folder, encoder, step)
    if as_json:
        return print_json(json.dumps(report.as_json()))
    title = f"Retrieval on {folder.name}, {report.every.queries} queries"
    table = Table("queries", "leg", *_MEASURES, title=title, title_justify="left")
    groups = {"all": report.every} | (dict(report.languages) if len(report.languages) > 1 else {})
    for name, legs in groups.items():
        for leg, scores in legs.as_json().items():
            if leg != "queries":
                table.add_row(name, leg.replace("_", " "), *_row(scores))
    out.print(table)
    return None


@app.command()
def connect(as_json: JsonFlag = False) -> None:
    """Links of the data folder, each held out and looked for again from texts: consistency, not a judgement."""
    with open_services(load_settings(), command="kesher eval connect") as services:
        with waiting("Loading the model ..."):
            services.search.load()
            services.search.catch_up()
        with progress("Connecting") as step:
            found = evaluate_connections(services.connector, services.graph, services.search.engine, step)
    if as_json:
        return print_json(json.dumps(found))
    for half, sets in found.items():
        table = Table("links", "texts in", "leg", *_CONNECTED, title=f"The half {half}", title_justify="left")
        for name, languages in sets.items():
            for lang, legs in languages.items():
                for leg, scores in legs.items():
                    table.add_row(name, lang, leg, *(f"{scores[it]:.3f}".removesuffix(".000") for it in _CONNECTED))
        out.print(table)
    return None


def _row(scores: object) -> tuple[str, ...]:
    """The measures of a leg in the order of the headings; dashes for a leg that these queries do not have."""
    found = scores if isinstance(scores, dict) else {}
    return tuple(f"{found[it]:.4f}" if it in found else "–" for it in _MEASURES)
