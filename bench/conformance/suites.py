"""The suites as the report lists them, and how each is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.conformance.description import CHECKS, check
from bench.conformance.exchanges import Conversation, conversations, told
from bench.conformance.judge import fault
from bench.conformance.manifest import Case, Kind, cases
from bench.conformance.protocol import Talk
from bench.conformance.service import Service
from bench.conformance.subject import Subject

#: Names of tests, each with what went wrong; empty: it passes.
Faults = Mapping[str, str]

_QUERIES = frozenset({Kind.ACCEPTED_QUERY, Kind.REFUSED_QUERY})
_UPDATES = frozenset({Kind.ACCEPTED_UPDATE, Kind.REFUSED_UPDATE})
_ANSWERS, _CHANGES = frozenset({Kind.ANSWER}), frozenset({Kind.CHANGE})
_FORMATS = ("csv-tsv-res", "json-res")
_FEDERATION = ("service", "syntax-fed")

#: Folders that are not run, each with the reason.
OUT_OF_SCOPE = {
    "sparql11/entailment": "They ask for what RDFS, OWL and RIF would conclude. A query here finds what is stated.",
    "sparql12/eval-triple-terms": "Kesher stores RDF 1.1: a triple in a triple is refused (docs/problems.md, E114).",
    "sparql12 (updates)": "All of them are about triples in triples, which are refused for the same reason.",
    "sparql11/service": "They need other endpoints, and SERVICE calls none of them here (docs/decisions/0001).",
}


@dataclass(frozen=True, slots=True)
class Suite:
    """Tests of one version and one kind.

    Attributes:
        folders: Of these alone; none: of all folders that are in no other suite and in scope.
    """

    title: str
    version: str
    kinds: frozenset[Kind]
    folders: tuple[str, ...] = ()
    apart: tuple[str, ...] = field(default=(*_FORMATS, *_FEDERATION))

    def cases(self, root: Path) -> list[Case]:
        """Its tests, by folder and in the order of the manifests."""
        found = sorted(path.parent for path in (root / self.version).glob("*/manifest.ttl"))
        names = [path.name for path in found if self._has(path.name)]
        return [it for name in names for it in cases(root, f"{self.version}/{name}") if it.kind in self.kinds]

    def _has(self, folder: str) -> bool:
        if self.folders:
            return folder in self.folders
        return folder not in {*self.apart, *_PROTOCOLS} and f"{self.version}/{folder}" not in OUT_OF_SCOPE


_PROTOCOLS = ("protocol", "graph-store-protocol", "http-rdf-update", "service-description")

SUITES = (
    Suite("SPARQL 1.0 query evaluation", "sparql10", _ANSWERS),
    Suite("SPARQL 1.0 query syntax", "sparql10", _QUERIES),
    Suite("SPARQL 1.1 query evaluation", "sparql11", _ANSWERS),
    Suite("SPARQL 1.1 results in CSV, TSV and JSON", "sparql11", _ANSWERS, _FORMATS),
    Suite("SPARQL 1.1 query syntax", "sparql11", _QUERIES),
    Suite("SPARQL 1.1 federation syntax", "sparql11", _QUERIES, ("syntax-fed",)),
    Suite("SPARQL 1.1 update evaluation", "sparql11", _CHANGES),
    Suite("SPARQL 1.1 update syntax", "sparql11", _UPDATES),
    Suite("SPARQL 1.2 query evaluation (draft)", "sparql12", _ANSWERS),
    Suite("SPARQL 1.2 query syntax (draft)", "sparql12", _QUERIES),
)

#: Suites of requests and responses: title -> reader of its tests.
CONVERSATIONS: Mapping[str, Callable[[Path], list[Conversation]]] = {
    "SPARQL 1.1 Protocol": lambda root: conversations(root, "sparql11/protocol/manifest.ttl"),
    "Graph Store Protocol, indirect": lambda root: conversations(root, f"{_GSP}/manifest-indirect.ttl"),
    "Graph Store Protocol, direct": lambda root: conversations(root, f"{_GSP}/manifest-direct.ttl"),
    "Graph Store Protocol, deprecated tests": lambda root: told(root, "sparql11/http-rdf-update/manifest.ttl"),
}
_GSP = "sparql11/graph-store-protocol"

DESCRIPTION = "Service description"


def run(suite: Suite, root: Path, subject: Subject) -> Faults:
    """What each test of a suite of queries or updates finds."""
    tests = suite.cases(root)
    if isinstance(subject, Service) and suite.kinds == _ANSWERS:
        subject.hold(tests)  # all before the first query, for every write asks for a new snapshot
    return {case.name: fault(case, subject) for case in tests}


def converse(title: str, root: Path, service: Service) -> Faults:
    """What each test of a suite of requests finds."""
    talk = Talk(service)
    return {it.name: talk.fault(it) for it in CONVERSATIONS[title](root)}


def describe(service: Service) -> Faults:
    """What each test of the service description finds."""
    return {f"sparql11/service-description#{name}": check(name, service) for name in CHECKS}
