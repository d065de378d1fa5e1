"""kesher sparql: a query, caged and limited like any query from outside."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.cli.explain import show_plan
from api.cli.remote import ask
from api.cli.terminal import JsonFlag, UrlOption, err, out
from api.semantic import prepared
from api.services import open_services
from api.settings import load_settings
from api.sparql_protocol import FORMATS, accept_for
from graph.query import QueryRequest
from graph.results import Answer


def sparql(  # noqa: PLR0913, PLR0917 - a command has as many parameters as its users have options
    query: Annotated[str | None, typer.Argument(help="The query, or - for standard input.")] = None,
    file: Annotated[Path | None, typer.Option(help="File that holds the query.", exists=True, dir_okay=False)] = None,
    format: Annotated[str | None, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show how it is answered, not the answer.")] = False,
    url: UrlOption = None,
    as_json: JsonFlag = False,
) -> None:
    """Answer a SPARQL 1.1 query; without --format as a table for people, or as Turtle."""
    text = _text(query, file)
    if explain:
        show_plan(text, url, as_json=as_json)
        return
    chosen = format or ("json" if as_json else None)
    accept = accept_for(chosen) if chosen else f"{FORMATS['csv']}, {FORMATS['turtle']};q=0.9"
    answer = _remote(url, text, accept) if url else _local(text, accept)
    if answer.truncated:
        err.print(f"The answer was cut at the limit of {answer.truncated}.", style="yellow")
    if chosen or not answer.media_type.startswith(FORMATS["csv"]):
        sys.stdout.write(answer.body.decode())
    else:
        out.print(_shown(answer.body.decode()))


def _text(query: str | None, file: Path | None) -> str:
    if (query is None) == (file is None):
        raise typer.BadParameter("Give a query, or --file with one.")
    if file is not None:
        return file.read_text(encoding="utf-8")
    return sys.stdin.read() if query == "-" else query or ""


def _local(text: str, accept: str) -> Answer:
    with open_services(load_settings(), command="kesher sparql") as services:
        query = prepared(services, text)
        request = QueryRequest(query.text, accept, sent=query.sent, comparisons=query.comparisons)
        return services.cage.run(request)


def _remote(url: str, text: str, accept: str) -> Answer:
    answer = ask(url, "/sparql", {}, accept=accept, query=text)
    cut = answer.headers.get("Kesher-Truncated")
    return Answer(answer.headers.get("Content-Type", ""), answer.content, cut if cut in {"rows", "bytes"} else None)


def _shown(text: str) -> Table | str:
    """A table for people; a truth is a word."""
    if text in {"true", "false"}:  # a table has a line end
        return text
    head, *rows = list(csv.reader(io.StringIO(text))) or [[]]
    table = Table(*head)
    for row in rows:
        table.add_row(*map(Text, row))  # a cell is text, whatever brackets it holds
    table.caption, table.caption_justify = f"{len(rows)} row{'' if len(rows) == 1 else 's'}", "left"
    return table
