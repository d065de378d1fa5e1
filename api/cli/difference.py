"""What a dry run would change: the statements themselves, with a sign before each."""

from __future__ import annotations

from collections.abc import Collection

import pyoxigraph as ox
from rich.text import Text

from api.cli.terminal import out

_SHOWN = 40
_LONGEST = 200


class Difference:
    """Statements that would go and come, gathered file by file."""

    def __init__(self) -> None:
        self._removed: list[str] = []
        self._added: list[str] = []

    def take(self, removed: Collection[ox.Quad], added: Collection[ox.Quad]) -> None:
        """What one file would change."""
        self.extend(sorted(map(str, removed)), sorted(map(str, added)))

    def extend(self, removed: list[str], added: list[str]) -> None:
        """The same, as a server tells it."""
        self._removed += removed
        self._added += added

    def lines(self) -> dict[str, list[str]]:
        """All of it, as N-Quads without the full stop."""
        return {"removed": self._removed, "added": self._added}

    def show(self) -> None:
        """The first statements of each kind, long ones cut; says what is left out and how to see it."""
        for sign, style, statements in (("-", "red", self._removed), ("+", "green", self._added)):
            for it in statements[:_SHOWN]:
                out.print(Text(f"{sign} {it if len(it) <= _LONGEST else it[:_LONGEST] + ' ...'}", style=style))
            if len(statements) > _SHOWN:
                out.print(f"{sign} ... and {len(statements) - _SHOWN} more; --json prints them all.")
