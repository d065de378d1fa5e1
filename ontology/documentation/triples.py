"""Turtle, looked up by subject: what the documentation reads, in the order in which its authors wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

import pyoxigraph as ox

from ontology.documentation.model import said
from ontology.model import Text
from ontology.namespaces import RDF

Resource: TypeAlias = ox.NamedNode | ox.BlankNode
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal


class Triples:
    """The statements of several files, each statement's subject remembered with the file that first describes it.

    Args:
        files: Turtle by name of module.

    Attributes:
        prefixes: Namespace of each prefix that the files declare.
    """

    def __init__(self, files: Mapping[str, str]) -> None:
        self._objects: dict[Resource, dict[str, list[Term]]] = {}
        self._subjects: dict[tuple[str, Term], list[Resource]] = {}
        self._homes: dict[Resource, str] = {}
        self.prefixes: dict[str, str] = {}
        for module, text in files.items():
            parsed = ox.parse(text, format=ox.RdfFormat.TURTLE)
            for it in parsed:
                self._add(module, it.subject, it.predicate.value, it.object)
            self.prefixes |= parsed.prefixes

    def _add(self, module: str, subject: object, predicate: str, value: object) -> None:
        if not isinstance(subject, Resource) or not isinstance(value, Term):
            return  # a statement about a statement (RDF 1.2), which neither OWL nor SHACL has
        self._homes.setdefault(subject, module)
        self._objects.setdefault(subject, {}).setdefault(predicate, []).append(value)
        self._subjects.setdefault((predicate, value), []).append(subject)

    def __iter__(self) -> Iterator[Resource]:
        """Every subject once."""
        return iter(self._homes)

    def home(self, subject: Resource) -> str:
        """The module that first describes it."""
        return self._homes[subject]

    def about(self, subject: Resource) -> Mapping[str, list[Term]]:
        """What is said of a subject, by predicate."""
        return self._objects.get(subject, {})

    def objects(self, subject: Resource, predicate: str) -> list[Term]:
        """The values of one property."""
        return self.about(subject).get(predicate, [])

    def subjects(self, predicate: str, value: Term) -> list[Resource]:
        """What has this value."""
        return self._subjects.get((predicate, value), [])

    def iris(self, subject: Resource, predicate: str) -> tuple[str, ...]:
        """The values that are addresses."""
        return tuple(it.value for it in self.objects(subject, predicate) if isinstance(it, ox.NamedNode))

    def nodes(self, subject: Resource, predicate: str) -> list[Resource]:
        """The values that can be described in turn."""
        return [it for it in self.objects(subject, predicate) if isinstance(it, Resource)]

    def texts(self, subject: Resource, predicate: str) -> tuple[Text, ...]:
        """The values that are texts; the first of each language."""
        found: dict[str, str] = {}
        for it in self.objects(subject, predicate):
            if isinstance(it, ox.Literal):
                found.setdefault(it.language or "", it.value)
        return tuple(Text(text, lang) for lang, text in found.items())

    def text(self, subject: Resource, predicate: str) -> str:
        """The English or else the first text, empty when there is none."""
        return said(self.texts(subject, predicate))

    def members(self, start: Term) -> Iterator[Term]:
        """The members of an RDF collection."""
        while isinstance(start, Resource) and (first := self.objects(start, str(RDF.first))):
            yield first[0]
            start = next(iter(self.objects(start, str(RDF.rest))), ox.NamedNode(RDF.nil))
