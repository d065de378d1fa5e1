"""kesher migrate: bring a data folder of an earlier version to this one's format."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from api.cli.terminal import JsonFlag, out, print_json
from api.settings import load_settings
from graph.migration import FORMAT, pending
from graph.migration import migrate as migrate_folder


def migrate(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Bring the data folder to the format of this version, step by step; a crash in between is made good."""
    folder = load_settings().data
    steps = pending(folder) if dry_run else migrate_folder(folder)
    if as_json:
        told = [{"from": it.start, "to": it.start + 1, "purpose": it.migration.purpose} for it in steps]
        return print_json(json.dumps({"format": FORMAT, "dry_run": dry_run, "steps": told}))
    for it in steps:
        out.print(f"Format {it.start} to {it.start + 1}: {it.migration.purpose}")
    out.print(f"{folder} {'would be' if dry_run and steps else 'is'} at format {FORMAT}.")
    return None
