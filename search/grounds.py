"""Why an entity is connected to a text, in words: each reason with the span that caused it and the path from there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from language.labels import LabelIndex
from language.linking import Span
from ontology.kinds import Iri
from search.answers import Hit, Reason, ReasonKind
from search.connections import Connection, Ground
from search.explain import listing, sentence, statement
from search.inquiry import Evidence, Inquiry
from search.naming import name
from search.ranking import DIGITS
from search.text_reading import Near, span_of
from search.walking import Way

#: Reasons shown for an answer, and words that a sentence names.
_REASONS, _WORDS = 3, 6
#: A cosine from here on is a reason even where words are shared too; of less it is one only beside none.
_NEAR = 0.3


@dataclass(frozen=True, slots=True)
class Telling:
    """Puts the reasons for answers into a language.

    Attributes:
        statuses: Illustrative, proposed, unverified... of the entities that are shown.
    """

    inquiry: Inquiry
    lang: str
    statuses: Mapping[Iri, tuple[str, ...]]

    def connection(self, iri: Iri, hit: Hit | None, evidence: Evidence) -> Connection:
        """An answer with its strongest reasons; the rest of its score is `further`."""
        grounds = sorted(self._grounds(iri, hit, evidence), key=lambda it: -it.contribution)[:_REASONS]
        score = round(evidence.scores[iri], DIGITS)
        further = round(score - sum(it.contribution for it in grounds), DIGITS)
        named = name(self.labels, iri, self.lang, self.statuses.get(iri, ()))
        return Connection(named, score, tuple(grounds), max(0.0, further))

    def nearest(self, iri: Iri, near: Near, hit: Hit) -> Connection:
        """An entity that is only the nearest that there is."""
        told = self._passage(hit) or sentence("text_nearest", self.lang)
        ground = Ground(told, self._span(near), (), round(hit.score, DIGITS))
        return Connection(name(self.labels, iri, self.lang, hit.statuses), ground.contribution, (ground,), 0.0)

    @property
    def labels(self) -> LabelIndex:
        """The names of all entities."""
        return self.inquiry.engine.labels

    def _grounds(self, iri: Iri, hit: Hit | None, evidence: Evidence) -> Iterator[Ground]:
        if hit is not None and (told := self._passage(hit)):
            yield Ground(told, self._span(evidence.nearby[iri]), (), _rounded(evidence.nearness[iri]))
        for ways, leg in ((evidence.own, evidence.stated), (evidence.ways, evidence.led)):
            whole = sum(it.weight for it in ways.get(iri, ()))
            for it in ways.get(iri, ())[:_REASONS]:
                yield self._way(it, _rounded(leg[iri] * it.weight / whole))

    def _way(self, way: Way, contribution: float) -> Ground:
        about = self.inquiry.about
        span, opening = None, ""
        mention = next((it for it in about.mentions if it.iri == way.start), None)
        called = name(self.labels, way.start, self.lang).label
        if mention:
            span = mention.span
            opening = sentence("text_names", self.lang, said=mention.span.text, concept=called)
        elif way.start in about.nearby:
            span = self._span(about.nearby[way.start])
            opening = sentence("text_near", self.lang, concept=called)
        steps = [self._statement(it.subject, it.predicate, it.object) for it in way.links]
        return Ground(" ".join(filter(None, (opening, *steps))), span, way.links, contribution)

    def _statement(self, subject: Iri, predicate: Iri, object: Iri) -> str:
        names = (name(self.labels, it, self.lang).label for it in (subject, object))
        return statement(next(names), predicate, next(names), self.lang)

    def _passage(self, hit: Hit) -> str:
        """What the passage of a hit and the text have in common; empty where that is not worth a word."""
        parts = []
        if terms := _terms(hit.because, (ReasonKind.NAME, ReasonKind.TERMS)):
            parts.append(sentence("text_shares", self.lang, terms=listing(terms)))
        if terms := _terms(hit.because, (ReasonKind.GLOSS,)):
            parts.append(sentence("text_glossed", self.lang, terms=listing(terms)))
        cosine = hit.parts.meaning if hit.parts else None
        if cosine is not None and cosine >= _NEAR:
            parts.append(sentence("text_means", self.lang, cosine=f"{cosine:.2f}"))
        return " ".join(parts)

    def _span(self, near: Near) -> Span:
        return span_of(near, self.inquiry.reading, self.inquiry.engine.lexicons)


def _terms(reasons: Sequence[Reason], kinds: tuple[ReasonKind, ...]) -> list[str]:
    found = (term for it in reasons if it.kind in kinds for term in it.terms)
    return list(dict.fromkeys(found))[:_WORDS]


def _rounded(contribution: float) -> float:
    return round(max(0.0, contribution), DIGITS)
