"""Is all well: counts, how complete the names are, and every way in which the stores or their content may be wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib.metadata import packages_distributions
from types import MappingProxyType

import pyoxigraph as ox

from api.clearing import today
from api.graphs import outside_writes
from api.schemas import Out
from api.services import Services
from graph.store import GraphStore, Row
from ingest.sweep import shown_in_vain
from language.affixes import AFFIXES
from language.lexicons import Lexicons
from ontology.interchange.hierarchy import closing
from ontology.namespaces import SKOS
from ontology.validate import Severity, validate

ROOMS = ("ontology", "language", "graph", "ingest", "search", "api")

#: Questions whose every row is a fault, and what that fault is.
_INTEGRITY: Mapping[str, str] = MappingProxyType(
    {
        "dangling-links": "links to something that nothing describes",
        "retired-terms-in-use": "uses a retired term (`kesher migrate` renews it)",
        "unknown-own-terms": "uses a term that the schema does not have",
        "label-disagreements": "has a label node that says something else than its name",
        "unverified-doi-as-link": "links to a DOI that was not seen with the matching work",
    }
)


_REINDEX = "`kesher reindex` makes the index anew from the graph."


class LabelShares(Out):
    """Shares, 0 to 1, of the entities of a kind whose preferred name in a language is sure, likely or missing."""

    sure: float
    likely: float
    missing: float


class FaultOut(Out):
    """One thing that is wrong, and where."""

    code: str
    place: str
    message: str
    remedy: str = ""


class CheckOut(Out):
    """The body of `kesher check --json`."""

    ok: bool
    counts: dict[str, int]
    labels: dict[str, dict[str, LabelShares]]
    faults: list[FaultOut]


def check(services: Services, lang: str = "en") -> CheckOut:
    """Look at everything; reads both datasets and takes a few seconds. What breaks a shape is told in `lang`."""
    faults = [*_agreement_faults(services)]
    if faults:  # what a damaged store says is not worth judging, and reading it may not end
        return CheckOut(ok=False, counts={}, labels={}, faults=faults)
    faults += [*_shape_faults(services.graph, lang), *_integrity_faults(services.graph), *_index_faults(services)]
    faults += [*_circle_faults(services.graph), *_privacy_faults(services)]
    faults += [*_package_faults(), *_lexicon_faults(services)]
    return CheckOut(
        ok=not faults,
        counts={_text(row, "kind"): int(_text(row, "entities")) for row in services.graph.select("kind-counts")},
        labels=_labels(services.graph),
        faults=faults,
    )


def _lexicon_faults(services: Services) -> Iterator[FaultOut]:
    """Words of the institute's own that cannot be read, which searches pass over."""
    own = Lexicons(services.settings.data)
    for it in (it for lang in AFFIXES for it in own.broken(lang)):
        yield FaultOut(code=it.problem, place=it.place, message=f"{it.message} {it.remedy}")


def _labels(graph: GraphStore) -> dict[str, dict[str, LabelShares]]:
    shares: dict[str, dict[str, LabelShares]] = defaultdict(dict)
    for row in graph.select("labels-by-kind"):
        entities = int(_text(row, "entities"))
        parts = {name: round(int(_text(row, name)) / entities, 4) for name in ("sure", "likely", "missing")}
        shares[_text(row, "kind")][_text(row, "lang")] = LabelShares(**parts)
    return dict(shares)


def _shape_faults(graph: GraphStore, lang: str) -> Iterator[FaultOut]:
    for it in validate(graph.quads()):
        if it.severity is Severity.VIOLATION:
            place = f"{it.focus} {it.path or ''}".strip()
            yield FaultOut(code="shape", place=place, message=it.message(lang))


def _integrity_faults(graph: GraphStore) -> Iterator[FaultOut]:
    for question, meaning in _INTEGRITY.items():
        for row in graph.select(question):
            place, *others = [term.value for term in row.values()]
            message = f"{meaning}: {', '.join(others)}" if others else meaning
            yield FaultOut(code=question, place=place, message=message)


def _agreement_faults(services: Services) -> Iterator[FaultOut]:
    """Ledger and graphs tell the same story; that neither is older than the other is checked on opening."""
    for it in services.agreement.look():
        yield FaultOut(code=it.code, place=it.place, message=it.message, remedy=it.remedy)


def _index_faults(services: Services) -> Iterator[FaultOut]:
    """The index has followed the ledger, and holds what it should; a remote store holds what this folder wrote."""
    last, indexed = services.ledger.last, services.search.watermark
    if indexed != last:
        told = f"The index is at write {indexed}, the ledger at {last}."
        yield FaultOut(code="E294", place="index", message=told, remedy=_REINDEX)
    for fault in outside_writes(services.graph, services.writer):
        yield FaultOut(code="store-changed", place=services.settings.shown_store, message=fault)
    for fault in services.search.disagreements():
        yield FaultOut(code="E295", place="index", message=fault, remedy=_REINDEX)


def _circle_faults(graph: GraphStore) -> Iterator[FaultOut]:
    """The links of skos:broader that close a circle; found in one walk, which the named question cannot promise."""
    quads = sorted(graph.quads(None, ox.NamedNode(SKOS.broader)), key=str)
    edges = [
        (it.subject.value, it.object.value)
        for it in quads
        if isinstance(it.subject, ox.NamedNode) and isinstance(it.object, ox.NamedNode)
    ]
    for child, parent in sorted(closing(edges)):
        yield FaultOut(code="broader-cycles", place=child, message=f"stands above itself: below it stands {parent}")


def _privacy_faults(services: Services) -> Iterator[FaultOut]:
    """Practice records that everybody sees although consent has run out or personal data may be in them."""
    for hold in shown_in_vain(services.writer, today()):
        told = f"{hold.message} by the rules of today: `kesher migrate` hides it."
        yield FaultOut(code=hold.code, place=str(hold.record), message=told)


def _package_faults() -> Iterator[FaultOut]:
    owners = packages_distributions()
    for room in ROOMS:
        if others := set(owners.get(room, ())) - {"kesher"}:
            told = (
                f"The package {room} is also installed by {', '.join(sorted(others))}, which may have overwritten it."
            )
            yield FaultOut(code="package-overwritten", place=room, message=told)


def _text(row: Row, name: str) -> str:
    return row[name].value
