"""The starter knowledge in one store, and the fact base that it is held to, for the tests of both."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph as ox
import pytest

from ontology import turtle
from ontology.kinds import DEFAULT_BASE, slug_of
from ontology.namespaces import KS, RDF, SKOS

Row: TypeAlias = dict[str, Any]
Facts: TypeAlias = dict[str, list[Row]]

RDF_TYPE = ox.NamedNode(RDF.type)


@cache
def store() -> ox.Store:
    """Every starter file in its named graph."""
    loaded = ox.Store()
    for name, text in turtle.starter().items():
        loaded.load(text.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(f"{DEFAULT_BASE}graph/{name}"))
    return loaded


def read_facts(shared: Path) -> Facts:
    """The fact base by file name (`tools`); the test is skipped where it is absent."""
    folder = shared / "facts"
    if not folder.is_dir():
        pytest.skip(f"needs the fact base; {folder} is not there")
    return {file.stem: json.loads(file.read_text("utf-8")) for file in folder.glob("*.json")}


def iri(kind: str, name: str) -> str:
    return f"{DEFAULT_BASE}id/{kind}/{slug_of(name)}"


def addresses(kind: str, rows: Iterable[Row]) -> set[str]:
    """The addresses of the rows of one file of facts."""
    return {iri(kind, row["id"]) for row in rows}


def objects(subject: str, predicate: str) -> list[ox.Literal | ox.NamedNode]:
    return [it.object for it in store().quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None)]


def values(subject: str, predicate: str) -> list[str]:
    return sorted(it.value for it in objects(subject, predicate))


def value(subject: str, predicate: str) -> str | None:
    """The one value, or None; several are a fault."""
    found = values(subject, predicate)
    assert len(found) <= 1, f"{subject} has several values of {predicate}"
    return found[0] if found else None


def instances(cls: str) -> set[str]:
    return {it.subject.value for it in store().quads_for_pattern(None, RDF_TYPE, ox.NamedNode(cls))}


def english(subject: str) -> list[str]:
    return [it.value for it in objects(subject, SKOS.prefLabel) if it.language == "en"]


def statuses(subject: str) -> set[str]:
    return {it.removeprefix(str(KS)) for it in values(subject, KS.status)}
