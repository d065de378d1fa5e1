"""DigComp written as its JSON-LD, with a @context that gives every word an address."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import unquote

import pyoxigraph as ox

from ontology.interchange.digcomp.vocabulary import (
    CLASSES,
    DIGCOMP,
    LANGUAGE,
    NAME,
    OTHER,
    TYPE,
    Class,
    Holds,
    folder,
    implied,
)
from ontology.interchange.facts import Facts, Term, facts_of, values
from ontology.interchange.json_text import Json
from ontology.interchange.jsonld import explicit, native
from ontology.namespaces import XSD


def write_digcomp(triples: Iterable[ox.Triple], base: str) -> str:
    """The nodes of DigComp among some triples, as `read_digcomp` reads them.

    Unlike DigComp's own file it leaves no word without an address. What a reader works out again is not written: codes,
    depths, the framework, and the four broad levels.

    Args:
        triples: As `read_digcomp` gave them.
        base: Base IRI of this installation.
    """
    graph: list[Json] = [node for iri, facts in sorted(facts_of(triples).items()) if (node := _node(iri, facts, base))]
    links = {name for kind in CLASSES.values() for name, known in kind.members.items() if known.holds is Holds.LINK}
    context: dict[str, Json] = {"@vocab": DIGCOMP, "@base": folder(base)}
    context |= {name: {"@type": "@id"} for name in sorted(links)}
    return json.dumps({"@context": context, "@graph": graph}, ensure_ascii=False, indent=2) + "\n"


def _node(iri: str, facts: Facts, base: str) -> dict[str, Json]:
    """One node; empty where a thing is none of DigComp's."""
    classes = [it for it in values(facts, TYPE.value) if it.startswith(DIGCOMP)]
    words: list[Json] = [unquote(it.removeprefix(DIGCOMP)) for it in classes]
    kind = next((CLASSES[name] for name in CLASSES if name in words), OTHER)
    if not words:
        return {}
    node: dict[str, Json] = {"@id": iri.removeprefix(folder(base)), "@type": words[0] if len(words) == 1 else words}
    for name, held in _members(iri, facts, kind, base).items():
        node[name] = held[0] if len(held) == 1 else held
    return node


def _members(iri: str, facts: Facts, kind: Class, base: str) -> dict[str, list[Json]]:
    names = {known.predicate: name for name, known in kind.members.items()}
    again = {(predicate.value, value) for predicate, value in implied(ox.NamedNode(iri), kind, base, named=False)}
    members: dict[str, list[Json]] = defaultdict(list)
    for predicate, terms in facts.items():
        name = names.get(predicate) or (
            unquote(predicate.removeprefix(DIGCOMP)) if predicate.startswith(DIGCOMP) else ""
        )
        known = kind.members.get(name)
        for value in terms if name else ():
            if (predicate, value) not in again or predicate == NAME.value:
                members[name].append(_value(value, base, spoken=known is not None and known.holds is Holds.TEXT))
    return members


def _value(value: Term, base: str, *, spoken: bool) -> Json:
    if isinstance(value, ox.NamedNode):
        return value.value.removeprefix(folder(base))
    plain = value.language == LANGUAGE if spoken else not value.language and value.datatype.value == str(XSD.string)
    number = native(value)
    return value.value if plain else explicit(value) if number is None else number
