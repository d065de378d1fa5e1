"""`python -m bench`: run every comparison and print one table."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import indexing, parity, personal, remote, searching, semantic, sparql, updates
from bench.measure import Line


def main() -> None:
    """Print the table; figures differ from machine to machine, ratios much less."""
    table = Table(title="Kesher beside its engines, one run", caption="ratio: Kesher / reference, of time or of rate")
    for heading in ("what", "Kesher", "held against", "reference", "ratio"):
        table.add_column(heading, overflow="fold")
    with tempfile.TemporaryDirectory() as folder:
        for section in (searching, sparql, remote, semantic, updates, indexing, parity, personal):
            for line in section.lines(Path(folder)):
                _add(table, line)
    Console(width=120).print(table)


def _add(table: Table, line: Line) -> None:
    table.add_row(line.what, line.ours, line.against, line.reference, f"{line.ratio:.2f}")


main()
