"""The terms that the dataset uses, for those who write queries: by the beginning of their names, most used first."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.publishing.statistics import Labels, Statistics
from api.schemas import Out
from api.tabulating import compact
from ontology.kinds import Iri
from ontology.namespaces import PREFIXES

TermKind = Literal["class", "property"]


class TermOut(Out):
    """A class or a property that is in use."""

    iri: Iri
    name: str = Field(description="as a query may write it: `ks:Tool`, or the whole address where no prefix is known")
    kind: TermKind
    labels: Labels = Field(description="by language: en, he, ar; those that the dataset has")
    uses: int = Field(description="things of the class; statements with the property, or things of the class asked for")


class VocabularyOut(Out):
    """Terms in use, most used first."""

    sequence: int = Field(description="number of the last write that is counted")
    modified: str
    total: int = Field(description="terms that match, before the limit")
    terms: list[TermOut]


def terms_of(statistics: Statistics, prefix: str, kind: TermKind | None, cls: str | None) -> list[TermOut]:
    """The terms that match; with a class, the properties that its things have, counted within it."""
    terms = [] if cls or kind == "property" else _classes(statistics)
    if kind != "class":
        terms += _properties_of(statistics, expanded(cls)) if cls else _properties(statistics)
    found = (it for it in terms if _begins(it, prefix.casefold()))
    return sorted(found, key=lambda it: (-it.uses, it.iri))


def expanded(name: str) -> str:
    """The address of a term that is named by prefix; anything else is an address already."""
    prefix, colon, local = name.partition(":")
    return f"{PREFIXES[prefix]}{local}" if colon and prefix in PREFIXES else name


def _classes(statistics: Statistics) -> list[TermOut]:
    return [_term(it.iri, "class", it.labels, it.things) for it in statistics.classes]


def _properties(statistics: Statistics) -> list[TermOut]:
    return [_term(it.iri, "property", it.labels, it.statements) for it in statistics.properties]


def _properties_of(statistics: Statistics, cls: str) -> list[TermOut]:
    labels = {it.iri: it.labels for it in statistics.properties}
    used = (it for it in statistics.uses if it.cls == cls)
    return [_term(it.property, "property", labels.get(it.property, {}), it.things) for it in used]


def _term(iri: Iri, kind: TermKind, labels: Labels, uses: int) -> TermOut:
    return TermOut(iri=iri, name=compact(iri), kind=kind, labels=labels, uses=uses)


def _begins(term: TermOut, prefix: str) -> bool:
    """Whether the name, with or without its prefix, the address, or a label begins so."""
    names = (term.name, term.name.partition(":")[2], term.iri, *term.labels.values())
    return any(it.casefold().startswith(prefix) for it in names)
