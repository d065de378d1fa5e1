"""What items and concepts say of themselves: the texts that are linked, and what tells whether they have changed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from graph.store import GraphStore
from ingest.practice import TYPE
from ontology.kinds import CLASS_OF, Iri, Kind
from ontology.namespaces import DCTERMS, KS, RDFS, SKOS

#: The kinds of item that are linked, and of concept that they are linked to.
ITEMS = frozenset({Kind.PRACTICE, Kind.TOOL, Kind.SOURCE})
CONCEPTS = (Kind.COMPETENCY, Kind.MISCONCEPTION, Kind.SUBJECT, Kind.CONCEPT, Kind.TOOL)

_KINDS = {ox.NamedNode(iri): kind for kind, iri in CLASS_OF.items()}
_LABELS = tuple(map(ox.NamedNode, (SKOS.prefLabel, SKOS.altLabel)))
_TEXTS = (
    _LABELS[0],
    *map(
        ox.NamedNode, (SKOS.definition, DCTERMS.abstract, DCTERMS.description, RDFS.comment, KS.observation, KS.outcome)
    ),
)
_DIGITS = 16


def texts_of(triples: Iterable[ox.Triple]) -> list[str]:
    """What an item says of itself, one text for each language, its name first."""
    said: defaultdict[str, set[tuple[int, str]]] = defaultdict(set)
    for it in triples:
        if it.predicate in _TEXTS and isinstance(it.object, ox.Literal):
            said[it.object.language or ""].add((_TEXTS.index(it.predicate), it.object.value))
    return [". ".join(text for _, text in sorted(texts)) for _, texts in sorted(said.items())]


def digest(texts: Iterable[str]) -> str:
    """Sixteen hexadecimal digits of SHA-256: enough to tell whether a person would read something else now."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:_DIGITS]


def concept_digest(store: GraphStore, concept: Iri) -> str:
    """The digest of the names and descriptions of a concept; empty for one that nothing describes."""
    said = [it.triple for it in store.quads(ox.NamedNode(concept))]
    names = sorted({it.object.value for it in said if it.predicate in _LABELS and isinstance(it.object, ox.Literal)})
    return digest((*names, *texts_of(said))) if said else ""


def kinds_of(store: GraphStore, node: Iri) -> frozenset[Kind]:
    """The kinds that a store calls something."""
    types = (it.object for it in store.quads(ox.NamedNode(node), TYPE))
    return frozenset(_KINDS[it] for it in types if isinstance(it, ox.NamedNode) and it in _KINDS)


def concept_labels(store: GraphStore, base: str) -> dict[str, list[str]]:
    """The names of what items are about. Concepts of our own lists (grades, kinds of tools) are none of it."""
    labels: defaultdict[str, list[str]] = defaultdict(list)
    for kind in CONCEPTS:
        for concept in sorted({it.subject for it in store.quads(None, TYPE, ox.NamedNode(CLASS_OF[kind]))}, key=str):
            if isinstance(concept, ox.NamedNode) and not concept.value.startswith(f"{base}id/concept/"):
                names = (quad.object for label in _LABELS for quad in store.quads(concept, label))
                labels[concept.value] += sorted({it.value for it in names if isinstance(it, ox.Literal)})
    return labels


def concept_codes(store: GraphStore) -> dict[str, Iri]:
    """Codes (skos:notation) that name one competency, misconception or concept and nothing else.

    A code has a digit and at least four characters: shorter ones are words, numbers and grades in running text.
    """
    found: defaultdict[str, set[Iri]] = defaultdict(set)
    for it in store.quads(None, ox.NamedNode(SKOS.notation)):
        code = it.object.value if isinstance(it.object, ox.Literal) else ""
        telling = len(code) > 3 and any(map(str.isdigit, code)) and not code.isdigit()
        if telling and isinstance(it.subject, ox.NamedNode):
            found[code].add(Iri(it.subject.value))
    alone = {code: next(iter(iris)) for code, iris in found.items() if len(iris) == 1}
    return {code: iri for code, iri in alone.items() if kinds_of(store, iri) & set(CONCEPTS)}
