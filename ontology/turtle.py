"""The Turtle files that ship with Kesher: the schema, the shapes and the starter knowledge.

They are authored with the default base; whoever loads them under another base rewrites `id/` addresses.
"""

from __future__ import annotations

from importlib.resources import files

_ROOM = files("ontology")


def schema() -> str:
    """The vocabulary itself, as Turtle: all modules together."""
    return "\n".join(schema_modules().values())


def shapes() -> str:
    """What entries must look like (SHACL), as Turtle: all modules together."""
    return "\n".join(shape_modules().values())


def schema_modules() -> dict[str, str]:
    """The vocabulary by theme: name of each module (`roles`) and its Turtle, in order of name."""
    return _folder("schema")


def shape_modules() -> dict[str, str]:
    """The shapes by theme, under the names that the modules of the schema have."""
    return _folder("shapes")


def starter() -> dict[str, str]:
    """The starter knowledge: name of each named graph (`starter/roles`) and its Turtle, in order of name."""
    found = {
        f"starter/{name}": text for folder in ("starter", "vocabularies") for name, text in _folder(folder).items()
    }
    return dict(sorted(found.items()))


def _folder(name: str) -> dict[str, str]:
    found = (file for file in (_ROOM / name).iterdir() if file.name.endswith(".ttl"))
    return dict(sorted((file.name.removesuffix(".ttl"), file.read_text("utf-8")) for file in found))
