"""Do the records of a batch have the shape they should? Told at ingest, over what changes and nothing else.

A record that is not as its shape asks is taken all the same: what a file says is worth keeping, and its owner learns
what to mend. `kesher check` goes on telling it until it is mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pyoxigraph as ox

from graph.store import GraphStore
from ingest.record import Node
from ontology.model import Problem
from ontology.namespaces import RDF
from ontology.validate import Severity, Violation, validate

_TYPE = ox.NamedNode(RDF.type)


def shape_problems(
    changed: Iterable[ox.Triple],
    stores: Iterable[GraphStore],
    file: str,
    place_of: Callable[[str], str],
    lang: str = "en",
) -> Iterator[Problem]:
    """A warning for each violation: W170 for what must be mended, W171 for what should be.

    Args:
        changed: Everything that the changed records say.
        stores: Where the classes of what they link to are looked up.
        file: Name for problems.
        place_of: Where in the file an entry stands, by its address.
        lang: Language of the messages.
    """
    triples = list(changed)
    context = list(_classes(triples, list(stores)))
    for violation in validate(triples, context=context):
        code = "W170" if violation.severity is Severity.VIOLATION else "W171"
        yield Problem(code, file, place_of(violation.focus), _told(violation, lang))


def changed_statements(now: set[ox.Triple], before: set[ox.Triple]) -> set[ox.Triple]:
    """What is now said of every subject of which something else is said than before."""
    subjects = {it.subject for it in now ^ before}
    return {it for it in now if it.subject in subjects}


def _classes(triples: list[ox.Triple], stores: list[GraphStore]) -> Iterator[ox.Quad]:
    """What kind of thing everything is that the batch links to without describing it."""
    described: set[Node] = {it.subject for it in triples}
    linked = {it.object for it in triples if isinstance(it.object, ox.NamedNode) and it.predicate != _TYPE}
    for node in linked - described:
        if isinstance(node, ox.NamedNode):
            yield from (quad for store in stores for quad in store.quads(node, _TYPE))


def _told(violation: Violation, lang: str) -> str:
    name = violation.path.rpartition("/")[2].rpartition("#")[2] if violation.path else ""
    return f"{name}: {violation.message(lang)}" if name else violation.message(lang)
