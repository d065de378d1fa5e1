"""Statements as lines of N-Triples: what can be told of very many without an object for each.

The lines are pyoxigraph's own, so that a statement has one spelling only: its terms, each after one space, and ` .`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

import pyoxigraph as ox

from graph.embedded import stored
from ontology.kinds import Iri
from ontology.namespaces import RDF, RDFS, XSD

_PART = 2 << 20
_END = b" ."
#: Values that every store spells like this; there are many of them.
_CANONICAL = re.compile(
    rf'"(?:(?:0|-?[1-9]\d{{0,17}})"\^\^<{XSD.integer}>|[12]\d{{3}}-\d\d-\d\d"\^\^<{XSD.date}>) \.$'.encode()
)
_TYPE, _SUBCLASS = (f" <{it}> ".encode() for it in (RDF.type, RDFS.subClassOf))


@dataclass(slots=True)
class Lines:
    """Statements of one graph. Terms are as the lines have them, with their brackets.

    Attributes:
        classes: What something is said to be, or to be a kind of.
    """

    subjects: set[bytes] = field(default_factory=set)
    predicates: set[bytes] = field(default_factory=set)
    classes: set[bytes] = field(default_factory=set)
    _all: list[bytes] = field(default_factory=list)

    def take(self, lines: Sequence[bytes]) -> None:
        """Add some lines."""
        self._all += lines
        self.subjects |= {line.split(b" ", 1)[0] for line in lines}
        self.predicates |= {line.split(b" ", 2)[1] for line in lines}
        self.classes |= {_value(line) for line in lines if _TYPE in line or _SUBCLASS in line}

    def __bool__(self) -> bool:
        return bool(self._all)

    def point_at(self, nodes: Set[bytes]) -> bool:
        """True if one of some nodes is the object of a statement."""
        return bool(nodes) and any(_value(line) in nodes for line in self._all)

    @property
    def named(self) -> Iterator[Iri]:
        """The addresses of what they are about."""
        return (Iri(it[1:-1].decode()) for it in self.subjects if it.startswith(b"<"))

    def said(self) -> set[bytes]:
        """Each line once."""
        return set(self._all)


def held(said: set[bytes]) -> set[bytes]:
    """Lines as a store gives them back: it spells values anew."""
    given = {line for line in said if b'"^^<' in line and not _CANONICAL.search(line)}
    parsed = ox.parse(b"\n".join(given), ox.RdfFormat.N_TRIPLES)
    kept = set(lines_of(quad.triple for quad in stored(parsed)).splitlines())
    return said if given == kept else (said - given) | kept


def hash_of(said: Iterable[bytes]) -> str:
    """What `ingest.draft.content_hash` gives for the same statements."""
    return hashlib.sha256(b"\n".join([line.removesuffix(_END) for line in sorted(said)])).hexdigest()


def lines_of(triples: Iterable[ox.Triple] | Iterable[ox.Quad]) -> bytes:
    """The line of each statement, in their order."""
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def line_of(term: ox.NamedNode | str) -> bytes:
    """A term, or an address, as lines have it."""
    return (str(term) if isinstance(term, ox.NamedNode) else f"<{term}>").encode()


def in_parts(body: bytes) -> Iterator[bytes]:
    """A document of N-Triples as parts of whole lines."""
    start = 0
    while start < len(body):
        end = body.find(b"\n", start + _PART) + 1 or len(body)
        yield body[start:end]
        start = end


def _value(line: bytes) -> bytes:
    return line.split(b" ", 2)[2].removesuffix(_END)
