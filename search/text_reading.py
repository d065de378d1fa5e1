"""A text as it is asked about: in pieces, each of them a question; and what lies near to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from language.encoder import Encoder
from language.lexicons import Lexicons
from language.linking import Span
from ontology.errors import EncoderBusy
from ontology.kinds import Iri, Kind
from search.answers import Hit
from search.engine import SearchEngine
from search.fusion import fuse, normalised
from search.index import Filter
from search.pieces import pieces_of, sentences_of, within
from search.question import Question, ask
from search.ranking import Ranked, group
from search.snippet import shared_words


@dataclass(frozen=True, slots=True)
class Near:
    """An entity near to a text, with the piece of the text to which it is nearest."""

    ranked: Ranked
    piece: int


@dataclass(frozen=True, slots=True)
class TextReading:
    """A text in pieces and the questions that they put.

    Attributes:
        degraded: They are questions of words alone.
    """

    sentences: Sequence[Span]
    pieces: Sequence[Span]
    questions: Sequence[Question]
    degraded: bool


def read_text(text: str, encoder: Encoder | None, lexicons: Lexicons) -> TextReading:
    """Read a text. Its words are taken as they stand: a slip in one of many does little harm."""
    pieces = pieces_of(text)
    try:
        questions = [ask(it.text, encoder, lexicons) for it in pieces]
        return TextReading(sentences_of(text), pieces, questions, degraded=encoder is None)
    except EncoderBusy:
        return TextReading(sentences_of(text), pieces, [ask(it.text, None, lexicons) for it in pieces], degraded=True)


def near(
    reading: TextReading, engine: SearchEngine, kinds: Iterable[Kind], unseen: Set[Iri]
) -> tuple[dict[Iri, float], dict[Iri, Near]]:
    """How near entities of some kinds are to a text, each by its best passage, and to which piece each is nearest.

    Each piece is a search of its own; the pieces of a text are fused as legs.
    """
    where, best = Filter(kinds=frozenset(kinds)), dict[Iri, Near]()
    legs: list[Mapping[Iri, float]] = []
    tops: dict[Iri, float] = {}
    for number, question in enumerate(reading.questions):
        ranked = {it.iri: it for it in group(engine.candidates(question, where)) if it.iri not in unseen}
        leg = normalised({iri: it.score for iri, it in ranked.items()})
        legs.append(leg)
        for iri, score in leg.items():
            if score > tops.get(iri, -1.0):
                tops[iri], best[iri] = score, Near(ranked[iri], number)
    return fuse(legs) if len(legs) > 1 else dict(legs[0]), best


def hits_of(found: Iterable[Near], reading: TextReading, engine: SearchEngine, lang: str) -> dict[Iri, Hit]:
    """The hits, with their reasons in a language, each for the piece to which it is nearest."""
    by_piece: dict[int, list[Ranked]] = {}
    for it in found:
        by_piece.setdefault(it.piece, []).append(it.ranked)
    return {hit.iri: hit for piece, own in by_piece.items() for hit in engine.hits(own, reading.questions[piece], lang)}


def span_of(found: Near, reading: TextReading, lexicons: Lexicons) -> Span:
    """The sentence of the piece that shares most words with the passage; the piece where none shares any."""
    passage, piece = found.ranked.best, reading.pieces[found.piece]
    glossed = passage.lang == "en" and bool(reading.questions[found.piece].english)

    def shared(sentence: Span) -> int:
        said = _english(sentence.text, lexicons) if glossed else sentence.text
        return len(shared_words(said, passage.text))

    best = max(within(reading.sentences, piece), key=shared, default=piece)
    return best if shared(best) else piece


def _english(text: str, lexicons: Lexicons) -> str:
    return " ".join(it.english[0] for it in lexicons.gloss(text) if it.english)
