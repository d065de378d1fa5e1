"""Schema and shapes, read together into what the documentation says of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

import pyoxigraph as ox

from ontology.documentation.model import (
    ClassDoc,
    Constraint,
    Link,
    Module,
    PropertyDoc,
    Rule,
    Shape,
    Term,
    TermKind,
    Vocabulary,
)
from ontology.documentation.shapes import read_shapes
from ontology.documentation.terms import read_terms
from ontology.documentation.triples import Triples
from ontology.namespaces import DCTERMS, KS, OWL, PREFIXES, RDF

_OWN = str(KS)
NOTHING: Mapping[str, str] = MappingProxyType({})


def read(schema: Mapping[str, str], shapes: Mapping[str, str], earlier: Mapping[str, str] = NOTHING) -> Vocabulary:
    """The vocabulary that these files describe.

    Args:
        schema: Turtle of each module of the schema, by name; the order is that of the documentation.
        shapes: Turtle of each module of the shapes, by name; a module may have either or both.
        earlier: Turtle of the releases before this one, by version, the oldest first.

    Raises:
        SyntaxError: a file is no Turtle.
    """
    described = Triples(schema)
    head = next(iter(described.subjects(str(RDF.type), ox.NamedNode(OWL.Ontology))), ox.NamedNode(_OWN))
    version = described.text(head, str(OWL.versionInfo))
    terms = _dated(read_terms(described, _OWN), version, earlier)
    shaped = Triples(shapes)
    found = read_shapes(shaped)
    classes = _classes(terms, found)
    folders = {"schema": schema, "shapes": shapes}
    modules = [
        Module(
            name=name,
            introduction=_introduction(schema.get(name) or shapes.get(name, "")),
            files=tuple(f"{folder}/{name}.ttl" for folder, files in folders.items() if name in files),
            classes=tuple(it for it in classes if it.term.module == name),
            properties=tuple(_properties(terms, classes, found, name)),
            individuals=tuple(it for it in terms.values() if it.module == name and it.kind is TermKind.INDIVIDUAL),
        )
        for name in dict.fromkeys([*schema, *shapes])
    ]
    return Vocabulary(
        namespace=_OWN,
        version=version,
        titles=described.texts(head, str(DCTERMS.title)),
        descriptions=described.texts(head, str(DCTERMS.description)),
        modules=tuple(it for it in modules if it.terms or it.classes),
        links=tuple(_links(terms, classes)),
        prefixes={**PREFIXES, **described.prefixes, **shaped.prefixes},
    )


def _dated(terms: Mapping[str, Term], version: str, earlier: Mapping[str, str]) -> dict[str, Term]:
    """The terms with the first release that has each."""
    first: dict[str, str] = {}
    for name, text in earlier.items():
        for iri in read_terms(Triples({name: text}), _OWN):
            first.setdefault(iri, name)
    return {iri: replace(term, since=first.get(iri, version)) for iri, term in terms.items()}


def _introduction(text: str) -> str:
    """The lines of `#` that a file begins with, as one paragraph for each run of them."""
    lines = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            break
        lines.append(line.lstrip("# ").rstrip())
    return "\n".join(lines).strip()


def _classes(terms: Mapping[str, Term], shapes: Iterable[Shape]) -> list[ClassDoc]:
    """Every own class, and every class of a standard that has a shape, in the module where its shape stands."""
    constraints: dict[str, list[Constraint]] = defaultdict(list)
    rules: dict[str, list[Rule]] = defaultdict(list)
    homes: dict[str, str] = {}
    for shape in shapes:
        for iri in shape.classes:
            homes.setdefault(iri, shape.module)
            constraints[iri] += shape.constraints
            rules[iri] += shape.rules
    own = [it for it in terms.values() if it.kind is TermKind.CLASS]
    reused = [Term(iri, TermKind.CLASS, home) for iri, home in homes.items() if iri not in terms]
    return [
        ClassDoc(
            term=term,
            own=term.iri in terms,
            subclasses=tuple(it.iri for it in own if term.iri in it.parents),
            constraints=tuple(dict.fromkeys(constraints[term.iri])),
            rules=tuple(dict.fromkeys(rules[term.iri])),
            properties=tuple(_unshaped(terms, term.iri, constraints[term.iri])),
        )
        for term in (*own, *reused)
    ]


def _unshaped(terms: Mapping[str, Term], iri: str, constraints: Iterable[Constraint]) -> Iterator[str]:
    mentioned = {it.predicate for it in constraints}
    yield from (it.iri for it in terms.values() if iri in it.domain and it.iri not in mentioned)


def _properties(
    terms: Mapping[str, Term], classes: Iterable[ClassDoc], shapes: Iterable[Shape], module: str
) -> Iterator[PropertyDoc]:
    """The own properties of one module."""
    uses: dict[str, list[tuple[str, Constraint]]] = defaultdict(list)
    for doc in classes:
        for it in doc.constraints:
            uses[it.predicate].append((doc.term.iri, it))
    everywhere: dict[str, list[Constraint]] = defaultdict(list)
    for shape in shapes:
        for holder in shape.holders:
            everywhere[holder] += (it for it in shape.constraints if it.predicate == holder)
    for term in terms.values():
        if term.module == module and term.kind in {TermKind.LINK, TermKind.VALUE}:
            yield PropertyDoc(term, tuple(uses[term.iri]), tuple(dict.fromkeys(everywhere[term.iri])))


def _links(terms: Mapping[str, Term], classes: Iterable[ClassDoc]) -> Iterator[Link]:
    """Each link from class to class: what shapes ask, and domains and ranges where no shape speaks."""
    for doc in classes:
        for it in doc.constraints:
            term = terms.get(it.predicate)
            ranges = it.classes or (term.range if term and term.kind is TermKind.LINK else ())
            yield from (Link(doc.term.iri, it.predicate, target, it) for target in ranges if it.predicate)
        for iri in doc.properties:
            if terms[iri].kind is TermKind.LINK:
                yield from (Link(doc.term.iri, iri, target) for target in terms[iri].range)
