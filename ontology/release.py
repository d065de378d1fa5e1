"""Releases of the vocabulary: what each one brought, what it retired, and what takes a retired term's place.

A term is never taken out of the schema: it is marked owl:deprecated, and dcterms:isReplacedBy names its successor. So
an address that was published once is described for ever. A released schema stands unchanged in `ontology/releases/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import pyoxigraph as ox

from ontology import turtle
from ontology.errors import NotFound
from ontology.kinds import Iri
from ontology.namespaces import DCTERMS, KS, OWL, RDF, RDFS

_FOLDER = files("ontology") / "releases"
_ONTOLOGY = ox.NamedNode("https://w3id.org/kesher/schema")
_VERSION = ox.NamedNode(OWL.versionInfo)
_DEPRECATED = ox.NamedNode(OWL.deprecated)
_REPLACED = ox.NamedNode(DCTERMS.isReplacedBy)
#: What makes a term mean something else when it changes; its names and comments do not.
_MEANING = tuple(map(ox.NamedNode, (RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range)))


class Turn(StrEnum):
    """What a release did to a term."""

    ADDED = "added"
    RETIRED = "retired"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class TermChange:
    """One line of the changelog of terms.

    Attributes:
        term: Address of the term.
        successor: What takes the place of a retired term; None where nothing does, or it is not retired.
    """

    turn: Turn
    term: Iri
    successor: Iri | None = None


def versions() -> tuple[str, ...]:
    """Every release, the oldest first and the present one last."""
    released = {it.name.removesuffix(".ttl") for it in _FOLDER.iterdir() if it.name.endswith(".ttl")}
    return tuple(sorted({*released, present()}, key=lambda it: [int(part) for part in it.split(".")]))


@cache
def present() -> str:
    """The version of the schema that this program ships."""
    found = (it for it in _statements(turtle.schema()) if (it.subject, it.predicate) == (_ONTOLOGY, _VERSION))
    return next(it.object for it in found if isinstance(it.object, ox.Literal)).value


def schema_of(version: str) -> str:
    """The schema of a release, as Turtle.

    Raises:
        NotFound: there is no such release.
    """
    if version == present():
        return turtle.schema()
    if version not in versions():
        raise NotFound(f"There is no release {version!r}.", remedy=f"The releases are: {', '.join(versions())}.")
    return (_FOLDER / f"{version}.ttl").read_text("utf-8")


def changes(before: str, after: str) -> tuple[TermChange, ...]:
    """What lies between two schemas, given as Turtle, in order of turn and term."""
    old, new = _statements(before), _statements(after)
    known, now, gone = _terms(old), _terms(new), _retired(new)
    added = (TermChange(Turn.ADDED, Iri(it.value)) for it in now - known)
    retired = (TermChange(Turn.RETIRED, Iri(it.value), gone[it]) for it in gone if it not in _retired(old))
    changed = (TermChange(Turn.CHANGED, Iri(it.value)) for it in known & now if _meaning(old, it) != _meaning(new, it))
    return tuple(sorted((*added, *retired, *changed), key=lambda it: (list(Turn).index(it.turn), it.term)))


@cache
def retired() -> Mapping[Iri, Iri]:
    """Retired terms of the present schema that have a successor, each with it."""
    found = _retired(_statements(turtle.schema()))
    return MappingProxyType({Iri(term.value): successor for term, successor in found.items() if successor})


def _statements(text: str) -> list[ox.Quad]:
    return list(ox.parse(text, format=ox.RdfFormat.TURTLE))


def _terms(statements: Iterable[ox.Quad]) -> set[ox.NamedNode]:
    subjects = {it.subject for it in statements if isinstance(it.subject, ox.NamedNode)}
    return {it for it in subjects if it.value.startswith(str(KS))}


def _retired(statements: Iterable[ox.Quad]) -> dict[ox.NamedNode, Iri | None]:
    statements = list(statements)
    replaced = (it for it in statements if it.predicate == _REPLACED)
    successor = {it.subject: Iri(it.object.value) for it in replaced if isinstance(it.object, ox.NamedNode)}
    gone = {it.subject for it in statements if it.predicate == _DEPRECATED}
    return {it: successor.get(it) for it in gone if isinstance(it, ox.NamedNode)}


def _meaning(statements: Iterable[ox.Quad], term: ox.NamedNode) -> set[ox.Triple]:
    return {it.triple for it in statements if it.subject == term and it.predicate in _MEANING}
