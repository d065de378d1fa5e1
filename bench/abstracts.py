"""More than ten thousand passages of real text: the abstracts of SciFact as sources, beside the starter knowledge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from api.services import Services, open_services
from api.settings import Settings
from bench.kept import KeptVectors
from bench.world import shared
from ingest.catalog import Facts
from ingest.starter import load_starter
from ontology.kinds import DEFAULT_BASE
from ontology.namespaces import DCTERMS, KS, RDF
from search.collection import Collection

_PREFIX = f"{DEFAULT_BASE}id/source/scifact-"


def scifact() -> Path:
    """The collection on disk."""
    return shared() / "data" / "retrieval" / "scifact"


@contextmanager
def abstracts(folder: Path, encoder: KeptVectors, *, alone: bool = False) -> Iterator[Services]:
    """Services over all abstracts (and, unless alone, the starter knowledge), wholly indexed.

    The first run on a machine encodes for many minutes; what is interrupted goes on where it was.
    """
    with open_services(Settings(data=folder), command="bench", encoder=lambda: encoder) as services:
        if not alone:
            load_starter(services.writer)
        load_abstracts(services, Collection.read(scifact()).documents)
        services.search.catch_up()
        encoder.keep()
        yield services


def load_abstracts(services: Services, documents: Mapping[str, str]) -> None:
    """Write documents of the collection into the graph, as sources."""
    triples = [it for name, text in documents.items() for it in _described(name, text)]
    facts = Facts("SciFact's abstracts")
    services.writer.replace("source/scifact", triples, door="bench", agent=services.agent, facts=facts)


def name_of(iri: str) -> str:
    """The name that an abstract has in the collection."""
    return iri.removeprefix(_PREFIX)


def _described(name: str, text: str) -> Iterator[ox.Triple]:
    """A source of an abstract: its title is the first sentence, as in the collection."""
    title, mark, rest = text.partition(". ")
    subject = ox.NamedNode(f"{_PREFIX}{name}")
    yield ox.Triple(subject, ox.NamedNode(RDF.type), ox.NamedNode(KS.ResearchSource))
    yield ox.Triple(subject, ox.NamedNode(DCTERMS.title), ox.Literal(title + mark.strip(), language="en"))
    if rest:
        yield ox.Triple(subject, ox.NamedNode(DCTERMS.abstract), ox.Literal(rest, language="en"))
