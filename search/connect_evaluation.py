"""How well connecting finds links that the graph has, each held out in turn: `kesher eval connect`.

An entity's own text is connected as if somebody had pasted it. The entity itself, and claims about it, are unseen: with
them go the links that are to be found again. What they point at stays, and so does all else that is known of that. So
this says how much of what is linked can be found from texts and from other links; it is a figure of consistency on our
own graph, no judgement by readers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from graph.store import GraphStore
from ontology.kinds import Iri, Kind
from ontology.model import LANGUAGES, Link
from ontology.namespaces import KS, SCHEMA
from search.connecting import Connector
from search.engine import SearchEngine
from search.entities import read_entities
from search.inquiry import Evidence, Subject, ranked
from search.metrics import mean, recall, reciprocal_rank
from search.passages import passages
from search.walking import Statements

_DEPTH = 10
_SUPPORTED, _DISPUTED, _USED, _OBSERVED, _ABOUT = map(
    str, (KS.supportedBy, KS.disputedBy, KS.usedTool, KS.observedIn, SCHEMA.about)
)
#: Claims that go with what they are about or were observed in.
_CLAIMED = frozenset({_ABOUT, _OBSERVED})


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Links to be found again: those of entities of one kind to, or from, entities of another."""

    start: Kind
    end: Kind
    predicates: frozenset[str]
    forward: bool = True

    @property
    def name(self) -> str:
        """What the table calls it."""
        return f"{self.start} -> {self.end}"


@dataclass(frozen=True, slots=True)
class _Case:
    subject: Subject
    relevant: Mapping[str, float]

    @property
    def half(self) -> str:
        """By what is held out, so that an entity is in one half in all its languages."""
        return "other" if sha256(min(self.subject.unseen).encode()).digest()[0] % 2 else "chosen"


SETS = (
    HeldOut(Kind.TOOL, Kind.SOURCE, frozenset({_SUPPORTED})),
    HeldOut(Kind.MISCONCEPTION, Kind.SOURCE, frozenset({_SUPPORTED})),
    HeldOut(Kind.CLAIM, Kind.SOURCE, frozenset({_SUPPORTED, _DISPUTED})),
    HeldOut(Kind.PRACTICE, Kind.TOOL, frozenset({_USED})),
    HeldOut(Kind.SOURCE, Kind.TOOL, frozenset({_SUPPORTED}), forward=False),
)
#: What ranks: passages near to the text alone (a search of that kind), ways through the graph alone, both, as in use.
_LEGS: Mapping[str, Callable[[Evidence], list[Iri]]] = {
    "passages": lambda it: ranked(it.nearness),
    "paths": lambda it: ranked(it.led),
    "both": lambda it: it.order(),
}

Progress: TypeAlias = Callable[[int, int], None]
#: Half -> set -> language of the texts -> leg -> measure.
Found: TypeAlias = dict[str, dict[str, dict[str, dict[str, dict[str, float]]]]]


def evaluate_connections(
    connector: Connector,
    graph: GraphStore,
    engine: SearchEngine,
    progress: Progress = lambda _done, _all: None,
    sets: Sequence[HeldOut] = SETS,
) -> Found:
    """How well each leg does on the half on which constants were chosen (`search.inquiry`), and on the other.

    A set or a language without texts is left out.
    """
    statements, found = Statements(graph), Found()
    cases = [(it, lang, own) for it in sets for lang in LANGUAGES for own in _each(it, lang, graph, engine, statements)]
    rows: defaultdict[tuple[str, str, str], list[dict[str, dict[str, float]]]] = defaultdict(list)
    for done, (held, lang, case) in enumerate(cases, 1):
        evidence = connector.inquire(case.subject, engine).evidence(held.end)
        scores = {leg: _scores(rank(evidence), case.relevant) for leg, rank in _LEGS.items()}
        rows[case.half, held.name, lang].append(scores)
        progress(done, len(cases))
    for (half, name, lang), own in sorted(rows.items()):
        means = {leg: _means([it[leg] for it in own]) for leg in _LEGS}
        found.setdefault(half, {}).setdefault(name, {})[lang] = means
    return found


def _each(held: HeldOut, lang: str, graph: GraphStore, engine: SearchEngine, statements: Statements) -> Iterator[_Case]:
    entries = {it.iri for it in engine.labels.of_kind(held.start)}
    for entity in read_entities(graph, entries):
        own = statements.of([entity.iri])[entity.iri]
        ends = {end for it in own if (end := _end(it, entity.iri, held)) and _kind(engine, end) is held.end}
        text = "\n".join(it.text for it in passages(entity, engine.model) if it.lang == lang)
        if ends and text:
            claims = {it.subject for it in own if it.predicate in _CLAIMED and it.object == entity.iri}
            unseen = frozenset({entity.iri, *(it for it in claims if _kind(engine, it) is Kind.CLAIM)})
            yield _Case(Subject(text, None, unseen), dict.fromkeys(ends, 1.0))


def _end(link: Link, iri: Iri, held: HeldOut) -> Iri | None:
    near, far = (link.subject, link.object) if held.forward else (link.object, link.subject)
    return far if near == iri and link.predicate in held.predicates else None


def _kind(engine: SearchEngine, iri: Iri) -> Kind | None:
    entry = engine.labels.best(iri, "")
    return entry.kind if entry else None


def _scores(found: Sequence[Iri], relevant: Mapping[str, float]) -> dict[str, float]:
    return {
        "hit@10": float(bool(relevant.keys() & set(found[:_DEPTH]))),
        "recall@10": recall(found, relevant, _DEPTH),
        "mrr": reciprocal_rank(found, relevant.keys(), _DEPTH),
    }


def _means(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {"texts": float(len(rows))} | {it: mean([row[it] for row in rows]) for it in rows[0]}
