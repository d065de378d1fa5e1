"""Statements as a CASE package; the docstring of the package says what becomes what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from ontology.errors import InvalidParameter, UnknownEntity
from ontology.interchange.case.forms import NAME, STATEMENTS, Form, Part
from ontology.interchange.case.links import compose_edge, compose_link, edges_of, implied, links_of
from ontology.interchange.case.members import ASSOCIATION, DOCUMENT, FORMS, ITEM, PARTS, SHORT_ITEM
from ontology.interchange.case.objects import TYPE, Graph, compose, foreign, kept, statements
from ontology.interchange.case.reading import read_case
from ontology.interchange.case.terms import Named, Surroundings, identifier_of, usable_tag
from ontology.interchange.json_text import Json
from ontology.kinds import DEFAULT_BASE
from ontology.model import LANGUAGES
from ontology.namespaces import DCTERMS, SKOS

VERSIONS = ("1.0", "1.1")

_IDENTIFIER, _LANGUAGE, _DEFINITION = str(DCTERMS.identifier), str(DCTERMS.language), str(SKOS.definition)


@dataclass(slots=True)
class _Writing:
    """A framework while it is written.

    Attributes:
        lists: The things of each list of the package, by name of the list.
        known: How CASE refers to each of them.
    """

    graph: Graph
    document: str
    version: str
    lang: str = "en"
    lists: dict[str, list[str]] = field(default_factory=dict)
    known: dict[str, Named] = field(default_factory=dict)
    by_identifier: dict[str, str] = field(default_factory=dict)


def write_case(triples: Iterable[ox.Triple], framework_iri: str, version: str = "1.1") -> str:
    """A framework as a CASE package; the docstring of `case` says what becomes what.

    A framework that never was in CASE gets identifiers that its IRIs determine (UUID version 5). What CASE asks for and
    nobody knows is written as "unknown", "" and the first second of 1970, and read as nothing.

    Args:
        triples: What is known; more than the framework may be among it.
        framework_iri: The framework, with what has it as skos:inScheme or dcterms:isPartOf.
        version: "1.1" keeps to its schema; "1.0" writes members and types of values as they came.

    Raises:
        InvalidParameter: for another version.
        UnknownEntity: where nothing is said of the framework.
    """
    if version not in VERSIONS:
        raise InvalidParameter("version", f"CASE has versions {' and '.join(VERSIONS)}, not {version!r}")
    graph = Graph(triples)
    if not graph.about(framework_iri):
        raise UnknownEntity(f"Nothing is known of a framework {framework_iri}")
    writing = _gathered(graph, framework_iri, version)
    package = _package(writing)
    if _unsaid(writing, package):
        said = _with_statements(package, "", version)
        package = _with_statements(package, _unsaid(writing, said), version)
    return json.dumps(package, ensure_ascii=False, indent=2)


def _gathered(graph: Graph, document: str, version: str) -> _Writing:
    """The things of the framework, list by list."""
    writing = _Writing(graph, document, version)
    writing.lang = _language(writing, document)
    _know(writing, document)
    defined = {it for name in PARTS for part in PARTS[name] for it in _things(writing, part, document)}
    for part in (*PARTS["CFDefinitions"], *PARTS["CFPackage"]):
        if part.form == ITEM.name:
            writing.lists[part.name] = [it for it in graph.subjects(part.property, document) if it not in defined]
        elif part.form != ASSOCIATION.name:
            writing.lists[part.name] = _things(writing, part, document)
        for it in writing.lists.get(part.name, ()):
            _know(writing, it)
    writing.lists["CFAssociations"] = links_of(graph, document, writing.lists["CFItems"])
    for it in writing.lists["CFAssociations"]:
        _know(writing, it)
    return writing


def _things(writing: _Writing, part: Part, whole: str) -> list[str]:
    """The things of a list that are of its class."""
    if part.outward:
        return sorted(writing.graph.things(whole, part.property), key=writing.graph.order)
    asked = ox.NamedNode(FORMS[part.form].types[-1])
    found = writing.graph.subjects(part.property, whole)
    return [it for it in found if part.form != ITEM.name and asked in writing.graph.terms(it, TYPE)]


def _know(writing: _Writing, node: str) -> None:
    """Remember how CASE refers to a thing, and to what is inside it."""
    identifiers = sorted(it.value for it in writing.graph.terms(node, _IDENTIFIER) if isinstance(it, ox.Literal))
    identifier = identifiers[0] if identifiers else identifier_of(node)
    writing.known[node] = Named(_name(writing, node) or node, identifier)
    writing.by_identifier[identifier.lower()] = node
    for form in FORMS.values():
        for part in form.parts:
            for inner in _things(writing, part, node):
                if inner not in writing.known:
                    _know(writing, inner)


def _package(writing: _Writing) -> dict[str, Json]:
    document = _object(writing, writing.document, DOCUMENT)
    if document.get("caseVersion") != writing.version:
        document.pop("caseVersion", None)
    package: dict[str, Json] = {"CFDocument": document}
    definitions = _lists(writing, "CFDefinitions")
    if not definitions:
        empty = kept(writing.graph, writing.document, "CFDefinitions")
        package |= {"CFDefinitions": empty} if empty == {} or (empty == [] and writing.version == "1.0") else {}
    return package | ({"CFDefinitions": definitions} if definitions else {}) | _lists(writing, "CFPackage")


def _lists(writing: _Writing, holder: str) -> dict[str, Json]:
    """The lists of the package or of its definitions, with the extensions beside them."""
    found: dict[str, Json] = {}
    for part in PARTS[holder]:
        listed = _list(writing, part, writing.lists[part.name])
        if part.form == ASSOCIATION.name:
            listed += _implied(writing)
        if listed or kept(writing.graph, writing.document, part.name) == []:
            found[part.name] = listed
    extensions = foreign(writing.graph, writing.document, DOCUMENT, f"{holder}.").get("extensions")
    if isinstance(extensions, dict) and writing.version > "1.0":
        found["extensions"] = extensions
    return found


def _list(writing: _Writing, part: Part, nodes: Sequence[str]) -> list[Json]:
    form = FORMS[part.form]
    if form is not ASSOCIATION:
        return [_object(writing, it, form) for it in nodes]
    around = _around(writing, writing.lang)
    composed = (compose_link(writing.graph, it, around, writing.version) for it in nodes)
    return [it for it in composed if it is not None]


def _implied(writing: _Writing) -> list[Json]:
    around = _around(writing, writing.lang)
    edges = implied(writing.graph, writing.document, writing.lists["CFItems"], writing.lists["CFAssociations"])
    return [it for edge in edges if (it := compose_edge(edge, around, writing.version)) is not None]


def _object(writing: _Writing, node: str, form: Form) -> dict[str, Json]:
    lang = _language(writing, node)
    if form is ITEM and any(_is_in(it, lang) for it in writing.graph.terms(node, _DEFINITION)):
        form = SHORT_ITEM
    found = compose(writing.graph, node, form, _around(writing, lang), writing.version)
    found.setdefault("identifier", writing.known[node].identifier)
    if form.named and form.title:
        found.setdefault(form.title.name, writing.known[node].title)
    if lang != writing.lang and form.member("language"):
        found.setdefault("language", lang)
    for part in form.parts:
        listed = _list(writing, part, _things(writing, part, node))
        if listed or kept(writing.graph, node, part.name) == []:
            found[part.name] = listed
    return found


def _around(writing: _Writing, lang: str) -> Surroundings:
    return Surroundings(lang, writing.known, writing.by_identifier)


def _language(writing: _Writing, node: str) -> str:
    """The language in which a thing is written: its own, the framework's, or else one that it has a name in."""
    declared = [tag for it in writing.graph.terms(node, _LANGUAGE) if (tag := usable_tag(it.value))]
    named = sorted(
        {it.language for it in writing.graph.terms(node, NAME) if isinstance(it, ox.Literal) and it.language}
    )
    first = (*declared, writing.lang)
    return next((it for it in (*first, *LANGUAGES, *named) if it in named), first[0])


