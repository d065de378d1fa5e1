"""CTDL and CTDL-ASN written: JSON-LD with its context inside, which any JSON-LD processor reads without fetching."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ontology.interchange.ctdl import terms
from ontology.interchange.ctdl.compact import Compactor
from ontology.interchange.facts import Facts, Term, facts_of, values
from ontology.interchange.hierarchy import reached
from ontology.interchange.json_text import Json
from ontology.interchange.naming import DEFINITION, PREFERRED
from ontology.namespaces import CETERMS, KS, RDF, SKOS, XSD

_TYPE, _ORDINAL, _DEVELOPS = str(RDF.type), str(KS.ordinal), str(KS.develops)
_UP = {str(SKOS.broader): terms.CHILD_OF, str(SKOS.inScheme): terms.PART_OF, str(SKOS.topConceptOf): terms.TOP_CHILD_OF}
_DOWN = {str(SKOS.broader): terms.HAS_CHILD, str(SKOS.topConceptOf): terms.HAS_TOP_CHILD}
_LAST = 1 << 31


def write_ctdl(triples: Iterable[ox.Triple], framework_iri: str | None = None) -> str:
    """What `read_ctdl` reads as the same triples.

    Everything of Kesher that stands below a CTDL class is written as that class, with its own class beside it unless
    it is what the CTDL class means anyway; what has no CTDL property keeps its own address. No `ceterms:ctid` is made
    up: a registry gives one on publication.

    Args:
        triples: Without nameless nodes.
        framework_iri: The framework to write, with its competencies and what they point at; None for everything.
    """
    writing = _Writing(triples)
    chosen = writing.members(framework_iri) if framework_iri else writing.things
    nodes = {iri: writing.node(iri) for iri in sorted(chosen, key=writing.place)}
    compactor = Compactor(nodes.values())
    graph: list[Json] = []
    for iri, node in nodes.items():
        written: dict[str, Json] = {"@id": iri, **compactor.node(node)}
        if taught := [_alignment(it, compactor) for it in writing.taught(iri)]:
            said = written.get(key := compactor.name(terms.TEACHES), [])
            written[key] = [*(said if isinstance(said, list) else [said]), *taught]
        graph.append(written)
    return json.dumps({"@context": compactor.context(), "@graph": graph}, ensure_ascii=False, indent=2) + "\n"


def _alignment(target: str, compactor: Compactor) -> Json:
    return {"@type": compactor.name(terms.ALIGNMENT), compactor.name(terms.TARGET_NODE): {"@id": target}}


class _Writing:
    """Triples by thing, with who stands below whom."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.things = facts_of(triples)
        self._below: dict[tuple[str, str], list[str]] = defaultdict(list)
        for iri, facts in self.things.items():
            for predicate in _UP:
                for parent in values(facts, predicate):
                    self._below[predicate, parent].append(iri)

    def classes(self, iri: str) -> set[str]:
        """The classes of a thing; none where nothing is known of it."""
        return set(values(self.things.get(iri, {}), _TYPE))

    def _is(self, iri: str, *wanted: str) -> bool:
        return not self.classes(iri).isdisjoint(wanted)

    def place(self, iri: str) -> tuple[bool, int, str]:
        """For sorting: frameworks first, then by place in order."""
        ordinals = [int(it) for it in values(self.things[iri], _ORDINAL) if terms.NUMBER.fullmatch(it)]
        return not self._is(iri, terms.FRAMEWORK), min(ordinals, default=_LAST), iri

    def members(self, framework: str) -> list[str]:
        """A framework, what is in it, what is below that, and things of other vocabularies that those point at."""

        def onward(iri: str) -> Iterator[str]:
            yield from (it for predicate in _UP for it in self._below[predicate, iri])
            yield from (it for it in self._pointed_at(iri) if self._is_foreign(it))

        return list(reached([framework] if framework in self.things else [], onward))

    def _pointed_at(self, iri: str) -> Iterator[str]:
        return (it.value for said in self.things[iri].values() for it in said if isinstance(it, ox.NamedNode))

    def _is_foreign(self, iri: str) -> bool:
        classes = self.classes(iri)
        return bool(classes) and not any(it.startswith(str(KS)) for it in classes)

    def node(self, iri: str) -> dict[str, list[Term]]:
        """A thing in CTDL's words: its values by the address of the member, its classes under `@type`."""
        facts, classes = self.things[iri], self.classes(iri)
        ours = {predicate: member for member, predicate in terms.properties_of(classes).items()}
        in_tree = self._is(iri, *terms.COMPETENCIES)
        node: dict[str, list[Term]] = defaultdict(list)
        node["@type"] = [ox.NamedNode(it) for it in _written(classes)]
        for predicate, said in facts.items():
            for value in said:
                if in_tree and predicate in (PREFERRED.value, DEFINITION.value):
                    node[_naming(predicate, value, facts)].append(value)
                elif predicate not in (_TYPE, _DEVELOPS):
                    key = self._in_tree(predicate, value) if in_tree else ""
                    node[key or ours.get(predicate, predicate)].append(value)
        if in_tree or terms.FRAMEWORK in classes:
            self._bear(node, iri)
        node[_DEVELOPS] = [] if self._aligns(iri) else list(facts.get(_DEVELOPS, []))
        return node

    def _in_tree(self, predicate: str, value: Term) -> str:
        """The member for a link of the tree, or a place in it; "" where it is neither."""
        if isinstance(value, ox.NamedNode):
            below_framework = self._is(value.value, terms.FRAMEWORK) and predicate == str(SKOS.broader)
            return "" if below_framework else _UP.get(predicate, "")
        ordinal = predicate == _ORDINAL and value.datatype.value == str(XSD.integer)
        return terms.LIST_ID if ordinal and terms.NUMBER.fullmatch(value.value) else ""

    def _bear(self, node: dict[str, list[Term]], iri: str) -> None:
        """The children of a thing, in their order."""
        predicate = str(SKOS.topConceptOf if self._is(iri, terms.FRAMEWORK) else SKOS.broader)
        for child in sorted(self._below[predicate, iri], key=self.place):
            if not self.classes(child) or self._is(child, *terms.COMPETENCIES):
                node[_DOWN[predicate]].append(ox.NamedNode(child))

    def _aligns(self, iri: str) -> bool:
        """Whether a thing's links to what it develops are alignment objects in CTDL: programmes have those."""
        return any(it.startswith(str(CETERMS)) or it in terms.CLASSES for it in self.classes(iri))

    def taught(self, iri: str) -> list[str]:
        """What a programme develops, except what an alignment object of its own says already."""
        facts = self.things[iri]
        alignments = [it for it in values(facts, terms.TEACHES) if self._is(it, terms.ALIGNMENT)]
        said = {target for it in alignments for target in values(self.things[it], terms.TARGET_NODE)}
        return [it for it in values(facts, _DEVELOPS) if it not in said] if self._aligns(iri) else []


def _written(classes: set[str]) -> Iterator[str]:
    """CTDL's class first, then our own where it says more."""
    for name in sorted(classes, key=lambda it: (it not in terms.CLASSES, it)):
        broader = terms.CLASSES.get(name)
        if broader:
            yield broader
        if not broader or terms.BY_DEFAULT.get(broader) != name:
            yield name


def _naming(predicate: str, value: Term, facts: Facts) -> str:
    """The member for a competency's name or definition: the statement is the name where there is no definition."""
    if not isinstance(value, ox.Literal):
        return predicate
    if predicate == PREFERRED.value:
        return terms.LABEL if DEFINITION.value in facts else terms.TEXT
    names = {it.language for it in facts.get(PREFERRED.value, ()) if isinstance(it, ox.Literal)}
    return terms.TEXT if value.language in names else DEFINITION.value
