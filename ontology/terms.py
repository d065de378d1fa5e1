"""What the schema calls its own terms, for pages that show knowledge to people."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pyoxigraph as ox

from ontology import turtle
from ontology.namespaces import KS, RDFS


def term_name(local: str, lang: str) -> str | None:
    """Name of the term `ks:{local}` in a language; None where the schema has no such term."""
    return _names().get((local, lang))


@cache
def _names() -> Mapping[tuple[str, str], str]:
    label = ox.NamedNode(RDFS.label)
    found = (it for it in ox.parse(turtle.schema(), format=ox.RdfFormat.TURTLE) if it.predicate == label)
    return {
        (it.subject.value.removeprefix(str(KS)), it.object.language or ""): it.object.value
        for it in found
        if isinstance(it.subject, ox.NamedNode) and isinstance(it.object, ox.Literal)
    }
