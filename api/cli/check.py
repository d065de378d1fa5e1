"""kesher check: counts, how complete the names are, and everything that is wrong."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from api.checking import CheckOut
from api.checking import check as check_services
from api.cli.terminal import JsonFlag, out, print_json, waiting
from api.services import open_services
from api.settings import load_settings
from ontology.model import LANGUAGES

_SHOWN = 20


def check(
    lang: Annotated[str, typer.Option(help="Language in which to be told what to mend: en, he or ar.")] = "en",
    as_json: JsonFlag = False,
) -> None:
    """Compare ledger, graph and index, and hold the knowledge against its shapes; exit 1 when something is wrong."""
    with open_services(load_settings(), command="kesher check", tolerant=True) as services, waiting("Checking ..."):
        found = check_services(services, lang)
    if as_json:
        print_json(found)
    else:
        _show(found)
    if not found.ok:
        raise typer.Exit(1)


def _show(found: CheckOut) -> None:
    table = Table("kind", "entities", *(f"named in {it}" for it in LANGUAGES), title="Knowledge", title_justify="left")
    for kind, count in found.counts.items():
        shares = (found.labels.get(kind, {}).get(lang) for lang in LANGUAGES)
        table.add_row(kind, str(count), *(f"{it.sure + it.likely:.0%}" if it else "–" for it in shares))
    out.print(table)
    for it in found.faults[:_SHOWN]:
        out.print(f"[red]{it.code}[/] {escape(it.place)}\n    {escape(f'{it.message} {it.remedy}'.strip())}")
    if len(found.faults) > _SHOWN:
        out.print(f"... and {len(found.faults) - _SHOWN} more; --json prints them all.")
    out.print("All is well." if found.ok else f"{len(found.faults)} faults.", style="green" if found.ok else "red")
