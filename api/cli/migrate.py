"""kesher migrate: bring a data folder of an earlier version to this one's format and terms."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape

from api.clearing import today
from api.cli.terminal import JsonFlag, out, print_json
from api.services import open_services
from api.settings import Settings, load_settings
from graph.migration import FORMAT, Step, pending
from graph.migration import migrate as migrate_folder
from ingest.privacy import Hold
from ingest.renewal import Renewal, renew, renewals
from ingest.sweep import shown_in_vain, sweep
from ontology.release import present, retired

_SHOWN = 20


def migrate(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the difference, and change nothing.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Bring the data folder to the format of this version, and its knowledge to the terms of this release."""
    settings = load_settings()
    planned = pending(settings.data)
    lines = [line for it in planned for line in it.migration.difference(settings.data)]  # before they are taken
    steps = planned if dry_run else migrate_folder(settings.data)
    # A folder of an older format opens only once its steps are taken, so a dry run cannot look into it.
    renewed, held = ([], []) if dry_run and steps else _renewed(settings, dry_run=dry_run)
    if as_json:
        print_json(json.dumps(_told(steps, renewed, held, dry_run=dry_run) | {"files": lines}, ensure_ascii=False))
    else:
        _show(settings, steps, renewed, dry_run=dry_run)
        for line in lines:
            out.print(line, style="dim", markup=False)
        _show_held(held, dry_run=dry_run)


def _renewed(settings: Settings, *, dry_run: bool) -> tuple[list[Renewal], list[Hold]]:
    """Terms written anew, and practice records that the rules of this version hide."""
    day = today()
    with open_services(settings, command="kesher migrate") as services:
        if dry_run:
            return renewals(services.writer, retired()), shown_in_vain(services.writer, day)
        made = renew(services.writer, retired(), agent=services.agent)
        held = sweep(services.writer, day, agent=services.agent)
        if made or held:
            services.search.catch_up()
        return made, held


def _told(
    steps: Sequence[Step], renewed: Sequence[Renewal], held: Sequence[Hold], *, dry_run: bool
) -> dict[str, object]:
    return {
        "format": FORMAT,
        "schema": present(),
        "dry_run": dry_run,
        "steps": [{"from": it.start, "to": it.start + 1, "purpose": it.migration.purpose} for it in steps],
        "difference": [
            {"dataset": it.dataset, "graph": it.graph, "before": str(it.before), "after": str(it.after)}
            for it in renewed
        ],
        "hidden": [{"record": str(it.record), "code": it.code, "message": it.message} for it in held],
    }


def _show_held(held: Sequence[Hold], *, dry_run: bool) -> None:
    for it in held:
        out.print(f"{it.code} {escape(str(it.record))}", style="yellow")
        out.print(f"    {escape(it.message)}. {escape(it.remedy)}")
    if held:
        out.print(f"{len(held)} reasons {'would hide' if dry_run else 'now hide'} practice records.")


def _show(settings: Settings, steps: Sequence[Step], renewed: Sequence[Renewal], *, dry_run: bool) -> None:
    for it in steps:
        out.print(f"Format {it.start} to {it.start + 1}: {it.migration.purpose}")
    for change in renewed[:_SHOWN]:
        out.print(f"[dim]{change.dataset} {escape(change.graph)}[/]")
        out.print(f"[red]- {escape(str(change.before))}[/]\n[green]+ {escape(str(change.after))}[/]")
    if len(renewed) > _SHOWN:
        out.print(f"... and {len(renewed) - _SHOWN} more; --json prints them all.")
    if renewed:
        out.print(
            f"{len(renewed)} statements {'would use' if dry_run else 'now use'} the terms of release {present()}."
        )
    out.print(f"{settings.data} {'would be' if dry_run and steps else 'is'} at format {FORMAT}.")
