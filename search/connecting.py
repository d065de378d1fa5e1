"""Practice to research and back: what the graph and its texts have to say to a text or to a stored entity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from graph.store import GraphStore
from language.labels import LabelIndex
from language.linking import Linker, Proposal
from ontology.errors import UnknownEntity
from ontology.kinds import Iri, Kind, local_name
from ontology.namespaces import KS
from search.answers import IndexUsed
from search.connections import ANSWERS, Connection, Connections, ConnectRequest, Mention, Side
from search.engine import SearchEngine
from search.entities import read_entities
from search.grounds import Telling
from search.inquiry import NAMED, Evidence, Inquiry, Subject, inquire
from search.naming import name
from search.passages import passages
from search.text_reading import hits_of
from search.walking import Statements

#: Entities that are named where nothing fits.
_OFFERED = 3
_STATUS = ox.NamedNode(KS.status)
_OTHER_SIDE = {Kind.PRACTICE: Side.RESEARCH, Kind.SOURCE: Side.PRACTICE}


@dataclass
class Connector:
    """Connects texts and entities over one graph and what searches it.

    Args:
        graph: The public dataset.
        engine: Gives what searches it, as it is now.
        base: What addresses of entities begin with.
    """

    graph: GraphStore
    engine: Callable[[], SearchEngine]
    base: str
    _statements: Statements = field(init=False)
    _linking: tuple[LabelIndex, Linker] | None = None

    def __post_init__(self) -> None:
        self._statements = Statements(self.graph)

    def connect(self, asked: ConnectRequest) -> Connections:
        """The other side of a text or an entity.

        Raises:
            InvalidParameter: a parameter is outside its range, or the text is none; never repeats the text.
            UnknownEntity: there is no such entity; names the nearest.
        """
        asked.check()
        engine = self.engine()
        subject = self._subject(engine, asked)
        inquiry = self.inquire(subject, engine)
        sides = _sides(engine.labels, subject, asked)
        kinds = dict.fromkeys(kind for side in sides for kind in ANSWERS[side])
        every = {kind: inquiry.evidence(kind) for kind in kinds}
        found, fits = self._answers(inquiry, every, asked)
        nearest, near_fits = _nearest(inquiry, asked.lang)
        answered = (fits or near_fits or _is_told(inquiry)) and any(found.values())
        return Connections(
            entity=name(engine.labels, subject.entity, asked.lang) if subject.entity else None,
            text=subject.text if subject.entity else None,
            to=sides,
            answered=answered,
            degraded=inquiry.reading.degraded,
            concepts=_mentions(inquiry, asked.lang),
            found={kind: found[kind] if answered else () for kind in kinds},
            nearest=() if answered else nearest,
            index=IndexUsed(engine.index.name, engine.index.watermark, engine.index.generation),
        )

    def inquire(self, subject: Subject, engine: SearchEngine) -> Inquiry:
        """A subject as it is read over an engine."""
        return inquire(engine, self._statements, self._linker(engine.labels), subject)

    def _linker(self, labels: LabelIndex) -> Linker:
        """The linker over the names as they are; made anew when they have changed."""
        known = self._linking
        if known is None or known[0] is not labels:
            own_lists = f"{self.base}id/{Kind.CONCEPT}/"  # grades, kinds of tools: words that every text has
            entries = (it for kind in NAMED for it in labels.of_kind(kind) if not it.iri.startswith(own_lists))
            named: dict[str, list[str]] = {it.iri: labels.names(it.iri) for it in entries}
            known = self._linking = (labels, Linker(named))
        return known[1]

    def _subject(self, engine: SearchEngine, asked: ConnectRequest) -> Subject:
        """What is asked about; a stored entity by its English text, or else that in its first language."""
        if not asked.entity:
            return Subject(asked.text)
        iri = engine.address(asked.entity)
        own = [text for it in read_entities(self.graph, [iri]) for text in passages(it, engine.model)]
        if not own:
            told = f"Nothing is said of {asked.entity[:100]!r}."
            raise UnknownEntity(told, remedy="Look for another with `kesher search`.")
        lang = min((it.lang for it in own), key=lambda it: (it != "en", it))
        return Subject("\n".join(it.text for it in own if it.lang == lang), iri, frozenset({iri}))

    def _answers(
        self, inquiry: Inquiry, every: Mapping[Kind, Evidence], asked: ConnectRequest
    ) -> tuple[dict[Kind, tuple[Connection, ...]], bool]:
        """The best of each kind with their reasons, and whether one of them fits the text.

        What neither fits it nor is reached through the graph is left out, so that a list may be shorter than asked.
        """
        best = {kind: it.order()[: asked.limit] for kind, it in every.items()}
        telling = Telling(inquiry, asked.lang, self._statuses([iri for own in best.values() for iri in own]))
        found: dict[Kind, tuple[Connection, ...]] = {}
        fits = False
        for kind, evidence in every.items():
            nearby = [evidence.nearby[it] for it in best[kind] if it in evidence.nearby]
            hits = hits_of(nearby, inquiry.reading, inquiry.engine, asked.lang)
            fitting = {iri for iri, hit in hits.items() if inquiry.fits(evidence.nearby[iri], hit)}
            shown = (it for it in best[kind] if it in fitting or it in evidence.ways or it in evidence.own)
            made = (telling.connection(it, hits.get(it), evidence) for it in shown)
            found[kind] = tuple(it for it in made if it.because)
            fits = fits or bool(fitting)
        return found, fits

    def _statuses(self, iris: Sequence[Iri]) -> Mapping[Iri, tuple[str, ...]]:
        """The statuses of entities, which must be shown with them."""
        found: defaultdict[Iri, set[str]] = defaultdict(set)
        for quad in self.graph.about(ox.NamedNode(it) for it in iris):
            about, value = quad.subject, quad.object
            if isinstance(about, ox.NamedNode) and isinstance(value, ox.NamedNode) and quad.predicate == _STATUS:
                found[Iri(about.value)].add(local_name(value.value).lower())
        return {iri: tuple(sorted(own)) for iri, own in found.items()}


def _sides(labels: LabelIndex, subject: Subject, asked: ConnectRequest) -> tuple[Side, ...]:
    if asked.to is not None:
        return (asked.to,)
    entry = labels.best(subject.entity, "") if subject.entity else None
    other = _OTHER_SIDE.get(entry.kind) if entry else None
    return (other,) if other else tuple(Side)


def _is_told(inquiry: Inquiry) -> bool:
    """Whether no likeness is needed: a stored entity with statements, or a text that names a thing by several words."""
    if inquiry.subject.entity:
        return True
    return any(len(it.span.text.split()) > 1 for it in inquiry.about.mentions)


def _nearest(inquiry: Inquiry, lang: str) -> tuple[tuple[Connection, ...], bool]:
    """What lies nearest to the text of all that it may be about, and whether one of that fits it."""
    nearby = dict(list(inquiry.about.nearby.items())[:_OFFERED])
    hits = hits_of(nearby.values(), inquiry.reading, inquiry.engine, lang)
    telling = Telling(inquiry, lang, {})
    fits = any(inquiry.fits(near, hits[it]) for it, near in nearby.items())
    return tuple(telling.nearest(it, near, hits[it]) for it, near in nearby.items()), fits


def _mentions(inquiry: Inquiry, lang: str) -> tuple[Mention, ...]:
    return tuple(_mention(it, inquiry.engine.labels, lang) for it in inquiry.about.mentions)


def _mention(it: Proposal, labels: LabelIndex, lang: str) -> Mention:
    return Mention(name(labels, Iri(it.iri), lang), it.span, round(it.confidence, 3), it.method)
