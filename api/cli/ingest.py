"""kesher ingest: read files into the graph, one named graph a source, every record accounted for."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.padding import Padding
from rich.text import Text

from api.cli.difference import Difference
from api.cli.terminal import JsonFlag, err, go_on_message, out, print_json, progress
from api.services import open_services
from api.settings import load_settings
from ingest.pipeline import Options
from ontology.model import Report

_SHOWN = 20


def ingest(  # noqa: PLR0913, PLR0917 - a command has as many parameters as its users have options
    paths: Annotated[list[Path], typer.Argument(help="Files and folders to read.", exists=True)],
    source: Annotated[str | None, typer.Option(help="Name of the source, or of a folder above the files.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="YAML mapping for tables.", exists=True, dir_okay=False)] = None,
    licence: Annotated[str, typer.Option(help="Licence: an address, or an SPDX identifier such as CC-BY-4.0.")] = "",
    encoding: Annotated[str | None, typer.Option(help="Encoding of the files; else UTF-8.")] = None,
    lang: Annotated[str, typer.Option(help="Language in which to be told what to mend: en, he or ar.")] = "en",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would change, and write nothing.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Read files into the graph and index what changed; the same file twice changes nothing."""
    settings, difference = load_settings(), Difference()
    with go_on_message(), open_services(settings, command="kesher ingest") as services, progress("Reading") as step:
        options = Options(
            agent=services.agent,
            source=source,
            mapping=mapping,
            licence=licence,
            encoding=encoding,
            most_bytes=settings.max_upload_mb * 2**20,
            lang=lang,
            dry_run=dry_run,
            progress=lambda _name, done, total: step(done, total),
            differing=difference.take,
        )
        report = services.ingest(paths, options, step)
    if as_json:
        body = asdict(report) | ({"difference": difference.lines()} if dry_run else {})
        print_json(json.dumps(body, ensure_ascii=False))
    else:
        difference.show()
        _show(report, dry_run)
    if report.read and not report.committed and not report.skipped:
        raise typer.Exit(1)


def _show(report: Report, dry_run: bool) -> None:
    counts = f"{report.committed} taken, {report.skipped} unchanged, {report.failed} failed"
    done = "would change" if dry_run else "changed"
    out.print(f"{report.read} records: {counts}; {report.changed_triples} statements {done}, {report.encoded} encoded.")
    for it in report.problems[:_SHOWN]:
        place = Text.assemble((it.code, "red" if it.code.startswith("E") else "yellow"), f" {it.file}, {it.place}")
        err.print(place)
        err.print(Padding(Text(f"{it.message}. {it.remedy}".strip()), (0, 0, 0, 4), expand=False))
    if len(report.problems) > _SHOWN:
        err.print(f"... and {len(report.problems) - _SHOWN} more; --json prints them all.")
