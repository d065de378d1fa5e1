"""The terms of a vocabulary, from its OWL."""

from __future__ import annotations

import pyoxigraph as ox

from ontology.documentation.model import Term, TermKind
from ontology.documentation.triples import Triples
from ontology.namespaces import DCTERMS, OWL, RDF, RDFS, SKOS

_KINDS = {
    str(OWL.Class): TermKind.CLASS,
    str(RDFS.Class): TermKind.CLASS,
    str(OWL.ObjectProperty): TermKind.LINK,
    str(OWL.DatatypeProperty): TermKind.VALUE,
    str(OWL.AnnotationProperty): TermKind.VALUE,
    str(RDF.Property): TermKind.VALUE,
}
_MATCHES = (
    OWL.equivalentClass, OWL.equivalentProperty, SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, RDFS.seeAlso,
)  # fmt: skip


def read_terms(schema: Triples, namespace: str) -> dict[str, Term]:
    """Every term of the namespace that the schema describes, by address, in the order of its files."""
    own = (it for it in schema if isinstance(it, ox.NamedNode) and it.value.startswith(namespace))
    return {it.value: _term(schema, it) for it in own}


def _term(schema: Triples, node: ox.NamedNode) -> Term:
    types = schema.iris(node, str(RDF.type))
    kind = next((_KINDS[it] for it in types if it in _KINDS), TermKind.INDIVIDUAL)
    refines = (*schema.iris(node, str(RDFS.subClassOf)), *schema.iris(node, str(RDFS.subPropertyOf)))
    return Term(
        iri=node.value,
        kind=kind,
        module=schema.home(node),
        labels=schema.texts(node, str(RDFS.label)),
        comments=schema.texts(node, str(RDFS.comment)),
        parents=types if kind is TermKind.INDIVIDUAL else refines,
        matches=tuple(iri for predicate in _MATCHES for iri in schema.iris(node, str(predicate))),
        domain=_classes(schema, node, str(RDFS.domain)),
        range=_classes(schema, node, str(RDFS.range)),
        inverse=schema.iris(node, str(OWL.inverseOf)),
        reason=schema.text(node, str(SKOS.editorialNote)),
        deprecated=schema.text(node, str(OWL.deprecated)) in {"true", "1"},
        replaced_by=schema.iris(node, str(DCTERMS.isReplacedBy)),
    )


def _classes(schema: Triples, node: ox.NamedNode, predicate: str) -> tuple[str, ...]:
    """The classes of a domain or range, those of a union (owl:unionOf) one by one."""
    unions = (union for it in schema.nodes(node, predicate) for union in schema.objects(it, str(OWL.unionOf)))
    members = (it.value for union in unions for it in schema.members(union) if isinstance(it, ox.NamedNode))
    return (*schema.iris(node, predicate), *members)
