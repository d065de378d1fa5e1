"""One text or entity that is being connected: what it is about, and all that speaks for each answer.

Two legs are fused for each kind of answer by the one rule of the house (`search.fusion`): passages that are near to the
text, and ways through the graph from what the text is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from language.linking import Linker, Proposal
from ontology.kinds import Iri, Kind
from search.answering import is_answered
from search.answers import Hit
from search.engine import SearchEngine
from search.fusion import fuse, normalised
from search.ranking import DIGITS
from search.text_reading import Near, TextReading, near, read_text
from search.walking import Statements, Walker, Way, weights

#: What a text may be about: where paths begin.
ANCHORS = frozenset(
    {
        *(Kind.COMPETENCY, Kind.CONCEPT, Kind.MISCONCEPTION, Kind.CLAIM, Kind.STANDARD),
        *(Kind.TOOL, Kind.SOURCE, Kind.PRACTICE),
    }
)
#: What a text may name; titles of studies, claims and records are no names that a text would say.
NAMED = (ANCHORS | {Kind.ROLE}) - {Kind.SOURCE, Kind.PRACTICE, Kind.CLAIM}
#: Names that are looked for, entities near to the text that are looked at, and anchors that are walked from.
_MENTIONS, _NEAREST, _FROM = 12, 10, 12
#: The weight of a stored entity as an anchor of its own: the most that two legs give.
_OWN = 2.0


@dataclass(frozen=True, slots=True)
class Subject:
    """What is connected.

    Attributes:
        text: In any language.
        entity: The stored entity whose text it is.
        unseen: What is passed over: the entity itself, and what an evaluation holds out.
    """

    text: str
    entity: Iri | None = None
    unseen: frozenset[Iri] = frozenset()


@dataclass(frozen=True, slots=True)
class About:
    """What a text is about: what it names, what lies near to it, and the weight of each as a place to walk from."""

    mentions: Sequence[Proposal]
    nearby: Mapping[Iri, Near]
    weights: Mapping[Iri, float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that speaks for the entities of one kind.

    Attributes:
        nearby: Those whose passages are near to the text.
        nearness: How near, on the scale of fusion.
        ways: Those that the graph leads to.
        led: How strongly, on the scale of fusion.
    """

    nearby: Mapping[Iri, Near]
    nearness: Mapping[Iri, float]
    ways: Mapping[Iri, tuple[Way, ...]]
    led: Mapping[Iri, float]

    def order(self) -> list[Iri]:
        """The entities, best first: by the sum of both legs."""
        fused = {it: self.nearness.get(it, 0.0) + self.led.get(it, 0.0) for it in {**self.nearness, **self.led}}
        return ranked(fused)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A subject as it was read over one engine."""

    engine: SearchEngine
    statements: Statements
    subject: Subject
    reading: TextReading
    about: About

    def evidence(self, kind: Kind) -> Evidence:
        """All that speaks for the entities of a kind."""
        nearness, nearby = near(self.reading, self.engine, [kind], self.subject.unseen)
        walker = Walker(self.statements, self.engine.labels, self.subject.unseen)
        ways = {end: own for end, own in self._told(walker.ways(self.about.weights, kind)) if own}
        return Evidence(nearby, normalised(nearness), ways, normalised(weights(ways)))

    def _told(self, ways: Mapping[Iri, tuple[Way, ...]]) -> Iterable[tuple[Iri, tuple[Way, ...]]]:
        """An anchor is an answer itself only where the text names it: what is only near is found by nearness."""
        named = {it.iri for it in self.about.mentions}
        for end, own in ways.items():
            if end not in self.subject.unseen:
                yield end, tuple(it for it in own if it.links or it.start in named)

    def fits(self, near: Near, hit: Hit) -> bool:
        """Whether a hit answers the piece of the text to which it is nearest, by the rule of search."""
        return is_answered(self.reading.questions[near.piece], [hit], self.engine.lexicons)


def inquire(engine: SearchEngine, statements: Statements, linker: Linker, subject: Subject) -> Inquiry:
    """Read a subject: its pieces, and what it is about, by its names and by what is near to it."""
    reading = read_text(subject.text, engine.encoder, engine.lexicons)
    linked = linker.propose(subject.text, _MENTIONS)
    mentions = [it for it in linked if it.iri not in subject.unseen]
    scores, found = near(reading, engine, ANCHORS, subject.unseen)
    best = ranked(scores)[:_NEAREST]
    even = normalised(scores)
    fused = fuse([{Iri(it.iri): it.confidence for it in mentions}])
    for iri in best:
        fused[iri] = fused.get(iri, 0.0) + even[iri]
    strongest = {iri: fused[iri] for iri in ranked(fused)[:_FROM] if fused[iri] > 0}
    own = {subject.entity: _OWN} if subject.entity else {}
    return Inquiry(
        engine, statements, subject, reading, About(mentions, {it: found[it] for it in best}, own | strongest)
    )


def ranked(scores: Mapping[Iri, float]) -> list[Iri]:
    """Entities by score, greatest first; ties by address."""
    return sorted(scores, key=lambda it: (-round(scores[it], DIGITS), it))
