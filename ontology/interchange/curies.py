"""Compact addresses (`skos:exactMatch`), after CURIE Syntax 1.0 (W3C Working Group Note 2010)."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

MADE_UP = "ns"


class Curies:
    """Prefixes, each with the beginning of the addresses that it stands for.

    Attributes:
        used: Prefixes that were needed so far, by name.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = dict(prefixes)
        self.used: dict[str, str] = {}

    def expand(self, curie: str) -> ox.NamedNode:
        """The address in full.

        Raises:
            ValueError: it has no prefix, or one that is not declared, or is no address when written out.
        """
        prefix, colon, reference = curie.partition(":")
        if not colon:
            raise ValueError(f"{curie[:80]!r} has no prefix")
        if prefix not in self._prefixes:
            raise ValueError(f"the prefix {prefix[:80]!r} of {curie[:80]!r} is not declared")
        return ox.NamedNode(self._prefixes[prefix] + reference)

    def contract(self, iri: str) -> str:
        """The address with the prefix that stands for most of it; one is made up (`ns1`) where none does."""
        fitting = [it for it in self._prefixes.items() if it[1] and iri.startswith(it[1]) and len(iri) > len(it[1])]
        prefix, start = max(fitting, key=lambda it: (len(it[1]), it[0]), default=("", ""))
        if not prefix:
            prefix, start = self._made_up(iri)
        self.used[prefix] = start
        return f"{prefix}:{iri[len(start) :]}"

    def _made_up(self, iri: str) -> tuple[str, str]:
        cut = max(iri.rfind(mark, 0, -1) for mark in "/#:") + 1
        number = 1
        while f"{MADE_UP}{number}" in self._prefixes:
            number += 1
        self._prefixes[f"{MADE_UP}{number}"] = iri[:cut]
        return f"{MADE_UP}{number}", iri[:cut]
