"""The named questions as readers ask them: by name, with some variables bound, answered with names beside addresses."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass

import pyoxigraph as ox
from pydantic import Field

from api.names import foresee_names, read_name
from api.schemas import NOTHING_LOADED, Out
from api.statements import Statements
from graph.query import QueryDoor, QueryRequest
from graph.store import GraphStore, Term
from ontology.errors import InvalidParameter, UnknownEntity
from ontology.kinds import CLASS_OF, Iri, Kind, entity_iri, is_web_address, local_name, slug_of
from ontology.namespaces import RDF, XSD
from ontology.questions import bound, question, questions, variables
from search.naming import Named

_SHOWN = 12
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Public:
    """Where named questions are asked: the door answers them, the graph names what is in the answers."""

    cage: QueryDoor
    graph: GraphStore
    base: str


class QuestionOut(Out):
    """A named question: what it answers, and what may be bound in it."""

    name: str
    answers: str
    variables: list[str]


class CellOut(Out):
    """A value, with its language or its name where it has one."""

    value: str
    lang: str = ""
    entity: Named | None = Field(default=None, description="its name, where the value is the address of what has one")


class AnswerOut(Out):
    """The rows that answer a named question; a row lacks the variables that have no value in it."""

    question: QuestionOut
    rows: list[dict[str, CellOut]]
    statuses: list[str] = Field(description="statuses of the entities in it, such as illustrative: say them with it")
    hint: str | None = Field(
        default=None, description="why there may be no row: nothing is loaded, or a bound value stands in none"
    )
    truncated: bool = Field(description="true where there are more rows than one answer holds")


def all_questions() -> list[QuestionOut]:
    """Every named question, in order of name."""
    return [_described(name) for name in questions()]


def answer(public: Public, name: str, given: dict[str, str], lang: str) -> AnswerOut:
    """The answer to a named question, from the public dataset.

    It runs in the cage, because a question is cheap on our knowledge and may not be on what others have brought in.

    Args:
        public: Where it is asked.
        name: Name of the question.
        given: Values for some of its variables: an address, `kind/slug`, a slug where the variable is called like a
            kind (`role`), a whole number, or text.
        lang: Language of the names of entities.

    Raises:
        UnknownQuestion: there is none of that name.
        UnknownEntity: a value names an entity of this installation that nothing describes.
        InvalidParameter: it has no such variable, or the value cannot be one.
        QueryTimeout: it took too long.
    """
    question(name)
    described = _described(name)
    statements = Statements([public.graph])
    bindings = {key: _term(described, key, value, public.base) for key, value in given.items()}
    for key, term in bindings.items():
        _expect_described(statements, key, term, public.base)
    found, truncated = _ask(public.cage, name, bindings)
    foresee_names(statements, {Iri(it.value) for row in found for it in row.values() if isinstance(it, ox.NamedNode)})
    names: dict[str, Named | None] = {}
    rows = [{key: _cell(statements, names, term, lang) for key, term in row.items()} for row in found]
    return AnswerOut(
        question=described,
        rows=rows,
        statuses=sorted({status for it in names.values() if it for status in it.statuses}),
        hint=None if rows else _hint(public, name, bindings),
        truncated=truncated,
    )


def _ask(cage: QueryDoor, name: str, bindings: dict[str, Term]) -> tuple[list[dict[str, Term]], bool]:
    text = bound(name, {key: str(term) for key, term in bindings.items()})
    answered = cage.run(QueryRequest(text, "application/sparql-results+json"))
    rows = json.loads(answered.body)["results"]["bindings"]
    return [{key: _read(term) for key, term in row.items()} for row in rows], answered.truncated is not None


def _read(written: dict[str, str]) -> Term:
    """A term of the SPARQL 1.1 Query Results JSON Format (section 3.2.2); no blank node is stored."""
    if written["type"] == "uri":
        return ox.NamedNode(written["value"])
    if "xml:lang" in written:
        return ox.Literal(written["value"], language=written["xml:lang"])
    datatype = written.get("datatype")
    return ox.Literal(written["value"], datatype=ox.NamedNode(datatype) if datatype else None)


def _expect_described(statements: Statements, variable: str, term: Term, base: str) -> None:
    """Return if the entity is known, or is none of this installation.

    Raises:
        UnknownEntity: it is one of this installation that nothing describes; proposes the nearest of its kind.
    """
    prefix = f"{base}id/"
    if not isinstance(term, ox.NamedNode) or not term.value.startswith(prefix) or statements.about(Iri(term.value)):
        return
    kind, _, slug = term.value.removeprefix(prefix).partition("/")
    known = statements.pointing_at(CLASS_OF[Kind(kind)], str(RDF.type)) if kind in set(Kind) else []
    slugs = sorted({it.subject.rpartition("/")[2] for it in known})
    near = difflib.get_close_matches(slug, slugs, n=3, cutoff=0.4) or slugs[:_SHOWN]
    remedy = f"Known: {', '.join(near)}." if near else "Look for it with /api/v1/search?q=..."
    raise UnknownEntity(f"There is no {kind} {slug!r} to be {variable}.", remedy=remedy)


def _hint(public: Public, name: str, bindings: dict[str, Term]) -> str | None:
    """That nothing is loaded, or what a bound variable is in the rows that there are where the value is in none."""
    if not any(_known(public.graph, kind) for kind in Kind):
        return NOTHING_LOADED
    if not bindings:
        return None
    rows, _ = _ask(public.cage, name, {})
    for key, term in bindings.items():
        there = {row[key].value for row in rows if key in row}
        if there and term.value not in there:
            shown = ", ".join(sorted(local_name(it) for it in there)[:_SHOWN])
            return (
                f"No row has {key} = {local_name(term.value)}; there are {shown}{' ...' if len(there) > _SHOWN else ''}"
            )
    return None


def _known(graph: GraphStore, kind: Kind) -> bool:
    """True when there is at least one entity of the kind."""
    return next(graph.quads(None, ox.NamedNode(RDF.type), ox.NamedNode(CLASS_OF[kind])), None) is not None


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
        named = read_name(statements, Iri(term.value), lang)
        names[term.value] = named if named.kind or named.label != term.value else None
    return CellOut(value=term.value, entity=names[term.value])