def _name(writing: _Writing, node: str) -> str | None:
    lang = _language(writing, node)
    return min((it.value for it in writing.graph.terms(node, NAME) if _is_in(it, lang)), default=None)


def _is_in(term: ox.NamedNode | ox.Literal, lang: str) -> bool:
    return isinstance(term, ox.Literal) and term.language == lang


def _unsaid(writing: _Writing, package: dict[str, Json]) -> str:
    """What is said of the things of the framework, and by its links, and is not in the package, as N-Triples."""
    graph = writing.graph
    said = read_case(json.dumps(package), DEFAULT_BASE, "").triples
    left = {it for node in writing.known for it in graph.statements(node)}
    for link in writing.lists["CFAssociations"]:
        for it in edges_of(graph, link):
            if graph.has(it.source, it.property, it.target):
                left |= set(statements(it.source, it.property, [ox.NamedNode(it.target)]))
    return "".join(f"{it} .\n" for it in sorted(map(str, left - said)))


def _with_statements(package: dict[str, Json], carried: str, version: str) -> dict[str, Json]:
    """The package with statements that CASE has no member for, where its version allows members of one's own."""
    document = package["CFDocument"]
    if not isinstance(document, dict):
        return package
    if version == "1.0":
        return package | {"CFDocument": document | {STATEMENTS: carried}}
    extensions = document.get("extensions")
    told = (extensions if isinstance(extensions, dict) else {}) | {STATEMENTS: carried}
    return package | {"CFDocument": document | {"extensions": told}}
