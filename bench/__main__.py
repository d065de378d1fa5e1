"""`python -m bench [SECTION...]`: run every comparison, or those named, and print one table."""

from __future__ import annotations

import sys
import tempfile
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.measure import Line

#: Modules of this package, each with `lines(folder)`.
_SECTIONS = (
    "encoding",
    "searching",
    "typing",
    "connecting",
    "sparql",
    "remote",
    "semantic",
    "updates",
    "endpoint",
    "loading",
    "enduring",
    "ingesting",
    "uploading",
    "intake",
    "indexing",
    "scale",
    "retrieval",
    "peers",
    "parity",
    "glossing",
    "needs",
    "personal",
    "linking",
    "stewarding",
)


def main(chosen: list[str]) -> None:
    """Print the table; figures differ from machine to machine, ratios much less."""
    table = Table(title="Kesher beside its engines, one run", caption="ratio: Kesher / reference, of time or of rate")
    for heading in ("what", "Kesher", "held against", "reference", "ratio"):
        table.add_column(heading, overflow="fold")
    if unknown := set(chosen) - set(_SECTIONS):
        sys.exit(f"No section is called {', '.join(sorted(unknown))}; there are {', '.join(_SECTIONS)}.")
    for name in chosen or _SECTIONS:
        with tempfile.TemporaryDirectory() as folder:
            for line in import_module(f"bench.{name}").lines(Path(folder)):
                _add(table, line)
    Console(width=120).print(table)


def _add(table: Table, line: Line) -> None:
    table.add_row(line.what, line.ours, line.against, line.reference, f"{line.ratio:.2f}")


main(sys.argv[1:])
