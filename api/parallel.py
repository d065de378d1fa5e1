"""The texts that ship with Kesher in more than one language, side by side: what a statement says in each of them."""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox

from ontology import turtle


def shipped_pairs(lang: str, other: str = "en") -> list[tuple[str, str]]:
    """Texts in a language with what the same subject says by the same property in another, each pair once, in order."""
    said: defaultdict[tuple[str, str], defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for text in turtle.starter().values():
        for it in ox.parse(text, format=ox.RdfFormat.TURTLE):
            if isinstance(it.object, ox.Literal) and it.object.language:
                said[str(it.subject), str(it.predicate)][it.object.language].append(it.object.value)
    pairs = ((" ".join(it[lang]), " ".join(it[other])) for it in said.values() if lang in it and other in it)
    return list(dict.fromkeys(pairs))
