"""Which statements are private: those of practice records whose consent is not `public`. Denied unless allowed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from ingest.record import Node
from ontology.kinds import CLASS_OF, Kind
from ontology.namespaces import KS, RDF

PUBLIC = "public"

_TYPE = ox.NamedNode(RDF.type)
_CONSENT = ox.NamedNode(KS.consent)
_PRACTICE = ox.NamedNode(CLASS_OF[Kind.PRACTICE])


@dataclass(frozen=True, slots=True)
class Separation:
    """What a file says, by who may see it.

    Attributes:
        records: The records that are private, with their unnamed parts.
    """

    public: set[ox.Triple]
    private: set[ox.Triple]
    records: set[Node]


def separate(triples: Iterable[ox.Triple], known_private: Callable[[Node], bool], genid: str) -> Separation:
    """Public and private triples of a file.

    A record is private when it is a practice record, or is known as a private one, and does not say `public` itself.
    Its nodes without a name of their own go with it, and so does every statement that points at it.

    Args:
        triples: Everything that a file says.
        known_private: Tells whether another private source already speaks of a subject.
        genid: Prefix of the addresses of nodes that had no name.
    """
    triples = set(triples)
    described = {triple.subject for triple in triples}
    practice = {triple.subject for triple in triples if triple.predicate == _TYPE and triple.object == _PRACTICE}
    private = {node for node in described if node in practice or known_private(node)} - _consenting(triples)
    private |= _unnamed_parts(private, triples, genid)
    hidden = {triple for triple in triples if triple.subject in private or triple.object in private}
    return Separation(triples - hidden, hidden, private)


def _consenting(triples: Iterable[ox.Triple]) -> set[Node]:
    """Subjects that say `public`, and nothing else, about consent."""
    said: dict[Node, set[str]] = defaultdict(set)
    for triple in triples:
        if triple.predicate == _CONSENT:
            said[triple.subject].add(getattr(triple.object, "value", "").strip().lower())
    return {subject for subject, words in said.items() if words == {PUBLIC}}


def _unnamed_parts(private: set[Node], triples: Iterable[ox.Triple], genid: str) -> set[Node]:
    parts: dict[Node, set[Node]] = defaultdict(set)
    for triple in triples:
        if isinstance(triple.object, ox.NamedNode) and triple.object.value.startswith(genid):
            parts[triple.subject].add(triple.object)
    found: set[Node] = set()
    waiting = list(private)
    while waiting:
        new = parts[waiting.pop()] - found
        found |= new
        waiting.extend(new)
    return found
