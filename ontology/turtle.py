"""The Turtle files that ship with Kesher: the schema, the shapes and the starter knowledge.

They are authored with the default base; whoever loads them under another base rewrites `id/` addresses.
"""

from __future__ import annotations

from importlib.resources import files

_ROOM = files("ontology")


def schema() -> str:
    """The vocabulary itself, as Turtle."""
    return (_ROOM / "schema.ttl").read_text("utf-8")


def shapes() -> str:
    """What entries must look like (SHACL), as Turtle."""
    return (_ROOM / "shapes.ttl").read_text("utf-8")


def starter() -> dict[str, str]:
    """The starter knowledge: name of each named graph (`starter/roles`) and its Turtle, in order of name."""
    found = {
        f"starter/{file.name.removesuffix('.ttl')}": file.read_text("utf-8")
        for folder in ("starter", "vocabularies")
        for file in (_ROOM / folder).iterdir()
        if file.name.endswith(".ttl")
    }
    return dict(sorted(found.items()))
