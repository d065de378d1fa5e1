"""Edits as they arrive over HTTP, turned into curation."""

from __future__ import annotations

import pyoxigraph as ox

from api.schemas import EditIn, EditsIn, ValueIn
from ingest.curate import Edit, SetValues, Undo
from ontology.errors import InvalidParameter
from ontology.kinds import Iri
from ontology.namespaces import PREFIXES


def edits_of(asked: EditsIn) -> list[Edit]:
    """The edits of a request.

    Raises:
        InvalidParameter: a property, a value or a datatype is not what it should be; says which.
    """
    return [_edit(it) for it in asked.edits]


def _edit(asked: EditIn) -> Edit:
    predicate = _address(asked.predicate, "predicate")
    if asked.values is None:
        return Undo(predicate, asked.lang)
    return SetValues(predicate, tuple(_term(it, asked.lang) for it in asked.values), asked.lang)


def _term(value: str | ValueIn, lang: str) -> ox.NamedNode | ox.Literal:
    try:
        if isinstance(value, str):
            return ox.Literal(value, language=lang) if lang else ox.Literal(value)
        if value.iri is not None:
            return ox.NamedNode(_address(value.iri, "values"))
        return ox.Literal(value.value or "", datatype=ox.NamedNode(_address(value.datatype or "", "values")))
    except ValueError as error:
        raise InvalidParameter("values", f"{value!r} is no value: {error}.") from error


def _address(written: str, parameter: str) -> Iri:
    """A full address; `skos:prefLabel` is one of those that need no full spelling."""
    prefix, colon, name = written.partition(":")
    full = PREFIXES[prefix] + name if colon and prefix in PREFIXES else written
    try:
        return Iri(ox.NamedNode(full).value)
    except ValueError as error:
        known = ", ".join(sorted(PREFIXES))
        raise InvalidParameter(parameter, f"{written!r} is not an address.", remedy=f"Prefixes: {known}.") from error
