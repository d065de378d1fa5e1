"""Any vocabulary or framework as plain SKOS: SKOS terms and Dublin Core alone, both directions of every link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

import pyoxigraph as ox

from ontology.interchange.facts import Statement
from ontology.interchange.hierarchy import reached
from ontology.interchange.turtle_text import dump_turtle
from ontology.namespaces import DCTERMS, KS, RDF, SKOS

_TYPE, _CONCEPT, _SCHEME = map(ox.NamedNode, (RDF.type, SKOS.Concept, SKOS.ConceptScheme))
_BROADER, _IN_SCHEME, _NOTE = map(ox.NamedNode, (SKOS.broader, SKOS.inScheme, SKOS.editorialNote))
_TOP, _HAS_TOP = map(ox.NamedNode, (SKOS.topConceptOf, SKOS.hasTopConcept))

#: Our classes, and the SKOS class above each.
_CLASSES: Mapping[str, ox.NamedNode] = {
    str(KS.Framework): _SCHEME,
    **dict.fromkeys(
        map(str, (KS.Competency, KS.StandardItem, KS.Role, KS.Subject, KS.GradeBand, SKOS.Concept)), _CONCEPT
    ),
    **{str(name): ox.NamedNode(name) for name in (SKOS.ConceptScheme, SKOS.Collection, SKOS.OrderedCollection)},
}
_UP = {_BROADER, _IN_SCHEME, _TOP, ox.NamedNode(SKOS.member)}
_DOWN = {_HAS_TOP, *map(ox.NamedNode, (SKOS.narrower, SKOS.memberList, RDF.rest))}
#: Our properties, and the one above each.
_PROPERTIES = {str(KS.basis): ox.NamedNode(SKOS.note), str(KS.subject): ox.NamedNode(DCTERMS.subject)}
_LISTS = frozenset(map(str, (RDF.first, RDF.rest)))
_INVERSE: Mapping[ox.NamedNode, ox.NamedNode] = {
    ox.NamedNode(one): ox.NamedNode(other)
    for pair in ((SKOS.broader, SKOS.narrower), (SKOS.topConceptOf, SKOS.hasTopConcept), (SKOS.related, SKOS.related))
    for one, other in (pair, pair[::-1])
}


def write_skos(triples: Iterable[ox.Triple], scheme_iri: str | None = None) -> str:
    """The SKOS view of a scheme, or of everything, as Turtle; see `skos_view`."""
    return dump_turtle(skos_view(triples, scheme_iri), {"skos": str(SKOS), "dcterms": str(DCTERMS)})


def skos_view(triples: Iterable[ox.Triple], scheme_iri: str | None = None) -> frozenset[ox.Triple]:
    """What of some triples SKOS can say.

    Competencies, items of standards, roles, subjects and grade bands are concepts, frameworks are schemes. Every link
    up has its link down; concepts that nothing stands above are the top ones of a scheme that names none. A status such
    as "illustrative" becomes an editorial note, so that it is not lost. The view of a view is the view.

    Args:
        triples: Without nameless nodes.
        scheme_iri: The scheme or framework wanted, with what is in it; None for all.
    """
    statements = [
        (it.subject, it.predicate, it.object)
        for it in set(triples)
        if isinstance(it.subject, ox.NamedNode) and isinstance(it.object, ox.NamedNode | ox.Literal)
    ]
    if scheme_iri:
        wanted = _members(statements, scheme_iri)
        statements = [it for it in statements if it[0] in wanted]
    classes = _classes(statements)
    view = {said for it in statements for said in _said(it, classes)}
    view |= set(_tops(view))
    view |= set(_inverses(view, classes))
    return frozenset(ox.Triple(*it) for it in view)


def _classes(statements: Iterable[Statement]) -> dict[ox.NamedNode, set[ox.NamedNode]]:
    """The SKOS classes of each thing that has one."""
    found: dict[ox.NamedNode, set[ox.NamedNode]] = defaultdict(set)
    for subject, predicate, value in statements:
        if predicate == _TYPE and value.value in _CLASSES:
            found[subject].add(_CLASSES[value.value])
    return dict(found)


def _said(statement: Statement, classes: Mapping[ox.NamedNode, set[ox.NamedNode]]) -> Iterator[Statement]:
    """One statement in SKOS's words, if it has any for it."""
    subject, predicate, value = statement
    if predicate.value in _LISTS:
        yield statement
    elif subject not in classes:
        return
    elif predicate == _TYPE:
        yield from ((subject, _TYPE, name) for name in classes[subject])
    elif predicate.value == str(KS.status):
        status = value.value.rpartition("#")[2].lower()
        yield subject, _NOTE, ox.Literal(f"Status: {status}.", language="en")
    elif predicate.value in _PROPERTIES:
        yield subject, _PROPERTIES[predicate.value], value
    elif predicate.value.startswith(str(DCTERMS)) or predicate.value.removeprefix(str(SKOS)) in SKOS:
        yield statement


def _inverses(view: Iterable[Statement], described: Collection[ox.NamedNode]) -> Iterator[Statement]:
    """The other direction of each link between two things that are described."""
    for subject, predicate, value in view:
        if predicate in _INVERSE and isinstance(value, ox.NamedNode) and value in described:
            yield value, _INVERSE[predicate], subject


def _members(statements: Iterable[Statement], scheme: str) -> set[ox.NamedNode]:
    """A scheme and what is in it: by its own word, as a top concept, below one that is, or a collection of those."""
    below: dict[ox.NamedNode, list[ox.NamedNode]] = defaultdict(list)
    for subject, predicate, value in statements:
        if isinstance(value, ox.NamedNode):
            if predicate in _UP:
                below[value].append(subject)
            elif predicate in _DOWN:
                below[subject].append(value)
    return set(reached([ox.NamedNode(scheme)], lambda it: below.get(it, ())))


def _tops(view: Iterable[Statement]) -> Iterator[Statement]:
    """The top concepts of schemes that name none."""
    view = list(view)
    under = {subject for subject, predicate, _ in view if predicate == _BROADER}
    with_tops = {value for _, predicate, value in view if predicate == _TOP}
    for subject, predicate, value in view:
        if predicate == _IN_SCHEME and value not in with_tops and subject not in under:
            yield subject, _TOP, value
