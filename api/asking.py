"""The named questions as readers ask them: by name, with some variables bound, answered with names beside addresses."""

from __future__ import annotations

import re

import pyoxigraph as ox
from pydantic import Field

from api.names import read_name
from api.schemas import Out
from api.statements import Statements
from graph.store import GraphStore, Term
from ontology.errors import InvalidParameter
from ontology.kinds import Iri, Kind, entity_iri, is_web_address, slug_of
from ontology.namespaces import XSD
from ontology.questions import question, questions, variables
from search.naming import Named

_MOST_ROWS = 10_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class QuestionOut(Out):
    """A named question: what it answers, and what may be bound in it."""

    name: str
    answers: str
    variables: list[str]


class CellOut(Out):
    """A value, with its language or its name where it has one."""

    value: str
    lang: str = ""
    entity: Named | None = Field(default=None, description="the entity, where the value is the address of one")


class AnswerOut(Out):
    """The rows that answer a named question; a row lacks the variables that have no value in it."""

    question: QuestionOut
    rows: list[dict[str, CellOut]]
    truncated: bool = Field(description=f"true where more than {_MOST_ROWS:,} rows were found")


def all_questions() -> list[QuestionOut]:
    """Every named question, in order of name."""
    return [_described(name) for name in questions()]


def answer(graph: GraphStore, base: str, name: str, given: dict[str, str], lang: str) -> AnswerOut:
    """The answer to a named question, from the public dataset.

    Args:
        graph: The public dataset.
        base: Base IRI of this installation.
        name: Name of the question.
        given: Values for some of its variables: an address, `kind/slug`, a slug where the variable is called like a
            kind (`role`), a whole number, or text.
        lang: Language of the names of entities.

    Raises:
        UnknownQuestion: there is none of that name.
        InvalidParameter: it has no such variable, or the value cannot be one.
    """
    question(name)
    described = _described(name)
    bindings = {key: _term(described, key, value, base) for key, value in given.items()}
    found = graph.select(name, **bindings)
    statements = Statements([graph])
    names: dict[str, Named | None] = {}
    rows = [{key: _cell(statements, names, term, lang) for key, term in row.items()} for row in found[:_MOST_ROWS]]
    return AnswerOut(question=described, rows=rows, truncated=len(found) > _MOST_ROWS)


def _described(name: str) -> QuestionOut:
    return QuestionOut(name=name, answers=questions()[name], variables=list(variables(name)))


def _term(asked: QuestionOut, variable: str, value: str, base: str) -> Term:
    if variable not in asked.variables:
        remedy = f"It has {', '.join(asked.variables)}."
        raise InvalidParameter(variable, f"The question {asked.name!r} has no variable {variable!r}.", remedy=remedy)
    kind, slash, slug = value.partition("/")
    if is_web_address(value):
        return ox.NamedNode(value)
    if slash and kind in set(Kind) and slug_of(slug):
        return ox.NamedNode(entity_iri(base, Kind(kind), slug_of(slug)))
    if variable in set(Kind) and slug_of(value) and ":" not in value:
        return ox.NamedNode(entity_iri(base, Kind(variable), slug_of(value)))
    if variable in set(Kind) or value.startswith(("http://", "https://")) or _CONTROL.search(value):
        remedy = "Give an address (https://...), kind/slug, a slug where it is called like a kind, a number or text."
        raise InvalidParameter(variable, f"{value[:200]!r} cannot be {variable}.", remedy=remedy)
    if value.isascii() and value.isdigit():
        return ox.Literal(value, datatype=ox.NamedNode(XSD.integer))
    return ox.Literal(value)


def _cell(statements: Statements, names: dict[str, Named | None], term: Term, lang: str) -> CellOut:
    if not isinstance(term, ox.NamedNode):
        return CellOut(value=term.value, lang=(term.language or "") if isinstance(term, ox.Literal) else "")
    if term.value not in names:
        entity = read_name(statements, Iri(term.value), lang)
        names[term.value] = entity if entity.kind else None
    return CellOut(value=term.value, entity=names[term.value])
