"""Edits as they arrive over HTTP and from the command line, turned into curation."""

from __future__ import annotations

from typing import Literal

import pyoxigraph as ox
from pydantic import Field

from api.schemas import Out
from ingest.curate import Edit, SetValues, Undo
from ontology.errors import InvalidParameter
from ontology.kinds import Iri
from ontology.namespaces import PREFIXES, SKOS


class ValueIn(Out):
    """A value that is not plain text: a link, or a literal with a datatype."""

    iri: str | None = None
    value: str | None = None
    datatype: str | None = Field(default=None, description="address or prefixed name, such as xsd:integer")


class EditIn(Out):
    """What one property shall say, in one language."""

    predicate: str = Field(description="address or prefixed name, such as skos:prefLabel")
    lang: str = Field(default="", max_length=35, description="language of the values; empty for links and numbers")
    values: list[str | ValueIn] | None = Field(
        default=None, max_length=200, description="these and no others; [] for none; null takes curation back"
    )


class EditsIn(Out):
    """Edits of one entity, and the state it shall have: all of it is made, or nothing."""

    labels: dict[str, str] = Field(default={}, max_length=20, description="preferred names by language")
    edits: list[EditIn] = Field(default=[], max_length=100)
    status: Literal["published", "retired"] | None = Field(
        default=None, description="published: show a draft, or bring back what is retired; retired: take out of use"
    )
    replaced_by: str | None = Field(
        default=None, alias="replacedBy", description="address of what takes the place of an entry that is retired"
    )


def edits_of(asked: EditsIn) -> list[Edit]:
    """The edits of a request.

    Raises:
        InvalidParameter: a property, a value or a datatype is not what it should be; says which.
    """
    names = [SetValues(Iri(str(SKOS.prefLabel)), (literal(text, lang),), lang) for lang, text in asked.labels.items()]
    return [*names, *(edit_of(it) for it in asked.edits)]


def edit_of(asked: EditIn) -> Edit:
    """One edit; see `edits_of`."""
    predicate = address(asked.predicate, "predicate")
    if asked.values is None:
        return Undo(predicate, asked.lang)
    return SetValues(predicate, tuple(_term(it, asked.lang) for it in asked.values), asked.lang)


def _term(value: str | ValueIn, lang: str) -> ox.NamedNode | ox.Literal:
    if isinstance(value, str):
        return literal(value, lang)
    if value.iri is not None:
        return ox.NamedNode(address(value.iri, "values"))
    return ox.Literal(value.value or "", datatype=ox.NamedNode(address(value.datatype or "", "values")))


def literal(text: str, lang: str) -> ox.Literal:
    """A text with its language; raises InvalidParameter for a tag that is none."""
    try:
        return ox.Literal(text, language=lang) if lang else ox.Literal(text)
    except ValueError as error:
        told = f"{lang[:40]!r} is no language tag: {error}."
        raise InvalidParameter("lang", told, remedy="Write it as en, he, ar or ar-PS.") from error


def address(written: str, parameter: str) -> Iri:
    """A full address; `skos:prefLabel` is one of those that need no full spelling."""
    prefix, colon, name = written.partition(":")
    full = PREFIXES[prefix] + name if colon and prefix in PREFIXES else written
    try:
        return Iri(ox.NamedNode(full).value)
    except ValueError as error:
        known = ", ".join(sorted(PREFIXES))
        raise InvalidParameter(parameter, f"{written!r} is not an address.", remedy=f"Prefixes: {known}.") from error


def prefixed(iri: str) -> str:
    """An address with its prefix, as people write it: the longest that fits."""
    fitting = [(len(start), name, start) for name, start in PREFIXES.items() if iri.startswith(start)]
    if not fitting:
        return iri
    _, name, start = max(fitting)
    return f"{name}:{iri.removeprefix(start)}"
