"""How the command line talks: answers on stdout, everything else on stderr, errors as one readable paragraph."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, TypeAlias

import structlog
import typer
from pydantic import BaseModel
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from ontology.errors import FolderInUse, KesherError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Step: TypeAlias = Callable[[int, int], None]

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
UrlOption = Annotated[
    str | None,
    typer.Option("--url", help="Ask a running server, such as http://127.0.0.1:8000, instead of the folder."),
]


def quiet_logs() -> None:
    """Warnings go to stderr, as a line for people; what happens in the ordinary way is for the log of a server."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # as it is then
        cache_logger_on_first_use=False,
    )


def print_json(body: BaseModel | str) -> None:
    """One JSON document on stdout, never wrapped or coloured."""
    sys.stdout.write((body if isinstance(body, str) else body.model_dump_json()) + "\n")


def show_error(error: KesherError, *, as_json: bool = False) -> None:
    """What was wrong and where, and what to do about it: a paragraph on stderr, or JSON on stdout for programs."""
    if as_json:
        told = {"code": error.code, "title": error.title, "message": error.message, "remedy": error.remedy}
        print_json(json.dumps({"error": told}, ensure_ascii=False))
        return
    said = Text(error.message)
    remedy = error.remedy or (_reach(error) if isinstance(error, FolderInUse) else "")
    if remedy:
        said.append(f"\n{remedy}", style="dim")
    err.print(Panel(said, title=error.title, title_align="left", border_style="red", width=min(100, err.width)))


def _reach(error: FolderInUse) -> str:
    if error.url:
        return f"Ask that process: add `--url {error.url}` to search, tools, ask, sparql, ingest, entity or feedback."
    return f"Wait for process {error.pid} to end."


class Steps:
    """What a command calls while its progress is shown: with steps done and steps in all.

    Args:
        bar: Where they are shown.
        title: What is being done.
    """

    def __init__(self, bar: Progress, title: str) -> None:
        self._bar = bar
        self._task = bar.add_task(title, total=None, rate="")
        self._before = self._read = 0
        self._began = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        self._bar.update(self._task, completed=done, total=total)

    def count(self, read: int) -> None:
        """So many records of the present file were read."""
        self._before += self._read if read <= self._read else 0
        self._read = read
        records, seconds = self._before + read, max(0.001, time.monotonic() - self._began)
        self._bar.update(self._task, rate=f"{records:,} records, {records / seconds:,.0f}/s")


@contextmanager
def progress(title: str) -> Iterator[Steps]:
    """A progress bar on stderr that is gone when done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    more = (TextColumn("left"), TimeRemainingColumn(), TextColumn("{task.fields[rate]}"))
    with Progress(*columns, *more, console=err, transient=True) as bar:
        yield Steps(bar, title)


@contextmanager
def go_on_message() -> Iterator[None]:
    """Ctrl-C while files are read: says what stands and how to go on, and ends with the exit code 130."""
    try:
        yield
    except KeyboardInterrupt:
        err.print("Stopped. Files are written whole or not at all, so what was read stands.")
        err.print("Run the same command again to go on: what stands already changes nothing.")
        raise typer.Exit(130) from None


@contextmanager
def waiting(title: str) -> Iterator[None]:
    """Says on stderr what is being waited for, where there is no counting it."""
    with err.status(title):
        yield


def print_item(place: int, label: str, marks: list[str], sentences: list[str], about: Text | None = None) -> None:
    """One item of a numbered list: its name, what to know of it, and below what it is about and sentences."""
    out.print(Text.assemble((f"{place:>2}  ", "dim"), (label, "bold"), "  ", (" · ".join(marks), "yellow")))
    if about:
        out.print(Padding(about, (0, 0, 0, 4), expand=False))
    for it in sentences:
        out.print(Padding(Text(plain(it), style="dim" if about else ""), (0, 0, 0, 4), expand=False))


def plain(sentence: str) -> str:
    """A sentence without the marks that isolate names from it, which terminals show as boxes."""
    return sentence.translate({0x2068: None, 0x2069: None})
