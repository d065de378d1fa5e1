"""One text or entity that is being connected: what it is about, and all that speaks for each answer.

Three legs add up for each kind of answer, on the scale of `search.fusion`: passages that are near to the text; ways
through the graph from what the text is about; and, for a stored entity, the ways of its own statements. A way from what
a text is only like says less than the text itself: it counts for a quarter (`docs/connect.md` has the measurement).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from language.folding import key
from language.function_words import FUNCTION_WORDS
from language.linking import Linker, Proposal
from ontology.kinds import Iri, Kind
from search.answering import is_answered
from search.answers import Hit
from search.engine import SearchEngine
from search.fusion import fuse, lifted, normalised
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
#: What ways from what the text is about count for, and the power of a likeness that weighs where they begin, so that
#: what is most like the text leads on most. Chosen on one half, by hash, of what `kesher eval connect` holds out.
_LED, _SHARPER = 0.25, 4


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
        nearness: What that counts for.
        ways: Those that the graph leads to, from what the text is about.
        led: What that counts for.
        own: Those that the statements of the stored entity lead to.
        stated: What that counts for.
    """

    nearby: Mapping[Iri, Near]
    nearness: Mapping[Iri, float]
    ways: Mapping[Iri, tuple[Way, ...]]
    led: Mapping[Iri, float]
    own: Mapping[Iri, tuple[Way, ...]]
    stated: Mapping[Iri, float]

    @property
    def scores(self) -> dict[Iri, float]:
        """Entity -> the sum of all that speaks for it."""
        legs = (self.nearness, self.led, self.stated)
        return {it: sum(leg.get(it, 0.0) for leg in legs) for it in dict.fromkeys(it for leg in legs for it in leg)}

    def order(self) -> list[Iri]:
        """The entities, best first."""
        return ranked(self.scores)


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
        found, nearby = near(self.reading, self.engine, [kind], self.subject.unseen)
        nearness = {it: max(0.0, score) for it, score in normalised(found).items()}
        ways = self._ways(self.about.weights, kind)
        own = self._ways({self.subject.entity: 1.0}, kind) if self.subject.entity else {}
        among = {*nearness, *ways, *own}
        led = {it: _LED * lift for it, lift in lifted(weights(ways), among).items()}
        return Evidence(nearby, nearness, ways, led, own, lifted(weights(own), among))

    def _ways(self, anchors: Mapping[Iri, float], kind: Kind) -> dict[Iri, tuple[Way, ...]]:
        """The ways to entities of a kind. What the text names is an answer itself; what is only near is found so."""
        walker = Walker(self.statements, self.engine.labels, self.subject.unseen)
        named = {it.iri for it in self.about.mentions}
        told = {
            end: tuple(it for it in own if it.links or it.start in named)
            for end, own in walker.ways(anchors, kind).items()
            if end not in self.subject.unseen
        }
        return {end: own for end, own in told.items() if own}

    def fits(self, near: Near, hit: Hit) -> bool:
        """Whether a hit answers the piece of the text to which it is nearest, by the rule of search."""
        return is_answered(self.reading.questions[near.piece], [hit], self.engine.lexicons, self.engine.labels)


def inquire(engine: SearchEngine, statements: Statements, linker: Linker, subject: Subject) -> Inquiry:
    """Read a subject: its pieces, and what it is about, by its names and by what is near to it."""
    reading = read_text(subject.text, engine.encoder, engine.lexicons)
    linked = linker.propose(subject.text, _MENTIONS)
    mentions = [it for it in linked if it.iri not in subject.unseen and key(it.span.text) not in FUNCTION_WORDS]
    scores, found = near(reading, engine, ANCHORS, subject.unseen)
    best = ranked(scores)[:_NEAREST]
    even = normalised(scores)
    fused = fuse([{Iri(it.iri): it.confidence for it in mentions}])
    for iri in best:
        fused[iri] = fused.get(iri, 0.0) + max(0.0, even[iri]) ** _SHARPER
    strongest = {iri: fused[iri] for iri in ranked(fused)[:_FROM] if fused[iri] > 0}
    return Inquiry(engine, statements, subject, reading, About(mentions, {it: found[it] for it in best}, strongest))


def ranked(scores: Mapping[Iri, float]) -> list[Iri]:
    """Entities by score, greatest first; ties by address."""
    return sorted(scores, key=lambda it: (-round(scores[it], DIGITS), it))
