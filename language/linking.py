"""Concepts that a text is about, proposed without training data, and better where people have decided.

Two ways find candidates: the labels that the text has, and the concepts whose names and definitions are nearest to it
in meaning. The candidates of both are ranked together by one weighted sum; where decisions have taught a model, by
what it says.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from types import MappingProxyType

from language.concept_vectors import Nearness, Progress, silent
from language.encoder import Encoder
from language.features import NO_FEATURES, Features
from language.lexicons import SHIPPED, Lexicons
from language.link_model import LinkModel
from language.meaning import Meaning
from language.mentions import Mention, Mentions, Span
from language.pieces import pieces_of
from language.shared_words import SharedWords, words_in
from ontology.model import Entity

__all__ = ["Linker", "Proposal", "Span", "linker_over"]

#: How a proposal came about, with the version of the rule: a change of the rule is a change of the name.
SURFACE, UNION, DECISIONS = "surface-1", "union-1", "decisions-1"
#: Concepts nearest in meaning that become candidates.
POOL = 100
#: What a mention and the meaning count for where both are compared; docs/linking.md says where they come from.
MENTION, MEANING = 0.2, 0.8
#: Offset and slope of the logistic curve (Platt 1999) that makes a confidence of a score which no decision has taught,
#: by method; `kesher eval links --fit` fits them, on one half, by hash, of 1,000 library records.
CALIBRATION: Mapping[str, tuple[float, float]] = MappingProxyType({SURFACE: (-4.3, 4.23), UNION: (-6.93, 10.97)})


@dataclass(frozen=True, slots=True)
class Proposal:
    """A concept that a text may be about.

    Attributes:
        score: For order only.
        span: What caused it: its first mention, or the sentence that is nearest to it in meaning.
        method: How it came about, with the version of the rule.
        confidence: How likely somebody who reads the text would choose it, 0 to 1.
        features: What it was ranked by, for those who decide and for what learns from them.
        model: Name of the encoder that compared meanings; empty where none did.
    """

    iri: str
    score: float
    span: Span
    method: str = SURFACE
    confidence: float = 0.0
    features: Features = NO_FEATURES
    model: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in its place: what a `Proposal` has of it."""

    iri: str
    score: float
    confidence: float
    features: Features


class Linker:
    """Proposes concepts for texts. Immutable.

    Args:
        labels: Concept -> its labels, in any languages.
        meaning: Compares texts with the same concepts; None: only labels are looked for.
        taught: What decisions have taught; None: the weights above count.
    """

    def __init__(
        self, labels: Mapping[str, Iterable[str]], meaning: Meaning | None = None, taught: LinkModel | None = None
    ) -> None:
        told = {iri: list(it) for iri, it in labels.items()}
        self._mentions = Mentions(told)
        self._words = SharedWords(told)
        self._meaning = meaning
        self._taught = taught

    @property
    def method(self) -> str:
        """How its proposals come about, with the version of the rule."""
        if self._taught is not None:
            return DECISIONS
        return SURFACE if self._meaning is None else UNION

    def after(self, model: LinkModel | None) -> Linker:
        """A linker over the same concepts, with what decisions have taught."""
        other = copy(self)
        other._taught = model  # noqa: SLF001 - it is of this class
        return other

    def propose(self, text: str, limit: int = 5) -> Sequence[Proposal]:
        """The concepts that a text is likeliest about, likeliest first, each with what caused it.

        Raises:
            EncoderBusy: too many texts are being encoded at the moment.
        """
        mentions = self._mentions.find(text)
        best = self.order(self._candidates(text, mentions))[:limit]
        spans = self._spans(text, [it.iri for it in best if it.iri not in mentions])
        return [
            Proposal(
                iri=it.iri,
                score=it.score,
                span=mentions[it.iri].span if it.iri in mentions else spans[it.iri],
                method=self.method,
                confidence=it.confidence,
                features=it.features,
                model=self._meaning.name if self._meaning else "",
            )
            for it in best
        ]

    def candidates(self, text: str) -> Mapping[str, Features]:
        """Every concept that a text may be about, with its features. Raises what `propose` does."""
        return self._candidates(text, self._mentions.find(text))

    def order(self, candidates: Mapping[str, Features]) -> Sequence[Ranked]:
        """Candidates, likeliest first."""
        scores = {iri: self._score(it) for iri, it in candidates.items()}
        ranked = [Ranked(iri, scores[iri], self._confidence(scores[iri]), it) for iri, it in candidates.items()]
        return sorted(ranked, key=lambda it: (-it.score, it.iri))

    def _candidates(self, text: str, mentions: Mapping[str, Mention]) -> Mapping[str, Features]:
        opening = next((text[start:end] for start, end in pieces_of(text)), text)
        near = self._meaning.near(text, opening) if self._meaning else None
        said = words_in(text)
        found = {*mentions, *(near.nearest(POOL) if near else ())}
        return {it: _with_meaning(it, self._named(it, len(text), said, mentions.get(it)), near) for it in found}

    def _named(self, iri: str, letters: int, said: frozenset[str], mention: Mention | None) -> Features:
        """What the words of the text say of a concept."""
        shared, rarity = self._words.shared(iri, said)
        found = Features(shared=shared, rarity=rarity, length=self._words.length(iri))
        if mention is None:
            return found
        early = 1 - mention.span.start / letters
        return found._replace(mention=mention.score, times=math.log1p(mention.times), early=early)

    def _score(self, features: Features) -> float:
        if self._taught is not None:
            return self._taught.confidence(features)
        if self._meaning is None:
            return features.mention
        return MENTION * features.mention + MEANING * (features.meaning + features.opening) / 2

    def _confidence(self, score: float) -> float:
        if self._taught is not None:
            return score
        offset, slope = CALIBRATION[self.method]
        return 1 / (1 + math.exp(-(offset + slope * score)))

    def _spans(self, text: str, concepts: Sequence[str]) -> Mapping[str, Span]:
        """The sentence of a text that is nearest in meaning to each concept."""
        if self._meaning is None or not concepts:
            return {}
        pieces = [Span(start, end, text[start:end]) for start, end in pieces_of(text)]
        found = self._meaning.nearest_piece([it.text for it in pieces], concepts) if len(pieces) > 1 else {}
        return {it: pieces[found.get(it, 0)] for it in concepts}


def linker_over(
    entities: Iterable[Entity],
    encoder: Encoder | None = None,
    lexicons: Lexicons = SHIPPED,
    taught: LinkModel | None = None,
    progress: Progress = silent,
) -> Linker:
    """A linker that proposes these entities, by their names, and by meaning where there is an encoder.

    Args:
        entities: Each is found by its names, in any language, and by its names and what it is described as.
        encoder: None: only names are looked for.
        lexicons: Gloss what the encoder cannot read.
        taught: What decisions have taught.
        progress: Called with how many texts are encoded, and of how many.
    """
    every = list(entities)
    labels = {str(it.iri): [label.text for label in it.labels] for it in every}
    if encoder is None:
        return Linker(labels, taught=taught)
    texts = {str(it.iri): [*labels[it.iri], *(text.text for text in it.descriptions[:1])] for it in every}
    return Linker(labels, Meaning(texts, encoder, lexicons, progress), taught)


def _with_meaning(iri: str, features: Features, near: Nearness | None) -> Features:
    """Features of a concept with what its meaning says."""
    if near is None:
        return features
    whole, opening = near.of(iri)
    mean = (whole + opening) / 2
    return features._replace(
        meaning=whole,
        opening=opening,
        behind=near.greatest - mean,
        place=1 / math.log2(1 + near.place(iri)),
        agreement=features.mention * mean,
    )
