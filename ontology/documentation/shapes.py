"""What the shapes ask, from their SHACL (W3C Recommendation, 2017): the parts of it that a table can show.

What a table cannot show, such as alternatives between properties, is told by the shape's own message.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ontology.documentation.model import Constraint, Rule, Shape
from ontology.documentation.triples import Resource, Term, Triples
from ontology.namespaces import RDF, SH

_SH = str(SH)
_SUFFIXES = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


def read_shapes(shapes: Triples) -> list[Shape]:
    """Every node shape that has a target, in the order of the files."""
    found = (_shape(shapes, node) for node in shapes if isinstance(node, ox.NamedNode))
    return [it for it in found if it.classes or it.holders]


def _shape(shapes: Triples, node: ox.NamedNode) -> Shape:
    constraints: list[Constraint] = []
    rules: list[Rule] = []
    for part in _parts(shapes, node, set()):
        constraints += (_constraint(shapes, it) for it in shapes.nodes(part, f"{_SH}property"))
        rules += (_rule(shapes, it) for it in _told(shapes, part))
    return Shape(
        module=shapes.home(node),
        classes=shapes.iris(node, f"{_SH}targetClass"),
        holders=shapes.iris(node, f"{_SH}targetSubjectsOf"),
        constraints=tuple(constraints),
        rules=tuple(rules),
    )


def _parts(shapes: Triples, node: Resource, seen: set[Resource]) -> Iterator[Resource]:
    """The shape, and those that it includes by sh:node and sh:and."""
    if node in seen:
        return
    seen.add(node)
    yield node
    joined = (it for start in shapes.objects(node, f"{_SH}and") for it in shapes.members(start))
    for part in (*shapes.nodes(node, f"{_SH}node"), *joined):
        if isinstance(part, Resource):
            yield from _parts(shapes, part, seen)


def _told(shapes: Triples, node: Resource) -> Iterator[Resource]:
    """Where a node shape says something of the entry as a whole: its own message, and those of its sh:sparql."""
    for it in (node, *shapes.nodes(node, f"{_SH}sparql")):
        if shapes.objects(it, f"{_SH}message"):
            yield it


def _rule(shapes: Triples, node: Resource) -> Rule:
    return Rule(shapes.texts(node, f"{_SH}message"), _severity(shapes, node))


def _constraint(shapes: Triples, node: Resource) -> Constraint:
    alternatives = list(_alternatives(shapes, node))
    path: list[str] = []
    route = "".join(_route(shapes, it, path) for it in shapes.objects(node, f"{_SH}path")[:1])
    return Constraint(
        path=tuple(path),
        route=route,
        low=_number(shapes, node, "minCount") or 0,
        high=_number(shapes, node, "maxCount"),
        classes=_iris(shapes, alternatives, "class"),
        datatypes=_iris(shapes, alternatives, "datatype"),
        allowed=_allowed(shapes, node),
        node_kind="".join(_iris(shapes, [node], "nodeKind")).removeprefix(_SH),
        pattern=shapes.text(node, f"{_SH}pattern"),
        limits=(shapes.text(node, f"{_SH}minInclusive"), shapes.text(node, f"{_SH}maxInclusive")),
        languages=_languages(shapes, [node]),
        required_languages=_languages(shapes, _required(shapes, node)),
        one_per_language=shapes.text(node, f"{_SH}uniqueLang") == "true",
        not_above=_iris(shapes, [node], "lessThanOrEquals") + _iris(shapes, [node], "lessThan"),
        messages=shapes.texts(node, f"{_SH}message"),
        severity=_severity(shapes, node),
    )


def _alternatives(shapes: Triples, node: Resource) -> Iterator[Resource]:
    """The shape itself, and the members of its sh:or and sh:xone."""
    yield node
    for word in ("or", "xone"):
        for start in shapes.objects(node, f"{_SH}{word}"):
            yield from (it for it in shapes.members(start) if isinstance(it, Resource))


def _iris(shapes: Triples, nodes: Iterable[Resource], word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(iri for node in nodes for iri in shapes.iris(node, f"{_SH}{word}")))


def _number(shapes: Triples, node: Resource, word: str) -> int | None:
    written = shapes.text(node, f"{_SH}{word}")
    return int(written) if written else None


def _allowed(shapes: Triples, node: Resource) -> tuple[str, ...]:
    """The values of sh:in or sh:hasValue: an address, or a literal's text."""
    listed = [it for start in shapes.objects(node, f"{_SH}in") for it in shapes.members(start)]
    values = [*listed, *shapes.objects(node, f"{_SH}hasValue")]
    return tuple(it.value for it in values if isinstance(it, ox.NamedNode | ox.Literal))


def _required(shapes: Triples, node: Resource) -> list[Resource]:
    """The shapes of which at least one value must be."""
    asked = _number(shapes, node, "qualifiedMinCount")
    return shapes.nodes(node, f"{_SH}qualifiedValueShape") if asked else []


def _languages(shapes: Triples, nodes: Iterable[Resource]) -> tuple[str, ...]:
    starts = (start for node in nodes for start in shapes.objects(node, f"{_SH}languageIn"))
    return tuple(it.value for start in starts for it in shapes.members(start) if isinstance(it, ox.Literal))


def _severity(shapes: Triples, node: Resource) -> str:
    return "".join(_iris(shapes, [node], "severity")).removeprefix(_SH) or "Violation"


def _route(shapes: Triples, node: Term, path: list[str]) -> str:
    """A property path as SPARQL writes it, with a numbered place for each of its addresses, which go to `path`."""
    if not isinstance(node, Resource):
        return ""
    if isinstance(node, ox.NamedNode):
        path.append(node.value)
        return f"{{{len(path) - 1}}}"
    if shapes.objects(node, str(RDF.first)):
        return "/".join(_route(shapes, it, path) for it in shapes.members(node))
    for inner in shapes.objects(node, f"{_SH}inversePath"):
        return f"^{_route(shapes, inner, path)}"
    for start in shapes.objects(node, f"{_SH}alternativePath"):
        return f"({'|'.join(_route(shapes, it, path) for it in shapes.members(start))})"
    repeated = ((it, suffix) for word, suffix in _SUFFIXES.items() for it in shapes.objects(node, f"{_SH}{word}"))
    return "".join(f"({_route(shapes, it, path)}){suffix}" for it, suffix in repeated)
