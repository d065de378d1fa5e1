"""kesher harvest: bring a repository's records in by OAI-PMH, and only what changed the next time."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated
from urllib.parse import urlsplit

import typer

from api.cli.ingest import show_report
from api.cli.terminal import JsonFlag, go_on_message, print_json, progress
from api.services import open_services
from api.settings import load_settings
from ingest.harvesting.harvest import Wanted
from ingest.pipeline import Options


def harvest(  # noqa: PLR0913, PLR0917 - a command has as many parameters as its users have options
    url: Annotated[str, typer.Argument(help="Base URL of an OAI-PMH 2.0 repository.")],
    source: Annotated[str, typer.Option(help="Name for what comes of it; else the name of its server.")] = "",
    set_: Annotated[str, typer.Option("--set", help="Only this set of the repository.")] = "",
    since: Annotated[str, typer.Option("--from", help="From this date on; else since the last harvest.")] = "",
    until: Annotated[str, typer.Option(help="Up to this date.")] = "",
    prefix: Annotated[str, typer.Option(help="Format of the metadata; it must hold Dublin Core.")] = "oai_dc",
    licence: Annotated[str, typer.Option(help="Licence: an address, or an SPDX identifier such as CC0-1.0.")] = "",
    lang: Annotated[str, typer.Option(help="Language in which to be told what to mend: en, he or ar.")] = "en",
    as_json: JsonFlag = False,
) -> None:
    """Harvest a repository into the graph; the same command again goes on, or brings what has changed since."""
    settings = load_settings()
    wanted = Wanted(url, source or (urlsplit(url).hostname or "repository"), prefix, set_, since, until, anywhere=True)
    with go_on_message(), open_services(settings, command="kesher harvest") as services, progress("Indexing") as step:
        options = Options(agent=services.agent, licence=licence, lang=lang, most_bytes=settings.max_upload_mb * 2**20)
        report = services.harvest(wanted, options, step)
    if as_json:
        print_json(json.dumps(asdict(report), ensure_ascii=False))
    else:
        show_report(report, dry_run=False)
    if any(it.place == "repository" and it.code.startswith("E") for it in report.problems):
        raise typer.Exit(1)
