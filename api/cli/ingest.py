"""kesher ingest: read files into the graph, one named graph a source, every record accounted for."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.padding import Padding
from rich.text import Text

from api.cli.difference import Difference
from api.cli.sending import Server, token_of
from api.cli.terminal import JsonFlag, Steps, err, go_on_message, out, print_json, progress
from api.services import open_services
from api.settings import Settings, load_settings
from ingest.pipeline import Options
from ontology.model import Report

_SHOWN = 20

ServerOption = Annotated[
    str | None, typer.Option("--url", help="Send them to a running server, such as http://127.0.0.1:8000.")
]
TokenOption = Annotated[
    Path | None, typer.Option(help="File with the token for that; else KESHER_TOKEN.", exists=True, dir_okay=False)
]


def ingest(  # noqa: PLR0913, PLR0917 - a command has as many parameters as its users have options
    paths: Annotated[list[Path], typer.Argument(help="Files and folders to read.", exists=True)],
    source: Annotated[str | None, typer.Option(help="Name of the source, or of a folder above the files.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="YAML mapping for tables.", exists=True, dir_okay=False)] = None,
    licence: Annotated[str, typer.Option(help="Licence: an address, or an SPDX identifier such as CC-BY-4.0.")] = "",
    encoding: Annotated[str | None, typer.Option(help="Encoding of the files; else what they show.")] = None,
    lang: Annotated[str, typer.Option(help="Language in which to be told what to mend: en, he or ar.")] = "en",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would change, and write nothing.")] = False,
    url: ServerOption = None,
    token_file: TokenOption = None,
    force: Annotated[bool, typer.Option("--force", help="Read files again that are as they were.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Read files into the graph and index what changed; the same file twice changes nothing."""
    settings, difference = load_settings(), Difference()
    options = Options(
        agent=f"{settings.base_iri}agent/kesher",
        source=source,
        mapping=mapping,
        licence=licence,
        encoding=encoding,
        most_bytes=settings.max_upload_mb * 2**20,
        lang=lang,
        dry_run=dry_run,
        force=force,
        differing=difference.take,
    )
    with go_on_message(), progress("Reading") as step:
        if url:
            report = _elsewhere(Server(url, token_of(settings, token_file), step), paths, options, difference)
        else:
            report = _here(settings, paths, options, step)
    if as_json:
        body = asdict(report) | ({"difference": difference.lines()} if dry_run else {})
        print_json(json.dumps(body, ensure_ascii=False))
    else:
        difference.show()
        show_report(report, dry_run=dry_run)
    if report.read and not report.committed and not report.skipped:
        raise typer.Exit(1)


def _here(settings: Settings, paths: list[Path], options: Options, step: Steps) -> Report:
    def progress(_name: str, done: int, total: int) -> None:
        step(done, total)

    with open_services(settings, command="kesher ingest") as services:
        return services.ingest(paths, replace(options, progress=progress, reading=step.count), step)


def _elsewhere(server: Server, paths: list[Path], options: Options, difference: Difference) -> Report:
    given = {
        "source": options.source,
        "licence": options.licence,
        "encoding": options.encoding,
        "lang": options.lang,
        "dry_run": "true" if options.dry_run else None,
    }
    outcome = server.ingest(paths, {name: it for name, it in given.items() if it}, options.mapping)
    difference.extend(outcome.removed, outcome.added)
    return outcome.report


def show_report(report: Report, *, dry_run: bool) -> None:
    """The counts, and what to mend, for people."""
    counts = f"{report.committed} taken, {report.skipped} unchanged, {report.failed} failed"
    done = "would change" if dry_run else "changed"
    out.print(f"{report.read} records: {counts}; {report.changed_triples} statements {done}, {report.encoded} encoded.")
    for it in report.problems[:_SHOWN]:
        place = Text.assemble((it.code, "red" if it.code.startswith("E") else "yellow"), f" {it.file}, {it.place}")
        err.print(place)
        err.print(Padding(Text(f"{it.message}. {it.remedy}".strip()), (0, 0, 0, 4), expand=False))
    if len(report.problems) > _SHOWN:
        err.print(f"... and {len(report.problems) - _SHOWN} more; --json prints them all.")
