"""A large document of plain RDF, written while it is read: what would take the most time is done by Oxigraph meanwhile.

The result is what the ordinary journey (`ingest.pipeline`) would give. A document that turns out to need its judgement
is not written here, and nothing of it stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from types import MappingProxyType

import pyoxigraph as ox

from ingest.account import Account
from ingest.catalog import Facts
from ingest.describe import are_tidy, place_of, tidy
from ingest.document import HARMLESS
from ingest.draft import Draft, Filling
from ingest.formats import Format
from ingest.ledger import Intent
from ingest.lines import Lines, hash_of, held, lines_of
from ingest.plain import is_new, plain, shipped, speaks_for_itself
from ingest.readers.rdf import named_throughout, skolem_names, statements
from ingest.record import Document
from ingest.writer import Commit, Writer
from ontology.kinds import genid, graph_iri, is_genid
from ontology.model import Problem

#: Characters from which on it is worth while.
LARGE = 4 << 20
_SYNTAXES: Mapping[Format, ox.RdfFormat] = MappingProxyType(
    {
        Format.TURTLE: ox.RdfFormat.TURTLE,
        Format.N_TRIPLES: ox.RdfFormat.N_TRIPLES,
        Format.N_QUADS: ox.RdfFormat.N_QUADS,
        Format.TRIG: ox.RdfFormat.TRIG,
        Format.RDF_XML: ox.RdfFormat.RDF_XML,
    }
)
_DATASETS = {ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG}
_TOGETHER = 20_000


def is_large(document: Document, found: Format) -> bool:
    """True for a document that may be written while it is read."""
    return found in _SYNTAXES and len(document.text) >= LARGE


def write_large(
    writer: Writer, document: Document, found: Format, intent: Intent, facts: Facts
) -> tuple[Account, Commit] | None:
    """Write a document that becomes a new graph, if it is plain.

    Args:
        writer: The door.
        document: The document.
        found: What it is.
        intent: Who brings it; its one graph is the one that it becomes.
        facts: Its catalogue entry, without the hash.

    Returns:
        Its account, without triples, and the write. None: nothing was written, and the ordinary journey has to.

    Raises:
        UnreadableFile: as `ingest.readers.rdf.parse`.
    """
    (name,) = intent.graphs
    reading = _Reading(writer, document, name, found, facts)

    def plan() -> Filling | None:
        return reading.filling() if is_new(writer, name) else None

    commit = writer.fill(intent, plan)
    return (reading.account(), commit) if commit else None


@dataclass(slots=True)
class _Reading:
    writer: Writer
    document: Document
    name: str
    found: Format
    facts: Facts
    lines: Lines = field(default_factory=Lines)
    problems: list[Problem] = field(default_factory=list)
    is_plain: bool = True

    def filling(self) -> Filling:
        return Filling(self.writer.graph(self.name), self.facts, self._parts(), self._allowed, self._outcome)

    def _parts(self) -> Iterator[bytes]:
        """The statements as N-Triples, until one is met that is not plain."""
        syntax, base = _SYNTAXES[self.found], self.writer.base
        document = HARMLESS.get(syntax, lambda it: it)(self.document)
        quads = statements(document, graph_iri(base, self.name), syntax)
        name_of = skolem_names(genid(base, self.name, ""))
        while self.is_plain and (part := self._some(quads, syntax)):
            if b"_:" in part or b"<<(" in part:
                part = lines_of(named_throughout(it, name_of) for it in ox.parse(part, ox.RdfFormat.N_TRIPLES))
            lines = part.splitlines()
            if not are_tidy(part, lines):
                part = self._tidied(part)
                lines = part.splitlines()
            self.lines.take(lines)
            self.is_plain = self.is_plain and speaks_for_itself(self.lines)
            yield part

    @staticmethod
    def _some(quads: Iterator[ox.Quad], syntax: ox.RdfFormat) -> bytes:
        some = islice(quads, _TOGETHER)
        return lines_of(it.triple for it in some) if syntax in _DATASETS else lines_of(some)

    def _tidied(self, part: bytes) -> bytes:
        outcome = [
            it
            for quad in ox.parse(part, ox.RdfFormat.N_TRIPLES)
            for it in tidy(quad.triple, self.document.name, place_of(quad.triple))
        ]
        self.problems += (it for it in outcome if isinstance(it, Problem))
        self.is_plain = not any(it.code.startswith("E") for it in self.problems)
        return lines_of(it for it in outcome if isinstance(it, ox.Triple))

    def _allowed(self) -> bool:
        """Whether it is plain throughout."""
        if not self.is_plain or not self.lines:
            return False
        return self.lines.subjects.isdisjoint(shipped(self.writer)) and plain(self.writer).holds(self.lines)

    def _outcome(self) -> Draft:
        said = self.lines.said()
        facts = replace(self.facts, content_hash=hash_of(said))
        nothing = frozenset[ox.Quad]()
        entries = {self.writer.graph(self.name): facts}
        return Draft(nothing, nothing, len(held(said)), frozenset(self.lines.named), entries)

    def account(self) -> Account:
        taken = sum(not is_genid(it, self.writer.base) for it in self.lines.named)
        return Account(self.document.name, taken=max(1, taken), problems=self.problems)
